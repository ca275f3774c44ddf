"""``draft`` at the command line: a process out of an export or the journal, and what goes wrong."""

from __future__ import annotations

import csv
import json

import jsonschema
import pytest

from engine.report.schemas import schema

MAP = """\
map: closed
title: Deals of last year
shape: moves
deal: Deal
stage: Stage
stages: {Lead: lead, Demo: demo, Won: won, Lost: lost}
happened: When
reason: Why
"""
WAYS = (["Lead", "Demo", "Won"], ["Lead", "Lost"], ["Lead", "Demo", "Won"], ["Lead", "Demo", "Lost"], ["Lead", "Lost"])


def rows(ways, many=40):
    return [
        (f"D{number}", stage, f"2024-{1 + step:02}-{1 + number % 28:02}", "Too dear" if stage == "Lost" else "")
        for number in range(many)
        for step, stage in enumerate(ways[number % len(ways)])
    ]


def export(path, ways=WAYS):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("Deal", "Stage", "When", "Why"), *rows(ways)])


@pytest.fixture
def closed(workspace):
    """A workspace with an export and a map without a process."""
    export(workspace / "closed.csv")
    (workspace / "maps").mkdir(exist_ok=True)
    (workspace / "maps/closed.yaml").write_text(MAP)
    return workspace


def test_without_out_the_process_goes_to_stdout_and_the_card_to_stderr(run, closed):
    ran = run("draft closed.csv --map closed")
    assert ran.code == 0
    assert ran.out.startswith("# yaml-language-server")
    assert "  win: {from: demo, to: won}" in ran.out
    assert "Score card" in ran.err
    assert "--out processes/closed/1.yaml" in ran.err


@pytest.fixture
def brought_in(run, closed):
    """The process that was drafted, written, and given the deals it was drafted from."""
    ran = run("draft closed.csv --map closed --name field-sales -o processes/field-sales/1.yaml")
    assert (ran.code, "wrote processes/field-sales/1.yaml" in ran.out) == (0, True)
    assert run("check processes/field-sales/1.yaml").out == "1 file checked: no findings\n"
    values = "{column: Why, values: {Too dear: too-dear}}"
    text = MAP.replace("shape:", "process: field-sales@1\nshape:").replace("reason: Why", f"reason: {values}")
    (closed / "maps/closed.yaml").write_text(text)
    brought = run("import closed.csv --map closed")
    assert (brought.code, brought.out.splitlines()[0]) == (0, "40 new deals with 64 moves, from 104 rows")
    return closed


def test_drafted_again_from_the_journal_the_process_stays_what_it_was(run, brought_in):
    path = brought_in / "processes/field-sales/1.yaml"
    before = path.read_text().splitlines()
    assert run("draft -o processes/field-sales/1.yaml").code == 0
    after = path.read_text().splitlines()
    assert [line for line in after if "# |" not in line] == [line for line in before if "# |" not in line]
    assert [line for line in after if "from:" in line] == [line for line in before if "from:" in line]


def test_json_holds_the_text_the_evidence_and_the_card(run, closed):
    document = json.loads(run("draft closed.csv --map closed --format json").out)
    jsonschema.validate(document, schema("draft"))
    assert document["text"] == run("draft closed.csv --map closed").out
    assert {"place": ["actions", "win"], "says": "16 of 24 moves from demo (67 %)", "n": 16, "of": 24} in document[
        "evidence"
    ]
    assert [score["name"] for score in document["card"]["scores"]] == ["draft", "all moves seen", "most frequent path"]


def test_what_is_rare_is_said_with_keep(run, closed):
    assert "to-demo" in run("draft closed.csv --map closed --keep 50%").out
    assert (
        "left out, as fewer than 70 % of the deals were there: demo"
        in run("draft closed.csv --map closed --keep 70%").out
    )


def test_only_what_happened_since_is_counted(run, closed):
    assert "of 40 deals (" in run("draft closed.csv --map closed").out
    ran = run("draft closed.csv --map closed --since 2024-06-01")
    assert ran.err.startswith("error: no deal was closed since 2024-06-01, so there is nothing to draft from\n")


def test_no_closed_deal_is_an_error_that_names_the_ends(run, closed):
    export(closed / "closed.csv", [["Lead", "Demo"]])
    ran = run("draft closed.csv --map closed")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: no deal was closed, so there is nothing to draft from\n  deals are closed in: won, lost\n"
    )


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        ("few", "error: --keep: 'few' is not a percent\n  write it with its sign, such as 15%\n"),
        ("100%", "error: --keep: 100% cannot be kept\n  write a percent from 0% and below 100%, such as 3%\n"),
        ("-3%", "error: --keep: -3% cannot be kept\n  write a percent from 0% and below 100%, such as 3%\n"),
    ],
)
def test_a_share_that_cannot_be_kept_is_told(run, closed, keep, said):
    ran = run(f"draft closed.csv --map closed --keep={keep}")
    assert (ran.code, ran.err) == (2, said)


def test_a_file_that_is_there_and_no_process_is_left_alone(run, closed):
    (closed / "notes.yaml").write_text("buy: milk\n")
    ran = run("draft closed.csv --map closed -o notes.yaml")
    assert (ran.code, (closed / "notes.yaml").read_text()) == (2, "buy: milk\n")
    assert "error: 'notes.yaml' is there, and no process without errors\n" in ran.err


def test_a_released_version_is_left_alone(run, closed):
    assert run("draft closed.csv --map closed -o processes/closed/1.yaml").code == 0
    path = closed / "processes/closed/1.yaml"
    path.with_name("released.yaml").write_text(f"1: {{digest: {'a' * 64}}}\n")
    before = path.read_text()
    ran = run("draft closed.csv --map closed --keep 70% -o processes/closed/1.yaml")
    assert (ran.code, path.read_text()) == (2, before)
    assert "stagewright next closed" in ran.err


@pytest.mark.parametrize("name", ["Field Sales", "open", "", "ä"])
def test_a_name_that_no_process_can_have_is_told(run, closed, name):
    ran = run(f"draft closed.csv --map closed --name '{name}'")
    assert ran.code == (2 if name else 0)


def test_hostile_reasons_reach_no_terminal_and_break_no_yaml(run, closed):
    lines = [(d, s, w, 'x\x1b[2J"\u202e: {}' if y else "") for d, s, w, y in rows(WAYS)]
    with (closed / "closed.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Deal", "Stage", "When", "Why"), *lines])
    ran = run("draft closed.csv --map closed -o processes/closed/1.yaml")
    assert ran.code == 0
    text = (closed / "processes/closed/1.yaml").read_text(encoding="utf-8")
    assert "\x1b" not in text + ran.out
    assert "\u202e" not in text
    assert run("check processes/closed/1.yaml").code == 0


def test_reasons_that_no_deal_told_are_said_to_be_a_start(run, closed):
    text = (closed / "closed.csv").read_text().replace("Too dear", "")
    (closed / "closed.csv").write_text(text)
    said = "no deal told a reason: those of lose are a start, and are asked of every loss"
    assert said in run("draft closed.csv --map closed").err
    assert said in run("draft closed.csv --map closed -o processes/closed/1.yaml").out
    assert "# | reasons: no reasons are in these deals" in (closed / "processes/closed/1.yaml").read_text()
