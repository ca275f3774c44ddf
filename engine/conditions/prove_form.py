"""Whether two conditions are written alike, but for what never matters: order, brackets, double negation …."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from engine.conditions.prove_sides import Side, near, whole
from engine.model.rule import Fact
from engine.model.syntax import (
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
)

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TRUE, _FALSE = ("is", True), ("is", False)


def alike(old: Side, new: Side) -> bool:
    """Whether the two are one condition over facts of one definition."""
    return form(whole(old)) == form(whole(new)) and _defined(near(old)) == _defined(near(new))


def form(tree: Tree) -> Hashable:
    """The condition as a value that is equal for trees that are equal in every deal.

    Each step holds where facts are unknown too: a comparison is unknown exactly where its opposite is.
    """
    return _form(tree, yes=True)


def denied(tree: Tree) -> Hashable:
    """The same of the condition denied."""
    return _form(tree, yes=False)


def _form(tree: Tree, *, yes: bool) -> Hashable:
    match tree:
        case And(parts=parts):
            return _group("and" if yes else "or", [_form(part, yes=yes) for part in parts])
        case Or(parts=parts):
            return _group("or" if yes else "and", [_form(part, yes=yes) for part in parts])
        case Not(part=part):
            return _form(part, yes=not yes)
        case Literal(value=bool() as value):
            return _TRUE if value is yes else _FALSE
        case Compare():
            return _comparison(tree, yes=yes)
        case In(item=item, options=Literal(value=tuple() as options)):
            return _membership(item, options, yes=yes)
    return ("holds" if yes else "fails", _term(tree))


def _group(kind: str, parts: list[Hashable]) -> Hashable:
    """The parts without order and doubles, groups of the same kind dissolved."""
    idle, decides = (_TRUE, _FALSE) if kind == "and" else (_FALSE, _TRUE)
    found: set[Hashable] = set()
    for part in parts:
        if isinstance(part, tuple) and part[0] == kind:
            found |= part[1]
        elif part != idle:
            found.add(part)
    if decides in found:
        return decides
    if not found:
        return idle
    return next(iter(found)) if len(found) == 1 else (kind, frozenset(found))


def _comparison(tree: Compare, *, yes: bool) -> Hashable:
    operator = tree.operator if yes else _OPPOSITE[tree.operator]
    left, right = tree.left, tree.right
    if operator in ("==", "!="):
        if left.type.kind is Kind.YES_NO:
            return _sameness(left, right, same=operator == "==")
        return (operator, frozenset((_term(left), _term(right))))
    if isinstance(left, Literal) or operator in (">", ">="):
        # "5 < a" is "a > 5"; of two facts the smaller comes first.
        turned = not isinstance(right, Literal)
        operator, left, right = (_TURNED[operator], right, left) if turned else (operator, left, right)
    return (operator, _term(left), _term(right))


def _sameness(left: Tree, right: Tree, *, same: bool) -> Hashable:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Literal):
            return _form(other, yes=(one.value is True) is same)
    return ("same" if same else "differ", frozenset((form(left), form(right))))


def _membership(item: Tree, options: tuple[object, ...], *, yes: bool) -> Hashable:
    if not options:
        return _FALSE if yes else _TRUE
    if len(set(options)) == 1:
        return ("==" if yes else "!=", frozenset((_term(item), ("is", options[0]))))
    return ("among" if yes else "beside", _term(item), frozenset(options))


def _term(tree: Tree) -> Hashable:
    match tree:
        case Literal(value=value):
            return ("is", value)
        case FactRef(name=name):
            return ("fact", name)
        case ContextRef(name=name):
            return ("word", name)
        case Arithmetic(operator=operator, left=left, right=right):
            # A sum of dates and durations may leave the calendar on the one way and not on the other; two terms do not.
            sides: Hashable = (_term(left), _term(right))
            return (operator, sides if operator == "-" else _unordered(_term(left), _term(right)))
        case Call(function=function, arguments=arguments):
            return (function, tuple(map(_term, arguments)))
    return form(tree)


def _unordered(left: Hashable, right: Hashable) -> Hashable:
    return frozenset((left, right)) if left != right else (left, right)


def _defined(facts: Mapping[str, Fact]) -> Hashable:
    """What of the facts' definitions bears on a condition."""
    return frozenset((name, fact.type.kind, definition(fact)) for name, fact in facts.items())


def definition(fact: Fact) -> Hashable:
    """The default of a fact, or its table; but not what the facts are that the table reads."""
    if fact.table is None:
        return ("default", fact.default)
    rows = ((row.then, None if row.when is None else form(row.when.tree)) for row in fact.table.rows)
    return ("table", fact.table.hit, tuple(rows))
