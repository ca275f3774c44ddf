"""A forecast as a person asks for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from engine.report.schemas import schema

ROOT = Path(__file__).parents[2]
SOON = "simulate inside-sales --start 2026-12-01 --horizon 3w --runs 4"


def test_it_tells_what_will_happen(run, workspace) -> None:
    ran = run(SOON)

    assert ran.code == 0
    assert ran.out.startswith("Forecast of inside-sales@2\nscenario base")
    assert "None of the 4 runs wins a deal by 2026-12-22." in ran.out
    for title in ("How deals end", "Week by week", "Time in each stage", "People", "What held deals back"):
        assert f"\n{title}\n" in ran.out


def test_the_same_seed_gives_the_same_answer_and_another_one_another(run, workspace) -> None:
    first = run(SOON).out

    assert run(f"{SOON} --threads 3 --engine heap").out == first
    assert run(f"{SOON} --seed 2").out != first


@pytest.mark.parametrize("ending", ["json", "csv", "md", "html", "xlsx", "txt"])
def test_it_is_written_in_every_form(run, workspace, ending) -> None:
    assert run(f"{SOON} --out forecast.{ending}").code == 0
    assert Path(f"forecast.{ending}").stat().st_size > 500


def test_the_document_keeps_to_its_schema_and_has_the_fans(run, workspace) -> None:
    document = json.loads(run(f"{SOON} --horizon 9w --format json").out)

    jsonschema.validate(document, schema("simulate"))
    assert len(document["fans"][0]["moments"]) == 9
    assert {each["id"] for each in document["sections"]} >= {"ends", "weeks", "so_far", "dwell", "pools", "refusals"}


def test_over_a_weekend_nobody_comes_and_that_is_no_fault(run, workspace) -> None:
    ran = run("simulate inside-sales --start 2026-12-05 --horizon 2d --runs 2")

    assert ran.code == 0
    assert "\nstill open at the end  0 (0 to 0) " in ran.out


def test_it_begins_with_the_deals_that_are_open(run, acme) -> None:
    ran = run(f"{SOON} --from-journal --start 2026-03-09")

    assert ran.code == 0
    assert "with the 1 deal open in deals.journal" in " ".join(ran.out.split())
    assert "From deals open now, and from new ones" in ran.out


def test_deals_stand_where_they_stood_at_the_start(run, acme) -> None:
    lost = "advance acme lose --reason price --at 2026-03-20 --as ana --role ae"
    assert run(lost).code == 0

    assert "with the 1 deal open" in " ".join(run(f"{SOON} --from-journal --start 2026-03-09").out.split())
    assert "with no deal open" in " ".join(run(f"{SOON} --from-journal --start 2026-03-21").out.split())
    assert "with no deal open" in " ".join(run(f"{SOON} --from-journal --start 2026-03-01").out.split())


def test_open_deals_that_nobody_heard_of_for_long_are_told(run, workspace) -> None:
    run("start inside-sales@2 acme --at 2026-03-02 --fact amount=9000 --as ana --role ae")
    told = " ".join(run(f"{SOON} --from-journal --start 2026-12-01").out.split())

    assert "The deal was last heard of more than half a year before it begins" in told
    assert "begin there: --start 2026-03-02." in told
    assert "last heard of" not in run(f"{SOON} --from-journal --start 2026-05-01").out
    early = run(f"{SOON} --from-journal --start 2026-03-01").err
    assert "no deal of inside-sales is open" in early
    assert "1 open deal is left out: the journal has nothing of them before" in early


def test_an_assumption_is_changed(run, workspace) -> None:
    ran = run(f"{SOON} --set arrivals.weekly=200 --format json")

    assert {"name": "set", "value": "arrivals.weekly=200"} in json.loads(ran.out)["asked"]
    assert run(f"{SOON} --set arrivals.weakly=200").code == 2
    assert "write stages.demo.dwell*=0.8" in run(f"{SOON} --set stages.demo.dwell=80%").err


@pytest.mark.parametrize("ending", ["csv", "xes"])
def test_the_deals_of_a_run_are_read_by_the_other_commands(run, workspace, ending) -> None:
    told = run(f"{SOON} --start 2026-01-05 --horizon 8w --log run.{ending} --log-run 2").err

    assert f"stagewright review run.{ending} --map run.{ending}.map.yaml" in told
    assert run(f"review run.{ending} --map run.{ending}.map.yaml").code == 0
    assert run(f"conform inside-sales@2 run.{ending} --map run.{ending}.map.yaml").code == 0
    assert run(f"review run.{ending}").code == 0
    imported = run(f"import run.{ending} --map run.{ending}.map.yaml")
    assert imported.code == 0, imported.out + imported.err


@pytest.fixture
def shipped(workspace):
    """With all processes that are shipped."""
    for folder in ("processes", "rules"):
        shutil.copytree(ROOT / folder, folder, dirs_exist_ok=True)
    return workspace


@pytest.mark.parametrize("ending", ["csv", "xes"])
def test_deals_handed_over_to_another_process_are_read_back_as_that(run, shipped, ending) -> None:
    assert run("scenario self-serve").code == 0
    assert run(f"simulate self-serve --start 2026-01-05 --runs 1 --log run.{ending}").code == 0
    read = f"run.{ending} --map run.{ending}.map.yaml"

    review, conform = run(f"review {read}"), run(f"conform self-serve@1 {read}")
    imported = run(f"import {read}")

    assert review.err == ""
    assert "\nended otherwise " in review.out
    assert "hands-on/problem-agreement" in conform.out
    assert "No deal made a move that the process has not." in conform.out
    assert "hand-over" in run(f"fit {read} --format csv").out
    assert (imported.code, "can only be looked at here" in imported.err) == (2, True)


def test_that_who_may_start_is_not_judged_is_said_where_a_rule_asks_it(run, shipped) -> None:
    assert run("scenario product-qualified").code == 0
    told = " ".join(run("simulate product-qualified --start 2026-01-05 --horizon 4w --runs 2").out.split())

    assert "what 'product-qualified-lead' requires of whoever enters it is not judged" in told
    assert "is not judged" not in run(SOON).out


def test_a_log_says_which_tracks_it_leaves_out(run, shipped) -> None:
    assert run("scenario enterprise").code == 0

    told = run("simulate enterprise --start 2026-01-05 --horizon 4w --runs 1 --log run.csv").err

    assert "not in it, for a row names one stage: technical." in told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--runs 0", "0 runs tell nothing"),
        ("--runs 1000000", "1,000,000 runs are more than"),
        ("--horizon 0d", "--horizon: nothing happens in no time"),
        ("--horizon 2000w", "--horizon: 2000w is longer than 1,000 weeks"),
        ("--horizon soon", "--horizon: "),
        ("--engine steam", "there is no engine 'steam'"),
        ("--scenario bsae", "has no scenario 'bsae'"),
        ("--log run.parquet", "'run.parquet' does not end in a form that can be written"),
        ("--log run.csv --log-run 0", "there is no run 0"),
        ("--start soon", "'soon' is not a time"),
        ("--from-journal", "there is no journal"),
        ("--set arrivals.weekly=100000000000", "GB of memory"),
        ("--format html", "html needs a file to go to"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_a_sentence(run, workspace, options, said) -> None:
    ran = run(f"{SOON} {options}")

    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


def test_interrupted_it_tells_what_is_done(run, workspace, monkeypatch) -> None:
    from engine.simulation import run as running

    played = running.cast_of

    def third(casting, *, seed, run, plan):
        if run == 3:
            raise KeyboardInterrupt
        return played(casting, seed=seed, run=run, plan=plan)

    monkeypatch.setattr(running, "cast_of", third)
    ran = run(f"{SOON} --threads 1 --log run.csv")

    assert ran.code == 130
    assert "interrupted: what follows is of the 3 runs that were done of 4" in ran.err
    assert "None of the 3 runs that were done of 4 wins" in ran.out
    assert not Path("run.csv").exists()


def test_nothing_is_written_over_what_is_read(run, acme) -> None:
    before = Path("processes/inside-sales/2.yaml").read_bytes()

    assert run(f"{SOON} --format csv --out processes/inside-sales/2.yaml").code == 2
    assert Path("processes/inside-sales/2.yaml").read_bytes() == before


def test_a_start_of_the_scenario_is_told_in_the_time_zone_of_the_answer(run, workspace) -> None:
    base = workspace / "processes/inside-sales/scenarios/base.yaml"
    base.write_text(base.read_text().replace("horizon: 26w", "horizon: 26w\nstart: 2026-12-01T09:00"), encoding="utf-8")
    assert "from 2026-12-01 08:00 UTC on" in run("simulate inside-sales --horizon 1w --runs 1").out
