"""``people.yaml`` in a workspace: whom the commands believe."""

from __future__ import annotations

import json
import re

import pytest

import cli
from tests.docs.test_commands_page import command_of

PEOPLE = """\
people:
  ana: {roles: [ae], name: Ana Kovač}
  ben: [manager]
  kim: []
"""
AUTOMATIC = """\
process: small
version: 1
roles: {ae: []}
facts: {amount: {type: money}}
stages:
  new: {}
  big: {}
  won: {ends: won}
actions:
  notice: {from: new, to: big, auto: true, when: amount > 1000}
  win: {from: open, to: won, by: [ae]}
"""
EXPORT = "Opportunity ID,Stage,Interested on,Value\no-1,Interested,2026-03-02,900\n"
MAP = """\
map: ours
process: inside-sales@1
shape: deals
deal: Opportunity ID
stage: Stage
stages: {Interested: interested}
entered: {interested: Interested on}
facts: {amount: Value}
"""
LINES = {
    "start": "start inside-sales@2 other --fact amount=1",
    "record": "record acme --touchpoint call",
    "can": "can acme",
    "advance": "advance acme disqualify --reason no-need",
    "approve": "approve acme sign",
    "import": "import export.csv --map ours",
    "apply": "apply plan.json",
    "forget": "forget acme --because erasure --yes",
}


@pytest.fixture
def team(run, acme):
    """A workspace with a deal, where people are listed."""
    (acme / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    (acme / "export.csv").write_text(EXPORT, encoding="utf-8")
    assert run("plan inside-sales@1 -o plan.json").code == 0
    (acme / "maps").mkdir()
    (acme / "maps/ours.yaml").write_text(MAP, encoding="utf-8")
    return acme


def test_every_command_that_asks_who_is_tried_below():
    asking = [name for name in cli.COMMANDS if any(each.name == "actor" for each in command_of(name).params)]
    assert asking == list(LINES)


@pytest.mark.parametrize("name", LINES)
def test_no_command_lets_in_whoever_is_not_listed(run, team, name):
    before = run("why acme --format json").out
    stranger = run(f"{LINES[name]} --as bne")
    assert (stranger.code, stranger.out) == (2, "")
    assert stranger.err.endswith("error: people.yaml knows no 'bne'\n  did you mean 'ben'?\n")
    nobody = run(LINES[name])
    assert (nobody.code, nobody.out) == (2, "")
    assert re.search("(?m)^error: (nobody is named as who does this|an approval needs a name)\n", nobody.err)
    assert run("why acme --format json").out == before
    assert json.loads(run("deals --format json").out)["rows"][0]["deal"] == "acme"


@pytest.mark.parametrize("name", ["start", "record", "can", "advance", "approve"])
def test_no_command_believes_a_role_that_is_not_theirs(run, team, name):
    claimed = run(f"{LINES[name]} --as ana --role manager")
    assert claimed.code == 2
    assert claimed.err == "error: ana does not have the role 'manager'\n  who has it in people.yaml: ben\n"


def test_whoever_is_listed_needs_to_give_no_role(run, team):
    done = run("advance acme qualify --reason referral --fact contact_role=champion --as ANA")
    assert done.code == 0
    assert json.loads(run("why acme --format json").out)["rows"][-1]["actor"] == "ana"
    assert json.loads(run("why acme --format json").out)["rows"][-1]["role"] == "ae"
    assert run("import export.csv --map ours --as ben").code == 0


def test_whoever_looks_after_a_deal_is_named_as_in_the_list(run, team):
    assert run("start inside-sales@2 other --fact amount=1 --as BEN").code == 0
    assert "ben" in run("deals --owner ben").out


def test_whoever_has_no_role_is_told_what_needs_one(run, team):
    refused = run("advance acme qualify --reason referral --fact contact_role=champion --as kim")
    assert refused.code == 1
    assert "a role that may: sdr, ae or manager" in refused.out
    asked = run("can acme --as kim")
    assert asked.code == 0
    assert "kim has no role of inside-sales@2 in people.yaml" in asked.err


def test_the_engine_does_what_is_automatic_and_stands_in_no_list(run, team):
    (team / "processes/small").mkdir()
    (team / "processes/small/1.yaml").write_text(AUTOMATIC)
    assert run("start small tiny --fact amount=5000 --as kim").code == 0
    assert [row["actor"] for row in json.loads(run("why tiny --format json").out)["rows"]] == ["kim", "stagewright"]
    assert run("advance tiny win --as stagewright --role ae").code == 2


def test_a_list_with_mistakes_lets_nobody_in_and_says_why(run, team):
    (team / "people.yaml").write_text("people: {ana: {role: ae}}\n")
    failed = run("record acme --touchpoint call --as ana")
    assert failed.code == 2
    assert "unknown key 'role'" in failed.err
    assert "people.yaml has errors, so nobody can do anything" in run("doctor").out
    assert run("check").code == 1


def test_a_list_under_another_ending_lets_nobody_in(run, team):
    (team / "people.yaml").rename(team / "people.yml")
    failed = run("record acme --touchpoint call --as ana")
    assert (failed.code, failed.err) == (2, "error: 'people.yml' is not read\n  call it people.yaml\n")
    assert "'people.yml' is not read" in run("doctor").out
    assert "people.yml:1:1: error N022: no people are looked for in people.yml" in run("check").out


def test_a_journal_without_a_workspace_has_no_people(run, team, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run(f"record acme --touchpoint call --as zed --journal {team / 'deals.journal'}").code == 0
    there = f"record acme --touchpoint call --as zed --journal {team / 'deals.journal'} --workspace {team}"
    assert run(there).code == 2


def test_check_looks_at_the_list_too(run, team):
    assert "6 files checked" in run("check").out
    (team / "people.yaml").write_text("people: {ana: [ea]}\n")
    told = run("check")
    assert told.code == 0
    assert "people.yaml:1:16: warning N004: no process here has a role 'ea'" in told.out
    assert "warning P166: nobody in people.yaml can give this approval of 'sign'" in told.out
    assert "warning P166" in run("check inside-sales@2").out
    assert run("check people.yaml").code == 0


def test_doctor_tells_who_there_is_and_which_role_is_nobodys(run, team):
    assert "ok     people" in run("doctor").out
    assert "3 people; every role is somebody's" in run("doctor").out
    (team / "people.yaml").write_text("people: {ana: [ae]}\n")
    assert "1 person; nobody has the role manager of inside-sales@2" in run("doctor").out
    (team / "people.yaml").unlink()
    assert "roles are claims: there is no people.yaml, so --role is believed as it is given" in run("doctor").out


def test_the_schema_of_the_list_can_be_printed(run, team):
    assert json.loads(run("schema people").out)["required"] == ["people"]
