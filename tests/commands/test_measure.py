"""Measuring as a person does it."""

import json

import jsonschema
import pytest

from engine.report import schemas

MAP = """\
map: crm
process: inside-sales@2
shape: moves
deal: Deal
stage: Stage
happened: At
stages:
  Prospect: prospect
  Qualified: qualified
  Demo: demo
  Proposal: proposal
  Negotiation: negotiation
  Won: won
  Lost: lost
owner: Owner
"""
WON = ("Prospect", "Qualified", "Demo", "Proposal", "Negotiation", "Won")
WAYS = (WON, WON, ("Prospect", "Qualified", "Lost"), ("Prospect", "Demo", "Lost"), ("Prospect", "Qualified"))
PEOPLE = """\
people:
  ana: {roles: [ae], team: North}
  b.li: {roles: [ae], name: Ben Li, team: South}
"""


def told(prefix, month):
    """Twenty-five deals that started in that month, two of five won."""
    rows = [
        f"{prefix}-{deal},{stage},2025-{month + step:02d}-{1 + deal:02d},{'ana' if deal % 2 else 'Ben Li'}"
        for deal in range(25)
        for step, stage in enumerate(WAYS[deal % len(WAYS)])
    ]
    return "\n".join(["Deal,Stage,At,Owner", *rows]) + "\n"


