"""What goes together: each operator over typed trees gives a typed tree, or the problem with a hint how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.conditions.hints import kind_words, mismatch_hint, order_hint, said, truth_hint
from engine.conditions.problem import MISFIT, NOT_OURS, UNKNOWN_CHOICE, WRONG_KIND, Problem
from engine.conditions.unparse import literal, shown
from engine.model.names import did_you_mean
from engine.model.syntax import PERCENT, Arithmetic, Compare, ContextRef, In, Kind, Literal, Tree, Type

_PLAIN = {Kind.NUMBER, Kind.MONEY}
_ORDERED = {Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.DURATION}
_TEXTS = {Kind.TEXT, Kind.CHOICE}

_N, _M, _P = Kind.NUMBER, Kind.MONEY, Kind.PERCENT
_SUMS = {
    **{(a, b): _M if _M in (a, b) else _N for a in (_N, _M) for b in (_N, _M)},
    (_P, _P): _P,
    (Kind.DURATION, Kind.DURATION): Kind.DURATION,
    (Kind.DATE, Kind.DURATION): Kind.DATE,
}
_RESULTS: dict[str, dict[tuple[Kind, Kind], Kind]] = {
    "+": {**_SUMS, (Kind.DURATION, Kind.DATE): Kind.DATE},
    "-": {**_SUMS, (Kind.DATE, Kind.DATE): Kind.DURATION},
    "*": {
        (_N, _N): _N,
        (_N, _M): _M,
        (_M, _N): _M,
        (_M, _P): _M,
        (_P, _M): _M,
        (_N, _P): _N,
        (_P, _N): _N,
        (_P, _P): _P,
    },
}


def yes_no(tree: Tree) -> Tree | Problem:
    """The tree as a condition; the name of a group of stages alone means that the deal stands in one of them."""
    if tree.type.kind is Kind.YES_NO:
        return tree
    if isinstance(tree, Literal) and tree.type.item is not None and tree.type.item.kind is Kind.CHOICE:
        return In(ContextRef("stage", tree.type.item, tree.span), tree, tree.span)
    return Problem(MISFIT, tree.span[0], f"{said(tree)}, not a condition", truth_hint(tree))


def compare(operator: str, left: Tree, right: Tree) -> Tree | Problem:
    """``left operator right``."""
    span = (left.span[0], right.span[1])
    if left.type.kind is Kind.LIST or right.type.kind is Kind.LIST:
        return Problem(NOT_OURS, span[0], "lists are not compared", "ask whether one value is in a list: x in [1, 2]")
    fitted = _fitted(left, right)
    if isinstance(fitted, Problem):
        return fitted
    if operator not in ("==", "!=") and left.type.kind not in _ORDERED:
        message = f"'{operator}' does not order {_plural(left.type.kind)}"
        return Problem(NOT_OURS, span[0], message, order_hint(left, right))
    return Compare(operator, *fitted, span)


def contained(item: Tree, options: Tree, *, places: Sequence[int] = ()) -> Tree | tuple[Problem, ...]:
    """``item in options``, or every option that the item cannot be; ``places`` are where the options stand."""
    span = (item.span[0], options.span[1])
    of = options.type.item
    if not isinstance(options, Literal) or not isinstance(options.value, tuple):
        hint = _list_hint(item, options)
        return (Problem(MISFIT, options.span[0], f"{said(options)}, not a list", hint),)
    if item.type.kind is Kind.LIST:
        return (Problem(MISFIT, item.span[0], "a list cannot be in a list", "ask for one value: x in [1, 2]"),)
    if of is None:
        # The kind of an empty list is that of what is looked for in it.
        return In(item, replace(options, type=Type(Kind.LIST, item=item.type)), span)
    problems: list[Problem] = []
    for index, value in enumerate(options.value):
        at = places[index] if index < len(places) else options.span[0]
        fitted = _fitted(item, Literal(value, of, (at, at)))
        if isinstance(fitted, Problem):
            problems.append(fitted)
            if fitted.code == MISFIT:
                break  # all options are of one kind: once told is enough
    if problems:
        return tuple(problems)
    return In(item, replace(options, type=Type(Kind.LIST, item=item.type if of.kind in _TEXTS else of)), span)


def arithmetic(operator: str, left: Tree, right: Tree) -> Tree | Problem:
    """``left operator right`` for ``+ - *``."""
    span = (left.span[0], right.span[1])
    kinds = (left.type.kind, right.type.kind)
    kind = _RESULTS[operator].get(kinds)
    if kind is None:
        message = f"{said(left)} and {said(right)}: '{operator}' does not join them"
        return Problem(MISFIT, _place(left, right), message, _arithmetic_hint(operator, left, right))
    if operator == "*":
        if not (_is_factor(left) or _is_factor(right)):
            message = f"neither '{shown(left)}' nor '{shown(right)}' is a written value"
            return Problem(NOT_OURS, span[0], message, "one side of * must be a written value or probability")
        kind = _scaled(left, right, kind)
    elif Kind.DATE in kinds and _has_hours(left, right):
        return Problem(MISFIT, _place(left, right), "a date has no hours", "write whole days, such as 2d")
    return Arithmetic(operator, left, right, Type(kind), span)


def settled(tree: Tree, expects: Type, what: str) -> Tree | Problem:
    """The tree, where its place takes its kind: a number for money, a text for one of its choices …."""
    kind, wanted = tree.type.kind, expects.kind
    if wanted is Kind.YES_NO:
        condition = yes_no(tree)
        if not isinstance(condition, Problem):
            return condition
    elif wanted is Kind.CHOICE and kind in _TEXTS and (isinstance(tree, Literal) or kind is Kind.CHOICE):
        return _settled_choice(tree, expects, what)
    elif kind is wanted or {kind, wanted} <= _PLAIN or (wanted is Kind.TEXT and kind is Kind.CHOICE):
        return tree
    hint = truth_hint(tree) if wanted is Kind.YES_NO else mismatch_hint(expects, tree)
    return Problem(WRONG_KIND, tree.span[0], f"the {what} must be {kind_words(wanted)}, and {said(tree)}", hint)


def list_item_problem(item: Tree, first: Tree) -> Problem | None:
    """Why a written value cannot stand in the list that ``first`` begins."""
    if item.type.kind is first.type.kind:
        return None
    return Problem(MISFIT, item.span[0], f"a list holds values of one kind: {said(first)}, {said(item)}")


def _fitted(left: Tree, right: Tree) -> tuple[Tree, Tree] | Problem:
    """Both sides, a text beside a choice checked to be one of its choices and typed as it."""
    kinds = (left.type.kind, right.type.kind)
    if kinds == (Kind.CHOICE, Kind.TEXT) and isinstance(right, Literal):
        chosen = _chosen(right, of=left)
        return chosen if isinstance(chosen, Problem) else (left, chosen)
    if kinds == (Kind.TEXT, Kind.CHOICE) and isinstance(left, Literal):
        chosen = _chosen(left, of=right)
        return chosen if isinstance(chosen, Problem) else (chosen, right)
    if kinds[0] is kinds[1] or set(kinds) <= _PLAIN:
        return _with_common_choice(left, right)
    hint = mismatch_hint(left.type, right) or mismatch_hint(right.type, left)
    return Problem(MISFIT, _place(left, right), f"{said(left)} and {said(right)}: they cannot be compared", hint)


def _with_common_choice(left: Tree, right: Tree) -> tuple[Tree, Tree] | Problem:
    ours, theirs = left.type.choices, right.type.choices
    if ours and theirs and not set(ours) & set(theirs):
        message = f"'{shown(left)}' and '{shown(right)}' have no choice in common: they can never be equal"
        return Problem(UNKNOWN_CHOICE, left.span[0], message)
    return left, right


def _chosen(written: Literal, *, of: Tree) -> Literal | Problem:
    text, choices = str(written.value), of.type.choices
    if choices and text not in choices:
        message = f"'{text}' is not one of the choices of '{shown(of)}'"
        return Problem(UNKNOWN_CHOICE, written.span[0], message, did_you_mean(text, choices))
    return replace(written, type=of.type)


def _settled_choice(tree: Tree, expects: Type, what: str) -> Tree | Problem:
    known = expects.choices
    if isinstance(tree, Literal):
        text = str(tree.value)
        if not known or text in known:
            return replace(tree, type=expects)
        message = f"'{text}' is not one of the choices of the {what}"
        return Problem(UNKNOWN_CHOICE, tree.span[0], message, did_you_mean(text, known))
    if not known or (tree.type.choices and set(tree.type.choices) <= set(known)):
        return tree
    message = f"'{shown(tree)}' can be something else than the choices of the {what}"
    return Problem(WRONG_KIND, tree.span[0], message, did_you_mean("", known))


def _place(left: Tree, right: Tree) -> int:
    """Where the mistake probably is: at the written value, if there is one."""
    return right.span[0] if isinstance(right, Literal) else left.span[0]


def _is_factor(tree: Tree) -> bool:
    return isinstance(tree, Literal) or (isinstance(tree, ContextRef) and tree.name == "probability")


def _scaled(left: Tree, right: Tree, kind: Kind) -> Kind:
    """A percent times a written number stays a percent; a number times a percent is a number."""
    for number, percent in ((left, right), (right, left)):
        is_pair = number.type.kind is Kind.NUMBER and percent.type.kind is Kind.PERCENT
        if is_pair and isinstance(number, Literal) and not isinstance(percent, Literal):
            return Kind.PERCENT
    return kind


def _has_hours(left: Tree, right: Tree) -> bool:
    return any(
        isinstance(side, Literal) and isinstance(side.value, timedelta) and bool(side.value % timedelta(days=1))
        for side in (left, right)
    )


def _arithmetic_hint(operator: str, left: Tree, right: Tree) -> str:
    kinds = {left.type.kind, right.type.kind}
    if isinstance(right, Literal) and isinstance(right.value, Decimal) and kinds <= {*_PLAIN, Kind.PERCENT}:
        # Only + and - fail among these, and only with a percent on one side.
        if right.type.kind is Kind.PERCENT:
            share = 1 + right.value if operator == "+" else 1 - right.value
            return f"write {shown(left)} * {literal(share, PERCENT)}"
        return mismatch_hint(left.type, right)
    if Kind.DATE in kinds and kinds & _PLAIN:
        return "write days as a duration, such as 30d"
    return "texts are not joined" if kinds <= _TEXTS else ""


def _list_hint(item: Tree, options: Tree) -> str:
    if options.type.kind in _TEXTS and not isinstance(options, Literal):
        return f"write contains({shown(options)}, {shown(item)})"
    if isinstance(options, Literal):
        return f"write [{shown(options)}]"
    return "write == to compare; a list is written [1, 2]"


def _plural(kind: Kind) -> str:
    return {Kind.TEXT: "texts", Kind.CHOICE: "choices"}.get(kind, "yes-no values")
