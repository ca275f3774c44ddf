"""An export straight to tables says what the journal says after importing it: two ways, one answer."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advance.many import import_past
from engine.history.entries import fact_types, tables_of
from engine.history.read import read
from engine.journal.connect import connect
from engine.loading.processes import load_process
from engine.model.map import Column, Known, Map, Shape

PROCESS = """
process: sale
version: 1
currency: EUR
touchpoints: [call, demo]
facts:
  amount: {type: money}
  signed: {type: date}
  city: {type: text}
stages: {new: {}, talking: {}, offer: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  on: {from: open, to: later}
  back: {from: open, to: earlier}
  win: {from: open, to: won}
  lose: {from: open, to: lost, reasons: {price: Price}}
  again: {from: [won, lost], to: [new, talking, offer]}
"""
STAGES = {"New": "new", "Talking": "talking", "Offer": "offer", "Won": "won", "Lost": "lost"}
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 9, 1, tzinfo=UTC)


class Sale:
    """A process and its definition, told by a word where a test fails."""

    def __init__(self, process, definition):
        self.value, self.definition = process, definition

    def __repr__(self):
        return "sale"


@pytest.fixture(scope="module")
def sale(tmp_path_factory):
    return sale_of(tmp_path_factory, PROCESS)


@pytest.fixture(scope="module")
def sale_again(tmp_path_factory):
    """The same with an action that leads from a stage to itself."""
    return sale_of(tmp_path_factory, PROCESS + "  anew: {from: new, to: new}\n")


def sale_of(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("sale")
    path = folder / "processes" / "sale" / "1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    loaded = load_process(path, workspace=folder)
    assert loaded.value is not None
    return Sale(loaded.value, loaded.definition)


def through_the_journal(export, sale, map_):
    journal = connect("sqlite://", create=True)
    summary = import_past(journal, sale.value, sale.definition, export.deals, now=NOW, map_id=map_.id)
    assert summary.conflicting_deals == 0
    tables = tables_of(journal.all_entries(), fact_types([sale.value]))
    journal.close()
    return tables


def compared(table: pa.Table, *columns: str):
    """The rows of these columns, without what only the journal can know: how it numbers its entries, and actions."""
    return sorted(zip(*(table.column(name).to_pylist() for name in columns), strict=True), key=repr)


VISIT = ("deal", "from_stage", "to_stage", "entered_at", "dwell_days", "actor", "reason")
FACT = ("deal", "happened_at", "fact", "value")
TOUCH = ("deal", "happened_at", "touchpoint", "stage", "actor")


def assert_same(ours, theirs):
    assert ours.deals.schema == theirs.deals.schema
    assert compared(ours.deals, *ours.deals.column_names) == compared(theirs.deals, *theirs.deals.column_names)
    assert compared(ours.moves, *VISIT) == compared(theirs.moves, *VISIT)
    assert compared(ours.facts, *FACT) == compared(theirs.facts, *FACT)
    assert compared(ours.touches, *TOUCH) == compared(theirs.touches, *TOUCH)
    left = [(row["deal"], row["to_stage"], row["left_at"] is None) for row in ours.moves.to_pylist()]
    assert sorted(left) == sorted(
        (row["deal"], row["to_stage"], row["left_at"] is None) for row in theirs.moves.to_pylist()
    )


def write(path, header, rows):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    path.write_text(out.getvalue())


dated = st.integers(0, 60).map(lambda hours: (NOON + timedelta(hours=hours)).isoformat())
times = st.one_of(st.just(""), dated)
amounts = st.sampled_from(["", "1000", "1000.00", "$2,500", "7"])
MOVES = Map(
    "log",
    "sale@1",
    Shape.MOVES,
    "Deal",
    "Stage",
    STAGES,
    happened="At",
    actor="Who",
    owner="Owner",
    thousands=",",
    facts={
        "amount": Column("Value"),
        "city": Column("City", known=Known.START),
        "signed": Column("Signed", known=Known.CLOSE),
    },
)
moves = st.lists(
    st.tuples(
        st.sampled_from(["D1", "D2", "D3"]),
        st.sampled_from(list(STAGES)),
        times,
        st.sampled_from(["", "ana"]),
        st.sampled_from(["", "bo", "cy"]),
        amounts,
        st.sampled_from(["", "Rome"]),
        st.sampled_from(["", "2026-01-05"]),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(moves)
def test_moves_make_the_tables_that_the_journal_makes_of_them(tmp_path_factory, sale, rows):
    path = tmp_path_factory.mktemp("moves") / "log.csv"
    write(path, ["Deal", "Stage", "At", "Who", "Owner", "Value", "City", "Signed"], rows)
    export = read(path, MOVES, sale.value)
    assert export.bad_cells == ()
    assert_same(export.tables(), through_the_journal(export, sale, MOVES))


EVENTS = Map(
    "events",
    "sale@1",
    Shape.EVENTS,
    "Deal",
    "What",
    STAGES,
    happened="At",
    actor="Who",
    touchpoints={"Call*": "call", "Demo": "demo"},
    leave_out=("Mail*",),
    facts={"amount": Column("Value", known=Known.UNKNOWN)},
)
events = st.lists(
    st.tuples(
        st.sampled_from(["D1", "D2"]),
        st.sampled_from([*STAGES, "Call in", "Call out", "Demo", "Mail"]),
        dated,
        st.sampled_from(["", "ana"]),
        amounts,
    ),
    max_size=12,
)


@settings(deadline=None)
@given(events)
def test_events_are_imported_with_their_touches(tmp_path_factory, sale, rows):
    path = tmp_path_factory.mktemp("events") / "log.csv"
    write(path, ["Deal", "What", "At", "Who", "Value"], rows)
    export = read(path, Map(**{**_fields(EVENTS), "thousands": ","}), sale.value)
    assert export.rows == export.taken + export.blank + export.left_out_rows + export.passed_over
    assert_same(export.tables(), through_the_journal(export, sale, EVENTS))


def _fields(map_):
    return {name: getattr(map_, name) for name in map_.__dataclass_fields__}


@settings(deadline=None, max_examples=50)
@given(events)
def test_a_stage_that_an_action_leads_to_anew_is_visited_again(tmp_path_factory, sale_again, rows):
    path = tmp_path_factory.mktemp("events") / "log.csv"
    write(path, ["Deal", "What", "At", "Who", "Value"], rows)
    export = read(path, Map(**{**_fields(EVENTS), "thousands": ","}), sale_again.value)
    assert_same(export.tables(), through_the_journal(export, sale_again, EVENTS))


def test_a_touch_before_the_start_is_told_with_it(tmp_path, sale):
    path = tmp_path / "log.csv"
    rows = [("D1", "Call in", "2026-01-01", "", ""), ("D1", "New", "2026-01-05", "", "")]
    write(path, ["Deal", "What", "At", "Who", "Value"], rows)
    export = read(path, EVENTS, sale.value)
    tables = export.tables()
    start = datetime(2026, 1, 5, tzinfo=UTC).replace(tzinfo=None)
    assert tables.moves.column("entered_at").to_pylist() == [start]
    assert tables.touches.column("happened_at").to_pylist() == [start]
    assert_same(tables, through_the_journal(export, sale, EVENTS))
    assert "1 touch comes before the first stage of the deal: told with the start, at its time" in export.notes


def test_a_stage_that_happened_twice_is_two_visits_only_where_nothing_says_otherwise(tmp_path, sale, sale_again):
    path = tmp_path / "log.csv"
    rows = [("D1", "New", "2026-01-01", "", ""), ("D1", "New", "2026-01-02", "", "")]
    write(path, ["Deal", "What", "At", "Who", "Value"], rows)
    bare = Map(**{**_fields(EVENTS), "process": "", "facts": {}})
    assert read(path, bare).tables().moves.num_rows == 2
    assert read(path, EVENTS, sale.value).tables().moves.num_rows == 1
    assert read(path, EVENTS, sale_again.value).tables().moves.num_rows == 2
    write(
        path, ["Deal", "Stage", "At", "Who", "Owner", "Value", "City", "Signed"], [(*row, "", "", "") for row in rows]
    )
    assert read(path, MOVES, sale.value).tables().moves.num_rows == 1
