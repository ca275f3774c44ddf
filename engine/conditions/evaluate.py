"""What an expression is worth for one deal: the plain reading of the tree that every faster form must equal.

Three-valued: ``None`` is unknown. ``and``, ``or``, ``not`` are Kleene's; all else is unknown where a part of it is.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.conditions.arithmetic import for_numbers, for_times
from engine.conditions.functions import FUNCTIONS, is_blank
from engine.model.situation import Situation
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
    Value,
)

Facts = Mapping[str, Value]

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}
_DOTTED = {"actor.role": "role", "reason.group": "reason_group"}
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})


def evaluate(tree: Tree, facts: Facts, situation: Situation) -> Value | None:
    """The value of the tree, ``None`` where it is unknown. Never raises for values of the declared types."""
    match tree:
        case Literal(value=value):
            return value
        case FactRef(name=name):
            return facts.get(name)
        case ContextRef(name=name):
            return context(name, situation)
        case And(parts=parts):
            return all_of(evaluate(part, facts, situation) for part in parts)
        case Or(parts=parts):
            return any_of(evaluate(part, facts, situation) for part in parts)
        case Not(part=part):
            return _denied(evaluate(part, facts, situation))
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return _strict(_applied(tree), evaluate(left, facts, situation), evaluate(right, facts, situation))
        case In(item=item, options=options):
            return _contained(evaluate(item, facts, situation), evaluate(options, facts, situation))
        case Call():
            return _called(tree, facts, situation)


def _applied(tree: Compare | Arithmetic) -> Callable[[Any, Any], Value | None]:
    if isinstance(tree, Compare):
        return COMPARISONS[tree.operator]
    numeric = tree.left.type.kind in NUMERIC and tree.type.kind in NUMERIC
    return for_numbers(tree.operator) if numeric else for_times(tree.operator)


def _denied(value: Value | None) -> bool | None:
    return None if value is None else not value


def context(name: str, situation: Situation) -> Value | None:
    """What the situation tells of a word such as ``today`` or ``track.legal``."""
    if name.startswith("track."):
        return situation.track(name.removeprefix("track."))
    value: Value | None = getattr(situation, _DOTTED.get(name, name))
    return value


def past(name: str, situation: Situation) -> Callable[[str], bool | Decimal | timedelta | None]:
    """The question about the deal's past that a function asks."""
    questions: dict[str, Callable[[str], bool | Decimal | timedelta | None]] = {
        "done": situation.done,
        "count": situation.count,
        "since": situation.since,
        "reached": situation.reached,
    }
    return questions[name]


def all_of(values: Iterable[Value | None]) -> bool | None:
    """Kleene's and: false as soon as one is, else unknown as soon as one is."""
    result: bool | None = True
    for value in values:
        if value is None:
            result = None
        elif not value:
            return False
    return result


def any_of(values: Iterable[Value | None]) -> bool | None:
    """Kleene's or."""
    result: bool | None = False
    for value in values:
        if value is None:
            result = None
        elif value:
            return True
    return result


def _strict(apply: Callable[[Any, Any], Value | None], left: Value | None, right: Value | None) -> Value | None:
    return None if left is None or right is None else apply(left, right)


def _contained(item: Value | None, options: Value | None) -> bool | None:
    if not isinstance(options, tuple):
        return None
    if not options:
        return False  # nothing is in an empty list, not even the unknown
    return None if item is None else item in options


def _called(tree: Call, facts: Facts, situation: Situation) -> Value | None:
    function = FUNCTIONS[tree.function]
    values = [evaluate(argument, facts, situation) for argument in tree.arguments]
    if function.name == "given":
        return values[0] is not None
    if function.name == "blank":
        return is_blank(values[0])
    if function.apply is None:
        return past(function.name, situation)(str(values[0]))
    if any(value is None for value in values):
        return None
    return function.apply(*values)
