"""The tables of a run as a CRM would export them: a row for each stage that a deal entered, and the map to read it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.map import Column, Known, Map, Shape
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.table import Cell, Table
from engine.tables.build import Tables

DEAL, STAGE, TIME, ACTION, REASON, OWNER = "deal", "stage", "entered_at", "action", "reason", "owner"
_OWN = (DEAL, STAGE, TIME, ACTION, REASON, OWNER)


def exported(tables: Tables, process: Process) -> Table:
    """The main track as a table: ``entered_at`` in UTC, and each fact in the row with which it became known.

    Side tracks are not in it: a row can name one stage.
    """
    facts = fact_columns(process)
    learnt = _learnt(tables)
    owners = dict(zip(*(tables.deals.column(name).to_pylist() for name in (DEAL, OWNER)), strict=True))
    rows: list[tuple[Cell, ...]] = []
    before = ""
    names = ("deal", "seq", "track", "to_stage", "entered_at", "action", "reason")
    for deal, seq, track, stage, entered, action, reason in zip(
        *(tables.moves.column(name).to_pylist() for name in names), strict=True
    ):
        if track != MAIN:
            continue
        its = learnt.get(deal, {})
        # What a side track set in between is known at the next move of the main one.
        known = {name: its[name].pop(at) for name in its for at in sorted(its[name]) if at <= seq}
        owner = owners[deal] if deal != before else ""
        rows.append((deal, stage, entered, action, reason, owner, *(known.get(name) for name in facts)))
        before = deal
    return Table("log", (*_OWN, *facts.values()), tuple(rows))


def map_of(process: Process, *, name: str, columns: Mapping[str, str] | None = None) -> Map:
    """The map that reads what ``exported`` gives; ``columns``: what its columns are called instead."""
    called = columns or {}
    return Map(
        id=name,
        process=f"{process.id}@{process.version}",
        shape=Shape.MOVES,
        deal=called.get(DEAL, DEAL),
        stage=called.get(STAGE, STAGE),
        stages={stage.id: stage.id for stage in process.main.stages},
        title=f"Simulated deals of {process.name}",
        time_zone="UTC",
        happened=called.get(TIME, TIME),
        owner=called.get(OWNER, OWNER),
        reason=Column(called.get(REASON, REASON)),
        facts={
            fact: Column(called.get(column, column), known=Known.MOVE) for fact, column in fact_columns(process).items()
        },
        ignore=(called.get(ACTION, ACTION),),
    )


def fact_columns(process: Process) -> dict[str, str]:
    """The facts that are recorded, and what their columns are called."""
    recorded = sorted(name for name, fact in process.facts.items() if fact.table is None)
    return {name: f"fact_{name}" if name in _OWN else name for name in recorded}


def _learnt(tables: Tables) -> dict[str, dict[str, dict[int, str]]]:
    """By deal and fact: what it was, by the number of the visit with which that became known."""
    found: dict[str, dict[str, dict[int, str]]] = {}
    for deal, seq, fact, value in zip(
        *(tables.facts.column(name).to_pylist() for name in ("deal", "seq", "fact", "value")), strict=True
    ):
        found.setdefault(deal, {}).setdefault(fact, {})[seq] = value
    return found
