"""Where time can be won, asked of a file and of the journal as a person does it."""

import json

import jsonschema
import openpyxl
import pytest

from engine.report import schemas

WON = ("Prospect", "Qualified", "Demo", "Proposal", "Negotiation", "Won")
WAYS = (WON, WON, ("Prospect", "Qualified", "Lost"), ("Prospect", "Demo", "Lost"), ("Prospect", "Qualified"))
MAP = """\
map: crm
process: inside-sales@2
shape: moves
deal: Deal
stage: Stage
happened: At
stages:
  {Prospect: prospect, Qualified: qualified, Demo: demo, Proposal: proposal,
   Negotiation: negotiation, Won: won, Lost: lost}
facts:
  amount: {column: Value, known: start}
"""
ROWS = [
    f"D-{deal},{stage},2026-{1 + step:02d}-{1 + (deal * (1 + step)) % 28:02d},{1000 + deal}"
    for deal in range(40)
    for step, stage in enumerate(WAYS[deal % len(WAYS)])
]
WHO = "--as ben --role ae"


@pytest.fixture
def crm(workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    (workspace / "crm.csv").write_text("\n".join(["Deal,Stage,At,Value", *ROWS]) + "\n")
    return workspace


@pytest.fixture
def refused(run, acme):
    """A deal refused on 14 March for what is recorded on the 20th, and on the 24th for want of an approval."""
    for line in (
        f"advance acme qualify --reason need-confirmed --fact contact_role=user {WHO} --at 2026-03-04T09:00",
        f"advance acme hold-demo {WHO} --at 2026-03-12T09:00",
        f"advance acme send-proposal {WHO} --at 2026-03-14T09:00",
        f"record acme contact_role=champion budget_confirmed=true discount=20% decision_date=2026-05-01 {WHO} "
        "--at 2026-03-20T08:00",
        f"advance acme send-proposal {WHO} --at 2026-03-20T09:00",
        f"advance acme negotiate {WHO} --at 2026-03-22T09:00",
        f"advance acme sign {WHO} --at 2026-03-24T09:00",
        "approve acme sign --as mia --role manager --at 2026-03-26T09:00",
        f"advance acme sign {WHO} --at 2026-03-30T09:00",
    ):
        run(line)
    return acme


def study(ran):
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    jsonschema.validate(found, schemas.schema("accelerate"))
    return found


def section(found, name):
    return next(each["rows"] for each in found["sections"] if each["id"] == name)


def test_a_file_is_told_without_a_journal_and_what_to_try_first(run, crm):
    told = run("accelerate crm.csv --map crm")
    assert (told.code, told.err) == (0, "")
    assert "Try first: have deals advance sooner from " in told.out
    assert "Where the time goes" in told.out
    assert not (crm / "deals.journal").exists()


def test_the_journal_tells_the_same_as_the_file_that_was_imported(run, crm):
    assert run("import crm.csv --map crm --at 2026-09-01").code == 0
    kept = study(run("accelerate --at 2026-09-01 --format json"))
    read = study(run("accelerate crm.csv --map crm --at 2026-09-01 --format json"))
    assert section(kept, "days-won") == section(read, "days-won")
    assert section(kept, "wins-gained")[0]["value_20"]["value"] > 0


def test_waits_for_requirements_and_approvals_are_told_from_the_journal(run, refused):
    found = study(run("accelerate --at 2026-05-01 --format json"))
    waits = {row["requirement"]: row for row in section(found, "waits")}
    assert set(waits) == {"demo/to_pass/1", "budget-known"}
    assert waits["budget-known"]["total_days"] == 6.0
    # Granted on the 26th, though the move was made on the 30th.
    assert [row["total_days"] for row in section(found, "approvals")] == [2.0]
    assert found["says"][-1].startswith("Most waited for: ")


def test_deals_of_a_process_are_looked_at_and_bounds_are_told(run, crm):
    assert run("import crm.csv --map crm --at 2026-09-01").code == 0
    found = study(run("accelerate --process inside-sales --since 2026-02-01 --at 2026-05-01 --format json"))
    assert {each["name"]: each["value"] for each in found["asked"]}["since"] == "2026-02-01"
    assert found["as_of"].startswith("2026-05-01")


def test_until_a_day_is_until_its_end_where_the_process_is_at_home(run, crm):
    line = "accelerate crm.csv --map crm --until 2026-04-30 --format json"
    found = study(run(line))
    assert found["as_of"].startswith("2026-04-30T21:59:59")
    assert {each["name"]: each["value"] for each in found["asked"]}["until"] == "2026-04-30"
    both = run(f"{line} --at 2026-04-30")
    assert (both.code, both.out) == (2, "")
    assert "--until and --at both say how far to look" in both.err


def test_it_goes_into_a_spreadsheet_a_page_and_a_table(run, crm):
    for name in ("found.xlsx", "found.html", "found.csv", "found.md"):
        assert run(f"accelerate crm.csv --map crm --out {name}").code == 0
    sheets = openpyxl.load_workbook(crm / "found.xlsx").sheetnames
    assert any("Days won" in each for each in sheets)
    assert "Try first" in (crm / "found.html").read_text(encoding="utf-8")


def test_money_of_two_currencies_is_refused_unless_rates_are_given(run, crm):
    (crm / "processes/inside-sales/2.yaml").write_text(
        (crm / "processes/inside-sales/2.yaml").read_text().replace("facts:\n", "facts:\n  currency: {type: text}\n", 1)
    )
    (crm / "maps/crm.yaml").write_text(MAP + "  currency: {column: In, known: start}\n")
    rows = [f"{row},{'USD' if number % 2 else 'EUR'}" for number, row in enumerate(ROWS)]
    (crm / "crm.csv").write_text("\n".join(["Deal,Stage,At,Value,In", *rows]) + "\n")
    refused = run("accelerate crm.csv --map crm")
    assert refused.code == 2
    assert "EUR" in refused.err
    (crm / "rates.csv").write_text("currency,rate\nUSD,0.9\n")
    assert study(run("accelerate crm.csv --map crm --rates rates.csv --format json"))["currency"] == "EUR"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("accelerate inside-sales", "accelerate --process inside-sales"),
        ("accelerate --simulate", "say which process is tried"),
        ("accelerate crm.csv --map crm --runs 3", "--runs is of a simulation"),
        ("accelerate crm.csv --map crm --set pools.ae.people=2", "--set is of a simulation"),
        ("accelerate inside-sales@2 --simulate --since 2026-01-01", "--since asks for deals that happened"),
        ("accelerate inside-sales@2 --simulate --process inside-sales", "named twice"),
        ("accelerate crm.csv --map crm --since 2027-01-01", "nothing was seen since"),
        ("accelerate", "there is no journal"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(run, crm, line, says):
    told = run(line)
    assert (told.code, told.out) == (2, "")
    assert says in told.err
