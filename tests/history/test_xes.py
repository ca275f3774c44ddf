"""Event logs in XML: what they say, what they leave out, and what no log should be."""

import gzip
from pathlib import Path

import pytest

from engine.history.read import read
from engine.history.sheet import Layout
from engine.history.sheets import columns_in, open_sheet, sample
from engine.model.errors import UnreadableFile
from engine.model.map import Column, Known, Map, Shape
from tests.history.made import PROCESS, STAGES

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <float key="meta" value="1.5"><float key="inside" value="2"/></float>
  <trace>
    <string key="concept:name" value="D &amp; 1"/>
    <float key="amount" value="1200.5"/>
    <event>
      <string key="concept:name" value="New"/>
      <date key="time:timestamp" value="2026-01-02T09:00:00.000+01:00"/>
      <string value="ana" key="org:resource"><string key="team" value="north"/></string>
    </event>
    <event>
      <date key="time:timestamp" value="2026-02-02T09:00:00.000Z"/>
      <string key="concept:name" value="Won"/>
      <list key="list"><values><string key="x" value="1"/></values></list>
    </event>
  </trace>
  <trace>
    <event><string key="concept:name" value="New"/><date key="time:timestamp" value="soon"/></event>
    <string key="concept:name" value="D2"/>
    <event><date key="time:timestamp" value="2026-01-02"/></event>
  </trace>
  <trace><event><string key="concept:name" value="New"/></event></trace>
  <trace><string key="concept:name" value="empty"/></trace>
  <event><string key="concept:name" value="New"/></event>
