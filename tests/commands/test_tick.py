"""``tick``, hand-overs and what follows, as a person types them."""

from __future__ import annotations

import json


def test_a_dry_run_looks_ahead_and_records_nothing(run, acme):
    found = run("tick --dry-run --at 2099-01-01")
    assert found.code == 0
    assert "moved from prospect to lost by lose" in found.out
    assert found.err == "a dry run: nothing was recorded\n"
    assert "1 entry" in run("verify").out


def test_what_is_to_come_is_not_done_now(run, acme):
    refused = run("tick --at 2099-01-01")
    assert refused.code == 2
    assert "is in the future" in refused.err


def test_the_summary_is_json_to_be_mailed(run, acme):
    told = json.loads(run("tick --at 2026-04-10 --format json").out)
    assert told["schema"] == "stagewright/tick/1"
    assert [(row["deal"], row["clock"], row["came"]) for row in told["rows"]] == [("acme", "stale", "warned")]
    assert told["notes"] == ["1 warned"]


def test_a_deal_whose_rules_cannot_be_read_is_told_and_others_go_on(run, acme, monkeypatch):
    assert run("start inside-sales@1 old --fact amount=9000 --as ana --role ae --at 2026-03-02T09:00").code == 0
    from engine.loading import processes

    read = processes.from_definition

    def broken(definition):
        if definition.version == 1:
            from engine.model.errors import JournalError

            raise JournalError("the definition of inside-sales@1 in the journal no longer reads")
        return read(definition)

    monkeypatch.setattr(processes, "from_definition", broken)
    found = run("tick --at 2026-04-10")
    assert found.code == 2
    assert "old (inside-sales@1, ana)  failed, the definition of inside-sales@1" in found.out
    assert "acme (inside-sales@2, ana)  stale: warned" in found.out


def test_what_a_hand_over_leaves_behind_is_told(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("init --example hands-on").code == 0
    assert run("start hands-on@1 acme --as ana --role seller").code == 0
    assert run("advance acme book-meeting --as ana --role seller").code == 0
    assert run("advance acme complete-demo --fact users=3 --as ana --role seller").code == 0
    told = run("advance acme hand-over --as ana --role seller")
    assert told.code == 0
    assert "left behind: users 3" in told.out


def test_json_tells_what_followed_and_what_was_started(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "processes/one").mkdir(parents=True)
    (tmp_path / "processes/two").mkdir()
    (tmp_path / "processes/one/1.yaml").write_text(
        "process: one\nversion: 1\nfacts: {big: {type: yes-no}}\nstages: {a: {}, b: {}, c: {ends: won}}\n"
        "actions:\n  go: {from: a, to: b}\n"
        "  on: {from: b, to: c, auto: true, when: big, starts: {process: two}}\n"
    )
    (tmp_path / "processes/two/1.yaml").write_text(
        "process: two\nversion: 1\nstages: {x: {}, y: {ends: won}}\nactions: {end: {from: x, to: y}}\n"
    )
    assert run("start one acme --fact big=true").code == 0
    told = json.loads(run("advance acme go --format json").out)
    assert [(row["action"], row["to"]) for row in told["followed"]] == [("on", "c")]
    assert told["started"] == [{"deal": "acme-two", "process": "two", "version": 1, "stage": "x"}]


def test_owners_are_found_whatever_the_capitals(run, acme):
    assert "acme" in run("deals --owner ANA").out
    stranger = run("deals --owner aan")
    assert (stranger.code, stranger.err) == (
        2,
        "error: nobody of the name 'aan' looks after a deal\n  did you mean 'ana'?\n",
    )


def test_a_forgotten_deal_is_nobodys_open_deal(run, acme):
    assert run("forget acme --because erasure --yes").code == 0
    assert "acme" not in run("deals --open").out
    assert "acme" in run("deals").out


def test_a_story_is_written_in_the_form_that_its_file_asks_for(run, acme):
    assert run("why acme --out acme.html").code == 0
    assert (acme / "acme.html").read_text().startswith("<!DOCTYPE html>")
    assert run("why acme --out acme.pdf").code == 2
