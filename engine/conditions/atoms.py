"""A condition taken apart: which plain facts about its terms make it true, false, or neither.

Three-valued: a leaf is unknown where a fact it reads is; so each wish about a leaf is a choice of atoms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from engine.conditions.linear import MEASURED, Form, Row, above, below, difference, form, measure
from engine.model.syntax import (
    NUMBER,
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Tree,
    Value,
    children,
    walk,
)


class Wish(Enum):
    """How a condition shall come out. ``NOT_TRUE`` and ``NOT_FALSE`` leave room for unknown."""

    TRUE = "true"
    FALSE = "false"
    NOT_TRUE = "not true"
    NOT_FALSE = "not false"


Goal = tuple[Tree, Wish]


@dataclass(frozen=True, slots=True)
class Known:
    """The term has a value (``yes``), or none."""

    term: Tree
    yes: bool = True


@dataclass(frozen=True, slots=True)
class Among:
    """The value of a text, choice or yes-no term is one of these (``yes``), or none of these."""

    term: Tree
    values: frozenset[Value]
    yes: bool = True


@dataclass(frozen=True, slots=True)
class Holds:
    """A leaf that is not looked into comes out true (``yes``) or false."""

    leaf: Tree
    yes: bool = True


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Something that may or may not be: nothing is concluded from it."""


Atom = Known | Among | Holds | Perhaps | Row
Way = tuple[tuple[Goal, ...], tuple[Atom, ...]]
"""One way to grant a wish: further wishes, and atoms."""

