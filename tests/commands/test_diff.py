"""Comparing versions as a person does it: by file, by name, and out of git."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from engine.report import schemas

ROOT = Path(__file__).parents[2]
OLD = """\
process: sales
version: 1
currency: EUR
roles: {ae: [], manager: [ae]}
by: [ae]
facts:
  amount: {type: money}
  budget: {type: yes-no}
stages:
  new: {}
  trial: {}
  proposal:
    to_enter:
      - must: amount >= 5000
        says: It is worth it
  won: {ends: won}
  lost: {ends: lost}
actions:
  try: {from: new, to: trial}
  propose: {from: [new, trial], to: proposal}
  sign:
    from: proposal
    to: won
    approval: [{by: manager, says: A manager agrees}]
  lose: {from: open, to: lost, reasons: {other: Something else}}
"""
TIGHTER = OLD.replace("amount >= 5000", "amount >= 9000")
LOOSER = OLD.replace("    approval: [{by: manager, says: A manager agrees}]\n", "")
BROKEN = OLD.replace("  trial: {}\n", "").replace("  try: {from: new, to: trial}\n", "").replace("[new, trial]", "new")
SECOND = BROKEN.replace("version: 1\n", "version: 2\nbecause: Trials led nowhere.\nfollows: {version: 1}\n")
RULES = """\
ruleset: shared
version: 1
facts: {amount: {type: money}}
rules:
  enough: {must: amount >= 100, says: It is enough}
"""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A workspace with one process in two versions."""
    monkeypatch.chdir(tmp_path)
    put("processes/sales/1.yaml", OLD)
    put("processes/sales/2.yaml", SECOND)
    return tmp_path


@pytest.fixture
def repository(shop):
    """The same with its first version committed."""
    Path("processes/sales/2.yaml").unlink()
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "The first version")
    return shop


def put(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def git(*words: str) -> None:
    who = ["-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def levels(out: str) -> list[str]:
    document = json.loads(out)
    jsonschema.validate(document, schemas.schema("diff"))
    return [change["level"] for change in document["changes"]]


@pytest.mark.parametrize(
    "names",
    [
        "sales@1 sales@2",
        "processes/sales/1.yaml processes/sales/2.yaml",
        "sales@1 sales@latest",
        "sales@1 sales",
        "sales@2",
        "processes/sales/2.yaml",
    ],
)
def test_versions_are_named_by_file_or_by_name(run, shop, names):
    told = run(f"diff {names} --format json")

    assert told.code == 0
    assert (json.loads(told.out)["old"], json.loads(told.out)["new"]) == ("sales@1", "sales@2")
    assert levels(told.out)[0] == "break"


def test_order_comments_and_layout_are_no_change(run, shop):
    head, _, actions = OLD.partition("actions:\n")
    put("other/1.yaml", "# another layout\nactions:\n" + actions + head.replace("{type: money}", "{ type:  money }"))

    assert run("diff processes/sales/1.yaml other/1.yaml").out == "sales@1, before and now\nno changes\n"


def test_a_text_tells_the_worst_first_with_both_places_and_what_to_do(run, shop):
    told = run("diff sales@1 sales@2")

    assert told.out.startswith("From sales@1 to sales@2\n")
    assert "break (1): a deal would be stranded\n  stages\n" in told.out
    assert "was  processes/sales/1.yaml:11" in told.out
    assert "What to do next\n" in told.out
    assert told.out.index("break (1)") < told.out.index("tighter (")


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        (BROKEN, {"break", "tighter", "looser", "any"}),
        (TIGHTER, {"tighter", "any"}),
        (LOOSER, {"looser", "any"}),
        (OLD.replace("version: 1", "version: 1\ntitle: Sales"), {"any"}),
        (OLD, set()),
    ],
)
def test_a_level_asked_for_ends_with_one(run, shop, text, reached):
    put("other/1.yaml", text)
    codes = {each: run(f"diff processes/sales/1.yaml other/1.yaml --fail-on {each}").code
             for each in ("break", "tighter", "looser", "any")}  # fmt: skip

    assert codes == {each: int(each in reached) for each in codes}


