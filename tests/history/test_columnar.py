"""Tables by columns: whatever happened, they are the tables of the way by rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.history.bodies import UnusualEntries
from engine.history.columnar import tables_by_columns
from engine.history.entries import tables_of
from engine.model.errors import BadValue
from engine.model.syntax import MONEY, TEXT
from engine.tables.schema import NAMES
from tests.history.lives import FACTS, batches_of, blanked, lives
from tests.journal.build import NOON, moved, started


def told(tables):
    return {name: (tables.table(name).schema, tables.table(name).to_pylist()) for name in NAMES}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.tuples(lives("b"), lives("a'\n"), lives("Ä")), st.booleans(), st.randoms())
def test_all_that_can_happen_to_deals_makes_the_tables_of_the_way_by_rows(deals, forgets, random):
    third = tuple(map(blanked, deals[2])) if forgets else deals[2]
    entries = [entry for deal in (deals[1], deals[0], third) for entry in deal]
    expected = told(tables_of(entries, FACTS))
    random.shuffle(entries)
    assert told(tables_by_columns(batches_of(entries), FACTS)) == expected


def test_no_entries_make_empty_tables():
    assert told(tables_by_columns([], FACTS)) == told(tables_of([], FACTS))


def test_an_amount_that_is_no_number_has_no_place_in_the_column_of_amounts():
    entries = [started(facts={"amount": "much"})]
    assert told(tables_by_columns(batches_of(entries), {"amount": TEXT})) == told(tables_of(entries, {"amount": TEXT}))


def test_a_number_too_large_for_a_column_is_refused_as_by_rows():
    entries = [started(facts={"amount": Decimal(10) ** 30})]
    with pytest.raises(BadValue, match="is too large for a table"):
        tables_by_columns(batches_of(entries), {"amount": MONEY})


def test_a_stay_longer_than_numbers_are_exact_is_told_to_the_last_bit():
    later = NOON + timedelta(days=200_000, microseconds=7)
    entries = [started(), moved("acme", 2, happened_at=later), moved("acme", 3, happened_at=later)]
    assert told(tables_by_columns(batches_of(entries), {})) == told(tables_of(entries, {}))


def changed(**cells):
    (batch,) = batches_of([started(facts={"amount": Decimal(1)})])
    arrays = [pa.array([cells.get(name, cell)]) for name, (cell,) in batch.to_pydict().items()]
    return pa.RecordBatch.from_arrays(arrays, batch.schema.names)


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "vanished"},
        {"deal": None},
        {"deal": b"acme"},
        {"version": "1"},
        {"sequence": 1.5},
        {"undated": 2},
        {"happened_at": "2026-01-01T12:00:00.000000+01:00"},
        {"happened_at": "2026-01-01"},
        {"happened_at": 5},
        {"body": "{"},
        {"body": '{"facts":{"amount":null}}'},
        {"body": '{"facts":{"amount":5}}'},
        {"body": '{"facts":{"amount":{"n":"x"}}}'},
        {"body": '{"facts":[]}'},
        {"body": '{"facts":{"amount":true,"amount":1}}'},
        {"body": '{"facts":{"city":"Oslo","city":"Bergen"}}'},
        {"body": '{"facts":{}},{}'},
        {"body": '{"verdicts":[["a","b"]]}'},
        {"body": '{"verdicts":[["a","b","passed"]],"facts":{}}'},
        {"body": '{,"verdicts":[["a","b","passed"]]}'},
        {"body": '{"facts":{"verdicts":[["a","b","passed"]]}}'},
    ],
)
def test_what_is_no_entry_is_left_to_the_way_by_rows(cells):
    with pytest.raises(UnusualEntries):
        tables_by_columns([changed(**cells)], {})


def test_a_deal_handed_over_into_a_track_is_left_to_the_way_by_rows():
    entries = [started(), replace(moved("acme", 2), process="other", track="legal")]
    with pytest.raises(UnusualEntries):
        tables_by_columns(batches_of(entries), {})
