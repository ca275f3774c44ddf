"""Deals that go on in another process, as measures and reviews of a journal and of an export tell them."""

import json

import pytest

SELLING = """\
process: selling
version: 1
stages: {new: {}, demo: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  show: {from: new, to: demo}
  hand-over: {from: [new, demo], to: keeping/due}
  win: {from: demo, to: won}
  lose: {from: open, to: lost}
"""
KEEPING = """\
process: keeping
version: 1
stages: {due: {}, kept: {ends: won}}
actions:
  keep: {from: due, to: kept}
  back: {from: due, to: selling/demo}
"""
MAP = """\
map: told
process: selling@1
shape: moves
deal: Deal
stage: Stage
happened: At
stages: {New: new, Demo: demo, Keeping: keeping/due, Won: won, Lost: lost}
"""
WAYS = {
    "gone": ("new 01-05", "demo 01-08", "keeping 01-20 hand-over", "kept 02-03"),
    "back": ("new 01-06", "keeping 01-09 hand-over", "demo 01-30 back", "won 02-06"),
    "lost": ("new 01-07", "lost 02-02"),
    "open": ("new 01-08", "demo 01-15"),
}
ACTIONS = {"demo": "show", "won": "win", "lost": "lose", "kept": "keep"}


@pytest.fixture
def told(run, workspace):
    """The same deals in the journal and in an export of the first process."""
    for name, text in (("selling", SELLING), ("keeping", KEEPING)):
        (workspace / "processes" / name).mkdir()
        (workspace / "processes" / name / "1.yaml").write_text(text)
    (workspace / "told.yaml").write_text(MAP)
    rows = ["Deal,Stage,At"]
    for name, steps in WAYS.items():
        for number, step in enumerate(steps):
            stage, day, *action = step.split()
            done = action[0] if action else ACTIONS.get(stage, "")
            line = f"advance {name} {done}" if number else f"start selling {name}"
            made = run(f"{line} --as ana --at 2026-{day}T09:00")
            assert made.code == 0, made
            if stage != "kept":
                rows.append(f"{name},{stage.title()},2026-{day}T09:00")
    (workspace / "told.csv").write_text("\n".join(rows) + "\n")
    return workspace


@pytest.mark.parametrize(
    "bounds", ["--until 2026-03-01", "--until 2026-01-25", "--until 2026-03-01 --since 2026-01-22"]
)
def test_measures_of_a_journal_are_those_of_an_export(run, told, bounds) -> None:
    only = (
        "--only outcomes --only by-period --only cohorts --only funnel --only funnel-ends --only dwell --only pipeline"
    )
    journal, export = (
        json.loads(run(f"measure {of} {bounds} {only} --format json").out)
        for of in ("--process selling", "told.csv --map told.yaml")
    )
    assert [each["rows"] for each in journal["sections"]] == [each["rows"] for each in export["sections"]]
    assert journal["notes"] == export["notes"]


@pytest.mark.parametrize("at", ["2026-01-15", "2026-01-25", "2026-03-01"])
def test_reviews_of_a_journal_are_those_of_an_export(run, told, at) -> None:
    journal, export = (
        run(f"review {of} --at {at}").out.splitlines()[2:] for of in ("--process selling", "told.csv --map told.yaml")
    )
    assert journal == export


def test_a_deal_handed_over_is_told_with_a_note(run, told) -> None:
    said = " ".join(run("measure --process selling --only outcomes").out.split())
    assert "ended otherwise 1 " in said
    assert "Handed over to another process, and counted as ended otherwise when they went: 1 deal." in said