def test_a_lost_approval_is_told_as_loudly_as_a_new_one(run, shop):
    put("other/1.yaml", LOOSER)

    assert "looser (" in run("diff processes/sales/1.yaml other/1.yaml").out
    assert "::warning " in run("diff processes/sales/1.yaml other/1.yaml --format github").out


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("txt", "From sales@1 to sales@2\n"),
        ("json", '{\n  "schema": "stagewright/diff/1"'),
        ("md", "## From sales@1 to sales@2\n"),
        ("html", "<!DOCTYPE html>"),
        ("csv", "level,subject,code"),
        ("sarif", '{\n  "$schema"'),
    ],
)
def test_the_ending_of_the_file_says_its_form(run, shop, form, start):
    told = run(f"diff sales@1 sales@2 --out diff.{form}")

    assert (told.code, told.out) == (0, "")
    assert told.err.endswith(f"wrote diff.{form}\n")
    assert Path(f"diff.{form}").read_text().startswith(start)


def test_the_page_draws_the_stage_that_is_gone_in_the_old_picture_alone(run, shop):
    run("diff sales@1 sales@2 --out diff.html")
    old, new = Path("diff.html").read_text().split("<svg")[1:]

    assert '<g class="removed">' in old
    assert "<title>trial</title>" in old
    assert "<title>trial</title>" not in new


@pytest.mark.parametrize(
    ("line", "message", "mend"),
    [
        ("sales@1 sals@2", "there is no process and no rule set 'sals'", "did you mean 'sales'?"),
        ("sales@1 sales@3", "there is no version '3' of 'sales'", "there is 1, 2"),
        ("sales@1 processes/sales/3.yaml", "there is no file 'processes/sales/3.yaml'", ""),
        ("sales@1 HEAD:processes/sales/1.yaml", "there is no repository here", ""),
        ("sales@1 other@1", "sales@1 and other@1 are versions of different processes", "name two versions of 'sales'"),
        ("sales@1 shared@1", "sales@1 is a process and shared@1 is a rule set", ""),
        ("sales@1 shared@4", "there is no version '4' of the rule set 'shared'", "there is 1, 2"),
        ("shared@1 alike@1", "versions of different rule sets", ""),
        ("sales@1 maps/hubspot.yaml", "'maps/hubspot.yaml' is neither a process nor a rule set", ""),
        ("sales@1 sales@2 other@1", "3 versions are named, and only two can be compared", "say --base REF"),
        ("shared@1 shared@2 --deals", "deals follow processes, not rule sets", ""),
        ("sales@1 sales@2 --deals", "there is no journal 'deals.journal'", ""),
        ("sales@1 sales@2 --deals --map m.yaml", "--map says how a file is read, and none is named", ""),
        ("sales@1 sales@2 --format html", "html needs a file to go to", "--out diff.html"),
        ("sales@1 sales@2 --out diff.pdf", "does not end in a form that can be written", ""),
        ("processes/sales/1.yaml --base nowhere", "--base nowhere is a git revision", ""),
        ("processes/sales/1.yaml --base=--output=x", "is a git revision", ""),
        ("processes/sales/2.yaml --base HEAD", "stands in no git repository", "leave --base out"),
        ("--deals sales@1 sales@2", "--deals took 'sales@1' as the file", "name the versions before --deals"),
        ("--history processes/sales/1.yaml sales@2", "--history took", "name the versions before --history"),
        (
            "processes/sales/1.yaml processes/sales/2.yaml --out processes/sales/2.yaml --format text",
            "is what is read here",
            "",
        ),
    ],
)
def test_what_cannot_be_compared_is_told_with_a_mend(run, shop, line, message, mend):
    put("processes/other/1.yaml", OLD.replace("process: sales", "process: other"))
    put("rules/shared/1.yaml", RULES)
    put("rules/shared/2.yaml", RULES.replace("version: 1", "version: 2"))
    put("rules/alike/1.yaml", RULES.replace("shared", "alike"))
    put("maps/hubspot.yaml", (ROOT / "maps/hubspot.yaml").read_text())
    told = run(f"diff {line}")

    assert (told.code, told.out) == (2, "")
    assert message in told.err
    assert mend in told.err


