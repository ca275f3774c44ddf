"""Facts: their types, defaults and decision tables; and values written for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.loading import codes, written
from engine.loading.ids import distinct, fit
from engine.loading.loaded import Findings
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.reading import Reading, expression, known_fact
from engine.model.errors import BadValue
from engine.model.place import Place
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.syntax import Kind, Type, Value, facts_read
from engine.model.values import parse_value

_SUMMED = (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a file as far as they can be read; ``doubtful`` are those that cannot."""

    known: Mapping[str, Fact]
    doubtful: frozenset[str]


def read_facts(node: Node | None, found: Findings) -> Facts:
    """Types and defaults. Tables are empty until there are names to read their conditions with."""
    known: dict[str, Fact] = {}
    doubtful = set()
    for key, value in written.pairs(node):
        fact = _fact(key, value, found) if fit(key, found, noun="fact", words=True) else None
        if fact:
            known[fact.id] = fact
        else:
            doubtful.add(key.value)
    return Facts(known, frozenset(doubtful))


def _fact(key: Scalar, node: Node, found: Findings) -> Fact | None:
    try:
        kind = Kind(written.text(written.get(node, "type")))
    except ValueError:
        return None
    choices = distinct(written.scalars(written.get(node, "of")), found, noun="choice")
    if kind is Kind.LIST or (kind is Kind.CHOICE and not choices):
        return None
    fact = Fact(key.value, Type(kind, choices if kind is Kind.CHOICE else ()), at=key.at)
    default = written.scalar(written.get(node, "default"))
    return replace(
        fact,
        title=written.text(written.get(node, "title")),
        default=value_of(default, fact, found) if default else None,
        table=DecisionTable(Hit.FIRST, ()) if isinstance(written.get(node, "table"), Keyed) else None,
    )


def value_of(node: Scalar, fact: Fact, found: Findings) -> Value | None:
    """The value written for a fact; told where it does not fit its type."""
    try:
        return parse_value(node.value, fact.type)
    except BadValue as error:
        found.error(codes.VALUE_MISFIT, node.at, f"{error}, as '{fact.id}' must be", error.hint)
        return None


def values(node: Node | None, reading: Reading) -> dict[str, Value]:
    """Facts and the values given to them, as in examples."""
    read: dict[str, Value] = {}
    for key, value in written.pairs(node):
        fact = known_fact(key, reading, given=True)
        scalar = written.scalar(value)
        if fact and scalar:
            given = value_of(scalar, fact, reading.found)
            if given is not None:
                read[fact.id] = given
    return read


def with_tables(node: Node | None, reading: Reading) -> dict[str, Fact]:
    """The facts declared in a node, with their tables read; a table that reads itself is told and left out."""
    facts = {key.value: reading.facts[key.value] for key, _ in written.pairs(node) if key.value in reading.facts}
    for key, value in written.pairs(node):
        fact = facts.get(key.value)
        table = written.get(value, "table")
        if fact and isinstance(table, Keyed):
            facts[key.value] = replace(fact, table=_table(table, fact, reading))
    for name in _circular(facts, reading):
        facts[name] = replace(facts[name], table=None)
    return facts


def _table(node: Keyed, fact: Fact, reading: Reading) -> DecisionTable | None:
    try:
        hit = Hit(written.text(node.get("hit")))
    except ValueError:
        return None
    if hit is Hit.SUM and fact.type.kind not in _SUMMED:
        message = f"the rows of '{fact.id}' cannot be summed: it is {fact.type}"
        reading.found.error(codes.VALUE_MISFIT, node.at_key("hit"), message, "use first or unique")
        return None
    rows = (_row(row, fact, reading) for row in written.nodes(node.get("rows")))
    return DecisionTable(hit, tuple(row for row in rows if row), node.at)


def _row(node: Node, fact: Fact, reading: Reading) -> Row | None:
    then = written.scalar(written.get(node, "then"))
    value = value_of(then, fact, reading.found) if then else None
    when = written.get(node, "when")
    condition = expression(when, reading, what="'when'")
    if value is None or (when is not None and condition is None):
        return None
    return Row(value, condition, node.at)


def _circular(facts: Mapping[str, Fact], reading: Reading) -> list[str]:
    reads = {
        name: {one for row in fact.table.rows if row.when for one in facts_read(row.when.tree)}
        for name, fact in facts.items()
        if fact.table
    }
    circular = []
    for name in reads:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for one in reads.get(waiting.pop(), set()) - seen:
                seen.add(one)
                waiting.append(one)
        if name in seen:
            circular.append(name)
            message = f"the table of '{name}' reads its own result"
            reading.found.error(codes.TABLE_CIRCLE, facts[name].at, message, "let its rows look at other facts")
    return circular


def _completed(own: Fact, shared: Fact) -> Fact:
    """A fact declared twice: what its own process leaves open is as the rule set has it."""
    default = shared.default if own.default is None else own.default
    return replace(own, title=own.title or shared.title, default=default)


def merged(
    own: Mapping[str, Fact], shared: Mapping[str, Fact], at: Place, source: str, found: Findings
) -> dict[str, Fact]:
    """The facts of a process with those of a rule set in use; one declared in both must mean the same."""
    result = {**shared, **own}
    for name in sorted(own.keys() & shared.keys()):
        mine, theirs = own[name].type, shared[name].type
        result[name] = _completed(own[name], shared[name])
        missing = [choice for choice in theirs.choices if choice not in mine.choices]
        if mine.kind is not theirs.kind:
            message = f"'{name}' is {mine} here and {theirs} in {source}"
        elif missing:
            message = f"'{name}' lacks the choice '{missing[0]}', which it has in {source}"
        elif shared[name].table:
            message = f"'{name}' is reckoned by a table in {source}; it cannot be declared here too"
        else:
            continue
        found.error(codes.FACT_DIFFERS, own[name].at if own[name].at.line else at, message, "declare it alike, or once")
    return result
