"""What is told to be sound quickly, the slow way finds nothing wrong with."""

from __future__ import annotations

import os
from contextlib import closing
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.journal import statements
from engine.journal.chain import FIRST, entry_hash, payload_digest
from engine.journal.codec import envelope_text
from engine.journal.connect import connect
from engine.journal.projection import DUE_AT
from engine.journal.session import Row
from engine.journal.sound import folded, sound
from engine.journal.store import BODY, DIGEST, ENVELOPE_END, HASH, SALT
from engine.journal.tampering import chain_problems
from engine.journal.verify import _payload_problems
from tests.journal.build import keep, story

with closing(connect(":memory:")) as _journal:
    keep(_journal, story("acme", 7))
    READ = _journal.session.read_moment
    ROWS = tuple(_journal.session.all(statements.entries_of_deal, ("acme",)))
    STORED = _journal.session.all(statements.deal, ("acme",))[0]

cells: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(-2, 9),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=40),
    st.sampled_from([value for row in ROWS for value in row]),
    st.sampled_from(['{"verdicts":[]}', '{"note":",\\"verdicts\\":["}', '{"facts":{"verdicts":{"n":"1"}}}', "{", "[]"]),
)
changes = st.lists(st.tuples(st.integers(0, 6), st.integers(0, BODY), cells), max_size=3)


def changed(told: list[tuple[int, int, Any]]) -> list[list[Any]]:
    rows = [list(row) for row in ROWS]
    for number, place, value in told:
        rows[number][place] = value
    return rows


def hashed_anew(rows: list[list[Any]]) -> None:
    """As an enemy does who knows how."""
    previous = FIRST
    for row in rows:
        if isinstance(row[BODY], str):
            row[SALT] = os.urandom(32)
            row[DIGEST] = payload_digest(row[SALT], row[BODY])
        previous = row[HASH] = entry_hash(previous, envelope_text(row[:ENVELOPE_END]), row[DIGEST])


def wrong(rows: list[Row]) -> bool:
    found = [*chain_problems("acme", rows, READ), *_payload_problems("acme", rows)]
    return bool(found)


def test_a_deal_as_it_was_written_is_sound() -> None:
    assert sound(READ)(ROWS, STORED)
    assert not wrong(list(ROWS))


@settings(max_examples=300, deadline=None)
@given(changes)
def test_what_is_sound_has_no_problems(told: list[tuple[int, int, Any]]) -> None:
    rows = [tuple(row) for row in changed(told)]
    assert not (sound(READ)(rows, STORED) and wrong(rows))


@settings(max_examples=300, deadline=None)
@given(changes)
def test_what_is_sound_has_no_problems_even_where_it_was_hashed_anew(told: list[tuple[int, int, Any]]) -> None:
    rows = changed(told)
    try:
        hashed_anew(rows)
    except Exception:  # noqa: BLE001 - what cannot be hashed cannot be in a chain
        return
    whole = [tuple(row) for row in rows]
    if sound(READ)(whole, STORED):
        assert not wrong(whole)
        assert folded(whole, READ) == folded(ROWS, READ)


@given(st.integers(0, DUE_AT - 1), cells)
def test_another_row_of_the_deal_is_not_sound(place: int, value: Any) -> None:
    stored = (*STORED[:place], value, *STORED[place + 1 :])
    assert sound(READ)(ROWS, stored) == (stored == STORED)


def test_a_forgotten_deal_is_sound_only_where_all_of_it_is_blank() -> None:
    blank = [(*row[:SALT], None, None) for row in ROWS]
    gone = (*STORED[:13], True, *STORED[14:])
    assert not sound(READ)(blank, STORED)
    assert not sound(READ)([*blank[:-1], ROWS[-1]], gone)
