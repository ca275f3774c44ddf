"""Facts of new prospects in a scenario: how the values of each fall, and rows that are drawn whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.loading import codes, written
from engine.loading.facts import value_of
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.scenario_names import Names
from engine.loading.scenario_stages import check_shares
from engine.loading.scenario_values import length, measure, number, share, spread
from engine.model.rule import Fact
from engine.model.scenario import FactDrawn, FactRows, Form, Spread
from engine.model.syntax import Kind, Value

_READ = {Kind.NUMBER: number, Kind.MONEY: number, Kind.PERCENT: share, Kind.DURATION: length}
"""What reads the values of facts that can spread."""
SPREADING = frozenset(_READ)
"""The kinds of those facts."""
_LIKE = {Kind.NUMBER: "9000", Kind.MONEY: "9000", Kind.PERCENT: "15%", Kind.DURATION: "30d"}
_HOW = ("p50", "mean", "quantiles", "always", "choices", "after")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d\d0\Z")
_MARKED = re.compile(r"(\d{1,9})\s*(?:([kKmM])|[A-Z]{3}|[€$£])\Z")
_TIMES = {"k": 1_000, "m": 1_000_000}
_NULL = ("null", "~")


def facts(node: Node | None, names: Names) -> tuple[FactDrawn, ...]:
    """How the values of facts fall, one by one."""
    return tuple(_drawn(key, value, names) for key, value in written.named(node, words=True))


def rows(node: Node | None, names: Names, drawn: tuple[FactDrawn, ...]) -> FactRows | None:
    """Facts that are drawn whole; told where one of them is drawn alone too."""
    if not isinstance(node, Keyed):
        return None
    listed = written.scalars(node.get("facts"))
    known = [_fact(one, names) for one in listed]
    seen = {one.fact for one in drawn}
    for one in listed:
        if one.value in seen:
            message = f"'{one.value}' is drawn twice"
            names.found.error(codes.ID_TWICE, one.at, message, "keep it in 'facts' of the scenario or in 'prospects'")
        seen.add(one.value)
    given = node.get("rows")
    each = given.nodes if isinstance(given, Items) else ()
    read = tuple(_row(row, known, names) for row in each if isinstance(row, Items))
    return FactRows(tuple(one.value for one in listed), read, node.at)


def _row(row: Items, known: list[Fact | None], names: Names) -> tuple[Value | None, ...]:
    if len(row.nodes) != len(known):
        message = f"the row has {_counted(len(row.nodes), 'value')} for {_counted(len(known), 'fact')}"
        names.found.error(codes.WRONG_FORM, row.at, message, "write one value for each fact; null is not known")
        return ()
    return tuple(_cell(cell, fact, names) for cell, fact in zip(row.nodes, known, strict=True))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _cell(node: Node, fact: Fact | None, names: Names) -> Value | None:
    cell = written.scalar(node)
    if cell is None or (not cell.style and cell.value in _NULL):
        return None
    return value_of(cell, fact, names.found) if fact else cell.value


def _fact(name: Scalar, names: Names) -> Fact | None:
    """The fact named; told where the process has none such, or reckons it."""
    if names.process is None or not names.known(name, names.process.facts, codes.UNKNOWN_FACT, "fact"):
        return None
    fact = names.process.facts[name.value]
    if fact.table:
        message = f"'{name.value}' is reckoned by its table, so it cannot be drawn"
        names.found.error(codes.RECKONED_FACT, name.at, message, "draw the facts that the table reads")
        return None
    return fact


def _drawn(key: Scalar, node: Node, names: Names) -> FactDrawn:
    fact = _fact(key, names)
    drawn = FactDrawn(key.value, at=key.at)
    if isinstance(node, Scalar):
        return _always(drawn, node, fact, names)
    if not isinstance(node, Keyed):
        return drawn
    given = [name for name in _HOW if name in node.entries]
    if len(given) != 1:
        _not_one(key, node, given, names)
        return drawn
    known = share(node.get("known"))
    drawn = replace(_how(given[0], drawn, node, fact, names), known=1.0 if known is None else known)
    return replace(drawn, step=_step(node, drawn, fact, names))


def _how(way: str, drawn: FactDrawn, node: Keyed, fact: Fact | None, names: Names) -> FactDrawn:
    """The fact as one of the ways has it; told where its type does not go that way."""
    value = node.get(way)
    if way == "always":
        return _always(drawn, value, fact, names) if isinstance(value, Scalar) else drawn
    if way == "choices":
        return _choices(drawn, node, fact, names)
    if way == "after":
        return replace(drawn, spread=_after(node, fact, names))
    if fact and fact.type.kind not in _READ:
        kind = fact.type.kind
        instead = "after: {p50: 30d, p90: 90d}" if kind is Kind.DATE else "choices: {VALUE: 100%}"
        message = f"'{fact.id}' is {kind.value}, so it cannot be given by '{way}'"
        names.found.error(codes.VALUE_MISFIT, node.at_key(way), message, f"write {instead}")
        return drawn
    if fact and not _fit(node, fact, names):
        return drawn
    return replace(drawn, spread=spread(_plain(node), names.found, read=measure))


def _not_one(key: Scalar, node: Keyed, given: list[str], names: Names) -> None:
    if given:
        message = f"'{given[0]}' and '{given[1]}' do not go together"
        names.found.error(codes.EXCLUDES, node.at_key(given[1]), message, "keep one of them")
    elif "p90" in node.entries:
        names.found.error(codes.MISSING_KEY, node.at_key("p90"), "'p90' needs 'p50' beside it", "half are at most this")
    else:
        message = f"nothing says how the values of '{key.value}' fall"
        names.found.error(codes.MISSING_KEY, key.at, message, "write p50 and p90, choices, always, or after for a date")


def _plain(node: Keyed) -> Keyed:
    """The node with the keys of a spread alone."""
    return replace(node, entries={k: v for k, v in node.entries.items() if k not in ("known", "step")})


def _always(drawn: FactDrawn, node: Scalar, fact: Fact | None, names: Names) -> FactDrawn:
    """One value: a number stays a spread, so that what can be changed by a factor still can."""
    if fact is None:
        value = measure(node)
        if value is not None:
            return replace(drawn, spread=Spread(Form.CONSTANT, value, at=node.at))
        return replace(drawn, choices=((node.value, 1.0),))
    if value_of(node, fact, names.found) is None:
        return drawn
    read = _READ.get(fact.type.kind)
    amount = read(node) if read else None
    if amount is not None:
        return replace(drawn, spread=Spread(Form.CONSTANT, amount, at=node.at))
    return replace(drawn, choices=tuple(_valued(((node, 1.0),), fact, names)))


def _choices(drawn: FactDrawn, node: Keyed, fact: Fact | None, names: Names) -> FactDrawn:
    pairs = tuple(written.pairs(node.get("choices")))
    check_shares((value for _, value in pairs), f"the choices of '{drawn.fact}'", node.at_key("choices"), names.found)
    given = [(key, share(value) or 0.0) for key, value in pairs]
    return replace(drawn, choices=tuple(_valued(given, fact, names)))


def _valued(given: object, fact: Fact | None, names: Names) -> Iterator[tuple[Value, float]]:
    for key, part in given:  # type: ignore[attr-defined]
        value = value_of(key, fact, names.found) if fact else key.value
        if value is not None:
            yield value, part


def _after(node: Keyed, fact: Fact | None, names: Names) -> Spread | None:
    if fact and fact.type.kind is not Kind.DATE:
        message = f"'{fact.id}' is {fact.type.kind.value}, so it comes after nothing"
        names.found.error(codes.VALUE_MISFIT, node.at_key("after"), message, "'after' is for dates")
        return None
    return spread(node.get("after"), names.found)


def _fit(node: Keyed, fact: Fact, names: Names) -> bool:
    """Whether all values are written as those of the type of the fact; told where not."""
    whole = True
    nodes = [node.get(key) for key in ("p50", "p90", "mean", "step")]
    nodes += [value for _, value in written.pairs(node.get("quantiles"))]
    read = _READ[fact.type.kind]
    for one in (scalar for each in nodes if (scalar := written.scalar(each))):
        if read(one) is None:
            message = f"'{one.value}' is no {fact.type.kind.value}, as '{fact.id}' must be"
            names.found.error(codes.VALUE_MISFIT, one.at, message, _meant(one.value, fact))
            whole = False
        elif fact.type.kind is Kind.MONEY and _THOUSANDS.match(one.value):
            # A point between thousands would make a thousandth of it, and nobody would see it. What a program
            # writes has no zero at its end.
            message = f"'{one.value}' is {one.value.rstrip('0').rstrip('.')}, for the point begins the decimals"
            hint = f"write {one.value.replace('.', '')} if the point parts thousands, else {one.value[:-1]}"
            names.found.error(codes.VALUE_MISFIT, one.at, message, hint)
            whole = False
    return whole


def _meant(text: str, fact: Fact) -> str:
    """``write 12000`` for ``12k`` and ``12000 EUR``, or else an example."""
    found = _MARKED.match(text) if fact.type.kind in (Kind.NUMBER, Kind.MONEY) else None
    if not found:
        return f"write it like {_LIKE[fact.type.kind]}"
    return f"write {int(found[1]) * _TIMES[found[2].lower()]}" if found[2] else f"write {found[1]}"


def _step(node: Keyed, drawn: FactDrawn, fact: Fact | None, names: Names) -> float:
    step = written.scalar(node.get("step"))
    if step is None:
        return 0.0
    if drawn.choices or "after" in node.entries:
        names.found.error(codes.EXCLUDES, node.at_key("step"), "'step' rounds numbers alone", "leave it out")
        return 0.0
    found = measure(step)
    if found is None and fact is None:
        names.found.error(codes.VALUE_MISFIT, step.at, f"'{step.value}' is no number to round to", "write it like 100")
    if found is not None and found <= 0:
        names.found.error(codes.WRONG_FORM, step.at, "a step must be above zero", "leave it out, or write it like 100")
    return found or 0.0
