"""``map``: a map proposed for a file, and the shipped ones."""

from __future__ import annotations

import json

import pytest

ROWS = "Deal ID,Stage,Changed on,Changed by,Amount\n" + "".join(
    f"D{deal},{stage},2026-01-{10 * deal + day:02},ana,100\n"
    for deal in range(3)
    for day, stage in enumerate(["Lead", "Demo", "Won"], start=1)
)
HISTORIES = {
    "salesforce": (
        "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,CloseDate\n"
        "1,A,u,2026-01-05T09:00:00.000Z,Prospecting,5,2026-03-31\n"
        "2,A,u,2026-01-06T09:00:00.000+0000,Closed Won,5,2026-03-31\n"
    ),
    "salesforce-fields": (
        "Id,OpportunityId,CreatedById,CreatedDate,Field,OldValue,NewValue\n"
        "1,A,u,2026-01-05T09:00:00.000Z,created,,\n"
        "2,A,u,2026-01-06T09:00:00.000Z,StageName,Prospecting,Closed Won\n"
    ),
    "hubspot": (
        "deal_id,timestamp,_fivetran_synced,source,name,source_id,value\n"
        "A,2026-01-05 09:00:00.819,2026-02-01 00:00:00,CRM_UI,dealstage,1,appointmentscheduled\n"
        "A,2026-01-06 09:00:00.819,2026-02-01 00:00:00,CRM_UI,dealstage,1,closedwon\n"
    ),
    "salesforce-warehouse": (
        "_fivetran_active,_fivetran_start,amount,close_date,id,owner_id,stage_name\n"
        "false,2026-01-05 09:00:00,5,2026-03-31 00:00:00,A,o,Prospecting\n"
        "true,2026-01-06 09:00:00,5,2026-03-31 00:00:00,A,o,Closed Won\n"
    ),
    "hubspot-stages": (
        "_fivetran_start,deal_id,_fivetran_active,date_entered,source,source_id,value\n"
        "2026-01-05 9:00:48,A,false,2026-01-05 9:00:48,CRM,1,appointmentscheduled\n"
        "2026-01-06 9:00:48,A,true,2026-01-06 9:00:48,CRM,1,closedwon\n"
    ),
    "hubspot-api": (
        "dealId,property,value,timestamp,sourceType,sourceId,sourceLabel,updatedByUserId\n"
        "A,dealstage,appointmentscheduled,2026-01-05T09:00:00.000Z,CRM_UI,1,,7\n"
        "A,dealstage,closedwon,2026-01-06T09:00:00.000Z,CRM_UI,1,,7\n"
    ),
    "pipedrive": (
        "item_id,field_key,old_value,new_value,log_time,user_id\n"
        "A,stage_id,,1,2026-01-05 09:00:00,7\nA,status,open,won,2026-01-06 09:00:00,7\n"
    ),
    "pipedrive-changelog": (
        "deal_id,field_key,old_value,new_value,actor_user_id,time\n"
        "A,stage_id,,1,7,2026-01-05 09:00:00\nA,status,open,won,7,2026-01-06 09:00:00\n"
    ),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder without a workspace, with a history of deals."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deals.csv").write_text(ROWS)
    return tmp_path


def test_what_is_proposed_loads_and_says_what_to_do_next(run, here):
    ran = run("map deals.csv --out crm.yaml")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("wrote crm.yaml; then: stagewright review deals.csv --map crm.yaml\n") or "check" in ran.err
    assert "read by it: 3 deals with 9 moves" in ran.err
    assert run("check crm.yaml").code == 0


def test_without_out_the_map_is_printed_and_nothing_is_written(run, here):
    ran = run("map deals.csv")
    assert ran.code == 0
    assert "stage: Stage" in ran.out
    assert "keep it with --out maps/deals.yaml" in ran.err
    assert [path.name for path in here.iterdir()] == ["deals.csv"]


def test_as_json_each_line_has_its_evidence(run, here):
    told = json.loads(run("map deals.csv --format json --name our-crm").out)
    assert (told["schema"], told["name"]) == ("stagewright/map/1", "our-crm")
    assert told["yaml"].startswith("# A map")
    assert {"line": "deal", "because": "3 different ones in 9 rows", "check": False} in told["rows"]


def test_a_file_that_is_there_is_never_overwritten(run, here):
    (here / "crm.yaml").write_text("mine")
    ran = run("map deals.csv --out crm.yaml")
    assert (ran.code, (here / "crm.yaml").read_text()) == (2, "mine")
    assert "is there already" in ran.err


