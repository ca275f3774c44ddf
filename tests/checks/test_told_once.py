"""A mistake in a rule set in use: told once, in its own file, which is called as it was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.checking import check_files
from tests.loading.conftest import Workspace

RULES = """\
ruleset: r
version: 1
facts: {amount: {type: money}}
rules:
  a: {must: amuont > 0, says: Ask}
  b: {must: amount > 0 and amount < 0, says: Ask}
"""
PROCESS = """\
process: p
version: 1
uses: {r: 1}
stages: {lead: {to_pass: [b]}, won: {ends: won}}
actions: {sign: {from: lead, to: won}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    workspace = Workspace(tmp_path)
    workspace.write("rules/r/1.yaml", RULES)
    workspace.write("processes/p/1.yaml", PROCESS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*paths: Path | str) -> list[str]:
    return [f"{one.at.file}:{one.at.line} {one.code}" for one in check_files(map(Path, paths)).findings]


def test_checked_together_the_fault_is_told_in_the_rule_set_alone(folder: Path) -> None:
    assert told("processes", "rules") == ["rules/r/1.yaml:5 C003", "rules/r/1.yaml:6 P133"]


def test_it_is_the_same_file_however_it_is_named(folder: Path) -> None:
    assert told(folder / "processes", "rules") == ["rules/r/1.yaml:5 C003", "rules/r/1.yaml:6 P133"]


def test_checked_alone_a_process_names_the_rule_set_to_check(folder: Path) -> None:
    findings = check_files([Path("processes")]).findings
    assert [(one.at.file, one.code) for one in findings] == [("processes/p/1.yaml", "N010"), ("rules/r/1.yaml", "P133")]
    assert findings[0].hint == "check rules/r/1.yaml; the first: unknown fact 'amuont'"


def test_a_clock_at_fault_is_not_told_again_by_a_story_that_hears_it(folder: Path) -> None:
    (folder / "processes/p/2.yaml").write_text(
        """\
process: p
version: 2
because: A clock
stages: {lead: {}, won: {ends: won}}
actions: {sign: {from: lead, to: won}}
clocks: {quiet: {in: lead, when: amuont > 0, idle: 1d}}
examples:
  waits: {moves: [{tick: {after: 1d, warned: [quiet]}}]}
""",
        encoding="utf-8",
    )
    assert told("processes/p/2.yaml") == ["processes/p/2.yaml:6 C003"]
