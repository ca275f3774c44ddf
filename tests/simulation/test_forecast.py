"""Forecasts are as sure as they say: of what then happens, 80 of 100 lie between P10 and P90."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.simulation.results.outcome import Outcome
from engine.simulation.results.over_runs import spread

from .pipeline import outcome, pipeline, won

WORLDS: list[dict[str, Any]] = [
    {"days": 60, "daily": 8.0},
    {"days": 60, "daily": 9.0, "negotiates": 0.8},
    {"days": 50, "daily": 14.0, "faster": ("qualified", "negotiation")},
    {"days": 70, "daily": 6.0, "by": 1.4, "faster": ("prospect",)},
    {"days": 50, "daily": 12.0, "reps": 6},
    {"days": 60, "daily": 5.0, "reps": 3, "negotiates": 0.7},
    {"days": 35, "daily": 16.0, "faster": ("prospect", "qualified"), "by": 0.5},
    {"days": 70, "daily": 5.0, "negotiates": 0.5},
]
RUNS = 48


def value(of: Outcome) -> Any:
    return np.array([each.worth("won") / 100 for each in of.summaries])


@pytest.fixture(scope="module")
def seen() -> list[tuple[Outcome, Outcome]]:
    """Each world forecast, and as it then went with luck of its own."""
    found = []
    for number, world in enumerate(WORLDS):
        case = dict(world)
        daily = case.pop("daily")
        of = pipeline(**case)
        found.append(tuple(outcome(of, runs=RUNS, seed=seed + number, daily=daily) for seed in (100, 9_000)))
    return found  # type: ignore[return-value]


def covered(seen: list[tuple[Outcome, Outcome]], figure: Any) -> float:
    """The share of what happened that lay within P10 to P90; at the very edge of a whole number it counts half."""
    hits = []
    for forecast, truth in seen:
        low, _, high = spread(figure(forecast))
        happened = figure(truth)
        hits.append(
            (happened > low) * 0.5 + (happened >= low) * 0.5 - (happened > high) * 0.5 - (happened >= high) * 0.5
        )
    return float(np.concatenate(hits).mean())


def test_eighty_of_a_hundred_lie_between_p10_and_p90(seen: list[tuple[Outcome, Outcome]]) -> None:
    assert 0.76 <= covered(seen, value) <= 0.84
    assert 0.76 <= covered(seen, won) <= 0.84
