"""Deals as a table: where each stands, since when, and which have stood there too long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from engine.model.deal import Deal
from engine.model.process import Process
from engine.model.syntax import Value
from engine.model.table import Cell, Table
from engine.model.values import show_value
from engine.report.wording import count, stage_of

COLUMNS = ("deal", "process", "version", "stage", "outcome", "owner", "started_at", "in_stage", "late", "closed_at")


def table(
    deals: Iterable[Deal],
    processes_by_digest: Mapping[str, Process],
    *,
    now: datetime,
    facts: tuple[str, ...] = (),
) -> Table:
    """A row a deal, in the order given, with the facts named as further columns (``fact:amount``).

    ``in_stage`` is of open deals; ``late`` is ``target`` or ``alert`` once one has stood there for longer than that.
    """
    rows = tuple(_row(deal, processes_by_digest.get(deal.digest), now, facts) for deal in deals)
    late = sum(row[COLUMNS.index("late")] == "alert" for row in rows)
    notes = [count(len(rows), "deal") + (f", {late} past the alert of the stage" if late else "")]
    return Table("deals", COLUMNS + tuple(f"fact:{fact}" for fact in facts), rows, notes=tuple(notes))


def brief(full: Table) -> Table:
    """The same deals to look over: days instead of times, in so few columns that a line holds a row."""
    at = {name: index for index, name in enumerate(full.columns)}
    rows = tuple(
        (
            row[at["deal"]],
            f"{row[at['process']]}@{row[at['version']]}",
            row[at["stage"]],
            row[at["owner"]],
            _day(row[at["started_at"]]),
            row[at["in_stage"]],
            row[at["late"]],
            _day(row[at["closed_at"]]),
            *row[len(COLUMNS) :],
        )
        for row in full.rows
    )
    facts = tuple(name.removeprefix("fact:") for name in full.columns[len(COLUMNS) :])
    columns = ("deal", "process", "stage", "owner", "started", "in stage", "late", "closed", *facts)
    return Table(full.kind, columns, rows, notes=full.notes)


def _day(cell: Cell) -> Cell:
    return cell.date() if isinstance(cell, datetime) else cell


def _row(deal: Deal, process: Process | None, now: datetime, facts: tuple[str, ...]) -> tuple[Cell, ...]:
    minutes = max(now - deal.entered_at, timedelta(0)) // timedelta(minutes=1)
    stay = timedelta(minutes=minutes)
    return (
        deal.id,
        deal.process,
        deal.version,
        deal.stage,
        deal.outcome,
        deal.owner,
        deal.started_at,
        None if deal.outcome else stay,
        "" if deal.outcome else _late(deal, process, stay),
        deal.closed_at,
        *(_cell(deal.facts.get(fact)) for fact in facts),
    )


def _late(deal: Deal, process: Process | None, stay: timedelta) -> str:
    stage = stage_of(process, "main", deal.stage)
    if stage and stage.alert is not None and stay > stage.alert:
        return "alert"
    return "target" if stage and stage.target is not None and stay > stage.target else ""


def _cell(value: Value | None) -> Cell:
    return show_value(value) if isinstance(value, tuple) else value
