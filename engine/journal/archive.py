"""A whole journal as rows of one shape: what it says of itself, its definitions, its entries, and an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

import sqlalchemy as sa

from engine.journal import statements
from engine.journal.codec import iso
from engine.journal.decoding import moment
from engine.journal.schema import UtcTime, definitions, entries, payloads
from engine.journal.session import Row, Session
from engine.journal.store import FULL_PAGE, PAGE
from engine.model.errors import JournalError

FORM = "stagewright/archive/1"
"""Stands in the first row."""


class Kind(Enum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes-no"
    BYTES = "bytes"


def _kind(column: sa.Column[Any]) -> Kind:
    if isinstance(column.type, sa.Boolean):
        return Kind.YES_NO
    if isinstance(column.type, sa.LargeBinary):
        return Kind.BYTES
    return Kind.NUMBER if isinstance(column.type, sa.Integer) else Kind.TEXT


_OF_ENTRIES = tuple(entries.columns)
_OF_PAYLOADS = tuple(column for column in payloads.columns if not column.primary_key)
_TIMES = tuple(column.name for column in _OF_ENTRIES if isinstance(column.type, UtcTime))
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "archive": ("name",),
    "meta": ("name", "value"),
    "definition": tuple(column.name for column in definitions.columns),
    "entry": tuple(column.name for column in _OF_ENTRIES),
    "end": ("value",),
}
"""Which columns a row of each sort has; an entry may have those of its payload too."""

COLUMNS: Mapping[str, Kind] = {
    "what": Kind.TEXT,
    "name": Kind.TEXT,
    "value": Kind.TEXT,
    "files": Kind.TEXT,
    **{column.name: _kind(column) for column in (*_OF_ENTRIES, *_OF_PAYLOADS)},
}
"""All columns of a row, in their order."""

_TYPES: Mapping[Kind, type] = {Kind.TEXT: str, Kind.NUMBER: int, Kind.YES_NO: bool, Kind.BYTES: bytes}
_LARGEST = 2**63


def rows_of(session: Session) -> Iterator[Row]:
    """The journal as rows. Raises ``JournalError`` for an entry that cannot be read."""
    count = 0
    for count, row in enumerate(_rows(session), start=1):  # noqa: B007 - the last number is what is wanted
        yield row
    yield _row("end", value=str(count))


def _rows(session: Session) -> Iterator[Row]:
    yield _row("archive", name=FORM)
    for name, value in session.all(statements.all_about):
        yield _row("meta", name=name, value=value)
    for digest, process, version, files in session.all(statements.all_definitions):
        yield _row("definition", digest=digest, process=process, version=version, files=files)
    names = [column.name for column in (*_OF_ENTRIES, *_OF_PAYLOADS)]
    last, page = 0, FULL_PAGE
    while len(page) == PAGE:
        page = session.all(statements.places_page, (last, PAGE))
        for row in page:
            yield _entry(dict(zip(names, row, strict=True)), session)
        last = page[-1][0] if page else last


def _entry(values: dict[str, Any], session: Session) -> Row:
    try:
        for name in _TIMES:
            when: Any = session.read_moment(values[name])
            values[name] = iso(when)
        for name, kind in COLUMNS.items():
            if kind is Kind.YES_NO:
                values[name] = bool(values[name])
        return checked({"what": "entry", **values})
    except (ValueError, TypeError, AttributeError) as error:
        raise JournalError(
            f"entry {values['sequence']} of deal {values['deal']!r} cannot be read", hint="run 'stagewright verify'"
        ) from error


def _row(what: str, **values: Any) -> Row:
    return (what, *(values.get(name) for name in list(COLUMNS)[1:]))


def checked(values: Mapping[str, Any]) -> Row:
    """The row of these values, whose columns and types are as they must be. Raises ``ValueError``."""
    what = values.get("what")
    needed = _NEEDED.get(what) if isinstance(what, str) else None
    if needed is None:
        raise ValueError("it is neither of the archive, nor meta, a definition, an entry or the end")
    optional = [column.name for column in _OF_PAYLOADS] if what == "entry" else []
    for name, value in values.items():
        if name not in COLUMNS:
            raise ValueError(f"there is no column '{name}'")
        if value is None:
            continue
        if name not in needed and name not in optional and name != "what":
            raise ValueError(f"{what} has no '{name}'")
        _check(name, value)
    missing = [name for name in needed if values.get(name) is None]
    if missing:
        raise ValueError(f"'{missing[0]}' is missing")
    if what == "entry":
        for name in _TIMES:
            _moment(name, values[name])
    return tuple([values.get(name) for name in COLUMNS])


def _check(name: str, value: Any) -> None:
    kind = COLUMNS[name]
    fits = type(value) is _TYPES[kind]
    if not fits:
        raise ValueError(f"'{name}' is no {kind.value}")
    if kind is Kind.NUMBER and not 0 <= value < _LARGEST:
        raise ValueError(f"'{name}' is out of range")
    if kind is Kind.TEXT:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"'{name}' holds half a character") from None


def _moment(name: str, text: str) -> None:
    try:
        same = iso(moment(text)) == text
    except ValueError:
        same = False
    if not same:
        raise ValueError(f"'{name}' is no moment in UTC")


def columns_of(what: str) -> tuple[str, ...]:
    """The columns that a row of this sort must have; none for a sort that there is not."""
    return ("what", *_NEEDED.get(what, ()))


def content(rows: Iterable[Row], told: Callable[[str], Exception]) -> Iterator[Row]:
    """The rows between the first and the end, which are checked. ``told`` makes an error of a sentence."""
    ended = False
    for count, row in enumerate(rows):
        if ended:
            raise told("something follows its end")
        if (count == 0) != (row[0] == "archive") or (row[1] != FORM and not count):
            raise told(f"it does not begin as an archive of this form does ({FORM})")
        if row[0] == "end":
            if row[2] != str(count):
                raise told(f"its end speaks of {row[2]} rows, and there are {count}")
            ended = True
        elif count:
            yield row
    if not ended:
        raise told("it was cut: it has no end")
