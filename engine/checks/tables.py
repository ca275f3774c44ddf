"""Decision tables: rows that contradict each other, rows that are never used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from engine.conditions.compare import satisfiable
from engine.model.finding import Finding
from engine.model.process import Process
from engine.model.rule import DecisionTable, Fact, Hit, Row, RuleSet
from engine.model.syntax import YES_NO, Literal, Not, Tree


def rows_at_odds(process: Process) -> Iterator[Finding]:
    """P171, P172: rows of which two apply where one must, and rows that are never used."""
    yield from _of_facts(process.facts)


def rows_at_odds_in_rules(rule_set: RuleSet) -> Iterator[Finding]:
    """P171, P172: as for a process."""
    yield from _of_facts(rule_set.facts)


def sound_facts(facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """The facts, those with a faulty table as if anyone recorded them: what follows from the fault is not told."""
    faulty = [fact.id for fact in facts.values() if any(_of_facts(facts, only=fact.id))]
    return {**facts, **{name: replace(facts[name], table=None) for name in faulty}} if faulty else facts


def _of_facts(facts: Mapping[str, Fact], *, only: str = "") -> Iterator[Finding]:
    for fact in facts.values():
        if fact.table is None or only not in ("", fact.id):
            continue
        if fact.table.hit is Hit.UNIQUE:
            yield from _overlapping(fact.id, fact.table, facts)
        if fact.table.hit is Hit.FIRST:
            yield from _never_used(fact.id, fact.table, facts)


def _overlapping(name: str, table: DecisionTable, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    for (i, first), (j, second) in combinations(enumerate(table.rows, 1), 2):
        if first.then != second.then and satisfiable(_tree(first), _tree(second), facts=facts):
            message = f"rows {i} and {j} of '{name}' can both apply, and its hit is 'unique'"
            yield Finding("P171", second.at, message, "make their 'when' exclude each other, or write 'hit: first'")


def _never_used(name: str, table: DecisionTable, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    for index, row in enumerate(table.rows):
        before = [Not(_tree(other)) for other in table.rows[:index] if not _never(other, facts)]
        if not before or _never(row, facts):
            continue
        if satisfiable(_tree(row), *before, facts=facts) is False:
            message = f"row {index + 1} of '{name}' is never used: the rows before it leave nothing to it"
            yield Finding("P172", row.at, message, "put the narrower row first, or remove this one")


def _never(row: Row, facts: Mapping[str, Fact]) -> bool:
    return satisfiable(_tree(row), facts=facts) is False


def _tree(row: Row) -> Tree:
    return Literal(value=True, type=YES_NO) if row.when is None else row.when.tree
