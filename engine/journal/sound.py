"""Whether a deal's rows are as they were written, told quickly; what is wrong with others, ``verify`` finds out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from engine.journal.chain import FIRST, SALT_BYTES
from engine.journal.codec import envelope_text, iso
from engine.journal.decoding import body_for_fold, entry_of, proven_entry, without_verdicts
from engine.journal.projection import DUE_AT, ReadMoment, row_of
from engine.journal.session import Row
from engine.journal.store import BODY, DIGEST, ENVELOPE_END, HASH, SALT
from engine.model.deal import Deal, Folding, fold
from engine.model.entry import Entry
from engine.model.errors import StagewrightError

_NOT_AS_WRITTEN = (StagewrightError, TypeError, ValueError, KeyError, AttributeError, OverflowError, RecursionError)
_KEPT = 4096


def sound(read_moment: ReadMoment) -> Callable[[Sequence[Row], Row | None], bool]:
    """A function of the rows of a deal, by sequence, and of its row in the table of deals.

    It tells whether they make a chain, their payloads fit, and they add up to that row. What it read is kept for a
    while: most entries of a journal say the same about who and when.
    """
    read_moment = lru_cache(_KEPT)(read_moment)
    read_body = lru_cache(_KEPT)(body_for_fold)

    def entry(row: Row) -> Entry:
        body = row[BODY]
        return proven_entry(row, {} if body is None else read_body(without_verdicts(body)), read_moment)

    def added_up(rows: Sequence[Row]) -> Row:
        folding = Folding(entry(rows[0]))
        for row in rows[1:]:
            folding.add(entry(row))
        folding.forgotten = rows[0][BODY] is None
        return row_of(folding)

    def is_sound(rows: Sequence[Row], stored: Row | None) -> bool:
        if stored is None:
            return False
        try:
            return _is_chain(rows) and added_up(rows)[:DUE_AT] == _plain(stored)[:DUE_AT]
        except _NOT_AS_WRITTEN:
            return False

    return is_sound


def folded(rows: Sequence[Row], read_moment: ReadMoment) -> Deal:
    """The deal of its rows, forgotten where its payloads are blank. Raises ``JournalError`` for rows that are none."""
    deal = fold(entry_of(row[:ENVELOPE_END], row[BODY], read_moment=read_moment) for row in rows)
    assert deal is not None  # noqa: S101 - there is at least one row
    return replace(deal, forgotten=True) if rows[0][BODY] is None else deal


def _is_chain(rows: Sequence[Row]) -> bool:
    previous = FIRST
    blank = rows[0][BODY] is None
    for number, row in enumerate(rows, start=1):
        payload, own, salt, body = row[DIGEST], row[HASH], row[SALT], row[BODY]
        if row[1] != number or type(payload) is not bytes:
            return False
        if blank:
            if body is not None or salt is not None:
                return False
        elif len(salt) != SALT_BYTES or sha256(salt + body.encode()).digest() != payload:
            return False
        previous = sha256(previous + _envelope_text(row).encode() + payload).digest()
        if previous != own:
            return False
    return True


def _envelope_text(row: Row) -> str:
    # Hashed as it stands: were the text of a time or a number another than the one that was hashed, it would not fit.
    if type(row[3]) is str:
        return envelope_text(row)
    return envelope_text((*row[:3], iso(row[3]), iso(row[4]), *row[5:]))


def _plain(row: Row) -> Row:
    """The row with its times as text, which is how a database without zones keeps them."""
    if not any(type(value) is datetime for value in row):
        return row
    return tuple([iso(value) if isinstance(value, datetime) else value for value in row])
