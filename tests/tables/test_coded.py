"""Columns as arrays of whole numbers: codes, places, sums, and what is unknown."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tables import coded
from engine.tables.coded import NEVER
from engine.tables.schema import NUMBER


def table(**columns):
    return pa.table(columns)


def test_codes_are_in_the_order_first_met_and_unknown_is_none_of_them():
    found, values = coded.codes(table(owner=["ben", "ana", None, "ben"]), "owner")
    assert (found.tolist(), values) == ([0, 1, -1, 0], ("ben", "ana"))
    assert coded.codes_among(table(owner=["ben", "ana", "cy"]), "owner", ("ana", "ben")).tolist() == [1, 0, -1]


def test_different_numbers_are_numbered_as_first_met():
    found, first = coded.numbered(np.array([7, 3, 7, 9, 3]))
    assert (found.tolist(), first.tolist()) == ([0, 1, 0, 2, 1], [0, 1, 3])
    assert [each.tolist() for each in coded.numbered(np.zeros(0, np.int64))] == [[], []]


def test_a_time_nobody_wrote_down_is_never():
    times = pa.array([datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC).replace(tzinfo=None), None], pa.timestamp("us"))
    assert coded.moments(table(at=times), "at").tolist() == [1_000_000, NEVER]
    assert coded.unknown(table(at=times), "at").tolist() == [False, True]


@given(st.lists(st.sampled_from(["main", "mane", "main ", "legal", ""]), max_size=12), st.integers(0, 3))
def test_rows_of_a_value_are_found_wherever_the_column_is_cut(texts, cut):
    whole = table(track=pa.array(texts, pa.string())).slice(min(cut, len(texts)))
    assert coded.where(whole, "track", "main").tolist() == [text == "main" for text in texts[cut:]]


def test_rows_without_a_value_have_none():
    assert coded.where(table(track=["main", None]), "track", "main").tolist() == [True, False]
    assert coded.where(table(version=[1, 2]), "version", 2).tolist() == [False, True]


@given(st.lists(st.sampled_from("abcd"), max_size=15), st.permutations("abc"))
def test_each_row_finds_the_row_of_its_name(names, known):
    found = coded.places(table(deal=pa.array(names, pa.string())), "deal", table(deal=list(known)))
    assert found.tolist() == [known.index(name) if name in known else -1 for name in names]


def test_sums_of_money_are_exact_in_each_group():
    large = Decimal("12345678901234567.123456789")
    cells = pa.array([large, large, None, Decimal("-0.1"), Decimal(5)], NUMBER)
    found = coded.exact_sums(table(amount=cells), "amount", np.array([0, 0, 0, 2, -1]), 3)
    assert found == (2 * large, Decimal(0), Decimal("-0.1"))


def test_rows_are_kept_by_a_mask():
    whole = table(deal=["a", "b"])
    assert coded.kept(whole, np.array([True, True])) is whole
    assert coded.kept(whole, np.array([False, True])).column("deal").to_pylist() == ["b"]
    assert coded.whole_numbers(table(seq=pa.array([3, 1], pa.int32())), "seq").tolist() == [3, 1]


@pytest.mark.parametrize("column", ["deal", "track"])
def test_a_table_in_parts_is_read_as_one(column):
    parts = pa.concat_tables([table(deal=["a"], track=["main"]), table(deal=["b"], track=["main"])])
    assert coded.codes(parts, column)[0].tolist() == [0, int(column == "deal")]