def test_a_version_that_does_not_load_is_named_with_what_is_wrong_with_it(run, shop):
    put("processes/sales/2.yaml", SECOND.replace("to: won", "to: wonn"))
    told = run("diff sales@1 sales@2")

    assert (told.code, told.out) == (2, "")
    assert "processes/sales/2.yaml:" in told.err
    assert "'wonn'" in told.err
    assert "error: 'sales@2' does not load, so nothing is compared" in told.err


@pytest.mark.parametrize(("wrong", "mend"), [("to: wonn", "mend it"), ("to: wonn, by: [nobody]", "mend them")])
def test_one_error_and_several_are_worded_so(run, shop, wrong, mend):
    put("processes/sales/2.yaml", SECOND.replace("actions:", f"actions:\n  odd: {{from: new, {wrong}}}"))

    assert mend in run("diff sales@1 sales@2").err


def test_what_is_more_often_a_slip_than_meant_is_remarked_beside_the_answer(run, shop):
    assert "both names are of one version, sales@1" in run("diff sales@1 processes/sales/1.yaml").err
    assert "this is read backwards, from sales@2 to the earlier sales@1" in run("diff sales@2 sales@1").err
    assert run("diff sales@1 sales@2").err == ""


def test_who_names_a_process_alone_hears_of_what_is_newer_than_its_release(run, shop):
    assert run("release sales@2 --because Meant").code == 0
    put("processes/sales/3.yaml", SECOND.replace("version: 2", "version: 3"))
    told = run("diff sales")

    assert told.err == "sales is sales@2, the latest release; name sales@3 to compare what is newer\n"


def test_a_step_between_that_cannot_be_read_is_never_no_changes(run, shop):
    put("processes/sales/3.yaml", OLD.replace("version: 1", "version: 3\nfollows: {version: 2}"))
    put("processes/sales/2.yaml", "process: [")
    told = run("diff sales@1 sales@3")

    assert told.code == 2
    assert "no changes" not in told.out
    assert "sales@2, which sales@3 follows, could not be read" in told.out


def test_a_rename_is_followed_through_the_versions_between(run, shop):
    put(
        "processes/sales/2.yaml", SECOND.replace("follows: {version: 1}", "follows: {version: 1, stages: {trial: new}}")
    )
    renamed = SECOND.replace("version: 2", "version: 3").replace("new", "fresh")
    put("processes/sales/3.yaml", renamed.replace("{version: 1}", "{version: 2, stages: {new: fresh}}"))

    assert "break" not in levels(run("diff sales@1 sales@3 --format json").out)


def test_versions_of_a_rule_set_name_the_processes_that_use_them(run, shop):
    put("rules/shared/1.yaml", RULES)
    put("rules/shared/2.yaml", RULES.replace("version: 1", "version: 2").replace("100", "200"))
    put("processes/sales/1.yaml", OLD.replace("currency: EUR", "currency: EUR\nuses: {shared: 1}"))
    told = run("diff shared@1 rules/shared/2.yaml --format json")

    assert levels(told.out) == ["tighter"]
    assert json.loads(told.out)["used_by"] == ["sales@1"]
    assert "used by sales@1" in run("diff shared@1 shared@2").out


def test_a_file_is_compared_with_what_was_committed(run, repository):
    put("processes/sales/1.yaml", TIGHTER)
    told = run("diff processes/sales/1.yaml")

    assert told.out.startswith("sales@1, before and now\n")
    assert "was  HEAD:processes/sales/1.yaml:14" in told.out
    assert told.out == run("diff HEAD:processes/sales/1.yaml processes/sales/1.yaml").out


