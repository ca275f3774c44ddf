"""Deals that stand for too long, told as a person asks for them; and those that have a stated reason to."""

import json

import pytest

ALERT = "{after: 14d, unless: decision_date >= today}"


@pytest.fixture
def stalled(run, workspace):
    """Two deals that have not moved for months; of one the day of decision is still to come."""
    path = workspace / "processes/inside-sales/2.yaml"
    text = path.read_text()
    assert "alert: 14d" in text
    path.write_text(text.replace("alert: 14d", f"alert: {ALERT}"))
    for name in ("silent", "waits"):
        run(f"start inside-sales@2 {name} --fact amount=9000 --as ana --role ae --at 2026-03-02")
    run("record waits decision_date=2026-09-30 --as ana --role ae --at 2026-03-05")
    return workspace


def late(run, when):
    return [each["late"] for each in json.loads(run(f"deals --format json --at {when}").out)["rows"]]


def test_a_deal_with_a_stated_reason_raises_no_alert_until_the_reason_has_passed(run, stalled):
    assert late(run, "2026-03-04") == ["", ""]
    assert late(run, "2026-06-01") == ["alert", "target"]
    assert late(run, "2026-10-01") == ["alert", "alert"]
    assert "1 past the alert of the stage" in run("deals --at 2026-06-01").out


def test_measure_tells_those_with_a_stated_reason_apart_with_what_states_it(run, stalled):
    study = json.loads(run("measure --until 2026-06-01 --format json").out)
    sections = {each["id"]: each for each in study["sections"]}
    stuck = [(each["deal"], each["limit"], each["stated"]) for each in sections["stuck"]["rows"]]
    assert stuck == [("silent", "alert", ""), ("waits", "alert", "decision_date: 2026-09-30")]
    (first, _) = sections["ageing"]["rows"]
    assert (first["deals"], first["past_target"], first["past_alert"], first["stated"]) == (2, 2, 2, 1)
    told = run("measure --until 2026-06-01").out
    assert "1 deal more stands there with a stated reason, and raises no alarm: told last." in told


def test_the_reason_stands_where_the_process_is_shown_and_compared(run, stalled):
    assert "unless decision_date >= today" in " ".join(run("show inside-sales@2").out.split())
    run("next inside-sales")
    path = stalled / "processes/inside-sales/3.yaml"
    path.write_text(path.read_text().replace(ALERT, "14d"))
    assert f"is now 14d, before 14d unless {ALERT[21:-1]}" in run("diff inside-sales@2 inside-sales@3").out
