"""A deal's life in a story: its entries one after the other, what follows by itself, and what clocks do. In memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.machine.automatic import following, is_transfer
from engine.machine.clocks import Due, act, next_due
from engine.machine.compile import Machine
from engine.model.alarm import Alarm, AlarmKind
from engine.model.deal import Deal, after, fold
from engine.model.decision import Decision
from engine.model.entry import Entry, EntryKind
from engine.model.errors import StagewrightError
from engine.model.names import MAIN
from engine.model.syntax import Value

BEGINS = datetime(2026, 1, 1, 9, tzinfo=UTC)
"""When every story begins: what comes of it does not change with the day on which it is checked."""
MOVER, APPROVER, ENGINE = "mover", "approver", "engine"
_MOST_ALARMS = 1000


@dataclass(frozen=True, slots=True)
class Life:
    """A deal in a story, what has happened to it, and the time there."""

    machine: Machine
    deal: Deal
    now: datetime
    entries: tuple[Entry, ...] = ()


def born(machine: Machine, decision: Decision) -> Life:
    """The life that a start begins, and what follows from it."""
    process = machine.process
    entry = Entry(
        deal="story",
        sequence=1,
        kind=EntryKind.STARTED,
        happened_at=BEGINS,
        recorded_at=BEGINS,
        process=process.id,
        version=process.version,
        digest="",
        to_stage=decision.to_stage,
        facts=decision.sets,
        actor=MOVER,
    )
    deal = fold([entry])
    if deal is None:
        raise StagewrightError("a story begins with its start")
    return followed(Life(machine, deal, BEGINS, (entry,)))


def lived(life: Life, entries: Sequence[Entry]) -> Life:
    """The life once this has happened."""
    deal = fold(entries, life.deal) or life.deal
    return replace(life, deal=deal, entries=(*life.entries, *entries))


def followed(life: Life) -> Life:
    """The deal once the automatic actions have been taken: the engine waits for nobody to tell them."""

    def then(deal: Deal, decision: Decision) -> Deal:
        return after(deal, entry_of(replace(life, deal=deal), EntryKind.MOVED, decision))

    for decision in following(life.machine, life.deal, now=life.now, after=then, actor=ENGINE):
        life = moved(life, decision)
    return life


def moved(life: Life, decision: Decision, alarm: Alarm | None = None) -> Life:
    """The life once an allowed move was made. Of a deal handed over nothing more is told: that is another process."""
    entry = replace(entry_of(life, EntryKind.MOVED, decision), alarm=alarm)
    life = lived(life, [entry])
    return life if is_transfer(decision) else followed(life)


def ticked(life: Life) -> tuple[Life, tuple[Alarm, ...], tuple[Decision, ...]]:
    """The life once clocks have done all that is due: which went off without a move, and what they were refused."""
    rung: list[Alarm] = []
    refused: dict[Alarm, Decision] = {}
    for _ in range(_MOST_ALARMS):
        due = _due(life, refused)
        if due is None or due.at > life.now:
            break
        if due.alarm.kind is AlarmKind.WARN or not due.clock.then:
            rung.append(due.alarm)
            life = lived(life, [replace(entry_of(life, EntryKind.WARNED), alarm=due.alarm)])
            continue
        decision = act(life.machine, life.deal, due.clock, now=life.now, actor=ENGINE)
        if not decision.allowed:
            refused[due.alarm] = decision
            continue
        life = moved(life, decision, due.alarm)
    return life, tuple(rung), tuple(refused.values())


def _due(life: Life, refused: Collection[Alarm]) -> Due | None:
    def last_recorded(_: Deal, facts: tuple[str, ...]) -> datetime | None:
        return next(_recorded(life.entries, facts), None)

    return next_due(life.machine, life.deal, now=life.now, last_recorded=last_recorded, but=refused)


def _recorded(entries: Sequence[Entry], facts: tuple[str, ...]) -> Iterator[datetime]:
    for entry in reversed(entries):
        if entry.kind is not EntryKind.REFUSED and any(fact in entry.facts for fact in facts):
            yield entry.happened_at


def entry_of(
    life: Life,
    kind: EntryKind,
    decision: Decision | None = None,
    *,
    facts: Mapping[str, Value] | None = None,
    touchpoint: str = "",
    action: str = "",
    approval: str = "",
    role: str = "",
    offset: int = 0,
) -> Entry:
    """The next entry of the deal; of a move, what was decided."""
    deal, moved = life.deal, decision if decision and decision.allowed else None
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1 + offset,
        kind=kind,
        happened_at=life.now,
        recorded_at=life.now,
        process=deal.process,
        version=deal.version,
        digest=deal.digest,
        track=decision.track if decision else MAIN,
        action=decision.move.action if decision else action,
        from_stage=decision.from_stage if decision else "",
        to_stage=decision.to_stage if decision else "",
        outcome=moved.outcome if moved else "",
        reason=decision.move.reason if decision else "",
        actor=APPROVER if kind is EntryKind.APPROVED else MOVER,
        role=decision.move.role if decision else role,
        touchpoint=moved.touchpoint if moved else touchpoint,
        approval=approval,
        facts=moved.sets if moved else facts or {},
    )
