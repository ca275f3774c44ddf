"""The examples of a rule: facts that it lets pass, and facts that it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.conditions.decision_table import derive
from engine.conditions.evaluate import evaluate
from engine.conditions.explain import needs
from engine.conditions.imagine import Imagined
from engine.model.finding import Finding
from engine.model.rule import Requirement, Rule, RuleSet
from engine.model.syntax import Value
from engine.model.values import show_value


def rule_examples(rule_set: RuleSet) -> Iterator[Finding]:
    """E101, E102: an example that comes out otherwise than it says. The day of all examples is 2026-01-01."""
    for name, rule in rule_set.rules.items():
        yield from _passes(name, rule, rule_set)
        yield from _refuses(name, rule, rule_set)


def _passes(name: str, rule: Rule, rule_set: RuleSet) -> Iterator[Finding]:
    for number, facts in enumerate(rule.passes, 1):
        if _lets_through(rule.requirement, facts, rule_set):
            continue
        needed = needs(rule.requirement.condition.tree, _whole(facts, rule_set), Imagined())
        message = f"rule '{name}' refuses {_shown(facts, rule_set)}, which example {number} of 'pass' says it passes"
        yield Finding("E101", rule.at, message, f"needed: {needed}; mend the rule or the example")


def _refuses(name: str, rule: Rule, rule_set: RuleSet) -> Iterator[Finding]:
    for number, facts in enumerate(rule.refuses, 1):
        if _lets_through(rule.requirement, facts, rule_set):
            shown = _shown(facts, rule_set)
            message = f"rule '{name}' passes {shown}, which example {number} of 'refuse' says it refuses"
            yield Finding("E102", rule.at, message, "mend the rule or the example")


def _lets_through(requirement: Requirement, facts: Mapping[str, Value], rule_set: RuleSet) -> bool:
    whole = _whole(facts, rule_set)
    if requirement.when is not None and evaluate(requirement.when.tree, whole, Imagined()) is False:
        return True
    applies = requirement.when is None or evaluate(requirement.when.tree, whole, Imagined()) is True
    return applies and evaluate(requirement.condition.tree, whole, Imagined()) is True


def _whole(facts: Mapping[str, Value], rule_set: RuleSet) -> Mapping[str, Value]:
    return derive(rule_set.facts, facts, Imagined())


def _shown(facts: Mapping[str, Value], rule_set: RuleSet) -> str:
    written = (f"{name}: {show_value(value, rule_set.facts[name].type)}" for name, value in facts.items())
    return "{" + ", ".join(written) + "}"
