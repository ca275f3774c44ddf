"""Decision tables: rows of conditions whose result is a fact. All facts of a deal: recorded, default and reckoned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from engine.conditions.arithmetic import EXACT, plus
from engine.conditions.evaluate import evaluate
from engine.conditions.explain import missing as missing_in
from engine.conditions.generate import Function, function
from engine.model.rule import DecisionTable, Fact, Hit
from engine.model.situation import Situation
from engine.model.syntax import Value, facts_read

Facts = Mapping[str, Value]
Derive = Callable[[Facts, Situation], Facts]


def result(table: DecisionTable, facts: Facts, situation: Situation) -> Value | None:
    """What the table says; ``None`` where it cannot be known or no row holds.

    ``first``: an unknown row before a hit leaves it open. ``unique``: any unknown row does, and so do two hits.
    ``sum``: any unknown row does; no hit is a sum of nothing.
    """
    return _reckoner(table)(facts, situation)


def _reckoner(table: DecisionTable) -> Function:
    """The table as a function, its rows prepared once."""
    rows = tuple((None if row.when is None else function(row.when.tree), row.then) for row in table.rows)
    first = table.hit is Hit.FIRST

    def reckoned(facts: Facts, situation: Situation) -> Value | None:
        hits: list[Value] = []
        for when, then in rows:
            holds = True if when is None else when(facts, situation)
            if holds is None:
                return None
            if holds:
                if first:
                    return then
                hits.append(then)
        if table.hit is Hit.SUM:
            return _total(table, hits)
        return hits[0] if len(hits) == 1 else None

    return reckoned


def _total(table: DecisionTable, hits: list[Value]) -> Value | None:
    if any(isinstance(row.then, timedelta) for row in table.rows):
        span: Value | None = timedelta(0)
        for value in hits:
            span = None if span is None else plus(span, value)
        return span
    total = Decimal(0)
    for value in hits:
        total = EXACT.add(total, value) if isinstance(value, Decimal) else total
    return total


def derive(facts_declared: Mapping[str, Fact], facts: Facts, situation: Situation) -> Facts:
    """The facts recorded, the defaults of those that are not, and what the decision tables make of them."""
    return deriver(facts_declared)(facts, situation)


def deriver(facts_declared: Mapping[str, Fact]) -> Derive:
    """``derive`` for one set of declared facts, prepared once for many deals."""
    defaults = {fact.id: fact.default for fact in facts_declared.values() if fact.default is not None}
    tables = tuple(
        (name, _reckoner(table)) for name in in_order(facts_declared) if (table := facts_declared[name].table)
    )
    if not defaults and not tables:
        return lambda facts, _: facts

    def derived(facts: Facts, situation: Situation) -> Facts:
        whole = {**defaults, **facts}
        for name, _ in tables:
            whole.pop(name, None)
        for name, reckoned in tables:
            value = reckoned(whole, situation)
            if value is not None:
                whole[name] = value
        return whole

    return derived


def in_order(facts_declared: Mapping[str, Fact]) -> tuple[str, ...]:
    """The facts with tables, each after those that its rows read. In a circle, who comes first stays unknown."""
    found: dict[str, None] = {}

    def visit(name: str, above: frozenset[str]) -> None:
        if name in found or name in above:
            return
        for other in sorted(read_by(facts_declared, name)):
            if other in facts_declared and facts_declared[other].table is not None:
                visit(other, above | {name})
        found[name] = None

    for fact in facts_declared.values():
        if fact.table is not None:
            visit(fact.id, frozenset())
    return tuple(found)


def read_by(facts_declared: Mapping[str, Fact], name: str) -> frozenset[str]:
    """The facts that the table of a fact looks at; empty where it has none."""
    fact = facts_declared.get(name)
    if fact is None or fact.table is None:
        return frozenset()
    return frozenset().union(*(facts_read(row.when.tree) for row in fact.table.rows if row.when is not None))


def to_record(
    facts_declared: Mapping[str, Fact], names: tuple[str, ...], facts: Facts, situation: Situation
) -> tuple[str, ...]:
    """The names, each reckoned fact replaced by the facts that its table still lacks: what a person can record."""
    return tuple(dict.fromkeys(_lacking(facts_declared, names, facts, situation, above=frozenset())))


def _lacking(
    declared: Mapping[str, Fact], names: tuple[str, ...], facts: Facts, situation: Situation, *, above: frozenset[str]
) -> Iterator[str]:
    for name in names:
        table = declared[name].table if name in declared else None
        if table is None:
            yield name
        elif name not in above:
            for tree in (row.when.tree for row in table.rows if row.when is not None):
                lacking = missing_in(tree, facts, situation)
                yield from _lacking(declared, lacking, facts, situation, above=above | {name})
                if table.hit is Hit.FIRST and evaluate(tree, facts, situation) is not False:
                    break  # the rows below are not asked before this one is known