@pytest.fixture
def crm(run, workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    old = (
        MAP.replace("map: crm", "map: old").replace("@2", "@1").replace("Qualified: qualified", "Qualified: interested")
    )
    (workspace / "maps" / "old.yaml").write_text(old)
    (workspace / "crm.csv").write_text(told("D", 1))
    return workspace


@pytest.fixture
def journal(run, crm):
    """Deals that follow the first version, and later ones that follow the second."""
    (crm / "later.csv").write_text(told("E", 5))
    assert run("import crm.csv --map old --at 2025-12-01").code == 0
    assert run("import later.csv --map crm --at 2025-12-01").code == 0
    return crm


def read(run, line):
    return json.loads(run(f"measure {line} --format json").out)


def rows(study, name):
    return next(each["rows"] for each in study["sections"] if each["id"] == name)


def test_a_file_is_measured_without_a_journal(run, crm):
    answer = run("measure crm.csv --map crm")

    assert (answer.code, answer.err) == (0, "")
    assert "10 of 20 deals won or lost were won" in answer.out
    assert not (crm / "deals.journal").exists()


def test_the_answer_as_json_fits_its_schema(run, crm):
    study = read(run, "crm.csv --map crm --by owner --since 2025-01-10 --until 2025-05-31")

    jsonschema.validate(study, schemas.schema("measure"))
    asked = {each["name"]: each["value"] for each in study["asked"]}
    assert (asked["since"], asked["until"], asked["by"]) == ("2025-01-10", "2025-05-31", "owner")


def test_a_day_is_that_of_the_process_from_its_first_moment_to_its_last(run, crm):
    # In Berlin, where the process is at home, summer time is two hours ahead.
    study = read(run, "crm.csv --map crm --since 2025-05-01 --until 2025-05-31")
    assert study["as_of"] == "2025-05-31T21:59:59.999999Z"

    (crm / "edge.csv").write_text(
        "Deal,Stage,At,Owner\nA,Prospect,2025-05-31T10:00:00Z,ana\nA,Lost,2025-05-31T21:59:59Z,ana\n"
        "B,Prospect,2025-05-31T10:00:00Z,ana\nB,Lost,2025-05-31T22:00:00Z,ana\n"
    )
    study = read(run, "edge.csv --map crm --until 2025-05-31")
    assert [row["deals"] for row in rows(study, "outcomes")] == [0, 1, 0, 1]
    study = read(run, "edge.csv --map crm --since 2025-06-01 --until 2025-06-01")
    assert [row["deals"] for row in rows(study, "outcomes")] == [0, 1, 0, 0]


def test_an_exact_time_is_meant_as_it_is(run, crm):
    assert read(run, "crm.csv --map crm --at 2025-05-31")["as_of"] == "2025-05-31T00:00:00Z"


def test_a_day_that_is_still_to_come_ends_with_what_is_known(run, journal):
    study = read(run, "--until 2999-12-31")
    assert study["as_of"] < "2999"


def test_a_day_that_is_typed_goes_before_the_time_of_the_environment(run, crm, monkeypatch):
    monkeypatch.setenv("STAGEWRIGHT_AT", "2025-03-01")
    assert read(run, "crm.csv --map crm --until 2025-04-30")["as_of"].startswith("2025-04-30")
    assert read(run, "crm.csv --map crm")["as_of"].startswith("2025-03-01")


def test_owners_are_told_by_the_team_that_people_yaml_says(run, crm):
    (crm / "people.yaml").write_text(PEOPLE)
    found = rows(read(run, "crm.csv --map crm --by team"), "groups")
    assert [(row["group"], row["deals"], row["won"]) for row in found] == [("South", 13, 5), ("North", 12, 5)]


def test_without_people_there_are_no_teams(run, crm):
    answer = run("measure crm.csv --map crm --by team")
    assert (answer.code, answer.out) == (2, "")
    assert "write 'team:' beside the roles of each person in people.yaml" in answer.err


def test_without_a_map_it_is_said_where_the_order_of_stages_is_a_guess(run, crm):
    (crm / "now.csv").write_text(
        "Deal,Stage,Since\nA,Offer,2026-01-02\nB,Demo,2026-01-03\nC,Won,2026-01-04\nD,Lost,2026-01-05\n"
    )
    guessed = run("measure now.csv --only outcomes").err.splitlines()
    assert guessed[0] == "no --map given: read as 'stagewright map now.csv' proposes"
    assert guessed[1].startswith("the order of the stages is a guess")
    assert run("measure nowhere.csv").err.startswith("error: 'nowhere.csv' cannot be read")


def test_a_page_is_written_beside_what_is_printed(run, crm):
    answer = run("measure crm.csv --map crm --html page.html")
    assert (answer.code, answer.err) == (0, "wrote page.html\n")
    assert answer.out == run("measure crm.csv --map crm").out
    assert (crm / "page.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("names", ["1 2", "v1 v2", "inside-sales@1 inside-sales@2"])
def test_two_versions_are_compared(run, journal, names):
    answer = run(f"measure --compare {names} --until 2025-12-01")
    assert (answer.code, answer.err) == (0, "")
    assert "inside-sales@1: 25 deals, started from 2025-01-01 to 2025-01-25; 5 still open." in answer.out
    assert "Won, lost, open: inside-sales@2 less inside-sales@1" in answer.out
    assert "Changed with inside-sales@2 (since 2025-05-01): 'unqualified' is a new end (other)" in answer.out


def test_a_report_across_versions_says_what_is_not_comparable(run, journal):
    study = read(run, "--until 2025-12-01")
    assert [sentence for sentence in study["says"] if sentence.startswith("Changed with inside-sales@2")]
    assert study["says"][-1] == "All that changed is told by 'stagewright diff inside-sales@1 inside-sales@2'."


@pytest.mark.parametrize(
    ("line", "message", "mend"),
    [
        ("--by region", "deals have no 'region'", "another column of a file becomes one under 'facts' of its map"),
        ("--by ower", "deals have no 'ower' to be grouped by", "did you mean 'owner'?"),
        ("--by owner --compare 1 2", "--by and --compare both say", "leave one of them out"),
        ("--compare 2 3", "no deal follows inside-sales@3", "deals follow inside-sales@2"),
        (
            "--compare 1 sale@2",
            "--compare: 'sale@2' is no version of inside-sales",
            "name two versions of inside-sales",
        ),
        ("--compare 1 ²", "--compare: '²' is no version of inside-sales", "name two versions of inside-sales"),
        ("--only groups", "without groups there is no measure 'groups'", "say by what, such as --by owner"),
        ("--only outcome", "there is no measure 'outcome'", "did you mean 'outcomes'?"),
        ("--until 2025-05-31 --at 2025-05-31", "--until and --at both say how far to look", "leave one of them out"),
        ("--until 2025-05-31T10:00", "--until: '2025-05-31T10:00' is not a day", "an exact time goes to --at"),
        ("--until 2020-01-01", "no deal had begun by the end of 2020-01-01", "a later day"),
        ("--until 9999-12-31", "9999-12-31 is too late", "name a day that has come"),
        ("--since 0001-01-01", "0001-01-01 is too early", "name a day that deals may be of"),
        ("--since 2025-08-01", "nothing was seen since 2025-08-01", "name an earlier time"),
        ("--since soon", "'soon' is not a time", "write 2026-03-31"),
        ("--html page.html --out page.html", "--html and --out name one file", "leave one of them out"),
        ("--html crm.csv", "'crm.csv' is what is read here", "name another file"),
        ("--within 999d", "a horizon of 999 days reaches beyond the follow-up", "ask for a shorter one"),
        ("--within 0d", "--within: a horizon is more than no time", "write it as 30d"),
    ],
)
def test_a_mistake_is_told_with_its_mend_and_nothing_is_written(run, crm, line, message, mend):
    before = sorted(crm.iterdir())
    answer = run(f"measure crm.csv --map crm {line}")

    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert mend in answer.err
    assert sorted(crm.iterdir()) == before


def test_only_deals_of_which_a_condition_is_true_are_measured(run, crm):
    study = read(run, """crm.csv --map crm --where 'reached("demo")'""")
    assert [row["deals"] for row in rows(study, "outcomes")] == [10, 5, 0, 0]
    assert """Only deals of which 'reached("demo")' is true: 15 of 25 deals.""" in study["notes"]
    assert {"name": "where", "value": 'reached("demo")'} in study["asked"]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("amont > 3", "error: --where 'amont > 3': unknown fact 'amont'"),
        ("amount > 3", "error: there is no deal of which 'amount > 3' is true"),
        ('owner == "ana"', "conditions do not know who has a deal"),
        ("other", "error: there is no deal of which 'other' is true"),
    ],
)
def test_a_condition_that_holds_of_nothing_is_no_answer(run, crm, condition, says):
    answer = run(f"measure crm.csv --map crm --where '{condition}'")
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err


