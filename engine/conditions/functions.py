"""The functions of the language: what each takes, gives and does. To add one, add it to ``FUNCTIONS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from engine.conditions.hints import said
from engine.conditions.problem import BAD_CALL, MISFIT, NOT_OURS, UNKNOWN_CHOICE, Problem
from engine.model.names import did_you_mean, nearest
from engine.model.scope import Scope
from engine.model.syntax import (
    DURATION,
    NUMBER,
    TEXT,
    YES_NO,
    Call,
    ContextRef,
    FactRef,
    Kind,
    Literal,
    Span,
    Tree,
    Type,
    Value,
)

BLANKS = " \t\r\n\v\f\u00a0"
"""What a text may hold and still be blank."""

_CAPITALS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Takes(Enum):
    """What an argument must be."""

    TEXT = "a text"
    KNOWN = "a fact"
    DOING = "a touchpoint or an action in quotes"
    STAGE = "a stage in quotes"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    ``apply`` is what one over values does, with arguments that are known. Functions of the deal's past have none:
    the situation answers them; nor have ``given`` and ``blank``, which look at the unknown itself.
    """

    name: str
    takes: tuple[Takes, ...]
    gives: Type
    apply: Callable[..., Value] | None = None


def contains(text: str, part: str) -> bool:
    """Whether the part stands anywhere in the text."""
    return part in text


def size(text: str) -> Decimal:
    """How many characters the text has."""
    return Decimal(len(text))


def lower(text: str) -> str:
    """The text with A to Z in lower case and all else as it is, so that every database agrees."""
    return text.lower() if text.isascii() else text.translate(_CAPITALS)


def is_blank(value: Any) -> bool:
    """Whether a value is unknown or a text of nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


_ALL = (
    Function("contains", (Takes.TEXT, Takes.TEXT), YES_NO, contains),
    Function("starts_with", (Takes.TEXT, Takes.TEXT), YES_NO, str.startswith),
    Function("ends_with", (Takes.TEXT, Takes.TEXT), YES_NO, str.endswith),
    Function("size", (Takes.TEXT,), NUMBER, size),
    Function("lower", (Takes.TEXT,), TEXT, lower),
    Function("given", (Takes.KNOWN,), YES_NO),
    Function("blank", (Takes.KNOWN,), YES_NO),
    Function("done", (Takes.DOING,), YES_NO),
    Function("count", (Takes.DOING,), NUMBER),
    Function("since", (Takes.DOING,), DURATION),
    Function("reached", (Takes.STAGE,), YES_NO),
)
FUNCTIONS = {function.name: function for function in _ALL}
METHODS = {
    **{function.name: function for function in _ALL if function.takes[0] is Takes.TEXT},
    # CEL's own spelling of two of them.
    "startsWith": FUNCTIONS["starts_with"],
    "endsWith": FUNCTIONS["ends_with"],
}

_ELSEWHERE = {
    "has": "write given(x)",
    "exists": "write given(x)",
    "is_null": "write not given(x)",
    "isnull": "write not given(x)",
    "matches": "there are no regular expressions: use contains, starts_with or ends_with",
    "match": "there are no regular expressions: use contains, starts_with or ends_with",
    **dict.fromkeys(("is_empty", "isempty", "empty", "is_blank", "isblank"), "write blank(x)"),
    "len": "write size(x)",
    "length": "write size(x)",
    "upper": "write lower(x)",
    "lowercase": "write lower(x)",
    "today": "write today, without brackets",
    "now": "write today; conditions know days, not hours",
    "if": "write (a and b) or (not a and c), or use a decision table",
}


def unknown_function(name: str, at: int) -> Problem:
    """The problem of a name called that is no function."""
    hint = _ELSEWHERE.get(name.lower(), "")
    if not hint:
        near = nearest(name, (*FUNCTIONS, "date"))
        hint = f"did you mean '{near}'?" if near else "known: " + ", ".join((*FUNCTIONS, "date"))
    code = NOT_OURS if name.lower() in ("matches", "match") else BAD_CALL
    return Problem(code, at, f"unknown function '{name}'", hint)


def call(function: Function, arguments: tuple[Tree, ...], scope: Scope, *, span: Span) -> Tree | Problem:
    """The call, or what is wrong with its arguments."""
    wanted = len(function.takes)
    if len(arguments) != wanted:
        values = "one value" if wanted == 1 else "two values"
        return Problem(BAD_CALL, span[0], f"'{function.name}' takes {values}, not {len(arguments)}", usage(function))
    for takes, argument in zip(function.takes, arguments, strict=True):
        problem = _argument_problem(function, takes, argument, scope=scope)
        if problem:
            return problem
    return Call(function.name, arguments, function.gives, span)


def usage(function: Function) -> str:
    """How the function is written."""
    example = {
        Takes.TEXT: "competitor",
        Takes.KNOWN: "amount",
        Takes.DOING: '"call"',
        Takes.STAGE: '"proposal"',
    }[function.takes[0]]
    rest = ', "acme"' if len(function.takes) == 2 else ""
    return f"it is written like {function.name}({example}{rest})"


def _argument_problem(function: Function, takes: Takes, argument: Tree, *, scope: Scope) -> Problem | None:
    at = argument.span[0]
    if takes is Takes.TEXT:
        if argument.type.kind in (Kind.TEXT, Kind.CHOICE):
            return None
        return Problem(MISFIT, at, f"'{function.name}' takes a text, and {said(argument)}", usage(function))
    if takes is Takes.KNOWN:
        if isinstance(argument, (FactRef, ContextRef)):
            return None
        hint = usage(function)
        if isinstance(argument, Literal) and str(argument.value) in scope.facts:
            hint = f"write {function.name}({argument.value}), without quotes"
        return Problem(BAD_CALL, at, f"'{function.name}' takes the name of a fact", hint)
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return Problem(BAD_CALL, at, f"'{function.name}' takes {takes.value}", usage(function))
    return None if scope.open_names else _name_problem(takes, argument.value, scope, at=at)


def _name_problem(takes: Takes, name: str, scope: Scope, *, at: int) -> Problem | None:
    if takes is Takes.STAGE:
        if name in scope.stages:
            return None
        hint = scope.called_now("stage", name) or did_you_mean(name, scope.stages)
        return Problem(UNKNOWN_CHOICE, at, f"unknown stage '{name}'", hint)
    known = (*scope.touchpoints, *scope.actions)
    if name in known:
        return None
    hint = scope.called_now("action", name) or did_you_mean(name, known)
    return Problem(UNKNOWN_CHOICE, at, f"unknown touchpoint or action '{name}'", hint)