</log>
"""
MAP = Map(
    "log",
    "sale",
    Shape.MOVES,
    "case:concept:name",
    "concept:name",
    STAGES,
    happened="time:timestamp",
    actor="org:resource",
    facts={"amount": Column("case:amount", known=Known.START)},
)
DATA = Path(__file__).parents[2] / "../shared/data"


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text(LOG)
    return path


def refusal(folder, text, layout=Layout()):  # noqa: B008
    path = folder / "log.xes"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UnreadableFile) as caught:
        open_sheet(path, layout)
    return f"{caught.value} | {caught.value.hint}".replace(f"{folder}/", "")


def texts(sheet, column):
    cells = sheet.columns[column]
    return [cells.text(row) for row in range(len(cells))]


def test_each_event_is_a_row_and_says_what_its_trace_says(log):
    sheet = sample(log)
    assert texts(sheet, "case:concept:name") == ["D & 1", "D & 1", "D2", "D2", ""]
    assert texts(sheet, "case:amount") == ["1200.5", "1200.5", "", "", ""]
    assert texts(sheet, "concept:name") == ["New", "Won", "New", "", "New"]
    assert texts(sheet, "org:resource") == ["ana", "", "", "", ""]
    assert sheet.notes == (
        "2 attributes inside other attributes were not read",
        "1 events outside of any trace were not read",
    )


def test_its_columns_are_all_that_traces_and_events_say(log):
    assert columns_in(log) == ("case:concept:name", "case:amount", "concept:name", "time:timestamp", "org:resource")


def test_a_sample_ends_where_it_should(log):
    sheet = sample(log, rows=1)
    assert (sheet.total, texts(sheet, "concept:name")) == (1, ["New"])


def test_its_deals_are_read_and_what_cannot_be_is_named_by_event_and_deal(log):
    export = read(log, MAP, PROCESS)
    (deal,) = export.deals
    assert (deal.id, str(deal.facts["amount"])) == ("D & 1", "1200.5")
    assert [f"{move.happened_at:%m-%d %H:%M}" for move in deal.moves] == ["01-02 08:00", "02-02 09:00"]
    assert [(cell.cell, cell.message) for cell in export.bad_cells] == [
        ("event 1 of deal D2, time:timestamp", "'soon' is not a date"),
        ("event 2 of deal D2, concept:name", "the stage is not named"),
        ("trace 3, case:concept:name", "the deal is not named"),
    ]
    assert (export.rows, export.taken, export.left_out_rows) == (5, 2, 3)
    assert export.notes[0] == "2 attributes inside other attributes were not read"


def test_a_packed_log_is_the_same_log(tmp_path, log):
    (tmp_path / "log.gz").write_bytes(gzip.compress(LOG[:900].encode()) + gzip.compress(LOG[900:].encode()))
    assert list(read(tmp_path / "log.gz", MAP, PROCESS).deals) == list(read(log, MAP, PROCESS).deals)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_its_encoding_is_the_one_it_names(tmp_path, encoding):
    named = encoding.removesuffix("-sig")
    path = tmp_path / "log"
    path.write_bytes(LOG.replace("UTF-8", named).replace("ana", "Jürgen").encode(encoding))
    assert texts(sample(path), "org:resource")[0] == "Jürgen"


def test_a_missing_column_is_named(tmp_path):
    assert refusal(tmp_path, LOG, Layout(wanted=("concept:name", "org:resourc"))) == (
        "'log.xes' has no column 'org:resourc' | did you mean 'org:resource'?"
    )


def test_broken_xml_is_told_by_its_line(tmp_path):
    assert refusal(tmp_path, LOG.replace("</global>", "</globe>")) == (
        "'log.xes' is broken XML: line 3, column 71: mismatched tag | export it again, or mend that line"
    )
    assert "line 20, column 52: unclosed token" in refusal(tmp_path, LOG[:900])
    assert "not well-formed" in refusal(tmp_path, LOG.replace('value="D2"', "value=D2"))


def test_an_encoding_that_nobody_knows_is_refused(tmp_path):
    assert refusal(tmp_path, LOG.replace("UTF-8", "U-8")).startswith("'log.xes' names an encoding that cannot be read")


def test_entities_are_refused_before_they_grow(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
    text = LOG.replace("<log", f'<!DOCTYPE log [<!ENTITY l0 "ha">{laughs}]><log').replace("soon", "&l19;")
    assert refusal(tmp_path, text) == (
        "'log.xes' declares a document type, which no event log needs | remove <!DOCTYPE …>"
    )


def test_other_xml_is_refused(tmp_path):
    assert refusal(tmp_path, "<feed><table/></feed>").startswith(
        "'log.xes' is XML but no event log: it begins with <feed>"
    )
    assert refusal(tmp_path, "<log/>") == "'log.xes' holds no events | "


def test_ten_million_columns_are_refused(tmp_path):
    many = "".join(f'<string key="k{n}" value=""/>' for n in range(20_000))
    assert "has more than 16,384 columns" in refusal(tmp_path, f"<log><trace><event>{many}</event></trace></log>")


def test_a_bomb_is_refused_before_it_fills_anything(tmp_path):
    bomb = gzip.compress(b"<log>" + b" " * 150_000_000)
    assert refusal(tmp_path, gzip.compress(gzip.compress(b"<log/>"))).startswith("'log.xes'")
    assert refusal(tmp_path, bomb).startswith("'log.xes' grows more than 1,000-fold when unpacked: it is not read")


def test_a_packed_file_that_is_cut_or_damaged_is_refused(tmp_path):
    packed = gzip.compress(LOG.encode())
    assert refusal(tmp_path, packed[:-20]) == "'log.xes' is cut short | fetch it again: its end is missing"
    assert refusal(tmp_path, packed[:100] + b"x" * 100 + packed[200:]).startswith("'log.xes' is damaged")


@pytest.mark.skipif(not DATA.exists(), reason="the data of others is not beside the repository")
@pytest.mark.parametrize(
    ("name", "events", "deals", "variants_of"),
    [("bpic2012/bpic2012.xes.gz", 262_200, 13_087, 24), ("receipt/receipt.xes.gz", 8_577, 1_434, 27)],
)
def test_real_logs_have_as_many_events_and_deals_as_is_known_of_them(name, events, deals, variants_of):
    sheet = open_sheet(DATA / name, Layout(wanted=("case:concept:name", "concept:name")))
    assert sheet.total == events
    assert len(sheet.columns["case:concept:name"].texts) == deals
    assert len(sheet.columns["concept:name"].texts) == variants_of
