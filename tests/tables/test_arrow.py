"""Tables that another program made."""

import pyarrow as pa
import pytest

from engine.model.errors import BadValue
from engine.model.syntax import MONEY
from engine.tables import schema
from engine.tables.arrow import of_arrow
from tests.tables.test_until import tables


def made(**changes):
    found = {name: tables().table(name) for name in ("deals", "moves")}
    return found | changes


def test_what_is_whole_is_taken_as_it_is():
    ours = tables()
    again = of_arrow({name: ours.table(name) for name in schema.NAMES}, {})
    assert all(again.table(name).equals(ours.table(name)) for name in schema.NAMES)


def test_touches_facts_and_verdicts_may_be_missing():
    found = of_arrow(made(), {})
    assert [found.table(name).num_rows for name in schema.NAMES] == [3, 5, 0, 0, 0]


def test_times_with_a_zone_are_turned_to_utc_and_other_columns_left_out():
    moves = tables().moves
    zoned = moves.column("entered_at").cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us", "Asia/Tokyo"))
    place = moves.schema.get_field_index("entered_at")
    found = of_arrow(made(moves=moves.set_column(place, "entered_at", zoned).append_column("mine", [["x"] * 5])), {})
    assert found.moves.equals(moves)


@pytest.mark.parametrize(
    ("changes", "facts", "message"),
    [
        ({"deels": pa.table({})}, {}, "there is no table 'deels'"),
        ({"moves": pa.table({"deal": ["D1"]})}, {}, "the table 'moves' lacks the column 'seq'"),
        ({}, {"price": MONEY}, "the table 'deals' lacks the column 'price'"),
        (
            {"touches": pa.table({name: pa.array(["x"]) for name in schema.TOUCHES.names})},
            {},
            "'happened_at' of the table 'touches' is string, and should be timestamp",
        ),
    ],
)
def test_what_does_not_fit_is_named(changes, facts, message):
    with pytest.raises(BadValue, match=message.replace("[", r"\[")):
        of_arrow(made(**changes), facts)


def test_deals_and_moves_must_be_there():
    with pytest.raises(BadValue, match="the table 'moves' is missing"):
        of_arrow({"deals": tables().deals}, {})
