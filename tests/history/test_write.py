"""The five tables to files and rows."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.history.write import columns, parquet, rows, table
from engine.model.errors import UnknownName, UnwritableFile
from engine.tables.build import GrowingTables

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def tables():
    growing = GrowingTables({})
    growing.deals.add(("D1", "sale", 1, NOON, None, "new", "", "ana", Decimal("9.5")))
    return growing.whole()


def test_rows_are_cells_with_times_in_utc():
    assert dict(zip(columns(tables(), "deals"), next(rows(tables(), "deals")), strict=True)) == {
        "deal": "D1",
        "process": "sale",
        "version": 1,
        "started_at": NOON,
        "closed_at": None,
        "stage": "new",
        "outcome": "",
        "owner": "ana",
        "amount": Decimal("9.5"),
    }


def test_a_parquet_file_holds_the_table_and_says_its_zone(tmp_path):
    path = tmp_path / "deals.parquet"
    parquet(tables(), "deals", path)
    found = pq.read_table(path)
    assert found.schema.field("started_at").type == pa.timestamp("us", tz="UTC")
    assert found.column("started_at").to_pylist() == [NOON]
    assert [each.name for each in tmp_path.iterdir()] == ["deals.parquet"]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UnwritableFile, match="cannot be written: Is a directory"):
        parquet(tables(), "deals", tmp_path)


def test_an_unknown_table_is_told():
    with pytest.raises(UnknownName, match="there is no table 'deal'") as caught:
        columns(tables(), "deal")
    assert caught.value.hint == "did you mean 'deals'?"


def test_a_table_is_its_rows_and_days_are_numbers():
    growing = GrowingTables({})
    growing.moves.add(("D1", 1, "sale", 1, "main", "", "", "new", NOON, NOON, 1 / 3, "", ""))
    found = table(growing.whole(), "moves")
    assert dict(zip(found.columns, found.rows[0], strict=True))["dwell_days"] == Decimal("0.333333")
