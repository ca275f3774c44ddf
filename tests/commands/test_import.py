"""Importing as a person does it."""

import json

import pytest

MAP = """\
map: crm
process: inside-sales@2
shape: deals
deal: Deal
stage: Stage
stages: {Interested: qualified, Won: won, Lost: lost}
entered: {prospect: Created, won: Closed, lost: Closed}
reason: {column: Cause}
facts:
  amount: {column: Value, known: start}
"""
CSV = """\
Deal,Stage,Created,Closed,Value,Cause,Region
D-1,Won,2026-01-05,2026-02-20,12000,,North
D-2,Lost,2026-01-07,,4000,price,North
D-3,Interested,2026-02-02,,75oo,,South
"""


@pytest.fixture
def crm(workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    (workspace / "crm.csv").write_text(CSV)
    return workspace


def test_an_import_tells_what_came_in_and_names_what_did_not(run, crm):
    told = run("import crm.csv --map crm --at 2026-03-13")
    assert told.code == 1
    assert "E4" in told.out
    assert "'75oo'" in told.out
    assert "columns not read: Region" in told.out
    assert "won/stage: no action leads to won from where the deals stood" in told.out


def test_a_second_import_adds_nothing(run, crm):
    run("import crm.csv --map maps/crm.yaml --at 2026-03-13")
    before = run("verify").out
    again = run("import crm.csv --map maps/crm.yaml --at 2026-03-14")
    assert "0 new deals with 0 moves" in again.out
    assert run("verify").out == before


def test_a_dry_run_tells_the_same_and_records_nothing(run, crm):
    trial = run("import crm.csv --map crm --dry-run --at 2026-03-13")
    assert "nothing was recorded" in trial.err
    assert not (crm / "deals.journal").exists()
    assert run("import crm.csv --map crm --at 2026-03-13").out == trial.out
    assert "0 new deals" in run("import crm.csv --map crm --dry-run --at 2026-03-14").out


def test_strict_leaves_out_what_would_have_been_refused(run, crm):
    told = json.loads(run("import crm.csv --map crm --strict --format json --at 2026-03-13").out)
    assert told["schema"] == "stagewright/import/1"
    assert told["refused"] == len(told["left_out"]) == 1
    assert told["left_out"][0]["deal"] == "D-1"


def test_nobody_dated_it_so_no_time_is_made_of_it(run, crm):
    run("import crm.csv --map crm --at 2026-03-13")
    lost = next(row for row in json.loads(run("deals --format json").out)["rows"] if row["deal"] == "D-2")
    assert (lost["outcome"], lost["closed_at"]) == ("lost", None)
    assert "D-2  lost, started 2026-01-07" in run("why D-2").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import crm.csv --map crn", "did you mean 'crm'?"),
        ("import nothing.csv --map crm", "nothing.csv"),
        ("import crm.csv", "Missing option '--map'"),
    ],
)
def test_a_mistake_is_told(run, crm, line, said):
    failed = run(line)
    assert failed.code == 2
    assert said in failed.err
