"""One clause that does not hold, told as what it would take: ``amount at least 5000 (is 100)``, ``record amount``."""

from __future__ import annotations

from collections.abc import Mapping

from engine.conditions.evaluate import context, evaluate
from engine.conditions.unparse import literal, unparse
from engine.conditions.words import GIVEN_WITH_MOVE, given_as
from engine.model.situation import Situation
from engine.model.syntax import (
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Tree,
    Value,
    children,
    walk,
)

Facts = Mapping[str, Value]

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WORDS = {"==": "", "!=": "other than ", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}
_DATE_WORDS = {**_WORDS, "<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after ", "==": "on "}

_HOPELESS = "nothing can meet this"


def parts(tree: Tree) -> tuple[Tree, ...]:
    """The trees below, save those that ``given`` and ``blank`` look at: these are never unknown for lack of them."""
    if isinstance(tree, Call) and tree.function in ("given", "blank"):
        return ()
    return children(tree)


def clause(tree: Tree, facts: Facts, situation: Situation) -> str:
    """What a single clause needs to become true."""
    wanted = True
    while isinstance(tree, Not):
        tree, wanted = tree.part, not wanted
    if isinstance(tree, Compare):
        return _comparison(tree, facts, situation, wanted=wanted)
    if isinstance(tree, In):
        return _membership(tree, facts, situation, wanted=wanted)
    if isinstance(tree, Call):
        return _call(tree, facts, situation, wanted=wanted)
    if isinstance(tree, FactRef):
        return _yes_no(tree, facts, wanted=wanted)
    return _HOPELESS if isinstance(tree, Literal) else unparse(tree if wanted else Not(tree))


def _yes_no(tree: FactRef, facts: Facts, *, wanted: bool) -> str:
    value = facts.get(tree.name)
    if value is None:
        return f"record {tree.name}" if wanted else f"record {tree.name} (false)"
    return f"{tree.name} {str(wanted).lower()} (is {literal(value, tree.type)})"


def _comparison(tree: Compare, facts: Facts, situation: Situation, *, wanted: bool) -> str:
    left, right, operator = tree.left, tree.right, tree.operator
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, operator = right, left, _TURNED[operator]
    if isinstance(left, Literal):
        return _HOPELESS
    if not wanted:
        operator = _OPPOSITE[operator]
    words = _DATE_WORDS if left.type.kind is Kind.DATE else _WORDS
    wish = f"{words[operator]}{unparse(right)}"
    return _told(tree, left, right, wish=wish, facts=facts, situation=situation)


def _membership(tree: In, facts: Facts, situation: Situation, *, wanted: bool) -> str:
    if not isinstance(tree.options, Literal) or not tree.options.value:
        return _HOPELESS
    listed = unparse(tree.options)[1:-1]
    wish = f"one of {listed}" if wanted else f"none of {listed}"
    return _told(tree, tree.item, tree.options, wish=wish, facts=facts, situation=situation)


def _told(tree: Tree, left: Tree, right: Tree, *, wish: str, facts: Facts, situation: Situation) -> str:
    """The wish with what is there now; or, where something is not known, the order to make it known."""
    unknown = _unknown(tree, facts, situation)
    if unknown:
        about = "" if unparse(left) in unknown and len(unknown) == 1 else f"{unparse(left)} "
        return f"{_record(unknown)} ({about}{wish})"
    now = evaluate(left, facts, situation)
    if now is None:
        asks = any(isinstance(node, Call) and node.function == "since" for node in walk(left))
        return f"{unparse(left)} {wish} ({'was never done' if asks else 'is not known'})"
    values = [f"is {literal(now, left.type)}"]
    if not isinstance(right, Literal):
        other = evaluate(right, facts, situation)
        values += [] if other is None else [f"{unparse(right)} is {literal(other, right.type)}"]
    return f"{unparse(left)} {wish} ({', '.join(values)})"


def _unknown(tree: Tree, facts: Facts, situation: Situation) -> list[str]:
    """The facts and words of the clause that someone can make known."""
    found: dict[str, None] = {}
    for node in walk(tree):
        if isinstance(node, FactRef) and facts.get(node.name) is None:
            found[node.name] = None
        elif isinstance(node, ContextRef) and (name := given_as(node.name)) in GIVEN_WITH_MOVE:
            found |= {name: None} if context(name, situation) is None else {}
    return list(found)


def _record(names: list[str]) -> str:
    """``record amount and discount``, ``give a reason``."""
    recorded = [name for name in names if name not in GIVEN_WITH_MOVE]
    told = [f"record {' and '.join(recorded)}"] if recorded else []
    told += [{"to": "name the stage to move to"}.get(name, f"give a {name}") for name in names if name not in recorded]
    return " and ".join(told)


def _call(tree: Call, facts: Facts, situation: Situation, *, wanted: bool) -> str:
    first = tree.arguments[0]
    name = str(first.value) if isinstance(first, Literal) else unparse(first)
    if tree.function == "given":
        return _record([given_as(name)]) if wanted else f"{name} not recorded"
    if tree.function == "blank":
        return f"{name} blank" if wanted else _record([given_as(name)])
    if tree.function == "done":
        return f"{name} done" if wanted else f"{name} never done"
    if tree.function == "reached":
        return f"{name} reached" if wanted else f"{name} not reached"
    verb = {"contains": "containing", "starts_with": "starting with", "ends_with": "ending with"}[tree.function]
    wish = f"{verb if wanted else 'not ' + verb} {unparse(tree.arguments[1])}"
    return _told(tree, first, tree.arguments[1], wish=wish, facts=facts, situation=situation)
