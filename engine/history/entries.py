"""Entries of the journal to the five tables, streamed: a deal at a time, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from engine.model.entry import Entry, EntryKind, goes_on
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.quick import seldom_collecting
from engine.model.syntax import Kind, Type, Value
from engine.model.values import show_value
from engine.tables.build import GrowingTables, Tables, exact
from engine.tables.schema import fact_columns

_DAY = timedelta(days=1)
_OF_KIND: Mapping[Kind, type] = {
    Kind.YES_NO: bool,
    Kind.NUMBER: Decimal,
    Kind.MONEY: Decimal,
    Kind.PERCENT: Decimal,
    Kind.DATE: date,
    Kind.DURATION: timedelta,
}
STILL = {EntryKind.REFUSED.value, EntryKind.WARNED.value, EntryKind.APPROVED.value}
"""The kinds of what leaves the deal as it was."""
_STILL = frozenset(map(EntryKind, STILL))


def tables_of(entries: Iterable[Entry], facts: Mapping[str, Type]) -> Tables:
    """The five tables of entries that come deal by deal, each deal's in order of sequence.

    ``facts`` are the types of all facts that shall be columns of ``deals``.
    """
    growing = GrowingTables(facts)
    columns = fact_columns(facts)
    with seldom_collecting():
        for deal, its in groupby(entries, attrgetter("deal")):
            _add_deal(deal, its, growing, columns=columns)
        return growing.whole()


def came_of(kind: str) -> str:
    """What came of a move that was judged, by the kind of its entry: ``made`` or ``refused``."""
    return "refused" if kind == EntryKind.REFUSED.value else "made"


def fact_types(processes: Iterable[Process]) -> dict[str, Type]:
    """The facts that processes record; one that they type differently is text, which holds them all."""
    types: dict[str, Type] = {}
    for process in processes:
        for name, fact in process.facts.items():
            if fact.table is None:
                same = types.setdefault(name, fact.type).kind is fact.type.kind
                types[name] = fact.type if same else Type(Kind.TEXT)
    return types


@dataclass(slots=True)
class _Story:
    """What is known of a deal while its entries are read."""

    first: Entry
    last: Entry
    owner: str = ""
    outcome: str = ""
    closed_at: datetime | None = None
    facts: dict[str, Value] = field(default_factory=dict)
    visits: dict[str, Entry] = field(default_factory=dict)
    moves: list[tuple[Any, ...]] = field(default_factory=list)
    stage: str = ""


def _add_deal(
    deal: str, entries: Iterator[Entry], growing: GrowingTables, *, columns: tuple[tuple[str, Type], ...]
) -> None:
    first = next(entries)
    story = _Story(first, first, owner=first.owner, visits={MAIN: first}, stage=first.to_stage)
    _add_beside(first, story, growing)
    for entry in entries:
        _add_beside(entry, story, growing)
        if entry.kind in (EntryKind.MOVED, EntryKind.MIGRATED):
            _enter(entry, story)
        if entry.kind not in _STILL:
            story.owner = entry.owner or story.owner
    story.moves.extend([_visit(entry, None) for entry in story.visits.values()])
    # In the order in which stages were entered; by now they are in the order in which they were left.
    for row in sorted(story.moves, key=itemgetter(1)):
        growing.moves.add(row)
    growing.deals.add(
        (
            deal,
            story.last.process,
            story.last.version,
            None if first.undated else first.happened_at,
            story.closed_at,
            story.stage,
            story.outcome,
            story.owner,
            cell(story.facts.get("amount"), Kind.MONEY),
            *(cell(story.facts.get(name), of.kind) for name, of in columns),
        )
    )


def _add_beside(entry: Entry, story: _Story, growing: GrowingTables) -> None:
    """What an entry says besides where the deal stands."""
    when = None if entry.undated else entry.happened_at
    for verdict in entry.verdicts:
        judged = (verdict.requirement, verdict.result.value, verdict.force.value)
        growing.verdicts.add((entry.deal, entry.sequence, when, entry.action, *judged, came_of(entry.kind.value)))
    if entry.kind in _STILL:
        return
    for fact, value in entry.facts.items():
        growing.facts.add((entry.deal, entry.sequence, when, fact, show_value(value)))
    story.facts.update(entry.facts)
    if entry.touchpoint:
        growing.touches.add((entry.deal, when, entry.touchpoint, story.stage, entry.actor))


def _enter(entry: Entry, story: _Story) -> None:
    if entry.process != story.last.process:
        # Handed over: every visit in the process of before ends, and of its facts the entry has what is kept.
        for visit in story.visits.values():
            story.moves.append(_visit(visit, entry))
        story.visits.clear()
        story.facts = dict(entry.facts)
        story.outcome, story.closed_at = "", None
    before = story.visits.get(entry.track)
    # A visit that goes on is told in the words of the version under which it began.
    if before is None or not goes_on(entry):
        if before is not None:
            story.moves.append(_visit(before, entry))
        story.visits[entry.track] = entry
    story.last = entry
    if entry.track != MAIN:
        return
    story.stage = entry.to_stage
    if not entry.outcome:
        story.outcome, story.closed_at = "", None
    elif not story.outcome:
        # The first end counts until the deal is open again, as in the fold.
        story.outcome = entry.outcome
        story.closed_at = None if entry.undated else entry.happened_at


def _visit(entered: Entry, left: Entry | None) -> tuple[Any, ...]:
    timed = left is not None and not entered.undated and not left.undated
    return (
        entered.deal,
        entered.sequence,
        entered.process,
        entered.version,
        entered.track,
        entered.action,
        entered.from_stage,
        entered.to_stage,
        None if entered.undated else entered.happened_at,
        left.happened_at if left else None,
        (left.happened_at - entered.happened_at) / _DAY if left and timed else None,
        entered.actor,
        entered.reason,
    )


def cell(value: Value | None, kind: Kind) -> Any:
    """A fact as its column in ``deals`` has it. Raises ``BadValue`` for a number too large."""
    of = _OF_KIND.get(kind)
    if of is None:
        return value if value is None or isinstance(value, str) else show_value(value)
    if not isinstance(value, of):
        # Only a fact called amount can be of another type than its column.
        return None
    return exact(value) if isinstance(value, Decimal) else value