@pytest.mark.parametrize(
    ("line", "message", "mend"),
    [
        ("HAED:processes/sales/1.yaml sales@1", "git has no revision 'HAED'", "did you mean 'HEAD'?"),
        ("HEAD processes/sales/1.yaml", "there is no process and no rule set 'HEAD'", "write --base HEAD FILE"),
        ("HEAD:sales/1.yaml sales@1", "git has no 'sales/1.yaml' in 'HEAD'", "git ls-tree"),
        ("processes/sales/1.yaml --base nowhere", "git has no revision 'nowhere'", ""),
    ],
)
def test_a_revision_or_a_file_in_it_that_is_not_there_is_told(run, repository, line, message, mend):
    told = run(f"diff {line}")

    assert (told.code, told.out) == (2, "")
    assert message in told.err
    assert mend in told.err


def test_a_process_named_with_a_base_is_the_file_that_it_stands_for(run, repository):
    put("processes/sales/1.yaml", TIGHTER)

    assert levels(run("diff sales --base HEAD --format json").out) == ["tighter"]


def test_a_version_that_is_not_committed_yet_is_compared_with_the_one_it_follows(run, repository):
    put("processes/sales/2.yaml", SECOND)

    assert levels(run("diff processes/sales/2.yaml --format json").out)[0] == "break"
    assert run("diff --base main processes/sales/2.yaml --fail-on break").code == 1


def test_rule_sets_are_read_from_git_too(run, repository):
    put("rules/shared/1.yaml", RULES)
    git("add", "-A")
    git("commit", "-q", "-m", "Rules")
    put("rules/shared/1.yaml", RULES.replace("100", "50"))

    assert levels(run("diff HEAD:rules/shared/1.yaml shared@1 --format json").out) == ["looser"]


def test_the_first_version_has_nothing_before_it_and_that_is_no_error(run, shop):
    told = run("diff sales@1")

    assert (told.code, told.out) == (0, "")
    assert told.err == "sales@1 is the first version: there is nothing before it to compare it with\n"


def test_of_several_files_each_is_compared_whatever_is_wrong_with_another(run, repository):
    put("processes/sales/1.yaml", TIGHTER)
    put("processes/sales/2.yaml", "process: sales\nversion: 2\n")
    told = run("diff --base HEAD processes/sales/2.yaml processes/sales/1.yaml")

    assert told.code == 2
    assert "tighter (1)" in told.out
    assert "'processes/sales/2.yaml' does not load" in told.err


def test_a_released_version_that_was_changed_is_compared_and_told(run, shop):
    put("processes/sales/released.yaml", f"1: {{digest: {'0' * 64}}}\n")
    told = run("diff sales@1 sales@2")

    assert told.code == 0
    assert "has been changed since" in told.err
    assert "break (1)" in told.out


def test_a_released_file_that_was_changed_is_to_be_put_back(run, repository):
    put("processes/sales/released.yaml", f"1: {{digest: {'0' * 64}}}\n")
    put("processes/sales/1.yaml", OLD.replace("amount >= 5000", "amount >= 4000"))
    told = run("diff processes/sales/1.yaml")
    steps = told.out.partition("What to do next")[2]
    assert "sales@1 is released: put its file back" in steps
    assert "stagewright next sales" in steps
    assert "replay" not in steps


