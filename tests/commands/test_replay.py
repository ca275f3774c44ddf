"""Judging past moves again as a person does it."""

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
  contact_role: {column: contact, known: start}
  budget_confirmed: {column: budget, known: unknown}
"""
CSV = """\
deal,stage,at,who,value,contact,budget
D-1,prospect,2026-01-05,ana,9000,champion,true
D-1,qualified,2026-01-06,ana,9000,champion,true
D-1,demo,2026-01-07,ana,9000,champion,true
D-1,lost,2026-01-08,ana,9000,champion,true
D-2,prospect,2026-02-05,=ben,24000,user,true
D-2,qualified,2026-02-06,=ben,24000,user,true
D-2,demo,2026-02-07,=ben,24000,user,true
D-2,proposal,2026-02-08,=ben,24000,user,true
"""
CHANGES = {
    "because:": "because: Small deals cost more than they bring.",
    "qualified:\n": "qualified:\n    to_enter: [{must: amount >= 10000, says: It is worth the effort}]\n",
    "hold-demo: {from: qualified, to: demo, touchpoint: demo}": "hold-demo: {from: qualified, to: demo, by: [manager]}",
}


OTHER = """\
process: other
version: 1
stages: {new: {}, won: {ends: won}}
actions: {win: {from: new, to: won}}
"""


@pytest.fixture
def crm(run, workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    (workspace / "crm.csv").write_text(CSV)
    assert run("next inside-sales").code == 0
    third = workspace / "processes" / "inside-sales" / "3.yaml"
    text = third.read_text()
    for before, after in CHANGES.items():
        assert before in text
        text = text.replace(before, after, 1)
    third.write_text(text)
    (workspace / "other.yaml").write_text(OTHER)
    return workspace


def moves(document: dict) -> dict[str, int]:
    return {row["what"]: row["moves"] for row in document["sections"][0]["rows"]}


def test_moves_of_a_file_are_judged_by_another_version(run, crm):
    told = run("replay inside-sales@3 crm.csv --map crm --format json")
    document = json.loads(told.out)
    jsonschema.validate(document, schema("replay"))
    assert moves(document) == {
        "allowed then and now": 4,
        "refused now": 1,
        "not known, then as now": 2,
        "already refused by inside-sales@2": 1,
    }
    (requirement,) = document["sections"][1]["rows"]
    assert (requirement["requirement"], requirement["refused"], requirement["lost"]) == ("qualified/to_enter/1", 1, 1)
    (deal,) = document["sections"][3]["rows"]
    assert (deal["deal"], deal["day"], deal["by"]) == ("D-1", "2026-01-06", "qualified/to_enter/1")


def test_a_version_judged_by_its_own_imported_moves_changes_nothing(run, crm):
    assert run("import crm.csv --map crm").code == 0
    told = json.loads(run("replay inside-sales@2 --format json").out)
    assert "would refuse none" in told["says"][0]
    counts = moves(told)
    assert counts.pop("already refused by inside-sales@2") == 1
    assert counts.pop("refused now") == 0
    assert set(counts) == {"allowed then and now", "not known, then as now"}


def test_moves_of_the_journal_are_told_by_the_day_they_were_made_and_tries_are_counted(run, acme, crm):
    assert run("advance acme hold-demo --as ana --role ae --at 2026-03-03T09:00").code == 1
    qualify = "advance acme qualify --reason referral --fact contact_role=user --as ana --role ae --at 2026-03-03T09:00"
    assert run(qualify).code == 0
    told = run("replay inside-sales@3 --since 2026-03-03 --until 2026-03-03")
    assert told.code == 0
    assert "Of 1 move of 1 deal inside-sales@3 would refuse 1 (1 deal, not won later)." in told.out
    assert "Not judged again: 1 refused try of the journal" in told.out


def test_a_forgotten_deal_is_left_out_and_told(run, acme, crm):
    assert run("start inside-sales@2 beta --fact amount=12000 --as ana --role ae --at 2026-03-02T09:00").code == 0
    assert run("forget acme --because asked --yes --as ana").code == 0
    told = run("replay inside-sales@3")
    assert "Of 1 move of 1 deal" in told.out
    assert "Left out: 1 deal that was forgotten" in told.out
    says = json.loads(run("diff inside-sales@2 inside-sales@3 --deals --format json").out)["impact_says"]
    assert says[-1] == "1 of 2 open deals could not be judged: 1 open deal was forgotten."


def test_diff_tells_what_open_deals_and_past_moves_would_meet(run, acme, crm):
    told = json.loads(run("diff inside-sales@2 inside-sales@3 --deals --history --format json").out)
    assert told["impact_says"][0].startswith(
        "1 of 1 open deal would be refused at a next move that is possible now, 9,000"
    )
    assert {section["id"] for section in told["impact"]} >= {"impact", "impact-deals", "replay-outcome"}
    file = json.loads(run("diff inside-sales@2 inside-sales@3 --map crm --format json --deals crm.csv").out)
    assert any("open deal" in says for says in file["impact_says"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("replay inside-sales@3 --process inside-sales@2", "--process says by which version the moves of a FILE"),
        ("replay inside-sales@3 --map crm", "--map says how a file is read"),
        ("replay inside-sales@3 --since 2030-01-01", "no move of inside-sales was made in that time"),
        ("replay inside-sales@3 --since soon", "--since: "),
        ("replay other.yaml", "there is no move of other"),
        ("replay other.yaml crm.csv --map crm", "these deals went through 'inside-sales'"),
        ("replay inside-sales@9", "9"),
    ],
)
def test_a_mistake_is_told_with_its_mend(run, acme, crm, line, message):
    told = run(line)
    assert (told.code, told.out) == (2, "")
    assert message in told.err
