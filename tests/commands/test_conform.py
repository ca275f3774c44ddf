"""Holding deals to a process as a person does it."""

import json

import jsonschema
import pytest

from engine.report.schemas import schema

MAP = """\
map: crm
process: inside-sales@2
shape: moves
deal: deal
stage: stage
stages: {prospect: prospect, qualified: qualified, demo: demo, proposal: proposal, won: won, lost: lost}
happened: at
owner: who
facts:
  amount: {column: value, known: start}
"""
CSV = """\
deal,stage,at,who,value
D-1,prospect,2026-01-05,ana,9000
D-1,qualified,2026-01-06,ana,9000
D-1,proposal,2026-01-07,ana,9000
D-1,lost,2026-01-08,ana,9000
D-2,prospect,2026-02-05,=ben,4000
D-2,lost,2026-02-06,=ben,4000
"""
ASKED = "conform inside-sales crm.csv --map crm"


@pytest.fixture
def crm(workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    (workspace / "crm.csv").write_text(CSV)
    return workspace


def test_deals_of_a_file_are_held_to_a_process(run, crm):
    told = run(ASKED)
    assert told.code == 0
    assert "1 of 2 deals (50.0 %) keeps to inside-sales@2 in every move" in told.out
    assert "skipped demo (hold-demo)" in told.out


def test_json_is_as_its_schema_says_and_holds_every_deal(run, crm):
    document = json.loads(run(f"{ASKED} --format json").out)
    jsonschema.validate(document, schema("conform"))
    (deals,) = (each for each in document["sections"] if each["id"] == "deals")
    assert [(row["deal"], row["amount"], row["cost"]) for row in deals["rows"]] == [("D-1", 9000, 1), ("D-2", 4000, 0)]


def test_one_deal_is_told_as_json_too(run, crm):
    document = json.loads(run(f"{ASKED} --deal D-1 --format json").out)
    jsonschema.validate(document, schema("conform"))
    assert document["asked"] == [{"name": "deal", "value": "D-1"}]


@pytest.mark.parametrize(("share", "code"), [("50%", 0), ("0.5", 0), ("99%", 1), ("1", 1)])
def test_a_least_fitness_that_is_missed_is_exit_1(run, crm, share, code):
    assert run(f"{ASKED} --fail-under {share}").code == code


def test_the_journal_and_the_file_it_came_from_say_the_same(run, crm):
    run("import crm.csv --map crm --at 2026-03-13")
    told = [json.loads(run(f"{asked} --format json").out) for asked in ("conform inside-sales", ASKED)]
    assert told[0]["sections"] == told[1]["sections"]


def test_what_happened_later_is_not_looked_at(run, crm):
    assert "1 of 1 deal " in run(f"{ASKED} --at 2026-01-06").out


def test_it_goes_into_a_workbook(run, crm):
    told = run(f"{ASKED} --out conform.xlsx")
    assert (told.code, told.out) == (0, "")
    assert (crm / "conform.xlsx").read_bytes().startswith(b"PK")


def test_a_formula_in_a_cell_stays_text_in_csv(run, crm):
    assert ",=ben," not in run(f"{ASKED} --format csv").out


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("conform inside-sale crm.csv --map crm", "inside-sales"),
        ("conform inside-sales crm.csv --map cmr", "there is no map 'cmr'"),
        ("conform inside-sales nothing.csv --map crm", "nothing.csv"),
        ("conform inside-sales --map crm", "--map says how a file is read"),
        (f"{ASKED} --deal D-11", "no deal of inside-sales is called 'D-11'\n  did you mean 'D-1'"),
        (f"{ASKED} --deal D-1 --since 2026-01-01", "--deal tells one deal"),
        (f"{ASKED} --since yesterday", "'yesterday' is not a date"),
        (f"{ASKED} --since 2027-01-01", "choose an earlier day for --since"),
        (f"{ASKED} --fail-under 120%", "a share from 0% to 100%, not '120%'"),
        (f"{ASKED} --fail-under most", "'most' is not a number"),
        (f"{ASKED} --format html", "html needs a file to go to"),
        ("conform inside-sales", "there is no journal"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(run, crm, asked, message):
    before = sorted(crm.rglob("*"))
    told = run(asked)
    assert (told.code, told.out) == (2, "")
    assert message in told.err
    assert sorted(crm.rglob("*")) == before


def test_a_process_that_leads_to_no_end_cannot_be_kept_to(run, crm):
    (crm / "stuck.yaml").write_text(
        "process: inside-sales\nversion: 1\ntitle: Stuck\nbecause: To see\n"
        "facts: {amount: {type: money}}\n"
        "stages: {prospect: {}, qualified: {}, demo: {}, proposal: {}, won: {ends: won}, lost: {ends: lost}}\n"
        "actions: {qualify: {from: prospect, to: qualified}}\n"
    )
    told = run("conform stuck.yaml crm.csv --map crm")
    assert told.code == 2
    assert "no chain of actions of inside-sales@1 leads to an end" in told.err
