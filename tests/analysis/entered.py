"""Deals as entries of a journal, told in a line, and the five tables of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.history.entries import fact_types, tables_of
from engine.model.entry import Entry, EntryKind
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.study import Figure, Study
from engine.model.syntax import Value
from engine.tables.build import Tables

START = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
ENDS = {"won": "won", "lost": "lost"}


def deal(name: str, *told: str | Mapping[str, Value], owner: str = "", amount: int | None = None) -> list[Entry]:
    """A deal, an entry a day: ``"demo"`` a stage, ``"legal/ok"`` one of a track, ``"@call"`` a touchpoint, facts.

    ``"other:start"`` is a stage of another process, ``"?demo"`` one that nobody dated.
    """
    entries: list[Entry] = []
    stands: dict[str, str] = {}
    process = "selling"
    for number, each in enumerate(told, 1):
        given: dict[str, Any] = {"facts": each} if not isinstance(each, str) else _said(each, stands, process)
        process = given.get("process", process)
        kind = given.pop("kind", EntryKind.RECORDED)
        kind = EntryKind.STARTED if number == 1 else kind
        if number == 1 and amount is not None:
            given["facts"] = {**given.get("facts", {}), "amount": Decimal(amount)}
        at = START + timedelta(days=number - 1)
        values: dict[str, Any] = {"process": process, **given}
        entries.append(Entry(name, number, kind, at, at, version=1, digest="d", owner=owner, **values))
    return entries


def _said(text: str, stands: dict[str, str], process: str) -> dict[str, Any]:
    if text.startswith("@"):
        return {"kind": EntryKind.TOUCHED, "touchpoint": text[1:]}
    undated = text.startswith("?")
    process, _, stage = text.lstrip("?").rpartition(":") if ":" in text else (process, "", text.lstrip("?"))
    track, _, stage = stage.rpartition("/") if "/" in stage else (MAIN, "", stage)
    found = {
        "kind": EntryKind.MOVED,
        "process": process,
        "track": track,
        "from_stage": stands.get(track, ""),
        "to_stage": stage,
        "outcome": ENDS.get(stage, ""),
        "undated": undated,
    }
    stands[track] = stage
    return found


def tables(process: Process, *deals: Sequence[Entry]) -> Tables:
    """The five tables of the deals."""
    return tables_of((entry for each in deals for entry in each), fact_types([process]))


def rows(study: Study, section: str) -> list[dict[str, Figure]]:
    """The rows of a section by the ids of its columns."""
    (found,) = (each for each in study.sections if each.id == section)
    return [dict(zip((heading.id for heading in found.headings), row, strict=True)) for row in found.rows]


def column(study: Study, section: str, *names: str) -> list[Any]:
    """Some columns of a section, row by row."""
    found = [tuple(row[name] for name in names) for row in rows(study, section)]
    return found if len(names) > 1 else [each for (each,) in found]
