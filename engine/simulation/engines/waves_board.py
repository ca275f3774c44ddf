"""What waves are played with: a plan by stages, the deals of a block, and the rows that they leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.numerics.distributions import POINTS
from engine.simulation.engines.script import Alarm, Phase, Stage, script
from engine.simulation.plan import NONE, Calendars, Ints, Keys, Mask, Plan

_ONE = np.uint64(1)


class Step(NamedTuple):
    """A phase: what it is, where its table begins, the numbers of its calendar and need, what it adds to a draw."""

    phase: Phase
    table: int
    calendar: int
    need: int
    key: np.uint64


class Place(NamedTuple):
    """A stage: its key, what is tried in it and when clocks act.

    ``upto`` without the last; ``way``: the number of the first branch. ``approvals``: of each branch the bit of
    deals that need one, how often it is given and, where there may be several, the bit of each and how often that one
    is. ``leads``: the stages that it leads to, ends left out. ``alike``: every branch is one wait for all, in the same
    hours, so that all of a batch wait at once, each by the table that begins at ``tables[branch]``.
    """

    key: np.uint64
    upto: Keys
    to: Ints
    way: int
    steps: tuple[tuple[Step, ...], ...]
    approvals: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]
    leads: tuple[int, ...]
    alarms: tuple[Alarm, ...]
    is_end: bool
    alike: bool
    tables: Ints


class Scene(NamedTuple):
    """A plan. ``values``: the points of all tables; ``widths``: how far it is from each to the next."""

    places: tuple[Place, ...]
    stages: tuple[Stage, ...]
    values: Ints
    widths: Ints
    calendars: Calendars
    end: int


class Batch(NamedTuple):
    """Deals that wait in one stage to be drawn for at the moment ``since``, each at most once.

    ``chosen`` and ``until``: the branch drawn before and until when its wait lasts; ``None`` of those that have none.
    """

    deal: Ints
    entered: Ints
    contact: Ints
    since: Ints
    chosen: Ints | None = None
    until: Ints | None = None

    def of(self, rows: Any) -> Batch:
        """Some of them."""
        return Batch(*(None if column is None else column[rows] for column in self))  # type: ignore[arg-type]


class Rows:
    """Rows of a log in columns, as batches of them come about."""

    def __init__(self, width: int) -> None:
        self._parts: list[tuple[Any, ...]] = []
        self._width = width

    def add(self, *columns: Any) -> None:
        """Rows of one batch; a column that is one number holds for all."""
        self._parts.append(columns)

    def columns(self, first: int) -> list[npt.NDArray[np.int64]]:
        """All rows, deals counted from that one on."""
        sizes = [part[0].size for part in self._parts]
        found = [np.empty(sum(sizes), np.int64) for _ in range(self._width)]
        start = 0
        for size, part in zip(sizes, self._parts, strict=True):
            for into, column in zip(found, part, strict=True):
                into[start : start + size] = column
            start += size
        found[0] += first
        return found


class Board:
    """The deals of one block while they are played: what bars them, what they need, how often stages drew for them."""

    def __init__(self, of: Scene, keys: Keys, barred: Keys, needs: Keys) -> None:
        self.of, self.keys, self.barred, self.needs = of, keys, barred, needs
        self.visits, self.refusals = Rows(5), Rows(4)
        self.seen: dict[int, Ints] = {}
        self._any_barred = sum(int(np.bitwise_or.reduce(word)) << 64 * at for at, word in enumerate(barred))

    def drawn_before(self, stage: int, deal: Ints) -> Ints:
        """How often a stage drew for each deal; now it does once more."""
        if stage not in self.seen:
            self.seen[stage] = np.zeros(self.keys.size, np.int64)
        before: Ints = self.seen[stage][deal]
        self.seen[stage][deal] = before + 1
        return before

    def any_barred(self, first: int, last: int) -> bool:
        """Whether one of the ways from the first to before the last is barred to anybody."""
        return self._any_barred >> first & (1 << last - first) - 1 != 0

    def is_put(self, words: Keys, bit: Ints | int, deal: Ints) -> Mask:
        """Whether a bit, of all or of each, is put for each deal in ``barred`` or ``needs``."""
        its = words[0][deal] if len(words) == 1 else words[np.asarray(bit) >> 6, deal]
        found: Mask = (its >> np.asarray(bit & 63, np.uint64) & _ONE).astype(np.bool_)
        return found


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches of one stage as one; all or none of them have ``chosen``."""
    if len(batches) == 1:
        return batches[0]
    return Batch(*(np.concatenate(column) for column in zip(*(batch[:4] for batch in batches), strict=True)))


def scene(plan: Plan) -> Scene:
    """A plan by stages."""
    stages = script(plan)
    values = plan.tables.ravel()
    places = tuple(_place(plan, stage) for stage in stages)
    return Scene(places, stages, values, np.diff(values, append=0), plan.calendars, plan.end)


def _place(plan: Plan, stage: Stage) -> Place:
    steps = tuple(tuple(_step(plan, phase) for phase in branch.phases) for branch in stage.branches)
    alone = [each[0] for each in steps if len(each) == 1 and each[0].phase.own and not each[0].phase.need]
    leads = {branch.to for branch in stage.branches} | {alarm.to for alarm in stage.alarms}
    return Place(
        key=np.uint64(stage.key),
        upto=np.array(stage.upto[:-1], np.uint64),
        to=np.array([branch.to for branch in stage.branches] or [NONE], np.int64),
        way=stage.branches[0].way if stage.branches else NONE,
        steps=steps,
        approvals=tuple(
            (int(plan.ways.agreed[branch.way]), branch.granted, _several(plan, branch.way)) for branch in stage.branches
        ),
        leads=tuple(sorted(to for to in leads if not plan.ends[to])),
        alarms=stage.alarms,
        is_end=stage.is_end,
        alike=len(alone) == len(steps) > 0
        and len({step.calendar for step in alone}) == 1
        and not any(step.phase.touches for step in alone),
        tables=np.array([step.table for step in alone], np.int64),
    )


def _several(plan: Plan, way: int) -> tuple[tuple[int, int], ...]:
    of = plan.ways
    return () if of.given is None else tuple((bit, int(of.given[bit])) for bit in of.approvals(way))


def _step(plan: Plan, phase: Phase) -> Step:
    of, number = plan.phases, phase.number
    key = np.uint64(phase.step & (1 << 64) - 1)
    return Step(phase, int(of.table[number]) * POINTS, int(of.calendar[number]), int(of.need[number]), key)
