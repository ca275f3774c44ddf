"""Reviewing closed deals as a person does it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from engine.report import schemas

MAP = """\
map: crm
process: inside-sales@2
shape: moves
deal: Deal
stage: Stage
happened: At
stages:
  Prospect: prospect
  Qualified: qualified
  Demo: demo
  Proposal: proposal
  Negotiation: negotiation
  Won: won
  Lost: lost
owner: Owner
"""
WON = ("Prospect", "Qualified", "Demo", "Proposal", "Negotiation", "Won")
WAYS = (WON, WON, ("Prospect", "Qualified", "Lost"), ("Prospect", "Demo", "Lost"), ("Prospect", "Qualified"))
ROWS = [
    f"D-{deal},{stage},2026-{1 + step:02d}-{1 + deal:02d},{'ana' if deal % 2 else 'ben'}"
    for deal in range(25)
    for step, stage in enumerate(WAYS[deal % len(WAYS)])
]
CSV = "\n".join(["Deal,Stage,At,Owner", *ROWS]) + "\n"


@pytest.fixture
def crm(workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    (workspace / "crm.csv").write_text(CSV)
    return workspace


def test_a_file_is_reviewed_without_a_journal(run, crm):
    told = run("review crm.csv --map crm")

    assert (told.code, told.err) == (0, "")
    assert "10 of 20 deals won or lost were won" in told.out
    assert "Every move between stages" in told.out
    assert not (crm / "deals.journal").exists()


def test_the_journal_is_reviewed_where_no_file_is_named(run, crm):
    assert run("import crm.csv --map crm --at 2026-09-01").code == 0
    told = run("review --at 2026-09-01")

    assert (told.code, told.err) == (0, "")
    assert "10 of 20 deals won or lost were won" in told.out


def test_the_answer_as_json_fits_its_schema(run, crm):
    told = json.loads(run("review crm.csv --map crm --since 2026-01-10 --by owner --format json").out)

    jsonschema.validate(told, schemas.schema("review"))
    assert {"name": "by", "value": "owner"} in told["asked"]


def test_the_ending_of_the_file_says_its_form(run, crm):
    written = [run(f"review crm.csv --map crm --out review.{form}") for form in ("html", "xlsx", "csv", "md", "json")]

    assert [told.code for told in written] == [0] * 5
    assert [told.out for told in written] == [""] * 5
    assert written[0].err == "wrote review.html\n"
    assert (crm / "review.html").read_text().count('class="card"') == 7
    assert openpyxl.load_workbook(crm / "review.xlsx").sheetnames[0] == "Overview"
    assert (crm / "review.md").read_text().startswith("# Review of")


def test_a_form_that_is_asked_for_goes_before_the_ending(run, crm):
    assert run("review crm.csv --map crm --format csv --out review.txt").code == 0
    assert (crm / "review.txt").read_text().startswith("Deals by outcome\n")


def test_the_same_deals_give_the_same_files(run, crm):
    run("review crm.csv --map crm --out a.xlsx")
    run("review crm.csv --map crm --out b.xlsx")
    run("review crm.csv --map crm --out a.html")
    run("review crm.csv --map crm --out b.html")

    assert (crm / "a.xlsx").read_bytes() == (crm / "b.xlsx").read_bytes()
    assert (crm / "a.html").read_bytes() == (crm / "b.html").read_bytes()


@pytest.mark.parametrize(
    ("line", "message", "mend"),
    [
        ("--by ower", "error: deals have no 'ower' to be grouped by", "did you mean 'owner'?"),
        ("--since 2099-01-01", "error: nothing was seen since 2099-01-01", "name an earlier time"),
        ("--format xlsx", "error: xlsx needs a file to go to", "say where with --out review.xlsx"),
        ("--format html", "error: html needs a file to go to", "say where with --out review.html"),
        ("--out review.pdf", "error: 'review.pdf' does not end in a form that can be written", "known endings: .txt"),
        ("--since soon", "error: 'soon' is not a time", "write 2026-03-31"),
        ("--window 0", "error: the window is no number of days", "write more than 0 days"),
    ],
)
def test_a_mistake_is_told_with_its_mend_and_nothing_is_written(run, crm, line, message, mend):
    before = sorted(crm.iterdir())
    told = run(f"review crm.csv --map crm {line}")

    assert (told.code, told.out) == (2, "")
    assert message in told.err
    assert mend in told.err
    assert sorted(crm.iterdir()) == before


def test_a_workbook_without_its_part_says_what_to_install(run, crm, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    told = run("review crm.csv --map crm --out review.xlsx")

    assert (told.code, told.out) == (2, "")
    assert "pip install 'stagewright[xlsx]'" in told.err
    assert not (crm / "review.xlsx").exists()


def test_text_waits_for_no_part_that_draws_or_writes_workbooks(crm):
    code = "import sys, cli; cli.run(['review', 'crm.csv', '--map', 'crm']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )

    assert {"xlsxwriter", "engine.report.flow_svg", "engine.report.page_style"} & set(done.stderr.split()) == set()
