"""Where deals could go on that nobody placed: for each open stage, how many of its requirements each deal meets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.machine.columns import Columns, gather
from engine.machine.compile import Machine
from engine.machine.crowd import Crowd
from engine.machine.refusing import refusing
from engine.machine.requirements import Check
from engine.machine.vectors import Truth
from engine.model.deal import Deal
from engine.model.decision import About
from engine.model.plan import Candidate
from engine.model.rule import Force

Ints: TypeAlias = npt.NDArray[np.int16]
_COUNTED = (About.ASKS, About.TO_PASS, About.TO_ENTER)


class _Words(dict[str, str]):
    """The words of a move that nobody makes: asked for as such they are unknown."""

    def __missing__(self, key: str) -> str:
        return ""


def candidates(
    machine: Machine, deals: Sequence[Deal], stages: Sequence[str], *, now: datetime
) -> tuple[tuple[Candidate, ...], ...]:
    """For each of the deals the stages with how many of their requirements it meets, in the order of ``stages``.

    What a stage requires: what it asks for, what it takes to enter it, and to pass each stage before it. ``deals`` are
    told in the words of the machine's version. Deals that meet alike share one answer.
    """
    columns = gather(machine, deals)
    answers: dict[int, Truth] = {}
    counts = [_met(columns, stage, answers, now) for stage in stages]
    met = np.stack([each for each, _ in counts], axis=1) if counts else np.zeros((len(deals), 0), np.int16)
    rows, which = np.unique(met, axis=0, return_inverse=True)
    shared = [tuple(Candidate(stage, int(row[at]), counts[at][1]) for at, stage in enumerate(stages)) for row in rows]
    found: list[tuple[Candidate, ...]] = [()] * len(deals)
    for place, number in zip(columns.places.tolist(), which.reshape(-1).tolist(), strict=True):
        found[place] = shared[number]
    return tuple(found)


def _met(columns: Columns, stage: str, answers: dict[int, Truth], now: datetime) -> tuple[Ints, int]:
    """How many requirements of a stage each deal meets, and how many there are."""
    size = len(columns.deals)
    checks = _checks(columns.machine, stage)
    crowd = Crowd(columns, slice(0, size), size, "", _Words(to=stage), now, answers=answers)
    met = np.full(size, len(checks), np.int16)
    for check in checks:
        refused = refusing(check, crowd)
        if refused is not None:
            met -= refused
    return met, len(checks)


def _checks(machine: Machine, stage: str) -> tuple[Check, ...]:
    main = machine.process.main
    way = machine.way(main, None, "", stage, counted=main.first.id)
    return tuple(check for check, _ in way.checks if check.force is Force.MUST and check.about in _COUNTED)