_TURNED = {
    Wish.TRUE: Wish.FALSE,
    Wish.FALSE: Wish.TRUE,
    Wish.NOT_TRUE: Wish.NOT_FALSE,
    Wish.NOT_FALSE: Wish.NOT_TRUE,
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TESTS = frozenset({"given", "blank", "done", "reached"})


def ways(goal: Goal) -> tuple[Way, ...]:
    """All the ways to grant one wish; none where it cannot be granted."""
    tree, wish = goal
    match tree:
        case And(parts=parts):
            return _joined(parts, wish, together=wish in (Wish.TRUE, Wish.NOT_FALSE))
        case Or(parts=parts):
            return _joined(parts, wish, together=wish in (Wish.FALSE, Wish.NOT_TRUE))
        case Not(part=part):
            return ((((part, _TURNED[wish]),), ()),)
        case Compare(operator=operator, left=left, right=right) if left.type.kind is Kind.YES_NO:
            return _sameness(left, right, wish, same=operator == "==")
        case In(options=Literal(value=())):
            # An empty list holds nothing, not even the unknown.
            return (((), ()),) if wish in (Wish.FALSE, Wish.NOT_TRUE) else ()
    return tuple(((), atoms) for atoms in _leaf(tree, wish))


def _joined(parts: tuple[Tree, ...], wish: Wish, *, together: bool) -> tuple[Way, ...]:
    goals = tuple((part, wish) for part in parts)
    return ((goals, ()),) if together else tuple(((goal,), ()) for goal in goals)


def _sameness(left: Tree, right: Tree, wish: Wish, *, same: bool) -> tuple[Way, ...]:
    """``left == right`` of two conditions, each of which may be unknown."""
    if not same:
        wish = _TURNED[wish]
    found: list[Way] = []
    if wish in (Wish.TRUE, Wish.NOT_FALSE):
        found += [(((left, w), (right, w)), ()) for w in (Wish.TRUE, Wish.FALSE)]
    if wish in (Wish.FALSE, Wish.NOT_TRUE):
        found += [(((left, w), (right, _TURNED[w])), ()) for w in (Wish.TRUE, Wish.FALSE)]
    if wish in (Wish.NOT_TRUE, Wish.NOT_FALSE):
        found += [(((side, Wish.NOT_TRUE), (side, Wish.NOT_FALSE)), ()) for side in (left, right)]
    return tuple(found)


def known_as(term: Tree, value: Value) -> Iterator[tuple[Atom, ...]]:
    """The term is known, and has this value."""
    literal = Literal(value, term.type)
    same = _measured if term.type.kind in MEASURED else _plain
    for atoms in same("==", term, literal):
        yield (Known(term), *atoms)


def _leaf(tree: Tree, wish: Wish) -> Iterator[tuple[Atom, ...]]:
    if wish in (Wish.TRUE, Wish.NOT_FALSE):
        yield from _decided(tree, yes=True)
    if wish in (Wish.FALSE, Wish.NOT_TRUE):
        yield from _decided(tree, yes=False)
    if wish in (Wish.NOT_TRUE, Wish.NOT_FALSE):
        yield from _unknown(tree)


def _unknown(tree: Tree) -> Iterator[tuple[Atom, ...]]:
    """The leaf is unknown: some term it reads is."""
    if isinstance(tree, Call) and tree.function in _TESTS:
        return
    for term in terms(tree):
        yield (Known(term, yes=False), *_never_done(term))
    if any(_may_overflow(node) for node in walk(tree)):
        yield (Perhaps(),)


def _may_overflow(tree: Tree) -> bool:
    """A date or a duration beyond what the calendar holds is unknown."""
    if not isinstance(tree, Arithmetic) or tree.type.kind not in (Kind.DATE, Kind.DURATION):
        return False
    return tree.left.type.kind is not Kind.DATE or tree.type.kind is Kind.DATE


def terms(tree: Tree) -> tuple[Tree, ...]:
    """What must be known for the tree to have a value."""
    if isinstance(tree, (FactRef, ContextRef)):
        return (tree,)
    if isinstance(tree, Call) and tree.function in ("count", "done", "reached"):
        return ()
    if isinstance(tree, Call) and tree.function == "since":
        return (tree,)
    return tuple(dict.fromkeys(term for child in children(tree) for term in terms(child)))


def _decided(tree: Tree, *, yes: bool) -> Iterator[tuple[Atom, ...]]:
    """The leaf is true, or is false; either way all it reads is known."""
    if isinstance(tree, Call) and tree.function in _TESTS:
        yield from _test(tree, yes=yes)
        return
    known: list[Atom] = []
    for term in terms(tree):
        known += [Known(term), *_surely_done(term)]
    for atoms in _outcome(tree, yes=yes):
        yield (*known, *atoms)


def _test(tree: Call, *, yes: bool) -> Iterator[tuple[Atom, ...]]:
    """The calls that are never unknown."""
    subject = tree.arguments[0]
    if tree.function == "given":
        yield tuple(Known(term, yes=yes) for term in terms(subject))
    elif tree.function == "blank":
        yield from _blank(tree, subject, yes=yes)
    elif tree.function == "done":
        yield (_done(tree) if yes else _not_done(tree),)
    else:
        yield (Holds(tree, yes),)


def _blank(tree: Call, subject: Tree, *, yes: bool) -> Iterator[tuple[Atom, ...]]:
    if yes:
        yield (Known(subject, yes=False),)
    if subject.type.kind is Kind.TEXT:
        yield (Known(subject), Holds(tree, yes))
    elif not yes:
        yield (Known(subject),)


def _outcome(tree: Tree, *, yes: bool) -> Iterator[tuple[Atom, ...]]:
    match tree:
        case Literal(value=value):
            if value is yes:
                yield ()
        case FactRef() | ContextRef():
            yield (Among(tree, frozenset({yes})),)
        case Compare(operator=operator, left=left, right=right):
            wanted = operator if yes else _OPPOSITE[operator]
            yield from (_measured if left.type.kind in MEASURED else _plain)(wanted, left, right)
        case In(item=item, options=Literal(value=tuple() as options)):
            yield from _member(item, options, yes=yes)
        case _:
            yield (Holds(tree, yes),)


def _measured(operator: str, left: Tree, right: Tree) -> Iterator[tuple[Atom, ...]]:
    gap = difference(left, right)
    if operator == "==":
        yield (below(gap, Fraction(0), strict=False), above(gap, Fraction(0), strict=False))
    if operator in ("<", "!="):
        yield (below(gap, Fraction(0), strict=True),)
    if operator in (">", "!="):
        yield (above(gap, Fraction(0), strict=True),)
    if operator == "<=":
        yield (below(gap, Fraction(0), strict=False),)
    if operator == ">=":
        yield (above(gap, Fraction(0), strict=False),)


def _plain(operator: str, left: Tree, right: Tree) -> Iterator[tuple[Atom, ...]]:
    """Text and choices, which are only ever equal or not."""
    same = operator == "=="
    if left == right:
        if same:
            yield ()
    elif isinstance(left, Literal) and isinstance(right, Literal):
        if (left.value == right.value) is same:
            yield ()
    elif isinstance(left, Literal) or isinstance(right, Literal):
        term, literal = (right, left) if isinstance(left, Literal) else (left, right)
        yield (Among(term, frozenset({literal.value}), same),)  # type: ignore[union-attr]
    else:
        first, second = sorted((left, right), key=repr)
        yield (Holds(Compare("==", first, second), same),)


def _member(item: Tree, options: tuple[Value, ...], *, yes: bool) -> Iterator[tuple[Atom, ...]]:
    if isinstance(item, Literal):
        if (item.value in options) is yes:
            yield ()
    elif item.type.kind not in MEASURED:
        yield (Among(item, frozenset(options), yes),)
    elif yes:
        for value in options:
            yield (below(form(item), measure(value), strict=False), above(form(item), measure(value), strict=False))
    else:
        yield from _gaps(form(item), sorted({measure(value) for value in options}))


def _gaps(given: Form, edges: list[Fraction]) -> Iterator[tuple[Atom, ...]]:
    """Below the first, between each two, above the last."""
    if not edges:
        yield ()
        return
    yield (below(given, edges[0], strict=True),)
    for low, high in pairwise(edges):
        yield (above(given, low, strict=True), below(given, high, strict=True))
    yield (above(given, edges[-1], strict=True),)


def _times(call: Call) -> Form:
    return Form({Call("count", call.arguments, NUMBER): Fraction(1)})


def _done(call: Call) -> Row:
    return above(_times(call), Fraction(1), strict=False)


def _not_done(call: Call) -> Row:
    return below(_times(call), Fraction(0), strict=False)


def _surely_done(term: Tree) -> tuple[Atom, ...]:
    return (_done(term),) if isinstance(term, Call) and term.function == "since" else ()


def _never_done(term: Tree) -> tuple[Atom, ...]:
    return (_not_done(term),) if isinstance(term, Call) and term.function == "since" else ()
