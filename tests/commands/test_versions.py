"""``versions``: what became of each version of a process, on disk, in the journal and in git."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from engine.loading.processes import load_process
from engine.model.change import Level
from engine.report.schemas import schema
from engine.versions.diff import diff

HOME = Path("processes/inside-sales")

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def rows(run, line: str) -> list[dict]:
    told = run(f"{line} --format json")
    assert told.code == 0, told.err
    document = json.loads(told.out)
    jsonschema.validate(document, schema(document["schema"].split("/")[1]))
    return document["rows"]


def commit(subject: str, *, after: str = "true") -> None:
    """Commits everything, after a line of shell."""
    who = "-c user.name='Ana =1+1' -c user.email=a@b -c commit.gpgsign=false"
    subprocess.run(f"{after} && git add -A && git {who} commit -q -m '{subject}'", shell=True, check=True)


def test_each_version_is_told_with_its_release_and_its_open_deals(run, acme):
    run("release inside-sales@1 --because 'Go' --at 2026-01-31")
    first, second = rows(run, "versions inside-sales")
    assert (first["released"], first["released_because"], first["file"]) == ("2026-01-31", "Go", "as released")
    assert (first["break"], first["note"], first["open_deals"]) == (None, None, 0)
    assert (second["released"], second["file"], second["open_deals"]) == ("", "not released", 1)
    changes = diff(*(load_process(HOME / f"{version}.yaml").value for version in (1, 2)))
    assert [second[level.value] for level in Level] == [changes.count(level) for level in Level]
    assert second["looser"] > 0
    assert second["because"].startswith("In version 1 four of ten")


def test_what_a_version_changed_is_not_told_against_one_before_the_unread_one(run, workspace):
    run("next inside-sales")
    (HOME / "2.yaml").write_text("process: [\n")
    assert [row["note"] for row in rows(run, "versions inside-sales")] == [None] * 3
    told = run("versions inside-sales").out
    assert "version 3: what it changed is not told, for version 2 cannot be read" in told


@pytest.mark.parametrize("command", ["plan", "versions"])
def test_a_rule_set_is_told_from_a_process(run, workspace, command):
    told = run(f"{command} qualification")
    assert (told.code, "'qualification' is a rule set, not a process" in told.err) == (2, True)


def test_a_file_that_was_changed_or_is_gone_or_does_not_load_is_told(run, workspace):
    for version in (1, 2):
        run(f"release inside-sales@{version} --because 'Go'")
    run("next inside-sales")
    (HOME / "1.yaml").unlink()
    with (HOME / "2.yaml").open("a") as file:
        file.write("# changed\n")
    (HOME / "3.yaml").write_text("process: [\n")
    told = run("versions inside-sales")
    assert [row["file"] for row in rows(run, "versions inside-sales")] == ["missing", "changed since", "has errors"]
    assert "version 1: the file is gone; put processes/inside-sales/1.yaml back" in told.out
    assert "open_deals" not in told.out


def test_deals_that_follow_another_text_of_a_draft_are_told(run, acme):
    with (HOME / "2.yaml").open("a") as file:
        file.write("# changed\n")
    told = run("versions inside-sales").out
    assert "version 2: 1 open deal follows another text of it, which the journal keeps" in told


def test_a_version_that_only_deals_and_the_list_know_is_told(run, acme):
    (HOME / "2.yaml").unlink()
    assert [(row["version"], row["open_deals"], row["file"]) for row in rows(run, "versions inside-sales")] == [
        (1, 0, "not released"),
        (2, 1, "missing"),
    ]


def test_where_none_is_released_it_says_what_to_do(run, workspace):
    told = run("versions inside-sales")
    assert "none is released yet: 'stagewright release inside-sales --because …'" in told.out
    assert run("versions inside").code == 2


@needs_git
def test_the_commits_of_a_process_are_told_newest_first(run, workspace):
    subprocess.run(["git", "init", "-q"], check=True)
    commit("first")
    commit("break it", after="sed -i.bak 's/to: demo,/to: demmo,/' processes/inside-sales/2.yaml")
    commit("mend it", after="mv processes/inside-sales/2.yaml.bak processes/inside-sales/2.yaml")
    commit("elsewhere", after="touch README")
    found = rows(run, "versions inside-sales --git")
    assert [(row["subject"], Path(row["file"]).name, row["against"]) for row in found] == [
        ("mend it", "2.yaml", "the commit before"),
        ("break it", "2.yaml", ""),
        ("first", "1.yaml", ""),
        ("first", "2.yaml", "version 1"),
    ]
    assert found[1]["problem"].startswith("this version does not load: line ")
    assert found[0]["problem"].startswith("the one before does not load: line ")
    assert [row["break"] is None for row in found] == [True, True, True, False]
    assert {row["author"] for row in found} == {"Ana =1+1"}


@needs_git
def test_a_file_is_followed_under_the_names_that_it_had(run, workspace):
    subprocess.run(["git", "init", "-q"], check=True)
    commit("first")
    commit("rename", after="git mv processes/inside-sales/2.yaml processes/inside-sales/5.yaml")
    found = rows(run, "versions processes/inside-sales/5.yaml --git")
    assert [(row["subject"], Path(row["file"]).name) for row in found] == [("rename", "5.yaml"), ("first", "2.yaml")]
    told = run("versions inside-sales --git --most 1")
    assert "there are older commits; --most 4 shows more" in told.out
    assert "first" not in told.out


@needs_git
def test_the_history_of_a_rule_set_is_told_as_well(run, workspace):
    subprocess.run(["git", "init", "-q"], check=True)
    commit("first")
    commit("title", after="sed -i.bak 's/^title: .*/title: Another/' rules/qualification/1.yaml && rm rules/*/*.bak")
    found = rows(run, "versions rules/qualification/1.yaml --git")
    assert [(row["subject"], row["note"], row["problem"]) for row in found] == [("title", 1, ""), ("first", None, "")]


@needs_git
def test_a_workspace_below_the_top_of_a_repository_is_read_with_its_own_rule_sets(run, workspace, monkeypatch):
    Path("sales").mkdir()
    for name in ("processes", "rules"):
        Path(name).rename(f"sales/{name}")
    subprocess.run(["git", "init", "-q"], check=True)
    commit("first")
    monkeypatch.chdir("sales")
    found = rows(run, "versions inside-sales --git")
    assert [(row["file"], row["problem"]) for row in found] == [
        ("sales/processes/inside-sales/1.yaml", ""),
        ("sales/processes/inside-sales/2.yaml", ""),
    ]


@needs_git
def test_outside_a_repository_it_is_told(run, workspace, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.parent))
    told = run("versions inside-sales --git")
    assert (told.code, "is in no git repository" in told.err) == (2, True)


@needs_git
def test_a_repository_without_a_commit_is_told(run, workspace):
    subprocess.run(["git", "init", "-q"], check=True)
    told = run("versions inside-sales --git")
    assert (told.code, "has no history in git" in told.err) == (2, True)