def test_a_diff_loads_no_schemas_of_others_no_numbers_and_no_database(shop):
    code = (
        "import cli, sys; assert cli.run(['diff', 'sales@1', 'sales@2']) == 0; "
        "print([m for m in ('numpy', 'duckdb', 'sqlalchemy', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


MAP = """\
map: crm
process: sales@1
shape: moves
deal: Deal
stage: Stage
happened: At
stages: {new: new, trial: trial, proposal: proposal, won: won, lost: lost}
owner: Owner
facts: {amount: {column: Amount, known: start}}
"""
ROWS = """\
Deal,Stage,At,Owner,Amount
D-1,new,2026-01-05,ana,9000
D-1,trial,2026-01-07,ana,9000
D-2,new,2026-01-06,ben,100
D-2,lost,2026-01-09,ben,100
"""


@pytest.mark.parametrize("asked", ["", " crm.csv --map crm.yaml"])
def test_open_deals_of_the_journal_or_of_a_file_are_judged(run, shop, asked):
    put("crm.yaml", MAP)
    put("crm.csv", ROWS)
    run("import crm.csv --map crm.yaml --at 2026-02-01")
    told = run(f"diff sales@1 sales@2 --at 2026-02-01 --deals{asked}")
    page = json.loads(run(f"diff sales@1 sales@2 --at 2026-02-01 --format json --deals{asked}").out)

    assert "1 of 1 open deal would be stranded, 9,000 EUR, all of ana." in told.out
    assert "see which open deals it hits" not in told.out
    jsonschema.validate(page, schemas.schema("diff"))
    assert page["impact"]


def test_past_moves_are_judged_again(run, shop):
    put("crm.yaml", MAP)
    put("crm.csv", ROWS)
    run("import crm.csv --map crm.yaml --at 2026-02-01")
    told = run("diff sales@1 sales@2 --at 2026-02-01 --history --out diff.md")

    assert told.code == 0
    assert "### What it means for deals" in Path("diff.md").read_text()
    assert "No longer expressible" in Path("diff.md").read_text()


def test_a_version_that_is_released_need_not_be_released_again(run, shop):
    assert "stagewright release sales@2 --because TEXT" in run("diff sales@1 sales@2").out
    run("release sales@2 --because Tried --at 2026-03-01")
    told = run("diff sales@1 sales@2").out

    assert "stagewright release" not in told
    assert "stagewright plan sales@2 -o plan.json" in told
    assert "stagewright plan" not in run("diff sales@2 sales@1").out


def hooks() -> dict[str, str]:
    return {hook["id"]: hook["entry"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def test_the_hooks_that_are_shipped_stop_what_strands_a_deal(run, repository):
    put("processes/sales/1.yaml", TIGHTER)
    fine = [run(f"{entry.removeprefix('stagewright ')} processes/sales/1.yaml") for entry in hooks().values()]
    put("processes/sales/1.yaml", BROKEN)
    stopped = run(f"{hooks()['stagewright-diff'].removeprefix('stagewright ')} processes/sales/1.yaml")

    assert [each.code for each in fine] == [0, 0]
    assert "tighter (1)" in fine[1].out
    assert (stopped.code, "break (1)" in stopped.out) == (1, True)


@pytest.mark.skipif(os.name == "nt", reason="the steps of the action run in a shell of Linux")
def test_the_action_that_is_shipped_annotates_a_pull_request(repository, tmp_path):
    git("checkout", "-q", "-b", "proposal")
    put("processes/sales/2.yaml", SECOND)
    git("add", "-A")
    git("commit", "-q", "-m", "A second version")
    job = yaml.safe_load((ROOT / "docs/how-to/github-action.yml").read_text())["jobs"]["processes"]
    steps = [step["run"] for step in job["steps"] if "run" in step and "pip" not in step["run"]]
    program = tmp_path / "bin" / "stagewright"
    put(str(program), f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "cli.py"}" "$@"\n')
    program.chmod(0o755)
    given = {"TARGET": "main", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "RUNNER_TEMP": str(tmp_path)}
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **given, "PATH": path}
    runs = [
        subprocess.run(["bash", "-e", "-c", step], env=environment, capture_output=True, text=True) for step in steps
    ]

    assert runs[0].returncode == 0
    assert runs[-1].returncode != 0
    assert "::error file=processes/sales/2.yaml," in runs[-1].stdout
    assert (tmp_path / "summary").read_text().startswith("## From sales@1 to sales@2\n")
