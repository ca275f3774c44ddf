"""Some deals of the tables as deals are where moves are judged: for a condition asked of a few, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from engine.analysis.journeys import Journeys, moment
from engine.machine.facts import fits
from engine.machine.requirements import reckoned_from
from engine.model.deal import Deal
from engine.model.done import Times
from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.model.rule import Fact
from engine.model.syntax import Call, ContextRef, Kind, Tree, Value, facts_read, walk
from engine.model.values import parse_number, parse_value
from engine.tables.coded import Ints, cells, kept, places, where, whole_numbers

_LOOKS_BACK = frozenset({"done", "count", "since"})


@dataclass(slots=True)
class _Done:
    """What was done to one deal, while it is read."""

    tracks: dict[str, str] = field(default_factory=dict)
    actions: dict[str, Times] = field(default_factory=dict)
    touches: dict[str, Times] = field(default_factory=dict)


def as_deals(told: Journeys, deals: Ints, tree: Tree) -> tuple[Deal, ...]:
    """The deals of these numbers as they stand at the end of the follow-up, with what the condition reads of them.

    Of what they know only what the condition, or a table that it rests on, looks at is filled in.
    """
    trees = reckoned_from(told.process, tree)
    names = {name for each in trees for name in facts_read(each)}
    facts: list[dict[str, Value]] = [{} for _ in deals]
    for fact in told.process.facts.values():
        if fact.id in names and fact.table is None:
            _fill(facts, fact.id, _of_fact(told, deals, fact))
    looks_back = any(_looks_back(node) for each in trees for node in walk(each))
    done = _done(told, deals) if looks_back else [_Done() for _ in deals]
    return tuple(_deal(told, deal, facts[place], done[place]) for place, deal in enumerate(deals.tolist()))


def _deal(told: Journeys, deal: int, facts: dict[str, Value], done: _Done) -> Deal:
    visits, process = told.visits, told.process
    first, last = int(told.first[deal]), int(told.last[deal])
    now = moment(told.until) or datetime.max.replace(tzinfo=UTC)
    entered = moment(int(visits.entered[last])) or now
    started = moment(int(told.started[deal])) or entered
    return Deal(
        "",
        process.id,
        process.version,
        "",
        told.stages[int(visits.stage[last])].id,
        started,
        entered,
        now,
        tracks=done.tracks,
        facts=facts,
        visited=frozenset(told.stages[each].id for each in visits.stage[first : last + 1].tolist()),
        touches=done.touches,
        actions=done.actions,
    )


def _looks_back(node: Tree) -> bool:
    """Whether it looks at contacts, actions or side tracks."""
    if isinstance(node, Call):
        return node.function in _LOOKS_BACK
    return isinstance(node, ContextRef) and node.name.startswith("track.")


def _fill(facts: list[dict[str, Value]], name: str, values: Iterable[Value | None]) -> None:
    for known, value in zip(facts, values, strict=True):
        if value is not None:
            known[name] = value


def _of_fact(told: Journeys, deals: Ints, fact: Fact) -> list[Value | None]:
    """The value last known. Of a fact that was renamed only its history goes by the new name."""
    table = told.tables.deals
    found: list[Value | None] = [None] * len(deals)
    if fact.id in table.column_names and fact.id not in _OF_THE_DEAL:
        found = [_read(each, fact) for each in cells(table, fact.id, told.rows[deals])]
    if None in found:
        last = _told_last(told, deals, fact)
        found = [last.get(place) if value is None else value for place, value in enumerate(found)]
    return found


_OF_THE_DEAL = frozenset({"deal", "process", "version", "started_at", "closed_at", "stage", "outcome", "owner"})


def _told_last(told: Journeys, deals: Ints, fact: Fact) -> dict[int, Value | None]:
    rows = kept(told.tables.facts, where(told.tables.facts, "fact", fact.id))
    place = _places(told, deals)[places(rows, "deal", told.tables.deals)]
    order = np.argsort(whole_numbers(rows, "seq"), kind="stable")
    its = order[place[order] >= 0]
    texts = cells(rows, "value", its)
    return {at: _read(text, fact) for at, text in zip(place[its].tolist(), texts, strict=True)}


def _read(value: object, fact: Fact) -> Value | None:
    """The value of the fact's own kind; what is of another is not known."""
    if isinstance(value, str) and fact.type.kind not in (Kind.TEXT, Kind.CHOICE):
        try:
            # The tables write a percent as its number.
            value = parse_number(value) if fact.type.kind is Kind.PERCENT else parse_value(value, fact.type)
        except BadValue:
            return None
    return value if fits(fact, value) else None  # type: ignore[return-value]


def _places(told: Journeys, deals: Ints) -> Ints:
    """By row of the table of deals: the place among these deals, -1 for others; one more item for no row."""
    found = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    found[told.rows[deals]] = np.arange(len(deals))
    return found


def _done(told: Journeys, deals: Ints) -> list[_Done]:
    """Contacts, actions and side tracks of each deal."""
    found = [_Done() for _ in deals]
    place, until = _places(told, deals), moment(told.until) or datetime.max.replace(tzinfo=UTC)
    moves = kept(told.tables.moves, where(told.tables.moves, "process", told.process.id))
    for at, (track, stage, action, when) in _rows(told, place, moves, ("track", "to_stage", "action", "entered_at")):
        if track != MAIN:
            found[at].tracks[track] = stage
        _do(found[at].actions, action, when, until)
    for at, (kind, when) in _rows(told, place, told.tables.touches, ("touchpoint", "happened_at")):
        _do(found[at].touches, kind, when, until)
    return found


def _rows(told: Journeys, place: Ints, table: Any, columns: tuple[str, ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of the deals, each with the place of its deal; moves in the order in which they were made."""
    its = place[places(table, "deal", told.tables.deals)]
    rows = np.flatnonzero(its >= 0)
    if "seq" in table.column_names:
        rows = rows[np.argsort(whole_numbers(table, "seq")[rows], kind="stable")]
    read = [cells(table, column, rows) for column in columns]
    yield from zip(its[rows].tolist(), zip(*read, strict=True), strict=True)


def _do(times: dict[str, Times], name: str, when: datetime | None, until: datetime) -> None:
    """Once more. Of what nobody dated it is known that it was done, and not that it is long ago."""
    at = until if when is None else when.replace(tzinfo=UTC)
    if name and at <= until:
        before = times.get(name)
        times[name] = Times(before.count + 1, max(before.last_at, at)) if before else Times(1, at)
