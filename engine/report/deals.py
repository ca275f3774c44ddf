"""Deals as a table: where each stands, since when, and which have stood there too long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta, tzinfo

from engine.model.deal import Deal
from engine.model.process import Process
from engine.model.syntax import Value
from engine.model.table import Cell, Table
from engine.model.values import show_value
from engine.report.wording import count, stage_of, zone_named

COLUMNS = ("deal", "process", "version", "stage", "outcome", "owner", "started_at", "in_stage", "late", "closed_at")


def table(
    deals: Iterable[Deal],
    processes_by_digest: Mapping[str, Process],
    *,
    now: datetime,
    facts: tuple[str, ...] = (),
    excused: Set[str] = frozenset(),
) -> Table:
    """A row a deal, in the order given, with the facts named as further columns (``fact:amount``).

    A time that nobody dated is left out. ``in_stage`` is of open deals; ``late`` is ``target`` or ``alert`` once one
    has stood there for longer than that. Those ``excused`` raise no alert.
    """
    rows = tuple(_row(deal, processes_by_digest.get(deal.digest), now, facts, excused) for deal in deals)
    late = sum(row[COLUMNS.index("late")] == "alert" for row in rows)
    notes = [count(len(rows), "deal") + (f", {late} past the alert of the stage" if late else "")]
    return Table("deals", COLUMNS + tuple(f"fact:{fact}" for fact in facts), rows, notes=tuple(notes))


def brief(full: Table, zones: Sequence[tzinfo]) -> Table:
    """The same deals to look over: days, each in the zone of its row, in so few columns that a line holds a row."""
    at = {name: index for index, name in enumerate(full.columns)}
    rows = tuple(
        (
            row[at["deal"]],
            f"{row[at['process']]}@{row[at['version']]}",
            row[at["stage"]],
            row[at["owner"]],
            _day(row[at["started_at"]], zone),
            row[at["in_stage"]],
            row[at["late"]],
            _day(row[at["closed_at"]], zone),
            *row[len(COLUMNS) :],
        )
        for row, zone in zip(full.rows, zones, strict=True)
    )
    facts = tuple(name.removeprefix("fact:") for name in full.columns[len(COLUMNS) :])
    columns = ("deal", "process", "stage", "owner", "started", "in stage", "late", "closed", *facts)
    return Table(full.kind, columns, rows, notes=full.notes)


def _day(cell: Cell, zone: tzinfo) -> Cell:
    return cell.astimezone(zone).date() if isinstance(cell, datetime) else cell


def late(
    deal: Deal, processes_by_digest: Mapping[str, Process], *, now: datetime, excused: Set[str] = frozenset()
) -> bool:
    """Whether an open deal has been in its stage for longer than the stage's target, or its alert if not excused."""
    if deal.outcome or deal.forgotten or "entered" in deal.undated:
        return False
    return bool(_late(deal, processes_by_digest.get(deal.digest), _stay(deal, now), excused))


def zones(deals: Iterable[Deal], processes_by_digest: Mapping[str, Process]) -> tuple[tzinfo, ...]:
    """The zone of each deal's process."""
    found = (processes_by_digest.get(deal.digest) for deal in deals)
    return tuple(zone_named(process.time_zone if process else "UTC")[0] for process in found)


def _row(
    deal: Deal, process: Process | None, now: datetime, facts: tuple[str, ...], excused: Set[str]
) -> tuple[Cell, ...]:
    stay = None if deal.outcome or deal.forgotten or "entered" in deal.undated else _stay(deal, now)
    return (
        deal.id,
        deal.process,
        deal.version,
        deal.stage,
        deal.outcome,
        deal.owner,
        None if "started" in deal.undated else deal.started_at,
        stay,
        "" if stay is None else _late(deal, process, stay, excused),
        None if "closed" in deal.undated else deal.closed_at,
        *(_cell(deal.facts.get(fact)) for fact in facts),
    )


def _stay(deal: Deal, now: datetime) -> timedelta:
    return timedelta(minutes=max(now - deal.entered_at, timedelta(0)) // timedelta(minutes=1))


def _late(deal: Deal, process: Process | None, stay: timedelta, excused: Set[str]) -> str:
    stage = stage_of(process, "main", deal.stage)
    if stage and stage.alert is not None and stay > stage.alert and deal.id not in excused:
        return "alert"
    return "target" if stage and stage.target is not None and stay > stage.target else ""


def _cell(value: Value | None) -> Cell:
    return show_value(value) if isinstance(value, tuple) else value
