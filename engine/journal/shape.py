"""Whether a SQLite file is a journal, by what it says of itself: nothing in a hostile one is trusted or run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.journal.dialect import Rows
from engine.journal.schema import ADDED, METADATA
from engine.journal.triggers import INDEXES, SQLITE, SQLITE_0001
from engine.model.errors import JournalError

APPLICATION_ID = 0x53574A31
"""Stands in the header of each journal, so that other files are known at a glance."""

VERSIONS = "alembic_version"
_COLUMNS = """
SELECT m.name, x.name, x.pk > 0, x.hidden FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS x
WHERE m.type = 'table' AND m.sql LIKE 'CREATE TABLE%' ORDER BY m.name, x.cid
"""


def is_writable(folder: Path) -> bool:
    """Whether a file could be made in the folder."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def revision(rows: Rows, where: str, *, writing: bool) -> str | None:
    """The revision of the journal, ``None`` for an empty file. Raises ``JournalError`` for anything else."""
    found = rows("SELECT count(*) FROM sqlite_master")[0][0]
    application = rows("PRAGMA application_id")[0][0]
    if not found and not application:
        return None
    if application != APPLICATION_ID:
        raise JournalError(f"{where} is a SQLite file, but not a journal", hint="is the path right?")
    columns = _columns(rows)
    strange = "" if VERSIONS in columns else f"it has no table '{VERSIONS}'"
    found = "" if strange else _version(rows, where)
    strange = strange or _strange(rows, columns, found, writing=writing)
    if strange:
        raise JournalError(
            f"{where} is not a journal that can be trusted: {strange}",
            hint="something else has changed it; go on with a copy from before",
        )
    return found


def _version(rows: Rows, where: str) -> str:
    versions = rows(f"SELECT version_num FROM {VERSIONS}")  # noqa: S608 - a constant
    if len(versions) != 1 or not isinstance(versions[0][0], str):
        raise JournalError(f"{where} does not say which version of a journal it is")
    return str(versions[0][0])


def _columns(rows: Rows) -> Mapping[str, set[tuple[str, bool]]]:
    """By table: its columns, and which are its key."""
    columns: dict[str, set[tuple[str, bool]]] = {}
    for table, column, key, hidden in rows(_COLUMNS):
        if not hidden:  # what is hidden is computed by whatever the file says
            columns.setdefault(table, set()).add((column, bool(key)))
    return columns


def _strange(rows: Rows, columns: Mapping[str, set[tuple[str, bool]]], found: str, *, writing: bool) -> str:
    """What is not as it must be, in words; a newer journal may have more tables and columns, an older one fewer."""
    to_come = {each for revision, added in ADDED.items() if found < revision for each in added}
    for table in METADATA.sorted_tables:
        wanted = {
            (column.name, bool(column.primary_key))
            for column in table.columns
            if (table.name, column.name) not in to_come
        }
        if not wanted <= columns.get(table.name, set()):
            return f"its table '{table.name}' is missing or another"
    known = SQLITE_0001 if found == "0001" else SQLITE
    return next(_foreign_triggers(rows, known), "") if writing else ""


def _texts(rows: Rows, kind: str) -> dict[str, str]:
    """Name to text of what there is of a kind; what SQLite makes by itself has no text."""
    found = rows(f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL")  # noqa: S608
    return {name: " ".join(text.split()) for name, text in found}


def _foreign_triggers(rows: Rows, known: Mapping[str, str] = SQLITE) -> Iterator[str]:
    for name, text in _texts(rows, "trigger").items():
        if known.get(name) != text:
            yield f"it has a trigger '{name}' that is not the journal's"


def guard_faults(rows: Rows) -> Iterator[str]:
    """Triggers that are gone, or not the journal's; unique indexes that are gone or another."""
    there = _texts(rows, "trigger")
    yield from (f"the trigger '{name}', which guards what is recorded, is gone" for name in SQLITE if name not in there)
    yield from _foreign_triggers(rows)
    indexes = _texts(rows, "index")
    for name, text in INDEXES.items():
        if name not in indexes:
            yield f"the index '{name}', which keeps things from being recorded twice, is gone"
        elif indexes[name] != text:
            yield f"the index '{name}', which keeps things from being recorded twice, is not the journal's"
