"""A forecast as a person asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from engine.report.schemas import schema

SOON = "simulate inside-sales --start 2026-12-01 --horizon 3w --runs 4"


def test_it_tells_what_will_happen(run, workspace) -> None:
    ran = run(SOON)

    assert ran.code == 0
    assert ran.out.startswith("Forecast of inside-sales@2\nscenario base")
    assert "In 4 runs until 2026-12-22," in ran.out
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


def test_it_begins_with_the_deals_that_are_open(run, acme) -> None:
    ran = run(f"{SOON} --from-journal --start 2026-03-09")

    assert ran.code == 0
    assert "with the 1 deal open in deals.journal" in " ".join(ran.out.split())
    assert "From deals open now, and from new ones" in ran.out


def test_deals_stand_where_they_stood_at_the_start(run, acme) -> None:
    lost = "advance acme lose --reason price --at 2026-03-20 --as ana --role ae"
    assert run(lost).code == 0

    assert "with the 1 deal open" in " ".join(run(f"{SOON} --from-journal --start 2026-03-09").out.split())
    assert "with the 0 deals open" in " ".join(run(f"{SOON} --from-journal --start 2026-03-21").out.split())
    assert "with the 0 deals open" in " ".join(run(f"{SOON} --from-journal --start 2026-03-01").out.split())


def test_an_assumption_is_changed(run, workspace) -> None:
    ran = run(f"{SOON} --set arrivals.weekly=200 --format json")

    assert {"name": "set", "value": "arrivals.weekly=200"} in json.loads(ran.out)["asked"]
    assert run(f"{SOON} --set arrivals.weakly=200").code == 2


@pytest.mark.parametrize("ending", ["csv", "xes"])
def test_the_deals_of_a_run_are_read_by_the_other_commands(run, workspace, ending) -> None:
    told = run(f"{SOON} --start 2026-01-05 --horizon 8w --log run.{ending} --log-run 2").err

    assert f"stagewright review run.{ending} --map run.{ending}.map.yaml" in told
    assert run(f"review run.{ending} --map run.{ending}.map.yaml").code == 0
    assert run(f"conform inside-sales@2 run.{ending} --map run.{ending}.map.yaml").code == 0
    assert run(f"review run.{ending}").code == 0
    imported = run(f"import run.{ending} --map run.{ending}.map.yaml")
    assert imported.code == 0, imported.out + imported.err


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

    def third(casting, *, seed, run):
        if run == 3:
            raise KeyboardInterrupt
        return played(casting, seed=seed, run=run)

    monkeypatch.setattr(running, "cast_of", third)
    ran = run(f"{SOON} --threads 1 --log run.csv")

    assert ran.code == 130
    assert "interrupted: what follows is of the 3 runs that were done of 4" in ran.err
    assert "In 3 runs of 4 (it was interrupted)" in ran.out
    assert not Path("run.csv").exists()


def test_nothing_is_written_over_what_is_read(run, acme) -> None:
    before = Path("processes/inside-sales/2.yaml").read_bytes()

    assert run(f"{SOON} --format csv --out processes/inside-sales/2.yaml").code == 2
    assert Path("processes/inside-sales/2.yaml").read_bytes() == before


def test_a_start_of_the_scenario_is_told_in_the_time_zone_of_the_answer(run, workspace) -> None:
    base = workspace / "processes/inside-sales/scenarios/base.yaml"
    base.write_text(base.read_text().replace("horizon: 26w", "horizon: 26w\nstart: 2026-12-01T09:00"), encoding="utf-8")
    assert "from 2026-12-01 08:00 UTC on" in run("simulate inside-sales --horizon 1w --runs 1").out
