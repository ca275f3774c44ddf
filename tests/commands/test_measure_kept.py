"""Measuring what a journal keeps of refusals and waivers, and money of several currencies, as a person does it."""

import json

import pytest

CRM = """\
Deal,Stage,Created,Closed,Value,Currency
D-1,Won,2026-01-05,2026-02-20,12000,USD
D-2,Lost,2026-01-07,2026-01-30,4000,EUR
D-3,Interested,2026-02-02,,7500,usd
D-4,Won,2026-02-02,2026-03-02,0.05,
"""
MAP = """\
map: crm
currency: EUR
shape: deals
deal: Deal
stage: Stage
stages: {Interested: interested, Won: won, Lost: lost}
ends: {won: won, lost: lost}
entered: {interested: Created, won: Closed, lost: Closed}
facts:
  amount: {column: Value, known: unknown, type: money}
  currency: {column: Currency, known: unknown}
"""


@pytest.fixture
def crm(workspace):
    (workspace / "crm.csv").write_text(CRM)
    (workspace / "crm.yaml").write_text(MAP)
    return workspace


def section(told, name):
    (found,) = (each for each in json.loads(told.out)["sections"] if each["id"] == name)
    return found["rows"]


def test_a_refused_move_is_told_with_what_it_asked_for_and_how_it_went_on(run, acme):
    qualify = "advance acme qualify --as ana --role ae --reason need-confirmed"
    assert run(f"{qualify} --at 2026-03-03T09:00").code == 1
    assert run(f"{qualify} --at 2026-03-05T09:00 --fact contact_role=champion").code == 0
    told = run("measure --format json")
    assert told.code == 0
    (row,) = section(told, "refusals")
    assert row["requirement"].startswith("qualify/asks/contact_role: ")
    assert (row["action"], row["refused"], row["deals"], row["waiting"]) == ("qualify", 1, 1, 0)
    assert row["passed_next"]["value"] == 1
    assert row["p50_days"]["value"] == 2


@pytest.mark.parametrize("command", ["measure", "review"])
def test_money_of_two_currencies_is_not_added_up(run, crm, command):
    told = run(f"{command} crm.csv --map crm.yaml")
    assert (told.code, told.out) == (2, "")
    assert "2 deals in EUR, 2 deals in USD" in told.err
    assert "--rates FILE" in told.err


@pytest.mark.parametrize("command", ["measure", "review"])
def test_rates_make_it_one(run, crm, command):
    (crm / "rates.csv").write_text("currency,rate,from\nUSD,0.5,\nUSD,0.25,2026-02-20\n")
    told = run(f"{command} crm.csv --map crm.yaml --rates rates.csv --format json")
    assert told.code == 0
    study = json.loads(told.out)
    assert study["currency"] == "EUR"
    assert any("All money is in EUR" in note for note in study["notes"])
    values = {
        row["outcome"]: row["value"] for row in section(told, {"measure": "outcomes", "review": "overview"}[command])
    }
    assert {name: float(values[name]) for name in ("won", "lost", "open")} == {
        "won": 3000.05,
        "lost": 4000,
        "open": 3750,
    }


def test_a_faulty_table_of_rates_is_told_row_by_row(run, crm):
    (crm / "rates.csv").write_text("currency,rate\nUSD,0\nUSD,much\n")
    told = run("measure crm.csv --map crm.yaml --rates rates.csv")
    assert (told.code, told.out) == (2, "")
    assert "error: rates.csv, row 2, rate: a rate of 0" in told.err
    assert "error: rates.csv, row 3, rate: 'much' is no number" in told.err
    assert "2 faults in the rates" in told.err


def test_the_rates_are_not_written_over(run, crm):
    (crm / "rates.csv").write_text("currency,rate\nUSD,0.5\n")
    told = run("measure crm.csv --map crm.yaml --rates rates.csv --out rates.csv --format csv")
    assert told.code == 2
    assert (crm / "rates.csv").read_text().startswith("currency")


BROKEN = """\
Deal,Stage,At,Amount,Budget
D-1,Prospect,2026-01-01,100,true
D-1,Qualified,2026-01-02,100,true
D-1,Demo,2026-01-03,100,true
D-1,Proposal,2026-01-04,100,true
D-2,Prospect,2026-01-01,9000,true
D-2,Qualified,2026-01-02,9000,true
D-2,Demo,2026-01-03,9000,true
D-2,Proposal,2026-01-04,9000,true
"""
BROKEN_MAP = """\
map: broken
process: inside-sales@2
shape: moves
deal: Deal
stage: Stage
happened: At
stages: {Prospect: prospect, Qualified: qualified, Demo: demo, Proposal: proposal}
facts:
  amount: {column: Amount, known: move}
  budget_confirmed: {column: Budget, known: move}
"""


def test_an_imported_move_that_the_process_would_have_refused_deviates_and_is_not_refused(run, workspace):
    (workspace / "broken.csv").write_text(BROKEN)
    (workspace / "broken.yaml").write_text(BROKEN_MAP)
    brought = run("import broken.csv --map broken.yaml --at 2026-02-01 --format json")
    told = run("measure --format json")
    (row,) = (each for each in section(told, "deviations") if each["moves"])
    assert row["requirement"].startswith("budget-known: ")
    assert (row["action"], row["moves"], row["deals"]) == ("send-proposal", 1, json.loads(brought.out)["deviating"])
    assert row["share"]["value"] == 0.5
    assert section(told, "refusals") == section(told, "overrides") == []


def test_versions_that_reckon_in_two_currencies_are_not_added_up(run, acme):
    text = (acme / "processes/inside-sales/2.yaml").read_text()
    third = text.replace("version: 2", "version: 3", 1).replace("currency: EUR", "currency: USD", 1)
    (acme / "processes/inside-sales/3.yaml").write_text(third)
    assert run("start inside-sales@3 zed --fact amount=9000 --as ana --role ae --at 2026-03-02T09:00").code == 0
    told = run("measure")
    assert told.code == 2
    assert "1 deal in USD, 1 deal in EUR" in told.err
    (acme / "rates.csv").write_text("currency,rate\nEUR,1.1\n")
    told = run("measure --rates rates.csv --format json")
    assert (json.loads(told.out)["currency"], section(told, "outcomes")[3]["value"]) == ("USD", 18900)
