"""Whatever comes back as a plan is read, or told of: it never raises anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.loading.plan_file import read_plan
from engine.model.errors import UnreadableFile

BASE = "sale@2 0123456789abcdef 1 fedcba9876543210 3 acme"
CSV = f"deal,stage,to_stage,migrate,because,track:legal,base\nacme,new,demo,yes,,signed,{BASE}\n"
LINE = {"deal": "acme", "digest": "f" * 64, "length": 3, "to_stage": "demo", "migrate": True, "tracks": []}
JSON = json.dumps(
    {"schema": "stagewright/plan/1", "process": "sale", "version": 2, "digest": "0" * 64, "lines": [LINE]}
)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("plans") / "plan"


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A plan with a stretch of it replaced by anything."""
    data = draw(st.sampled_from([CSV, JSON])).encode()
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 30)))
    put = draw(st.binary(max_size=6) | st.text(max_size=6).map(lambda text: text.encode("utf-8", "ignore")))
    return data[:start] + put + data[end:]


@settings(max_examples=300, deadline=None)
@given(spoiled() | st.binary(max_size=60))
@example(b"\xff\xfe" + CSV.encode("utf-16-le"))
@example(JSON.replace("3", "1e999").encode())
@example(b"{" * 100_000)
@example(CSV.replace("acme,", '"acme,').encode())
def test_any_file_is_read_or_told_of(path, data):
    path.write_bytes(data)
    try:
        filled, faults = read_plan(path)
    except UnreadableFile:
        return
    assert filled is not None or faults
    for fault in faults:
        assert fault.at.startswith(("row", "line"))


@pytest.mark.parametrize("text", [CSV, CSV.replace(",", ";"), CSV.replace(",", "\t"), "sep=,\n" + CSV, "\n\n" + CSV])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_however_a_spreadsheet_writes_it(path, text, encoding):
    path.write_text(text, encoding=encoding)
    filled, faults = read_plan(path)
    assert not faults
    assert filled is not None
    (line,) = filled.lines
    assert (filled.process, filled.version, line.deal, line.length, line.to_stage) == ("sale", 2, "acme", 3, "demo")
    assert (line.tracks, line.migrate, line.stage) == ({"legal": "signed"}, True, "new")


@pytest.mark.parametrize(
    ("told", "meant"), [("TRUE", True), ("Ja", True), ("x", True), ("0", False), ("FAUX", False), ("=FALSE()", False)]
)
def test_yes_and_no_are_known_in_many_tongues(path, told, meant):
    path.write_text(CSV.replace(",yes,", f",{told},"))
    filled, faults = read_plan(path)
    assert (filled.lines[0].migrate, faults) == (meant, ())


@pytest.mark.parametrize("lost", ["", "f" * 15, "g" * 16, "f" * 65])
def test_a_plan_whose_digests_were_taken_out_is_none(path, lost):
    path.write_text(JSON.replace("f" * 64, lost))
    assert [fault.at for fault in read_plan(path)[1]] == ["line 1, digest"]
    path.write_text(JSON.replace("0" * 64, lost))
    with pytest.raises(UnreadableFile, match="does not say to which version it leads"):
        read_plan(path)
