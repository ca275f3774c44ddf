"""Small plans and casts written down by hand: what engines are tested with.

``plan({"new": stage(to("won", 0.5, 3600), to("lost", 0.5, 60)), "won": end("won"), "lost": end("lost")})``. A time is
a number of seconds, a pair (least, most) between which all are alike, or a quantile table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.numerics.dice import name_key, own_keys, run_key
from engine.numerics.distributions import LARGEST, POINTS, shares
from engine.simulation.log import Log
from engine.simulation.plan import NONE, WHOLE, Alarms, Calendars, Cast, Crew, Kind, Phases, Plan, Purpose, Ways

Time = Any


def exponential(mean: float) -> Any:
    """A quantile table of an exponential distribution, in whole seconds."""
    return np.minimum(np.rint(-mean * np.log1p(-shares())), LARGEST).astype(np.int64)


@dataclass(frozen=True)
class Job:
    """Work: ``skills`` and ``need`` are numbers of bits."""

    pool: str
    effort: Time
    skills: tuple[int, ...] = ()


@dataclass(frozen=True)
class To:
    """A branch. ``agreed``: the bit of deals that need an approval, which takes ``wait`` and ``approving``."""

    stage: str
    share: float
    dwell: Time
    hours: str = ""
    touch: Job | Time | None = None
    agreed: int = NONE
    wait: Time | None = None
    wait_hours: str = ""
    approving: Job | None = None
    granted: float = 1.0
    action: str = ""


@dataclass(frozen=True)
class Clock:
    stage: str
    after: int
    idle: bool = False


@dataclass(frozen=True)
class Stage:
    branches: tuple[To, ...] = ()
    work: Job | None = None
    clocks: tuple[Clock, ...] = ()
    ends: str = ""


@dataclass(frozen=True)
class Pool:
    """``people`` are pairs (skills as bits, hours) or just how many; ``order`` as in ``Crew``."""

    people: Any
    hours: str = ""
    order: int = 0
    stages: Mapping[str, int] = field(default_factory=dict)


def to(stage: str, share: float, dwell: Time, **more: Any) -> To:
    return To(stage, share, dwell, **more)


def stage(*branches: To, work: Job | None = None, clocks: Sequence[Clock] = ()) -> Stage:
    return Stage(branches, work, tuple(clocks))


def end(ends: str) -> Stage:
    return Stage(ends=ends)


def plan(
    stages: Mapping[str, Stage],
    *,
    pools: Mapping[str, Pool] = {},
    hours: Mapping[str, Sequence[tuple[int, int]]] = {},
    begin: int = 0,
    until: int = 1 << 40,
) -> Plan:
    """The plan of stages in one track; ``until`` is its end, ``hours`` the stretches of each calendar."""
    names, made = list(stages), _Making(list(stages), list(pools), list(hours))
    for name in names:
        made.stage(stages[name])
    return Plan(
        process="made-up",
        version=1,
        begin=begin,
        end=until,
        stages=tuple(("", name) for name in names),
        ends=tuple(stages[name].ends for name in names),
        keys=np.array([name_key(f"/{name}") for name in names], np.uint64),
        actions=tuple(made.actions),
        ways=made.ways(),
        phases=made.phases(),
        alarms=made.alarms(),
        calendars=_calendars(hours),
        crew=_crew(pools, names, list(hours)),
        tables=np.array(made.tables, np.int64).reshape(-1, POINTS),
        firsts=(0,),
        living=np.zeros(len(made.to), np.bool_),
        acts=False,
    )


def cast(
    of: Plan,
    comes: Sequence[int],
    *,
    seed: int = 1,
    run: int = 0,
    barred: Sequence[Sequence[int]] = (),
    needs: Sequence[Sequence[int]] = (),
    open_deals: Sequence[tuple[int, int, int, int]] = (),
    ranks: Sequence[Sequence[int]] = (),
) -> Cast:
    """Open deals (stage, entered, branch, until), then prospects that come at ``comes`` into the first stage.

    ``barred`` and ``needs``: for each deal the numbers of its bits.
    """
    opened, size = len(open_deals), len(open_deals) + len(comes)
    numbers = np.arange(size, dtype=np.uint64)
    first = [*(each[0] for each in open_deals), *(of.firsts[0] for _ in comes)]
    return Cast(
        keys=own_keys(run_key(seed, run), numbers),
        names=tuple(f"open-{number}" for number in range(opened)),
        stage=np.array(first, np.int32),
        entered=np.array([*(each[1] for each in open_deals), *comes], np.int64),
        comes=np.array([*(of.begin for _ in open_deals), *comes], np.int64),
        branch=np.array([*(each[2] for each in open_deals), *(NONE for _ in comes)], np.int32),
        until=np.array([*(each[3] for each in open_deals), *(NONE for _ in comes)], np.int64),
        barred=_bits(barred, size, of.branches + of.alarms.to.size),
        needs=_bits(needs, size, 128),
        ranks=np.array(ranks, np.int64) if len(ranks) else np.zeros((len(of.crew.pools), size), np.int64),
        value=np.zeros(size, np.int64),
        facts={},
    )


def told(log: Log) -> dict[str, tuple[str, list[Any]]]:
    """All columns of a log with their types, to be compared."""
    columns = {name: getattr(log, name) for name in Log.__slots__}
    return {name: (str(column.dtype), column.tolist()) for name, column in columns.items()}


def _bits(of: Sequence[Sequence[int]], size: int, most: int) -> Any:
    words = np.zeros((max(1, -(-most // 64)), size), np.uint64)
    for place, bits in enumerate(of):
        for bit in bits:
            words[bit // 64, place] |= np.uint64(1 << bit % 64)
    return words


class _Making:
    """Columns of ways, phases and clocks as they grow."""

    def __init__(self, names: list[str], pools: list[str], hours: list[str]) -> None:
        self.names, self.pools, self.hours = names, pools, ["", *hours]
        self.first, self.upto, self.to, self.granted, self.agreed = [0], [], [], [], []  # type: ignore[var-annotated]
        self.action: list[int] = []
        self.actions: list[str] = []
        self.phase, self.rows, self.tables = [0], [], []  # type: ignore[var-annotated]
        self.clock_first: list[int] = [0]
        self.clocks: list[Clock] = []

    def stage(self, of: Stage) -> None:
        total = 0.0
        for number, branch in enumerate(of.branches, 1):
            total += branch.share
            self.upto.append(WHOLE if number == len(of.branches) else round(total * WHOLE))
            self.to.append(self.names.index(branch.stage))
            self.action.append(self._action(branch.action or f"to-{branch.stage}"))
            self.granted.append(round(branch.granted * WHOLE))
            self.agreed.append(branch.agreed)
            self._branch(of, branch)
            self.phase.append(len(self.rows))
        self.first.append(len(self.to))
        self.clocks += of.clocks
        self.clock_first.append(len(self.clocks))

    def _action(self, name: str) -> int:
        if name not in self.actions:
            self.actions.append(name)
        return self.actions.index(name)

    def _branch(self, of: Stage, branch: To) -> None:
        if of.work:
            self._work(of.work, Purpose.ENTRY_WORK)
        self._wait(branch.dwell, branch.hours, Purpose.VISIT)
        if isinstance(branch.touch, Job):
            self._work(branch.touch, Purpose.TOUCH_WORK, touches=True)
        elif branch.touch is not None:
            self._wait(branch.touch, "", Purpose.TOUCH_WORK, touches=True)
        if branch.wait is not None:
            self._wait(branch.wait, branch.wait_hours, Purpose.APPROVAL_WAIT, need=branch.agreed)
        if branch.approving:
            self._work(branch.approving, Purpose.APPROVAL_WORK, need=branch.agreed)

    def _wait(self, time: Time, hours: str, purpose: Purpose, *, touches: bool = False, need: int = NONE) -> None:
        calendar, own = self.hours.index(hours) - 1, purpose == Purpose.VISIT
        self.rows.append((Kind.WAIT, self._table(time), calendar, NONE, 0, need, purpose, touches, own))

    def _work(self, job: Job, purpose: Purpose, *, touches: bool = False, need: int = NONE) -> None:
        skills, pool = sum(1 << skill for skill in job.skills), self.pools.index(job.pool)
        self.rows.append((Kind.WORK, self._table(job.effort), NONE, pool, skills, need, purpose, touches, False))

    def _table(self, time: Time) -> int:
        table = np.broadcast_to(time, POINTS) if np.ndim(time) == 0 else np.asarray(time)
        if table.size == 2:
            table = np.rint(table[0] + shares() * (table[1] - table[0]))
        self.tables.append(table.astype(np.int64))
        return len(self.tables) - 1

    def ways(self) -> Ways:
        return Ways(
            first=np.array(self.first, np.int32),
            upto=np.array(self.upto, np.int64),
            to=np.array(self.to, np.int32),
            action=np.array(self.action, np.int32),
            reason=("",) * len(self.to),
            granted=np.array(self.granted, np.int64),
            agreed=np.array(self.agreed, np.int32),
            phase=np.array(self.phase, np.int32),
        )

    def phases(self) -> Phases:
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * 9
        types: list[Any] = [np.int32] * 4 + [np.uint64] + [np.int32] * 2 + [np.bool_] * 2
        return Phases(*(np.array(column, kind) for column, kind in zip(columns, types, strict=True)))

    def alarms(self) -> Alarms:
        return Alarms(
            first=np.array(self.clock_first, np.int32),
            after=np.array([each.after for each in self.clocks], np.int64),
            idle=np.array([each.idle for each in self.clocks], np.bool_),
            to=np.array([self.names.index(each.stage) for each in self.clocks], np.int32),
            action=np.zeros(len(self.clocks), np.int32),
            reason=("",) * len(self.clocks),
        )


def _calendars(hours: Mapping[str, Sequence[tuple[int, int]]]) -> Calendars:
    first, begins, ends, worked = [0], [], [], []
    for stretches in hours.values():
        before = 0
        for begin, end in stretches:
            begins.append(begin)
            ends.append(end)
            worked.append(before)
            before += end - begin
        first.append(len(begins))
    spelt = [np.array(column, np.int64) for column in (begins, ends, worked)]
    return Calendars(np.array(first, np.int32), spelt[0], spelt[1], spelt[2], names=tuple(hours))


def _crew(pools: Mapping[str, Pool], stages: list[str], hours: list[str]) -> Crew:
    first, calendar, skills, names = [0], [], [], []
    for pool_name, pool in pools.items():
        people = [(0, pool.hours)] * pool.people if isinstance(pool.people, int) else pool.people
        for number, (its, theirs) in enumerate(people, 1):
            calendar.append(["", *hours].index(theirs) - 1)
            skills.append(its)
            names.append(f"{pool_name} {number}")
        first.append(len(names))
    by_stage = [[pool.stages.get(name, len(stages)) for name in stages] for pool in pools.values()]
    return Crew(
        pools=tuple(pools),
        names=tuple(names),
        first=np.array(first, np.int32),
        calendar=np.array(calendar, np.int32),
        skills=np.array(skills, np.uint64),
        order=np.array([pool.order for pool in pools.values()], np.int32),
        by_stage=np.array(by_stage, np.int64).reshape(len(pools), len(stages)),
    )
