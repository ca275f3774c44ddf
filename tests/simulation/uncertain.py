"""Made-up histories, each with chances of its own, to hold forecasts against what then came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.model.scenario import Scenario

from .histories import Past

PROCESS = """
stages: {new: {}, talk: {}, offer: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  talk: {from: new, to: talk}
  offer: {from: talk, to: offer}
  sign: {from: offer, to: won}
  lose: {from: [new, talk, offer], to: lost}
"""
_ON = (("new", "talk"), ("talk", "offer"), ("offer", "sign"))


def history(number: int, *, days: float, weekly: float = 6.0) -> Iterator[Past]:
    """Deals of so many days that came by chance, with everything that happened to them until then."""
    chance = np.random.default_rng([6, number])
    on = chance.uniform(0.45, 0.8, 3)
    half = chance.uniform(4, 14, (3, 2))
    wide = chance.uniform(0.6, 1.2, (3, 2))
    at, count = 0.0, 0
    while True:
        at += float(chance.exponential(7 / weekly))
        if at > days:
            return
        yield Past(f"d{count:04}", tuple(_visits(at, days, chance, on=on, half=half, wide=wide)))
        count += 1


def _visits(
    at: float, days: float, chance: np.random.Generator, *, on: np.ndarray, half: np.ndarray, wide: np.ndarray
) -> Iterator[tuple[str, str, float]]:
    yield "", "new", at
    for place, (_, action) in enumerate(_ON):
        way = int(chance.random() > on[place])
        at += float(half[place, way] * np.exp(wide[place, way] * chance.standard_normal()))
        if at > days:
            return
        if way:
            yield "lose", "lost", at
            return
        yield action, "won" if action == "sign" else action, at


def exact(scenario: Scenario) -> Scenario:
    """The scenario with its numbers taken as exact."""
    stages = tuple(replace(each, seen=0) for each in scenario.stages)
    return replace(scenario, stages=stages, arrivals=replace(scenario.arrivals, seen=0))