def test_measures_that_the_process_declares_are_told_and_can_be_asked_for_alone(run, crm):
    study = read(run, "crm.csv --map crm --only win_rate --only proposal_time")
    assert [each["id"] for each in study["sections"]] == ["metrics", "metrics-by-period"]
    assert [row["metric"] for row in rows(study, "metrics")] == ["win_rate", "proposal_time.p50", "proposal_time.p90"]
    assert rows(study, "metrics")[0]["share"]["value"] == 0.5
    assert {row["metric"] for row in rows(study, "metrics-by-period")} == {"win_rate"}


def test_of_measures_that_were_not_asked_for_nothing_is_noted(run, crm):
    notes = {
        name: next(each["notes"] for each in read(run, f"crm.csv --map crm --only {name}")["sections"])
        for name in ("metrics", "win_rate")
    }
    assert [note for note in notes["metrics"] if note.startswith("first_contact")]
    assert [note for note in notes["win_rate"] if note.startswith("first_contact")] == []


def test_metrics_declared_since_deals_began_are_pointed_to_and_measured_by_the_version_of_the_file(run, journal):
    assert run("measure").err == ""
    file = journal / "processes" / "inside-sales" / "2.yaml"
    file.write_text(
        file.read_text().replace("\nmetrics:\n", "\nmetrics:\n  big_wins: {type: count, of: won, where: amount > 5}\n")
    )

    answer = run("measure --only big_wins")
    assert answer.code == 2
    assert answer.err.startswith(
        "measured by inside-sales@2 as the journal keeps it; the file of inside-sales@2 declares other metrics: "
        "say --process inside-sales@2 to measure by those\n"
    )
    (row,) = rows(read(run, "--process inside-sales@2 --only big_wins"), "metrics")
    assert row["metric"] == "big_wins"

    file.write_text(file.read_text() + "nonsense: 1\n")
    assert run("measure --only outcomes").err == ""


@pytest.mark.parametrize("never", ["0001-01-01", "9999-12-31T23:59:59Z"])
def test_what_a_program_writes_for_no_date_is_told_and_left_out(run, crm, never):
    (crm / "never.csv").write_text(
        f"Deal,Stage,At,Owner\nA,Prospect,{never},ana\nB,Prospect,2025-01-01,ana\nB,Won,2025-01-05,ana\n"
    )
    for line in (
        "measure never.csv --map crm",
        "measure never.csv --map crm --until 2025-01-31",
        "accelerate never.csv --map crm",
    ):
        answer = run(line)
        assert answer.code == 0
        assert f"C2 (At): '{never}' is too" in answer.err


@pytest.mark.parametrize("line", ["--at 9999-12-31T23:59", "--since 9999-12-31T23:59", "--since 0001-01-01T00:00"])
def test_a_time_that_no_deal_can_be_of_is_refused(run, crm, line):
    answer = run(f"measure crm.csv --map crm {line}")
    assert (answer.code, answer.out) == (2, "")
    assert "name a time that deals may be of" in answer.err


@pytest.mark.parametrize("file", ["processes/inside-sales/2.yaml", "people.yaml", "report.pdf"])
def test_a_page_is_written_only_where_a_page_may_be(run, journal, file):
    (journal / "people.yaml").write_text(PEOPLE)
    before = (journal / file).read_text() if (journal / file).exists() else None

    answer = run(f"measure --html {file}")

    assert (answer.code, answer.out) == (2, "")
    assert "name it so that it ends in .html" in answer.err
    assert ((journal / file).read_text() if (journal / file).exists() else None) == before


def test_two_names_of_one_file_are_one_file(run, crm):
    (crm / "link.html").symlink_to(crm / "page.html")
    answer = run("measure crm.csv --map crm --html link.html --out page.html")
    assert answer.code == 2
    assert "name one file" in answer.err


@pytest.mark.parametrize("line", ["crm.csv --map crm --rates rate.csv", "cmr.csv --map crm"])
def test_a_file_that_is_not_there_is_said_with_a_mend(run, crm, line):
    answer = run(f"measure {line}")
    assert answer.code == 2
    assert answer.err.splitlines()[-1].startswith("  ")


def test_deals_on_postgresql_measure_as_those_in_a_file(run, journal, postgres_url):
    assert run(f"import crm.csv --map old --at 2025-12-01 --journal {postgres_url}").code == 0
    assert run(f"import later.csv --map crm --at 2025-12-01 --journal {postgres_url}").code == 0
    for line in (
        "measure --at 2025-12-31 --by owner",
        "measure --at 2025-12-31 --compare 1 2",
        "accelerate --at 2025-12-31",
    ):
        here, there = (
            json.loads(run(f"{line} --format json {where}").out) for where in ("", f"--journal {postgres_url}")
        )
        assert here | {"subject": ""} == there | {"subject": ""}
        assert "password" not in there["subject"]
