"""Judging past moves again as a person does it."""

import json
import re

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


def test_versions_are_chained_through_those_by_which_no_move_was_made(run, workspace):
    start = "start inside-sales@1 acme --fact amount=9000 --as ana --role ae --at 2026-03-01T09:00"
    assert run(start).code == 0
    assert run("advance acme mark-interested --as ana --role ae --at 2026-03-02T09:00").code == 0
    assert run("next inside-sales").code == 0
    third = workspace / "processes" / "inside-sales" / "3.yaml"
    text = re.sub(r"\bqualified\b", "confirmed", third.read_text()).replace("because:", "because: Clearer.", 1)
    third.write_text(text.replace("  version: 2\n", "  version: 2\n  stages: {qualified: confirmed}\n", 1))
    # 1 calls it 'interested', 2 'qualified', and 3 'confirmed'.
    told = json.loads(run("replay inside-sales@3 --format json").out)
    assert "no longer expressible" not in moves(told)
    history = json.loads(run("diff inside-sales@1 inside-sales@3 --history --format json").out)
    assert history["impact_says"] == told["says"]


def test_what_was_not_known_at_a_move_of_the_journal_refuses_it_and_is_told_apart(run, acme, crm):
    third = crm / "processes" / "inside-sales" / "3.yaml"
    text = third.read_text()
    asks = "    asks: [contact_role]"
    assert asks in text
    third.write_text(text.replace(asks, "    asks: [contact_role, decision_date, note]", 1).replace("10000", "1000"))
    qualify = "advance acme qualify --reason referral --fact contact_role=champion --as ana --role ae"
    assert run(f"{qualify} --at 2026-03-03T09:00").code == 0
    told = json.loads(run("replay inside-sales@3 --since 2026-03-03 --format json").out)
    assert told["says"] == [
        "Of 1 move of 1 deal inside-sales@3 would refuse 1 until something more was recorded (1 deal, not won later)."
    ]
    lacking = {row["requirement"]: (row["refused"], row["unknown"]) for row in told["sections"][1]["rows"]}
    assert lacking == {"qualify/asks/decision_date": (1, 0), "qualify/asks/note": (1, 0)}
    # As the machine says when it is asked to make the move by that version.
    deal = "--fact amount=9000 --as ana --role ae --at 2026-03-01T09:00"
    assert run(f"start inside-sales@3 beta {deal}").code == 0
    refused = json.loads(run(f"{qualify.replace('acme', 'beta')} --at 2026-03-03T09:00 --format json").out)
    failing = {each["requirement"] for each in refused["verdicts"] if each["verdict"] != "passed"}
    assert failing == set(lacking)


def test_a_note_that_was_given_is_known(run, acme, crm):
    third = crm / "processes" / "inside-sales" / "3.yaml"
    third.write_text(
        third.read_text().replace("asks: [contact_role]", "asks: [contact_role, note]").replace("10000", "1")
    )
    qualify = "advance acme qualify --reason referral --fact contact_role=user --note heard --as ana --role ae"
    assert run(f"{qualify} --at 2026-03-03T09:00").code == 0
    assert moves(json.loads(run("replay inside-sales@3 --format json").out))["refused now"] == 0


def test_a_fact_of_which_nobody_says_when_it_was_known_is_not_known_then(run, crm):
    (crm / "crm.csv").write_text(CSV.replace("user", "champion"))
    assert run("import crm.csv --map crm").code == 0
    third = crm / "processes" / "inside-sales" / "3.yaml"
    send = "    to: proposal\n    requires:\n"
    assert send in third.read_text()
    text = third.read_text().replace("10000", "1")
    found = {}
    # The map says of the budget that nobody knows since when; of a competitor the file tells nothing.
    for must in ("budget_confirmed", "given(budget_confirmed)", "given(competitor)"):
        third.write_text(text.replace(send, f"{send}      - {{must: {must}, says: Known}}\n", 1))
        told = json.loads(run("replay inside-sales@3 --since 2026-02-08 --format json").out)
        found[must] = [(row["refused"], row["unknown"]) for row in told["sections"][1]["rows"]]
    assert list(found.values()) == [[(0, 1)], [(0, 1)], [(0, 1)]]


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


def test_of_what_an_imported_file_had_no_column_for_nobody_knows_whether_it_was_known(run, crm):
    third = crm / "processes" / "inside-sales" / "3.yaml"
    asks = "to_enter: [{must: amount < 0 or competitor != 'Acme', says: It is no deal of Acme}]"
    text = third.read_text().replace("amount >= 10000", 'contact_role != "economic-buyer"')
    third.write_text(text.replace("  demo:\n", f"  demo:\n    {asks}\n", 1))
    # The file has a column for the contact, and for this deal nothing in it: so it was not known.
    blank = "D-3,prospect,2026-02-07,ana,9000,,\nD-3,qualified,2026-02-08,ana,9000,,\n"
    (crm / "crm.csv").write_text(CSV + blank)
    assert run("import crm.csv --map crm").code == 0
    told = json.loads(run("replay inside-sales@3 --format json").out)
    asked = {row["requirement"]: (row["refused"], row["unknown"]) for row in told["sections"][1]["rows"]}
    assert asked == {"demo/to_enter/1": (0, 2), "qualified/to_enter/1": (1, 0)}
    # Made by hand: what the journal does not tell was not recorded, and the move would have had to wait for it.
    move = "advance D-3 hold-demo --fact contact_role=champion --as ana --role ae --at 2026-03-03T09:00"
    assert run(move).code == 0
    told = json.loads(run("replay inside-sales@3 --since 2026-03-03 --format json").out)
    assert "would refuse 1 until something more was recorded" in told["says"][0]
