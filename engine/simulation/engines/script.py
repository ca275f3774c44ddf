"""A plan as plain Python reads it fastest: a tuple for each stage, branch and phase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.numerics.dice import GOLDEN, PURPOSES
from engine.simulation.engines.hours import Stretches, stretches
from engine.simulation.plan import NEVER, NONE, WHOLE, Cast, Keys, Kind, Plan, Purpose, both

VISITED = PURPOSES * GOLDEN
"""What each draw that a stage has seen adds to the keys of who and where."""


class Phase(NamedTuple):
    """A phase. ``need`` and ``skills`` are masks, ``need`` 0: for all. ``step`` is added to a key, to draw for it."""

    is_work: bool
    table: list[int]
    hours: Stretches | None
    need: int
    step: int
    touches: bool
    own: bool
    on_entering: bool
    number: int
    pool: int
    skills: int


class Branch(NamedTuple):
    """A branch. ``agreed`` is the mask of deals that need an approval (0: none).

    ``several``: where there may be more than one, the mask of each and how often it is given.
    """

    way: int
    to: int
    agreed: int
    granted: int
    phases: tuple[Phase, ...]
    several: tuple[tuple[int, int], ...] = ()


class Alarm(NamedTuple):
    """A clock that acts. ``mask`` is its bit among those that bar a way."""

    after: int
    idle: bool
    to: int
    way: int
    mask: int


class Stage(NamedTuple):
    """A stage: its key and, where it is no end, what is tried in it."""

    key: int
    upto: list[int]
    branches: tuple[Branch, ...]
    alarms: tuple[Alarm, ...]
    is_end: bool


def script(plan: Plan) -> tuple[Stage, ...]:
    """All stages of a plan."""
    branches, alarms = _branches(plan, _phases(plan)), _alarms(plan)
    ways, clocks, upto = plan.ways.first.tolist(), plan.alarms.first.tolist(), plan.ways.upto.tolist()
    return tuple(
        Stage(
            key,
            upto[ways[stage] : ways[stage + 1]],
            branches[ways[stage] : ways[stage + 1]],
            alarms[clocks[stage] : clocks[stage + 1]],
            bool(plan.ends[stage]),
        )
        for stage, key in enumerate(plan.keys.tolist())
    )


def masks(words: Keys) -> list[int]:
    """The bits of each deal as one number, of ``Cast.barred`` or ``Cast.needs``."""
    found: list[int] = words[0].tolist() if len(words) else []
    for number, word in enumerate(words[1:], 1):
        found = [low | high << 64 * number for low, high in zip(found, word.tolist(), strict=True)]
    return found


def first_due(alarms: tuple[Alarm, ...], barred: int, entered: int, contact: int) -> tuple[int, int, int]:
    """The clock that acts first on a deal: when, the stage to which, as which way. ``NEVER`` where none does."""
    found = (NEVER, NONE, NONE)
    for after, idle, to, way, mask in alarms:
        due = (contact if idle else entered) + after
        if due < found[0] and not barred & mask:
            found = (due, to, way)
    return found


def starts(cast: Cast) -> Iterator[tuple[int, ...]]:
    """Where each deal starts.

    Its place, own key, stage, when it was entered and last had a contact in it, when the deal is taken up, the branch
    chosen for it and until when it waits, and the bits of what it is barred and needs.
    """
    columns = (cast.keys, cast.stage, cast.entered, cast.last_contact, cast.comes, cast.branch, cast.until)
    lists = [column.tolist() for column in columns]
    return zip(range(cast.size), *lists, masks(cast.barred), masks(cast.needs), strict=True)


def _phases(plan: Plan) -> tuple[Phase, ...]:
    of, hours, tables = plan.phases, stretches(plan.calendars), plan.tables.tolist()
    return tuple(
        Phase(
            kind == Kind.WORK,
            tables[table],
            hours[calendar] if calendar != NONE else None,
            _mask(need),
            (purpose + 1) * GOLDEN,
            touches,
            own,
            purpose == Purpose.ENTRY_WORK,
            number,
            pool,
            skills,
        )
        for number, (kind, table, calendar, pool, skills, need, purpose, touches, own) in enumerate(
            zip(*(getattr(of, name).tolist() for name in type(of).__slots__), strict=True)
        )
    )


def _branches(plan: Plan, phases: tuple[Phase, ...]) -> tuple[Branch, ...]:
    of = plan.ways
    columns = [column.tolist() for column in (of.to, of.agreed, of.granted, of.phase[:-1], of.phase[1:])]
    return tuple(
        Branch(way, to, _mask(agreed), granted, phases[first:last], several_of(plan, way))
        for way, (to, agreed, granted, first, last) in enumerate(zip(*columns, strict=True))
    )


def several_of(plan: Plan, way: int) -> tuple[tuple[int, int], ...]:
    """The mask of each of several approvals that a branch may need, and how often it is given."""
    of = plan.ways
    return () if of.given is None else tuple((1 << bit, int(of.given[bit])) for bit in of.approvals(way))


def granted_of(granted: int, several: tuple[tuple[int, int], ...], needs: int) -> int:
    """How often all approvals are given that a deal needs, in parts of ``WHOLE``."""
    if not several:
        return granted
    found = WHOLE
    for mask, given in several:
        if mask & needs:
            found = both(found, given)
    return found


def _alarms(plan: Plan) -> tuple[Alarm, ...]:
    of = plan.alarms
    columns = [column.tolist() for column in (of.after, of.idle, of.to)]
    return tuple(
        Alarm(after, idle, to, way, 1 << way)
        for way, (after, idle, to) in enumerate(zip(*columns, strict=True), plan.branches)
    )


def _mask(bit: int) -> int:
    return 0 if bit == NONE else 1 << bit
