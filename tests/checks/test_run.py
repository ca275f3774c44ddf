"""Running all checks: one list, in order of place, nothing twice, nothing that a fault elsewhere may have caused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.checks import run
from engine.checks.run import CHECKS, OF_PARTS, RULE_CHECKS, Part, check_process, in_order
from engine.model.finding import Finding, Severity
from engine.model.place import Place
from engine.model.process import Action, Stage

from .cases import all_cases, findings_of
from .making import must, process

SHAKY = process(
    [Stage("a", to_pass=(must("a/to_pass/1", "amount > 5 and amount < 3"),)), Stage("b"), Stage("won", ends="won")],
    [Action("sign", ("a",), ("won",))],
)

RULES = """\
ruleset: odd
version: 1
facts: {amount: {type: money}}
rules:
  odd: {must: amount > 5 and amount < 3, says: It is odd}
"""
USING = """\
process: tiny
version: 1
uses: {odd: 1}
stages:
  lead: {to_enter: [odd]}
  won: {ends: won, to_enter: [odd]}
actions:
  sign: {from: lead, to: won, requires: [odd]}
"""


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_the_whole_process_is_asked_what_it_lacks() -> None:
    assert codes(check_process(SHAKY)) == ["P101", "P133"]


def test_of_a_process_read_in_part_only_what_is_there_is_judged() -> None:
    assert codes(check_process(SHAKY, part=Part.REST)) == ["P133"]


def test_findings_are_told_by_place_and_each_once() -> None:
    first, second = Finding("P2", Place("f", 1, 1), "one"), Finding("P1", Place("f", 2, 1), "two")
    assert in_order([second, first, replace(second, hint="other words", severity=Severity.WARNING)]) == (
        first,
        replace(second, hint="other words", severity=Severity.WARNING),
    )


def test_a_check_says_which_codes_it_gives() -> None:
    silent = [check.__name__ for check in (*CHECKS, *RULE_CHECKS) if not (check.__doc__ or "").startswith(("P", "E"))]
    assert silent == []


def test_no_check_of_parts_gives_more_for_a_part_than_for_the_whole() -> None:
    assert set(OF_PARTS) < set(CHECKS)


def test_a_rule_used_in_two_places_is_told_of_once(tmp_path: Path) -> None:
    found = findings_of(USING, tmp_path, {"rules/odd/1.yaml": RULES})
    assert [(finding.code, Path(finding.at.file).name) for finding in found] == [("P133", "1.yaml")]


def test_no_case_gives_the_same_finding_twice(tmp_path: Path) -> None:
    found = [findings_of(case.text, tmp_path, case.files) for case in all_cases()]
    assert [one for one in found if len({(f.code, f.at) for f in one}) != len(one)] == []


def test_stories_are_told_last_of_all_lists() -> None:
    assert CHECKS[-1] is run.stories
