"""Rows to tables."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pytest

from engine.model.errors import BadValue
from engine.model.syntax import DATE, DURATION, MONEY, PERCENT, TEXT, YES_NO
from engine.tables import schema
from engine.tables.build import BATCH, Growing, GrowingTables, exact

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def test_each_table_has_the_columns_that_everything_is_counted_from():
    tables = GrowingTables({"discount": PERCENT}).whole()
    assert {name: tuple(tables.table(name).column_names) for name in schema.NAMES} == {
        "deals": (
            *("deal", "process", "version", "started_at", "closed_at", "stage", "outcome", "owner", "amount"),
            "discount",
        ),
        "moves": (
            *("deal", "seq", "process", "version", "track", "action", "from_stage", "to_stage"),
            *("entered_at", "left_at", "dwell_days", "actor", "reason"),
        ),
        "touches": ("deal", "happened_at", "touchpoint", "stage", "actor"),
        "facts": ("deal", "seq", "happened_at", "fact", "value"),
        "verdicts": ("deal", "seq", "happened_at", "action", "requirement", "verdict", "force", "move"),
    }


def test_a_fact_called_as_a_column_of_deals_has_no_second_one():
    assert schema.deals({"amount": MONEY, "owner": TEXT, "city": TEXT}).names[-2:] == ["amount", "city"]


def test_facts_have_columns_of_their_own_types():
    facts = {"a": YES_NO, "b": DATE, "c": DURATION, "d": PERCENT, "e": TEXT}
    assert [field.type for field in list(schema.deals(facts))[-5:]] == [
        pa.bool_(),
        pa.date32(),
        pa.duration("us"),
        pa.decimal128(38, 9),
        pa.string(),
    ]


def test_rows_come_back_as_they_went_in():
    growing = GrowingTables({"signed": DATE, "wait": DURATION})
    row = ("D1", "sale", 1, NOON, None, "won", "won", "ana", Decimal("0.15"), date(2026, 1, 2), timedelta(days=3))
    growing.deals.add(row)
    (found,) = growing.whole().deals.to_pylist()
    assert tuple(found.values()) == (*row[:3], NOON.replace(tzinfo=None), *row[4:])


def test_times_are_turned_to_utc():
    growing = Growing(schema.TOUCHES)
    growing.add(("D1", NOON.astimezone(timezone(timedelta(hours=5))), "call", "new", ""))
    assert growing.whole().column("happened_at").to_pylist() == [NOON.replace(tzinfo=None)]


def test_a_table_of_many_batches_keeps_their_order():
    growing = Growing(schema.FACTS)
    for number in range(BATCH + 1):
        growing.add(("D", number, NOON, "f", "v"))
    table = growing.whole()
    assert table.column("seq").to_pylist() == list(range(BATCH + 1))
    assert table.column("seq").num_chunks == 2


def test_a_number_keeps_nine_digits_after_the_point():
    assert exact(Decimal("0.12345678949")) == Decimal("0.123456789")


def test_a_number_too_large_for_a_column_is_refused():
    with pytest.raises(BadValue, match="is too large for a table"):
        exact(Decimal(10) ** 30)
    with pytest.raises(BadValue, match="is too large for a table"):
        exact(Decimal(10) ** 70)
