"""A condition asked of many deals at once: equal to ``evaluate`` for each of them, or ``Inexact``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np

from engine.conditions.functions import is_blank, lower
from engine.machine.columns import local_days, microseconds
from engine.machine.crowd import Asked
from engine.machine.reckoned import reckoned
from engine.machine.vectors import (
    DAY,
    UNDATED,
    WIDEST,
    Bools,
    Inexact,
    Ints,
    Measure,
    Numbers,
    Texts,
    Truth,
    Vector,
    by_label,
    calculated,
    compared,
    constant,
    joined,
    known,
    negated,
    rows_of,
    sure,
    vector_of,
    where_known,
)
from engine.model.syntax import (
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Literal,
    Not,
    Or,
    Tree,
)

_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def truth(tree: Tree, crowd: Asked) -> Truth:
    """Where the condition is true and where it is false. Raises ``Inexact`` where columns cannot tell."""
    found = values(tree, crowd)
    if found is None:
        return Truth(np.False_, np.False_)  # type: ignore[arg-type]
    if isinstance(found, Truth):
        return found
    raise Inexact


def values(tree: Tree, crowd: Asked) -> Vector | None:
    """The value of a tree for each; ``None`` where it is unknown for all. Raises ``Inexact`` as ``truth``."""
    match tree:
        case Literal(value=value):
            return constant(value)
        case FactRef(name=name):
            return _fact(name, crowd)
        case ContextRef(name=name):
            return _word(name, crowd)
        case Arithmetic(operator=operator, left=left, right=right):
            return _arithmetic(operator, values(left, crowd), values(right, crowd))
        case Call():
            return _called(tree, crowd)
    return _logical(tree, crowd)


def _logical(tree: And | Or | Not | Compare | In, crowd: Asked) -> Truth | None:
    match tree:
        case And(parts=parts):
            return joined((truth(part, crowd) for part in parts), every=True)
        case Or(parts=parts):
            return joined((truth(part, crowd) for part in parts), every=False)
        case Not(part=part):
            return negated(truth(part, crowd))
        case In(item=item, options=options):
            return _contained(values(item, crowd), options)
        case Compare(operator=operator, left=left, right=right):
            first, second = values(left, crowd), values(right, crowd)
            return None if first is None or second is None else compared(operator, first, second)


def _fact(name: str, crowd: Asked) -> Vector | None:
    machine, rows = crowd.columns.machine, crowd.rows
    fact = machine.process.facts.get(name)
    if fact is not None and fact.table is not None:
        if name in machine.frame.circular:
            raise Inexact
        size = rows.stop - rows.start if isinstance(rows, slice) else rows.size
        return reckoned(fact.table, lambda tree: truth(tree, crowd), size=size)
    column = crowd.columns.fact(name)
    return None if column is None else rows_of(column, rows)


def _word(name: str, crowd: Asked) -> Vector | None:
    if name == "today":
        return _today(crowd)
    if name == "stage":
        return constant(crowd.stage) if crowd.stage else rows_of(crowd.columns.track("main"), crowd.rows)
    if name == "days_in_stage":
        return _days_since(crowd.columns.entered()[crowd.rows], crowd)
    if name == "probability":
        return _probability(crowd)
    if name.startswith("track."):
        return rows_of(crowd.columns.track(name.removeprefix("track.")), crowd.rows)
    value = crowd.words.get(name)
    return constant(value) if isinstance(value, str) else value


def _days_since(entered: Ints, crowd: Asked) -> Numbers:
    dated = entered != UNDATED
    spans = np.where(dated, _now(crowd) - np.where(dated, entered, 0), 0)
    return _measured(spans // DAY, Measure.NUMBER, is_known=dated)


def _now(crowd: Asked) -> int | Ints:
    return microseconds(crowd.now) if isinstance(crowd.now, datetime) else crowd.now


def _today(crowd: Asked) -> Vector:
    zone = crowd.columns.machine.frame.zone
    if isinstance(crowd.now, datetime):
        return constant(crowd.now.astimezone(zone).date())
    return _measured(local_days(crowd.now, zone), Measure.DAY)


def _probability(crowd: Asked) -> Vector | None:
    probability = crowd.columns.machine.frame.probability
    if crowd.stage:
        value = probability.get(crowd.stage)
        return None if value is None else constant(value)
    stages = crowd.columns.track("main")
    # Where a stage is unknown, the last of them all is taken: nothing.
    found = vector_of([*(probability.get(each) for each in stages.labels), None])
    return None if found is None else rows_of(found, stages.codes[crowd.rows])


def _measured(found: Ints, measure: Measure, *, is_known: Bools | None = None) -> Numbers:
    there = np.ones(found.shape, np.bool_) if is_known is None else is_known
    low, high = (int(found.min()), int(found.max())) if found.size else (0, 0)
    if max(abs(low), abs(high)) >= WIDEST:
        raise Inexact
    return Numbers(found, there, measure, low, high)


def _contained(item: Vector | None, options: Tree) -> Truth | None:
    if not isinstance(options, Literal) or not isinstance(options.value, tuple):
        raise Inexact
    if not options.value:
        return sure(np.False_)  # type: ignore[arg-type]
    if item is None:
        return None
    if isinstance(item, Texts):
        listed = frozenset(options.value)
        return where_known(by_label(item, lambda label: label in listed, np.bool_), item)
    return joined((compared("==", item, constant(option)) for option in options.value), every=False)


def _arithmetic(operator: str, left: Vector | None, right: Vector | None) -> Vector | None:
    if left is None or right is None:
        return None
    if not isinstance(left, Numbers) or not isinstance(right, Numbers):
        raise Inexact
    return calculated(operator, left, right)


def _called(tree: Call, crowd: Asked) -> Vector | None:
    name = tree.function
    if name in ("done", "count", "since", "reached"):
        return _past(name, tree.arguments[0], crowd)
    given = [values(argument, crowd) for argument in tree.arguments]
    first = given[0]
    if name in ("given", "blank"):
        return _known(first, is_blank_too=name == "blank")
    if first is None or None in given:
        return None
    if not isinstance(first, Texts):
        raise Inexact
    if name == "size":
        return _measured(by_label(first, len, np.int64), Measure.NUMBER, is_known=known(first))
    return _on_texts(name, first, given[-1])


def _known(vector: Vector | None, *, is_blank_too: bool) -> Truth:
    if vector is None:
        return sure(np.bool_(is_blank_too))  # type: ignore[arg-type]
    if is_blank_too and isinstance(vector, Texts):
        return sure(~known(vector) | by_label(vector, is_blank, np.bool_))
    return sure(known(vector) ^ np.bool_(is_blank_too))


def _on_texts(name: str, first: Texts, second: Vector | None) -> Vector:
    if name == "lower":
        labels = tuple(dict.fromkeys(lower(label) for label in first.labels))
        codes = {label: code for code, label in enumerate(labels)}
        return Texts(by_label(first, lambda label: codes[lower(label)], np.int32, otherwise=-1), labels)
    if not isinstance(second, Texts) or second.codes.ndim:
        # Two columns have too many pairs of texts: rare, and not worth a way of its own.
        raise Inexact
    test, part = _TEXTS[name], second.labels[int(second.codes)]
    return where_known(by_label(first, lambda label: test(label, part), np.bool_), first)


def _past(function: str, argument: Tree, crowd: Asked) -> Vector:
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        raise Inexact
    name, columns, rows = argument.value, crowd.columns, crowd.rows
    if function == "reached":
        return rows_of(columns.reached(name), rows)
    past = columns.past(name)
    if function == "count":
        return _measured(past.count[rows], Measure.NUMBER)
    done, last = past.count[rows] > 0, past.last[rows]
    if function == "done":
        return sure(done)
    dated = last != UNDATED
    return _measured(_now(crowd) - np.where(dated, last, 0), Measure.MICROSECOND, is_known=done & dated)