def test_for_a_process_the_stages_become_its_own(run, workspace):
    (workspace / "deals.csv").write_text(ROWS.replace("Lead", "Prospect"))
    ran = run("map deals.csv --process inside-sales --out crm.yaml --name crm")
    text = (workspace / "crm.yaml").read_text()
    assert ran.code == 0
    assert "process: inside-sales@" in text
    assert "Prospect: prospect" in text
    assert "ends:" not in text
    assert run("check crm.yaml").code == 0


@pytest.mark.parametrize("name", HISTORIES)
def test_each_shipped_map_reads_its_export(run, here, name):
    (here / "history.csv").write_text(HISTORIES[name])
    ran = run(f"map history.csv --preset {name} --out mine.yaml")
    assert (ran.code, ran.out) == (0, "")
    assert "read by it: 1 deal with 2 moves" in ran.err
    assert run("check mine.yaml").code == 0
    assert ": won" in (here / "mine.yaml").read_text()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("map nowhere.csv", "nowhere.csv"),
        ("map deals.csv --preset hubspto", "did you mean 'hubspot'"),
        ("map deals.csv --preset salesforce", "it has no column 'OpportunityId'"),
        ("map deals.csv --name 'Our CRM'", "cannot name a map"),
        ("map deals.csv --process nowhere", "no workspace here"),
        ("map empty.csv", "is empty"),
        ("map names.csv", "has no rows"),
        ("map other.csv", "names the deal"),
    ],
)
def test_a_mistake_is_said_with_its_mend(run, here, line, told):
    (here / "empty.csv").write_text("")
    (here / "names.csv").write_text("Deal ID,Stage\n")
    (here / "other.csv").write_text("Colour,Taste\nred,sweet\n")
    ran = run(line)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_cell_that_the_map_cannot_read_is_named_and_the_answer_is_no(run, here):
    (here / "history.csv").write_text(HISTORIES["hubspot"] + "B,soon,,,dealstage,1,closedwon\n")
    ran = run("map history.csv --preset hubspot")
    assert ran.code == 1
    assert "B4 (timestamp): 'soon' is not a date" in ran.err


def test_a_map_by_which_no_deal_can_be_read_is_an_error_that_says_why(run, here):
    days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-02-31"]
    rows = [f"A,{stage},{day}" for stage, day in zip(["Lead", "Demo", "Offer", "Talk", "Won"], days, strict=True)]
    (here / "odd.csv").write_text("\n".join(["Deal ID,Stage,Date", *rows]) + "\n")
    ran = run("map odd.csv")
    assert ran.code == 2
    assert "error: no deal of 'odd.csv' could be read" in ran.err
    assert "Date: '2026-02-31' is not a date" in ran.err
    assert ran.out.count("check this: 1 of 5 cells cannot be read") == 1


SALE = """
process: sale
version: 1
facts: {contact_role: {type: text}, budget_confirmed: {type: text}, city: {type: text}}
touchpoints: [call]
stages: {lead: {}, demo: {}, signed: {ends: won}, dead: {ends: lost}}
actions:
  on: {from: open, to: later}
  win: {from: open, to: signed}
  lose: {from: open, to: dead}
"""


@pytest.fixture
def sale(tmp_path, monkeypatch):
    """A workspace with one small process."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "processes" / "sale" / "1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(SALE)
    return tmp_path


def test_for_a_process_ends_are_known_by_their_kind_and_what_is_no_stage_is_said(run, sale):
    stages = ["Lead", "Demo", "Pondering", "Closed Won", "Closed Lost"]
    rows = [f"D{n},{stage},2026-01-0{d},boss,yes" for n in range(3) for d, stage in enumerate(stages, 1)]
    (sale / "deals.csv").write_text("\n".join(["Deal ID,Stage,Date,Contact,Budget", *rows]) + "\n")
    ran = run("map deals.csv --process sale")
    assert ran.code == 0
    lines = {line.split(":")[0].strip(): line for line in ran.out.splitlines()}
    assert lines["Closed Won"].startswith("  Closed Won: signed")
    assert lines["Closed Lost"].startswith("  Closed Lost: dead")
    assert "check this: no stage of sale@1 is called so" in lines["Pondering"]
    assert lines["contact_role"].startswith("  contact_role: Contact")
    assert "check this: 'Contact' is called nearly so" in lines["contact_role"]
    assert "check this" in lines["budget_confirmed"]
