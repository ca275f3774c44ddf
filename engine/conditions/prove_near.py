"""Values that may tell two conditions apart: those at the edges of what is written in them, and a few plain ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from engine.conditions.imagine import NEW_YEAR, value_of
from engine.conditions.linear import MEASURED, Form, difference, form, measure
from engine.model.syntax import (
    DURATION,
    NUMBER,
    YES_NO,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Tree,
    Type,
    Value,
    children,
    walk,
)

Near = Mapping[Tree, tuple[Value, ...]]
"""A few values for each term; a term is a fact, a word of the situation, ``count``, ``since`` or ``reached``."""

_MOST_VALUES = 10
_MOST_CHOICES = 4
_HALF = Fraction(1, 2)
_TESTS = ("contains", "starts_with", "ends_with")


def near(trees: Iterable[Tree], types: Mapping[str, Type]) -> Near:
    """Values for every term that the trees read, those at the edges of the trees named first before others."""
    found: dict[Tree, dict[Value, None]] = {}
    leaves = [node for tree in trees for node in walk(tree)]
    for node in leaves:
        for term in _term(node, types):
            found.setdefault(term, {})
    for edges in (_single, _several):
        # What is compared with a written value comes before what is compared with another fact.
        for node in leaves:
            for tree, value in edges(node, found):
                term = next(iter(_term(tree, types)), tree)
                if term in found and _fits(term, value):
                    found[term].setdefault(value)
    return {term: tuple(dict.fromkeys((*values, *_plain(term))))[:_MOST_VALUES] for term, values in found.items()}


def _term(node: Tree, types: Mapping[str, Type]) -> Iterator[Tree]:
    match node:
        case FactRef(name=name) if name in types:
            yield FactRef(name, types[name])
        case ContextRef(name=name):
            yield ContextRef(name, types[name])
        case Call(function="done" | "count", arguments=arguments):
            yield Call("count", arguments, NUMBER)
        case Call(function="since", arguments=arguments):
            yield Call("since", arguments, DURATION)
        case Call(function="reached", arguments=arguments):
            yield Call("reached", arguments, YES_NO)


def _fits(term: Tree, value: Value) -> bool:
    """Whether the term may have the value: nothing was done minus one times."""
    match term:
        case Call(function="reached"):
            return value is True
        case Call(function="count"):
            return isinstance(value, Decimal) and value >= 1 and value % 1 == 0
        case Call(function="since"):
            return isinstance(value, timedelta) and value >= timedelta(0)
        case ContextRef(name="days_in_stage"):
            return isinstance(value, Decimal) and value >= 0 and value % 1 == 0
        case ContextRef(name="probability"):
            return isinstance(value, Decimal) and 0 <= value <= 1
    return not term.type.choices or value in term.type.choices


def _plain(term: Tree) -> Iterator[Value]:
    """Values that are tried for want of better ones."""
    match term.type.kind:
        case Kind.YES_NO:
            yield from (True,) if isinstance(term, Call) else (True, False)
        case Kind.CHOICE | Kind.TEXT:
            yield from term.type.choices[:_MOST_CHOICES] if term.type.choices else ("x", " ")
        case Kind.DATE:
            yield NEW_YEAR
        case Kind.DURATION:
            yield timedelta(days=1)
        case Kind.PERCENT:
            yield Decimal("0.1")
        case _:
            yield Decimal(1)


Found = Iterator[tuple[Tree, Value]]


def _single(node: Tree, _: Mapping[Tree, Mapping[Value, None]]) -> Found:
    """The edges of a comparison of one term with a written value."""
    match node:
        case Compare(left=left, right=right) if left.type.kind in MEASURED:
            gap = difference(left, right)
            if len(gap.terms) == 1:
                yield from _edges(gap, {})
        case Compare(left=left, right=right):
            yield from _beside(left, right)
            yield from _beside(right, left)
        case In(item=item, options=Literal(value=tuple() as options)):
            yield from _options(item, options)
        case Call(function=function, arguments=(text, Literal(value=str() as part))) if function in _TESTS:
            yield from _texts(text, part)


def _several(node: Tree, found: Mapping[Tree, Mapping[Value, None]]) -> Found:
    """The edges of a comparison of several terms, each with the others at a value they are tried with."""
    if isinstance(node, Compare) and node.left.type.kind in MEASURED:
        gap = difference(node.left, node.right)
        if len(gap.terms) > 1:
            yield from _edges(gap, found)


def _edges(gap: Form, found: Mapping[Tree, Mapping[Value, None]]) -> Found:
    for term, k in gap.terms.items():
        if _is_today(term):
            continue  # any day will do
        others = sum((by * _base(other, found) for other, by in gap.terms.items() if other != term), Fraction(0))
        yield from _at(term, -(gap.constant + others) / k)


def _is_today(term: Tree) -> bool:
    return isinstance(term, ContextRef) and term.name == "today"


def _base(term: Tree, found: Mapping[Tree, Mapping[Value, None]]) -> Fraction:
    value = next(iter(found.get(term, ())), next(iter(_plain(term)), Decimal(1)))
    return measure(value) if isinstance(value, (Decimal, date, timedelta)) else Fraction(1)


def _at(term: Tree, edge: Fraction) -> Found:
    """The edge itself, the value before it and the one after it."""
    match term:
        case Call(function="size", arguments=(text,)):
            for length in (edge, edge - 1, edge + 1):
                if 0 <= length <= 10_000:
                    yield text, "x" * int(length)
        case Arithmetic(operator="*", left=left, right=right):
            # Of a product with the probability one half is taken.
            for one, other in ((left, right), (right, left)):
                if isinstance(other, ContextRef):
                    yield other, Decimal("0.5")
                    yield from ((inner, v) for t, k in form(one).terms.items() for inner, v in _at(t, edge / _HALF / k))
        case _:
            for measured in (edge, edge - _step(term, edge), edge + _step(term, edge)):
                value = _value(measured, term.type)
                if value is not None:
                    yield term, value


def _step(term: Tree, edge: Fraction) -> Fraction:
    if term.type.kind is Kind.PERCENT:
        return Fraction(1, 100)
    if term.type.kind is Kind.DURATION and (edge.denominator > 1 or abs(edge) <= 1):
        return Fraction(1, 24)
    return Fraction(1)


def _value(measured: Fraction, of: Type) -> Value | None:
    """The value, where people can write it."""
    if of.kind is Kind.DATE and measured.denominator > 1:
        measured = Fraction(measured.__floor__())
    if of.kind in (Kind.DATE, Kind.DURATION):
        return value_of(measured, of)
    rest = measured.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest > 1:
        measured = Fraction(measured.__floor__())
    found = Decimal(measured.numerator) / Decimal(measured.denominator)
    return found if abs(found) < Decimal(10) ** 18 and found == round(found, 9) else None


def _beside(term: Tree, written: Tree) -> Found:
    """A text or choice equal to what is written, or another."""
    if isinstance(written, Literal) and isinstance(written.value, str):
        inner, value = _unlowered(term), written.value
        yield inner, value
        yield from ((inner, choice) for choice in inner.type.choices[:_MOST_CHOICES])
        if inner is not term:
            yield from ((inner, text) for text in (value.upper(), value.title()))


def _options(item: Tree, options: tuple[Value, ...]) -> Found:
    inner = _unlowered(item)
    if item.type.kind not in MEASURED:
        outside = [choice for choice in inner.type.choices if choice not in options]
        yield from ((inner, value) for value in (*outside[:2], *options))
        return
    for value in options:
        yield from _edges(_from(item, measure(value)), {})


def _from(item: Tree, edge: Fraction) -> Form:
    found = form(item)
    return Form(found.terms, found.constant - edge)


def _texts(text: Tree, part: str) -> Found:
    inner = _unlowered(text)
    yield inner, part
    yield from ((inner, made) for made in (f"{part}x", f"x{part}", f"x{part}x", part.upper()))


def _unlowered(text: Tree) -> Tree:
    return children(text)[0] if isinstance(text, Call) and text.function == "lower" else text
