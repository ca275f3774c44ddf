from __future__ import annotations

import pytest

from engine.model.change import Changes
from engine.versions.rule_set_diff import diff_rule_sets
from tests.versions.pairs import assert_mirrored, process, rule_set, told

HEAD = "facts: {a: {type: money}, b: {type: yes-no}}\n"
RULE = HEAD + "rules: {r: {MUST, says: It is so}}\n"


def _compared(old: str, new: str) -> Changes:
    before, after = rule_set(old), rule_set(new, 2)
    there, back = diff_rule_sets(before, after), diff_rule_sets(after, before)
    assert_mirrored(there, back)
    return there


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("must: a > 1 and b", "must: b and 1 < a", []),
        ("must: a > 1", "must: a > 2", ["D956 tighter r"]),
        ("must: a > 1", "must: a > 1 or b", ["D957 looser r"]),
        ("must: a > 1", "must: b", ["D956 tighter r", "D957 looser r"]),
        # Where nobody knows b the old one refuses, and asks for it.
        ("when: b, must: a > 1", "must: a > 1", ["D956 tighter r", "D957 looser r"]),
        ("should: a > 1", "should: a > 2", ["D956 note r"]),
        ("must: a > 1", "should: a > 1", ["D958 looser r"]),
    ],
)
def test_a_rule_is_compared_by_the_deals_that_it_lets_pass(was: str, now: str, expected: list[str]) -> None:
    found = _compared(RULE.replace("MUST", was), RULE.replace("MUST", now))
    assert told(found.changes) == expected
    assert (found.kind, found.old, found.new) == ("rule set", "terms@1", "terms@2")


def test_facts_and_lists_of_reasons_are_told_as_those_of_a_process() -> None:
    was = HEAD + "reasons: {loss: {price: Too expensive, late: Too late}}\n"
    now = "facts: {a: {type: text}, b: {type: yes-no}}\nreasons: {loss: {price: Too expensive}, more: {x: X}}\n"
    assert told(_compared(was, now).changes) == ["D404 break a", "D452 tighter loss/late", "D455 note more"]


USING = """\
uses: {terms: 1}
stages: {lead: {to_pass: [r]}, demo: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  show: {from: lead, to: demo}
  sign: {from: demo, to: won, requires: [r]}
  lose: {from: open, to: lost, reasons: loss}
"""


def test_each_change_says_what_it_hits_in_the_processes_that_use_the_rule_set() -> None:
    old = HEAD + "rules: {r: {must: b, says: It is so}}\nreasons: {loss: {price: Too expensive, late: Too late}}\n"
    new = HEAD + "reasons: {loss: {price: Too expensive}}\n"
    user = process(USING, rules={"terms/1": f"ruleset: terms\nversion: 1\n{old}"})
    found = diff_rule_sets(rule_set(old), rule_set(new, 2), used_by=("tiny@1", "tiny@2"), processes=(user,))
    assert found.used_by == ("tiny@1", "tiny@2")
    assert [one.says for one in found.changes] == [
        "the rule 'r' is gone: a process that names it cannot use the new version; "
        "tiny@1 requires it to pass lead, for sign",
        "the reason 'late' is gone for the list 'loss' (of 'tiny@1/lose')",
    ]
