"""The tables of a run as a CRM would export them: a row for each stage that a deal entered, and the map to read it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.model.map import Column, Known, Map, Shape
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.syntax import Kind
from engine.model.table import Cell, Table
from engine.model.values import show_value
from engine.tables.build import Tables

DEAL, STAGE, TIME = "deal", "stage", "entered_at"
ACTION, ACTOR, REASON, OWNER = "action", "actor", "reason", "owner"
_NEEDED = (DEAL, STAGE, TIME)
_OWN = (*_NEEDED, ACTION, ACTOR, REASON, OWNER)


def exported(tables: Tables, process: Process) -> Table:
    """The main track as a table: ``entered_at`` in UTC, and each fact in the row with which it became known.

    Side tracks are not in it, for a row can name one stage. A column in which nothing would stand is left out.
    """
    facts = fact_columns(process)
    learnt = _learnt(tables, process)
    owners = dict(zip(*(tables.deals.column(name).to_pylist() for name in (DEAL, OWNER)), strict=True))
    rows: list[tuple[Cell, ...]] = []
    before = ""
    names = ("deal", "seq", "track", "to_stage", "entered_at", "action", "actor", "reason")
    for deal, seq, track, stage, entered, *done in zip(
        *(tables.moves.column(name).to_pylist() for name in names), strict=True
    ):
        if track != MAIN:
            continue
        its = learnt.get(deal, {})
        # What a side track set in between is known at the next move of the main one.
        known = {name: its[name].pop(at) for name in its for at in sorted(its[name]) if at <= seq}
        owner = owners[deal] if deal != before else ""
        rows.append((deal, stage, entered, *done, owner, *(known.get(name) for name in facts)))
        before = deal
    columns = (*_OWN, *facts.values())
    told = [at for at in range(len(columns)) if at < len(_NEEDED) or any(row[at] not in (None, "") for row in rows)]
    return Table("log", tuple(columns[at] for at in told), tuple(tuple(row[at] for at in told) for row in rows))


def map_of(process: Process, table: Table, *, name: str, columns: Mapping[str, str] | None = None) -> Map:
    """The map that reads what ``exported`` gave; ``columns``: what its columns are called instead."""
    called = {each: (columns or {}).get(each, each) for each in table.columns}
    entered = {row[table.columns.index(STAGE)] for row in table.rows}
    over = [name for name in process.hand_overs if name in entered]
    return Map(
        id=name,
        process=f"{process.id}@{process.version}",
        shape=Shape.MOVES,
        deal=called[DEAL],
        stage=called[STAGE],
        stages={name: name for name in (*(stage.id for stage in process.main.stages), *over)},
        title=f"Simulated deals of {process.name}",
        time_zone="UTC",
        happened=called[TIME],
        owner=called.get(OWNER),
        actor=called.get(ACTOR),
        reason=Column(called[REASON]) if REASON in called else None,
        facts={
            fact: Column(called[column], known=Known.MOVE)
            for fact, column in fact_columns(process).items()
            if column in called
        },
        ignore=(called[ACTION],) if ACTION in called else (),
    )


def fact_columns(process: Process) -> dict[str, str]:
    """The facts that are recorded, and what their columns are called."""
    recorded = sorted(name for name, fact in process.facts.items() if fact.table is None)
    return {name: f"fact_{name}" if name in _OWN else name for name in recorded}


def _learnt(tables: Tables, process: Process) -> dict[str, dict[str, dict[int, str]]]:
    """By deal and fact: what it was, by the number of the visit with which that became known."""
    # The tables have percents as numbers; a person, and so a map, reads them with their sign.
    percents = {name: fact.type for name, fact in process.facts.items() if fact.type.kind is Kind.PERCENT}
    found: dict[str, dict[str, dict[int, str]]] = {}
    for deal, seq, fact, value in zip(
        *(tables.facts.column(name).to_pylist() for name in ("deal", "seq", "fact", "value")), strict=True
    ):
        text = show_value(Decimal(value), percents[fact]) if fact in percents else value
        found.setdefault(deal, {}).setdefault(fact, {})[seq] = text
    return found
