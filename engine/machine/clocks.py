"""Clocks: when the next one is due for a deal, and what it then does. Pure: ``tick`` is what acts on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from engine.machine.choose import choose
from engine.machine.compile import Machine
from engine.machine.decide import decision_of, judge_all
from engine.machine.facts import view, with_tables
from engine.machine.requirements import ready, reckoned_from
from engine.machine.situation import DealSituation
from engine.model.alarm import Alarm, AlarmKind
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move
from engine.model.names import MAIN
from engine.model.process import Clock
from engine.model.syntax import Call, ContextRef, Tree, walk

LastRecorded = Callable[[Deal, tuple[str, ...]], datetime | None]
"""When any of these facts was last recorded of a deal."""

EXEMPT = frozenset({About.ROLE, About.ASKS, About.APPROVAL})
"""What a clock is not asked: it has no role, knows nothing more, and nobody could agree in its stead."""

_TIME = frozenset({"today", "days_in_stage", "since"})
_DAY = timedelta(days=1)
_MOST_MOVED = timedelta(days=1)
"""By no more did a zone ever put its clocks forward or back."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a clock does next, and from when on (UTC)."""

    at: datetime
    clock: Clock
    alarm: Alarm


def next_due(
    machine: Machine, deal: Deal, *, now: datetime, last_recorded: LastRecorded, but: Collection[Alarm] = ()
) -> Due | None:
    """The first thing that a clock has to do to the deal, unless more happens to it; ``None``: nothing, ever.

    What is due by ``now`` is so: its ``when`` is true. What is due later may turn out otherwise then, and is never
    due sooner. Of two at one moment the clock declared first is first. ``but`` are alarms to leave aside.
    """
    order = {clock.id: number for number, clock in enumerate(machine.process.clocks)}
    found = [
        due
        for clock, since in running(machine, deal)
        for due in _dues(machine, deal, clock, since, now, last_recorded)
        if due.alarm not in but
    ]
    return min(found, key=lambda due: (due.at, order[due.clock.id]), default=None)


def not_before(machine: Machine, deal: Deal) -> datetime | None:
    """A moment before which no clock has anything to do to the deal, told at little cost; ``None``: none runs."""
    found = [_capped(since, _first(clock)) for clock, since in running(machine, deal)]
    return min(found) - _MOST_MOVED if found else None


def running(machine: Machine, deal: Deal) -> Iterator[tuple[Clock, datetime]]:
    """The clocks that run, each with the moment from which it counts, as far as moves and contacts tell."""
    for track, at in machine.clocks.items():
        is_main = track == MAIN
        stage = deal.stage if is_main else deal.tracks.get(track) or machine.frame.first_stages[track]
        for clock in at.get(stage, ()):
            if clock.basis == "idle":
                yield clock, deal.active_at or deal.last_at
            elif is_main:
                yield clock, deal.entered_at
            else:
                entered = deal.track_entered_at
                yield clock, entered.get(track) or entered.get(MAIN) or deal.started_at


def _dues(
    machine: Machine, deal: Deal, clock: Clock, since: datetime, now: datetime, last_recorded: LastRecorded
) -> Iterator[Due]:
    zone = machine.frame.zone
    if clock.basis == "idle" and clock.activity and later(since, _first(clock), zone) <= now:
        since = max(since, last_recorded(deal, clock.activity) or since)
    done = deal.alarms.get(clock.id)
    for kind, span in _steps(clock, done if done and done.since == since else None):
        at = later(since, span, zone)
        if at <= now and not applies(machine, deal, clock, now=now):
            if not _looks_at_time(machine, clock):
                continue
            # Time alone may make it true: it is looked at again whenever someone looks.
            at = now + timedelta.resolution
        yield Due(at, clock, Alarm(clock.id, kind, since))
        return


def _first(clock: Clock) -> timedelta:
    return clock.limit if clock.warn is None else min(clock.warn, clock.limit)


def _steps(clock: Clock, done: Alarm | None) -> Iterator[tuple[AlarmKind, timedelta]]:
    """What is still to come of this count, in order."""
    if done is None and clock.warn is not None and clock.warn <= clock.limit:
        yield AlarmKind.WARN, clock.warn
    elif done is None or done.kind is AlarmKind.WARN:
        yield AlarmKind.ACT, clock.limit


def _capped(start: datetime, span: timedelta) -> datetime:
    try:
        return start + span
    except OverflowError:
        return datetime.max.replace(tzinfo=start.tzinfo)


def later(start: datetime, span: timedelta, zone: tzinfo) -> datetime:
    """``start`` and so much more, in UTC: whole days by the calendar of the zone, what is left by elapsed time.

    Three days after 9:00 it is 9:00, also where summer time began in between. A time of day that a day does not have
    is reached an hour later; one that it has twice, the first time.
    """
    days, rest = divmod(span, _DAY)
    if not days:
        return _capped(start, rest)
    try:
        local = start.astimezone(zone)
        moved = (local.replace(tzinfo=None) + days * _DAY).replace(tzinfo=zone)
        return moved.astimezone(start.tzinfo) + rest
    except OverflowError:
        return datetime.max.replace(tzinfo=start.tzinfo)


def applies(machine: Machine, deal: Deal, clock: Clock, *, now: datetime) -> bool:
    """Whether the 'when' of a clock is true of the deal; where it has none, it always is."""
    if clock.when is None:
        return True
    situation = DealSituation(machine.frame, deal, Move(clock.then), now, None)
    facts = with_tables(view(deal.facts, {}, machine.frame.defaults), situation)
    return ready(clock.when).test(facts, situation) is True


def _looks_at_time(machine: Machine, clock: Clock) -> bool:
    return clock.when is not None and any(
        _is_of_time(node) for tree in reckoned_from(machine.process, clock.when.tree) for node in walk(tree)
    )


def _is_of_time(node: Tree) -> bool:
    name = node.function if isinstance(node, Call) else node.name if isinstance(node, ContextRef) else ""
    return name in _TIME


def act(machine: Machine, deal: Deal, clock: Clock, *, now: datetime, actor: str) -> Decision:
    """The verdict on the clock's action: all that a move must meet but role, what is asked, and approvals."""
    case = choose(machine, deal, Move(clock.then, reason=clock.reason, actor=actor), now)
    checks = tuple(each for each in case.way.checks if each[0].about not in EXEMPT)
    return decision_of(machine, case, (*case.misplaced, *judge_all(checks, case.facts, case.situation)))
