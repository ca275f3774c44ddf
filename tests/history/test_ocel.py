"""Object-centric event logs, built here by the tables of the OCEL 2.0 standard."""

import sqlite3
from contextlib import closing

import pytest

from engine.history.read import read
from engine.history.sheet import Layout
from engine.history.sheets import columns_in, open_sheet, sample
from engine.model.errors import UnreadableFile
from engine.model.map import Column, Known, Map, Shape
from tests.history.made import PROCESS, STAGES

SCHEMA = """
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
CREATE TABLE event_New (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP, who TEXT);
CREATE TABLE event_SignContract (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP, who TEXT, price REAL);
CREATE TABLE object_Opportunity (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, amount REAL, city TEXT);
CREATE TABLE object_Contact (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, name TEXT);
INSERT INTO event_map_type VALUES ('New', 'New'), ('sign contract', 'SignContract');
INSERT INTO object_map_type VALUES ('opportunity', 'Opportunity'), ('contact', 'Contact');
INSERT INTO object VALUES ('o1', 'opportunity'), ('o2', 'opportunity'), ('c1', 'contact');
INSERT INTO event VALUES ('e1', 'New'), ('e2', 'sign contract'), ('e3', 'New'), ('e4', 'New');
INSERT INTO event_New VALUES ('e1', '2026-01-02T09:00:00Z', 'ana'), ('e3', '2026-01-05T09:00:00Z', 'bo'),
    ('e4', '2026-01-06T09:00:00Z', 'cy');
INSERT INTO event_SignContract VALUES ('e2', '2026-02-02T09:30:00Z', 'ana', 1234.5);
INSERT INTO event_object VALUES ('e1', 'o1', ''), ('e1', 'c1', 'met'), ('e2', 'o1', 'signs'), ('e2', 'o1', 'pays'),
    ('e3', 'o2', ''), ('e4', 'c1', ''), ('e1', 'gone', '');
INSERT INTO object_Opportunity VALUES ('o1', '1970-01-01T00:00:00Z', NULL, 1000, 'Bonn'),
    ('o1', '2026-01-20T00:00:00Z', 'amount', 1300, NULL), ('o2', '1970-01-01T00:00:00Z', NULL, 40, NULL);
"""
MAP = Map(
    "ocel",
    "sale",
    Shape.MOVES,
    "deal",
    "ocel_type",
    {**STAGES, "sign contract": "won"},
    happened="ocel_time",
    of="opportunity",
    actor="who",
    facts={"amount": Column("object:amount", known=Known.UNKNOWN)},
)


@pytest.fixture
def log(tmp_path):
    return made(tmp_path / "log.csv", SCHEMA)


def made(path, script):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def refusal(path, **said):
    with pytest.raises(UnreadableFile) as caught:
        open_sheet(path, Layout(**said))
    return f"{caught.value} | {caught.value.hint}".replace(f"{path.parent}/", "")


def test_the_events_of_each_deal_are_its_moves(log):
    export = read(log, MAP, PROCESS)
    moves = [
        (deal.id, move.to_stage, f"{move.happened_at:%m-%d %H:%M}", move.actor)
        for deal in export.deals
        for move in deal.moves
    ]
    assert moves == [
        ("o1", "new", "01-02 09:00", "ana"),
        ("o1", "won", "02-02 09:30", "ana"),
        ("o2", "new", "01-05 09:00", "bo"),
    ]
    assert [str(deal.late["amount"]) for deal in export.deals] == ["1300", "40"]
    assert export.notes == ("1 events happened to no 'opportunity' and were not read",)
    assert export.is_whole


def test_its_columns_are_those_of_its_tables(log):
    assert columns_in(log, Layout(of="opportunity")) == (
        "deal",
        "ocel_id",
        "ocel_type",
        "ocel_time",
        "who",
        "price",
        "object:amount",
        "object:city",
    )
    sheet = sample(log, Layout(of="opportunity", decimal=","))
    assert [sheet.columns["price"].text(row) for row in range(3)] == ["", "", "1234,5"]
    assert sheet.cell("price", 2) == "event e2 of opportunity o1, price"


def test_which_objects_are_deals_must_be_said_where_there_are_several(log):
    assert refusal(log) == (
        "'log.csv' has several kinds of objects: 'contact', 'opportunity'"
        " | say under 'of' in the map which of them is a deal"
    )
    assert refusal(log, of="oportunity") == (
        "'log.csv' has no objects of the kind 'oportunity' | did you mean 'opportunity'?"
    )


def test_the_only_kind_of_objects_needs_no_name(tmp_path):
    path = made(tmp_path / "log", SCHEMA + "DELETE FROM object WHERE ocel_type = 'contact'")
    assert open_sheet(path, Layout()).total == 3


def test_a_missing_column_is_named(log):
    assert (
        refusal(log, of="contact", wanted=("price", "prize"))
        == "'log.csv' has no column 'prize' | did you mean 'price'?"
    )


def test_another_database_is_refused(tmp_path):
    path = made(tmp_path / "a.db", "CREATE TABLE deals (id TEXT)")
    assert refusal(path) == (
        "'a.db' is a database, but no event log of OCEL 2.0: it has no table 'event' | export the deals as CSV or .xlsx"
    )


@pytest.mark.parametrize("size", [16, 100, 5000])
def test_a_database_cut_short_is_refused(log, size):
    log.write_bytes(log.read_bytes()[:size])
    assert refusal(log, of="opportunity").startswith("'log.csv' cannot be read as a database of events")


def test_nothing_is_written_beside_it(log):
    read(log, MAP, PROCESS)
    assert [path.name for path in log.parent.iterdir()] == ["log.csv"]


def test_a_file_that_never_ends_is_stopped(log, monkeypatch):
    monkeypatch.setattr("engine.history.ocel.STEPS_LIMIT", 2_000)
    monkeypatch.setattr("engine.history.ocel._STEPS", 1_000)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, 'x' FROM n"
    made(log, f"INSERT INTO event_map_type {endless} LIMIT 20000")
    assert "interrupted" in refusal(log, of="opportunity")


def test_names_in_the_file_are_never_run(log):
    made(
        log,
        """
        CREATE TABLE "event_x"" ; DROP" (ocel_id, ocel_time, "a""b");
        INSERT INTO event_map_type VALUES ('x', 'x" ; DROP')""",
    )
    assert 'a"b' in columns_in(log, Layout(of="opportunity"))
