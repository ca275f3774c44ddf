"""An object-centric event log (OCEL 2.0 in SQLite): an event is a row of each object of the kind that is the deal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa

from engine.history.columns import Coded, chunk_of, join
from engine.history.sheet import ROW_LIMIT, Layout, Sheet, check_width, plain_number, wanted_of
from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean

DEAL = "deal"
"""The column of the object that an event happened to."""

TYPE = "ocel_type"
OBJECT = "object:"
"""Stands before the names of what is known of the object itself."""

STEPS_LIMIT = 20_000_000_000
"""So many steps of SQLite's machine a file may take: one made to be slow is stopped."""

_STEPS = 10_000_000
_CHUNK = 50_000
_TABLES = ("event", "object", "event_map_type", "object_map_type", "event_object")
_OWN = ("ocel_id", "ocel_time", "ocel_changed_field")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of events or objects, the table of its attributes, and what these are called."""

    name: str
    table: str
    attributes: tuple[str, ...]


def read_ocel(path: Path, layout: Layout) -> Sheet:
    """The wanted columns: ``deal``, ``ocel_id``, ``ocel_type``, ``ocel_time``, what events say, and ``object:NAME``.

    Raises ``UnreadableFile``, also where nobody says which of several kinds of objects is the deal.
    """
    try:
        with closing(_opened(path)) as connection:
            return _sheet(connection, path, layout)
    except sqlite3.Error as error:
        raise UnreadableFile(f"'{path}' cannot be read as a database of events: {error}") from None


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    left = iter(range(STEPS_LIMIT // _STEPS))
    connection.set_progress_handler(lambda: next(left, None) is None, _STEPS)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _sheet(connection: sqlite3.Connection, path: Path, layout: Layout) -> Sheet:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = [name for name in _TABLES if name not in there]
    if missing:
        raise UnreadableFile(
            f"'{path}' is a database, but no event log of OCEL 2.0: it has no table '{missing[0]}'",
            hint="export the deals as CSV or .xlsx",
        )
    of = _deal_kind(connection, path, layout.of)
    kinds = tuple(_kinds(connection, "event", there))
    objects = next((each for each in _kinds(connection, "object", there) if each.name == of), _Kind(of, "", ()))
    said = tuple(dict.fromkeys(name for kind in kinds for name in kind.attributes))
    known = tuple(OBJECT + name for name in objects.attributes)
    found = (DEAL, "ocel_id", TYPE, "ocel_time", *said, *known)
    check_width(len(found), path)
    names = wanted_of(found, path, layout)
    events = _events(connection, of, kinds, [name for name in names if name in said], layout)
    values = _last_values(connection, objects, [name for name in names if name in known], layout.decimal)
    columns = {name: events[name] if name in events else _of_objects(events[DEAL], values[name]) for name in names}
    size = len(events[DEAL])
    return Sheet(
        columns=columns,
        letters={name: name for name in names},
        numbers=np.arange(1, size + 1, dtype=np.int32),
        unread=tuple(name for name in found if name not in names),
        total=size,
        blank=0,
        misfits=(),
        notes=tuple(_notes(connection, of)),
        has_iso_dates=True,
        named=lambda column, row: f"event {events['ocel_id'].text(row)} of {of} {events[DEAL].text(row)}, {column}",
    )


def _deal_kind(connection: sqlite3.Connection, path: Path, of: str) -> str:
    kinds = [name for (name,) in connection.execute("SELECT DISTINCT ocel_type FROM object ORDER BY 1") if name]
    if of in kinds:
        return of
    if of:
        raise UnreadableFile(f"'{path}' has no objects of the kind '{of}'", hint=did_you_mean(of, kinds, most=20))
    if len(kinds) == 1:
        return str(kinds[0])
    told = ", ".join(f"'{kind}'" for kind in kinds[:20]) or "none"
    raise UnreadableFile(
        f"'{path}' has several kinds of objects: {told}", hint="say under 'of' in the map which of them is a deal"
    )


def _kinds(connection: sqlite3.Connection, what: str, there: set[str]) -> Iterator[_Kind]:
    sql = f"SELECT ocel_type, ocel_type_map FROM {what}_map_type ORDER BY 1"  # noqa: S608 - our own word
    for name, ending in connection.execute(sql):
        table = f"{what}_{ending}"
        if table in there:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]
            yield _Kind(name, table, tuple(column for column in columns if column not in _OWN))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _events(
    connection: sqlite3.Connection, of: str, kinds: Sequence[_Kind], said: Sequence[str], layout: Layout
) -> dict[str, Coded]:
    """The events of the deals by time, an event that is linked twice to a deal once."""
    names = (DEAL, "ocel_id", TYPE, "ocel_time", *said)
    parts = []
    for kind in kinds:
        cells = [_quoted(name) if name in kind.attributes else "NULL" for name in said]
        told = "".join(f", {cell} AS a{place}" for place, cell in enumerate(cells))
        parts.append(f"SELECT ocel_id, ocel_time{told} FROM {_quoted(kind.table)}")  # noqa: S608 - names are quoted
    if not parts:
        return {name: join([]) for name in names}
    attributes = "".join(f", told.a{place}" for place in range(len(said)))
    sql = f"""
        SELECT link.deal, event.ocel_id, event.ocel_type, told.ocel_time{attributes}
        FROM (SELECT DISTINCT ocel_event_id, ocel_object_id AS deal FROM event_object
              JOIN object ON object.ocel_id = ocel_object_id WHERE object.ocel_type = ?) AS link
        JOIN event ON event.ocel_id = link.ocel_event_id
        LEFT JOIN ({" UNION ALL ".join(parts)}) AS told ON told.ocel_id = event.ocel_id
        ORDER BY told.ocel_time, event.ocel_id, link.deal LIMIT ?
    """  # noqa: S608 - names are quoted, values bound
    found = connection.execute(sql, (of, ROW_LIMIT if layout.rows is None else layout.rows))
    chunks: list[list[pa.DictionaryArray]] = [[] for _ in names]
    while some := found.fetchmany(_CHUNK):
        for place, cells_ in enumerate(zip(*some, strict=True)):
            chunks[place].append(chunk_of([_text(cell, layout.decimal) for cell in cells_]))
    return {name: join(each) for name, each in zip(names, chunks, strict=True)}


def _last_values(
    connection: sqlite3.Connection, objects: _Kind, names: Sequence[str], decimal: str
) -> dict[str, dict[str, str]]:
    """For each column the last value of each object, from the log of its changes."""
    found = {}
    has_changes = bool(objects.table) and any(
        row[1] == "ocel_changed_field" for row in connection.execute(f"PRAGMA table_info({_quoted(objects.table)})")
    )
    for name in names:
        attribute = name.removeprefix(OBJECT)
        # A row tells all attributes where it names no changed one; else the others in it are blank, or old.
        changed = "AND (ocel_changed_field IS NULL OR ocel_changed_field IN ('', ?))" if has_changes else ""
        value, table = _quoted(attribute), _quoted(objects.table)
        sql = f"""
            SELECT ocel_id, {value} FROM {table} WHERE {value} IS NOT NULL {changed} ORDER BY ocel_time, rowid
        """  # noqa: S608 - names are quoted, values bound
        rows = connection.execute(sql, (attribute,) if has_changes else ())
        found[name] = {str(key).strip(): _text(value, decimal) for key, value in rows}
    return found


def _of_objects(deals: Coded, values: dict[str, str]) -> Coded:
    each = join([chunk_of([values.get(name, "") for name in deals.each_text()])]) if len(deals.texts) else deals
    return Coded(each.texts, each.codes[deals.codes])


def _text(cell: Any, decimal: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return plain_number(cell, decimal) if isinstance(cell, int | float) else str(cell)


def _notes(connection: sqlite3.Connection, of: str) -> Iterator[str]:
    sql = """
        SELECT count(*) FROM event WHERE ocel_id NOT IN (
            SELECT ocel_event_id FROM event_object JOIN object ON object.ocel_id = ocel_object_id
            WHERE object.ocel_type = ? AND ocel_event_id IS NOT NULL)
    """
    ((outside,),) = connection.execute(sql, (of,))
    if outside:
        yield f"{outside:,} events happened to no '{of}' and were not read"
