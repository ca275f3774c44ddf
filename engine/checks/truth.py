"""Conditions that never hold, that always hold, and requirements that refuse whenever they apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.checks.expressions import Purpose, Use, uses, uses_of_rules
from engine.checks.tables import sound_facts
from engine.conditions.compare import always_true, never_false, satisfiable
from engine.model.expression import Expression
from engine.model.finding import Finding, Severity
from engine.model.process import Process
from engine.model.rule import Fact, Requirement, RuleSet
from engine.model.syntax import Kind, facts_read


def never_or_always(process: Process) -> Iterator[Finding]:
    """P133, P134: a condition that no deal, or every deal, meets."""
    yield from _judged(uses(process), process.facts)


def never_or_always_in_rules(rule_set: RuleSet) -> Iterator[Finding]:
    """P133, P134: a condition of a rule set that no deal, or every deal, meets."""
    yield from _judged(uses_of_rules(rule_set), rule_set.facts)


def _judged(found: Iterable[Use], facts: Mapping[str, Fact]) -> Iterator[Finding]:
    facts = sound_facts(facts)
    # A rule used ten times has one condition.
    told: set[tuple[object, str]] = set()
    for use in found:
        key = (use.expression.at, use.expression.text)
        if use.purpose is Purpose.VALUE or use.expression.tree.type.kind is not Kind.YES_NO or key in told:
            continue
        told.add(key)
        if never_true(use.expression, facts):
            yield _never(use)
        elif never_false(use.expression.tree, facts):
            yield _always(use, facts)


def never_true(expression: Expression | None, facts: Mapping[str, Fact]) -> bool:
    """Whether it is certain that no deal meets the condition."""
    return expression is not None and satisfiable(expression.tree, facts=facts) is False


def _never(use: Use) -> Finding:
    text, at = use.expression.text.strip(), use.expression.at
    if use.purpose is Purpose.WHEN:
        message = f"'{short(text)}' is never true, so {use.of} never applies"
        return Finding("P133", at, message, "mend the condition, or remove what it stands on", Severity.WARNING)
    message = f"'{short(text)}' is never true: no deal can meet {use.of}"
    severity = Severity.ERROR if use.purpose is Purpose.MUST else Severity.WARNING
    return Finding("P133", at, message, "mend the condition", severity)


def _always(use: Use, facts: Mapping[str, Fact]) -> Finding:
    text, at = use.expression.text.strip(), use.expression.at
    read = sorted(facts_read(use.expression.tree))
    if read and not always_true(use.expression.tree, facts):
        known = " and ".join(f"given({name})" for name in read)
        message = f"'{short(text)}' is true whenever {_and(read)} {'is' if len(read) == 1 else 'are'} known"
        return Finding("P134", at, message, f"mend it, or write {known} if that is meant", Severity.WARNING)
    message = f"'{short(text)}' is always true"
    hint = "leave the condition out" if use.purpose is Purpose.WHEN else "mend it, or remove it: it refuses nothing"
    return Finding("P134", at, message, hint, Severity.WARNING)


def _and(names: list[str]) -> str:
    return " and ".join(f"'{name}'" for name in names)


def short(text: str) -> str:
    """The text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:77] + "..."


def at_odds_with_when(process: Process) -> Iterator[Finding]:
    """P135: a requirement that is refused in every deal that it applies to."""
    yield from _at_odds(_requirements(process), process.facts)


def at_odds_with_when_in_rules(rule_set: RuleSet) -> Iterator[Finding]:
    """P135: a rule that is refused in every deal that it applies to."""
    yield from _at_odds((rule.requirement for rule in rule_set.rules.values()), rule_set.facts)


def _at_odds(requirements: Iterable[Requirement], facts: Mapping[str, Fact]) -> Iterator[Finding]:
    facts = sound_facts(facts)
    told: set[tuple[object, str]] = set()
    for requirement in requirements:
        condition, when = requirement.condition, requirement.when
        key = (condition.at, condition.text)
        if when is None or key in told:
            continue
        told.add(key)
        if satisfiable(when.tree, condition.tree, facts=facts) is False:
            # What never holds alone is told of alone.
            if never_true(when, facts) or never_true(condition, facts):
                continue
            message = f"whenever '{requirement.id}' applies it refuses: '{short(when.text)}' rules out its condition"
            yield Finding("P135", condition.at, message, "mend 'when', or the condition", Severity.ERROR)


def _requirements(process: Process) -> Iterator[Requirement]:
    for track in process.all_tracks():
        for stage in track.stages:
            yield from (*stage.to_enter, *stage.to_pass)
        for action in track.actions:
            yield from action.requires
        yield from track.always
