"""Whether a deal's rows are as they were written, told quickly; what is wrong with those that are not, ``verify`` finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine.journal.chain import FIRST, SALT_BYTES
from engine.journal.codec import envelope_text, iso
from engine.journal.decoding import entry_for_fold
from engine.journal.projection import ReadMoment, row_of
from engine.journal.session import Row
from engine.journal.store import BODY, DIGEST, ENVELOPE_END, HASH, SALT
from engine.model.deal import Deal, fold
from engine.model.errors import StagewrightError

_NOT_AS_WRITTEN = (StagewrightError, TypeError, ValueError, KeyError, AttributeError, OverflowError)


def is_sound(rows: Sequence[Row], stored: Row | None, read_moment: ReadMoment) -> bool:
    """Whether the rows of a deal, by sequence, make a chain, their payloads fit, and they add up to the stored row."""
    if stored is None:
        return False
    try:
        return _is_chain(rows) and _plain(row_of(folded(rows, read_moment))) == _plain(stored)
    except _NOT_AS_WRITTEN:
        return False


def folded(rows: Sequence[Row], read_moment: ReadMoment) -> Deal:
    """The deal of its rows, forgotten where its payloads are blank. Raises ``JournalError`` for rows that are none."""
    deal = fold(entry_for_fold(row[:ENVELOPE_END], row[BODY], read_moment=read_moment) for row in rows)
    assert deal is not None  # noqa: S101 - there is at least one row
    return replace(deal, forgotten=True) if rows[0][BODY] is None else deal


def _is_chain(rows: Sequence[Row]) -> bool:
    previous = FIRST
    blank = rows[0][BODY] is None
    for number, row in enumerate(rows, start=1):
        payload, salt, body = row[DIGEST], row[SALT], row[BODY]
        if row[1] != number or type(payload) is not bytes:
            return False
        if blank:
            if body is not None or salt is not None:
                return False
        elif len(salt) != SALT_BYTES or sha256(salt + body.encode()).digest() != payload:
            return False
        previous = sha256(previous + _envelope_text(row).encode() + payload).digest()
        if previous != row[HASH]:
            return False
    return True


def _envelope_text(row: Row) -> str:
    # Hashed as it stands: were the text of a time or a number another than the one that was hashed, it would not fit.
    if type(row[3]) is str:
        return envelope_text(row[:ENVELOPE_END])  # type: ignore[arg-type]
    return envelope_text((*row[:3], iso(row[3]), iso(row[4]), *row[5:ENVELOPE_END]))  # type: ignore[arg-type]


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(iso(value) if isinstance(value, datetime) else value for value in row)
