"""Scenarios fitted to deals as a person does it: from an export and from the journal, checked, tested, written once."""

import json
from datetime import date, timedelta

import jsonschema
import pytest

from engine.report import schemas

MAP = """\
map: past
process: inside-sales@2
file: {dates: ["%Y-%m-%d"]}
shape: moves
deal: Deal
stage: Stage
happened: At
stages: {P: prospect, Q: qualified, D: demo, O: proposal, N: negotiation, W: won, L: lost}
facts:
  amount: {column: Amount, known: start}
  contact_role: {column: Role, known: start}
  budget_confirmed: {column: Budget, known: start}
"""
WAYS = ("PQDONW", "PQDONW", "PQL", "PL", "PQDL", "PQ", "PQDOL", "PL")


def rows(deals):
    for deal in range(deals):
        way = WAYS[deal * 5 % len(WAYS)]
        role, budget = ("user", "no") if way == "PQDL" and deal % 3 else ("champion", "yes")
        for step, stage in enumerate(way):
            day = deal * 2 + step * (3 + deal % 5)
            when = date(2025, 1, 6) + timedelta(days=day)
            yield f"D-{deal:03d},{stage},{when},{9000 + deal},{role},{budget}"


def written(workspace, deals):
    (workspace / "maps").mkdir(exist_ok=True)
    (workspace / "maps" / "past.yaml").write_text(MAP)
    (workspace / "past.csv").write_text("\n".join(["Deal,Stage,At,Amount,Role,Budget", *rows(deals)]) + "\n")


@pytest.fixture
def past(workspace):
    written(workspace, 150)
    return workspace


SCENARIO = "processes/inside-sales/scenarios/fitted.yaml"


def test_a_scenario_is_written_that_check_accepts_and_says_what_it_rests_on(run, past):
    ran = run("fit past.csv --map past")

    assert ran.code == 0
    assert "stage" in ran.out
    assert "150 deals" in ran.out
    assert f"wrote {SCENARIO}" in ran.err
    text = (past / SCENARIO).read_text()
    assert "scenario: fitted" in text
    assert "# From past.csv, as it stood on 2025-12-04" in text
    checked = run("check")
    assert (checked.code, checked.err) == (0, ""), checked.out
    assert run("simulate inside-sales --scenario fitted --start 2026-01-05 --runs 2").code == 0


def test_what_the_rules_refuse_is_told_apart_from_what_is_tried(run, past):
    told = json.loads(run("fit past.csv --map past --format json").out)

    jsonschema.validate(told, schemas.schema("fit"))
    branches = next(each for each in told["sections"] if each["id"] == "branches")["rows"]
    proposed = next(each for each in branches if each["action"] == "send-proposal")
    assert proposed["share"] > proposed["moved"]["value"] + 0.05


def test_it_can_be_put_to_the_test_on_what_came_later(run, past):
    told = json.loads(run("fit past.csv --map past --validate --horizon 8w --format json").out)

    assert told["says"][0].startswith("Tested on the 8 weeks from 2025-10-09")
    counted = {row["what"]: row for row in told["sections"][0]["rows"]}
    assert counted["prospects"]["counted"] == 11
    assert counted["won"]["p10"] <= counted["won"]["counted"] <= counted["won"]["p90"]
    too_long = run("fit past.csv --map past --validate --horizon 90w --name other")
    assert (too_long.code, too_long.out) == (2, "")
    assert "too short to test a fit" in too_long.err


def test_moves_that_the_rules_refuse_now_are_told(run, past):
    (past / "past.csv").write_text((past / "past.csv").read_text().replace(",9", ",0"))
    ran = run("fit past.csv --map past")

    assert ran.code == 0
    assert "of 56 moves by send-proposal are such as the rules refuse now" in " ".join(ran.out.split())


def test_what_is_there_is_not_written_over_unless_it_is_said(run, past):
    assert run("fit past.csv --map past").code == 0
    (past / SCENARIO).write_text("mine\n")
    again = run("fit past.csv --map past")

    assert (again.code, again.out) == (2, "")
    assert "is there already; nothing was written" in again.err
    assert (past / SCENARIO).read_text() == "mine\n"
    assert run("fit past.csv --map past --force").code == 0
    assert run("fit past.csv --map past --name summer --since 2025-06-01 --horizon 13w").code == 0
    assert "horizon: 13w" in (past / SCENARIO).with_name("summer.yaml").read_text()


def test_a_file_named_with_out_names_the_scenario(run, past):
    ran = run("fit past.csv --map past --out autumn.yaml")

    assert ran.code == 0
    assert "scenario: autumn" in (past / "autumn.yaml").read_text()
    assert "simulate inside-sales --scenario autumn.yaml" in ran.err
    assert run("fit past.csv --map past --out past.csv").code == 2
    assert "named" not in run("fit past.csv --map past --out Autumn.yaml").out


def test_the_journal_is_fitted_where_no_file_is_named(run, past):
    assert run("import past.csv --map past --at 2026-02-01").code == 0
    ran = run("fit --at 2026-02-01")

    assert ran.code == 0
    assert "150 deals" in ran.out


def test_a_history_too_short_says_what_is_missing(run, workspace):
    written(workspace, 3)
    ran = run("fit past.csv --map past")

    assert (ran.code, ran.out) == (2, "")
    assert "history is too short to fit inside-sales@2" in ran.err
    assert "stagewright scenario" in ran.err
    assert not (workspace / SCENARIO).exists()


def test_a_short_history_is_fitted_with_what_was_assumed(run, workspace):
    written(workspace, 14)
    ran = run("fit past.csv --map past")

    assert ran.code == 0
    assert "ended, so times follow a" in ran.out
    assert run("check").code == 0


def test_without_a_process_there_is_nothing_to_try(run, past):
    (past / "bare.yaml").write_text(MAP.replace("process: inside-sales@2\n", "").partition("facts:")[0])
    ran = run("fit past.csv --map bare.yaml")

    assert ran.code == 2
    assert "stagewright draft" in ran.err


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("--horizon soon", "--horizon"),
        ("--horizon 0d", "nothing happens in no time"),
        ("--name A/B", "cannot be the name of a scenario"),
        ("--out x.json", "written as YAML"),
        ("--since 2030-01-01", "nothing was seen since then"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_written(run, past, asked, told):
    ran = run(f"fit past.csv --map past {asked}")

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert not (past / SCENARIO).exists()
