"""Names in an expression: facts, the words of the language, groups of stages; and what was meant by an unknown one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.conditions.problem import NOT_OURS, UNKNOWN_NAME, Problem
from engine.model.names import LANGUAGE_WORDS, did_you_mean, nearest
from engine.model.scope import Scope
from engine.model.syntax import (
    DATE,
    NUMBER,
    PERCENT,
    TEXT,
    YES_NO,
    ContextRef,
    FactRef,
    Kind,
    Literal,
    Span,
    Tree,
    Type,
)

CONTEXT = ("today", "stage", "to", "action", "reason", "note", "days_in_stage", "probability")
"""The words that the situation answers, beside ``track.<id>`` and ``actor.role``."""

GIVEN_WITH_MOVE = frozenset({"to", "reason", "note"})
"""The words whose value the mover gives: where one is unknown, it can be given."""

_FIXED = {"today": DATE, "note": TEXT, "days_in_stage": NUMBER, "probability": PERCENT}
_ELSEWHERE = {
    "null": "an unknown value is asked for by given(x) and blank(x)",
    "none": "an unknown value is asked for by given(x) and blank(x)",
    "nil": "an unknown value is asked for by given(x) and blank(x)",
    "now": "write today; conditions know days, not hours",
    "yes": "write true",
    "no": "write false",
    "true": "write true",
    "false": "write false",
}


def context_type(word: str, scope: Scope) -> Type | None:
    """The type of a word that the situation answers; ``None`` for any other word."""
    if word in _FIXED:
        return _FIXED[word]
    if word == "stage":
        return _choice(scope.stages)
    if word == "to":
        # In a track of its own a move leads to one of that track's stages.
        return _choice((*scope.stages, *(s for stages in scope.tracks.values() for s in stages)))
    if word == "action":
        return _choice(scope.actions)
    return _choice(scope.reasons) if word == "reason" else None


def _choice(options: tuple[str, ...]) -> Type:
    return Type(Kind.CHOICE, tuple(dict.fromkeys(options)))


def resolve(word: str, scope: Scope, span: Span) -> Tree | None:
    """What a name stands for, or ``None``."""
    fact = scope.facts.get(word)
    if fact is not None and word not in LANGUAGE_WORDS:
        return FactRef(word, fact, span)
    if word == "true" or word == "false":
        return Literal(word == "true", YES_NO, span)
    known = context_type(word, scope)
    if known is not None:
        return ContextRef(word, known, span)
    if word in scope.groups:
        return Literal(scope.groups[word], Type(Kind.LIST, item=_choice(scope.stages)), span)
    return None


def dotted(owner: str, member: str, scope: Scope, span: Span) -> Tree | Problem:
    """``track.legal`` or ``actor.role``."""
    name = f"{owner}.{member}"
    if owner == "actor":
        if member == "role":
            return ContextRef(name, _choice(scope.roles), span)
        return Problem(UNKNOWN_NAME, span[0], f"unknown name '{name}'", "write actor.role")
    if member in scope.tracks or scope.open_names:
        return ContextRef(name, _choice(scope.tracks.get(member, ())), span)
    hint = did_you_mean(member, scope.tracks) or "this process has no tracks beside the main one"
    return Problem(UNKNOWN_NAME, span[0], f"unknown track '{member}'", hint)


def unknown(name: str, at: int, scope: Scope) -> Problem:
    """The problem of a name that stands for nothing; dashes may stand in it as someone wrote them."""
    lower = name.lower()
    if lower in _ELSEWHERE:
        code = NOT_OURS if lower in ("null", "none", "nil") else UNKNOWN_NAME
        return Problem(code, at, f"unknown name '{name}'", _ELSEWHERE[lower])
    if name in set(_quotable(scope)):
        return Problem(UNKNOWN_NAME, at, f"unknown name '{name}'", f'put it in quotes: "{name}"')
    names = [*scope.facts, *scope.groups, *CONTEXT]
    underscored = name.replace("-", "_")
    close = underscored if underscored in names else nearest(underscored, names)
    if close:
        return Problem(UNKNOWN_NAME, at, f"unknown fact '{name}'", f"did you mean '{close}'?")
    quoted = nearest(name, _quotable(scope))
    if quoted:
        return Problem(UNKNOWN_NAME, at, f"unknown fact '{name}'", f'did you mean the text "{quoted}", in quotes?')
    return Problem(UNKNOWN_NAME, at, f"unknown fact '{name}'", did_you_mean(name, scope.facts) or _declare(name, scope))


def is_meant(dashed: str, scope: Scope) -> bool:
    """Whether a name written with dashes is a fact's, save for the dashes, or a text without its quotes."""
    underscored = dashed.replace("-", "_")
    return underscored in scope.facts or dashed in scope.groups or dashed in set(_quotable(scope))


def _quotable(scope: Scope) -> Iterator[str]:
    """Every text that a condition can compare a choice with."""
    for fact in scope.facts.values():
        yield from fact.choices
    for names in (scope.stages, scope.actions, scope.touchpoints, scope.reasons, scope.roles):
        yield from names
    for names in scope.tracks.values():
        yield from names


def _declare(name: str, scope: Scope) -> str:
    return "declare it under facts" if scope.facts or name.isidentifier() else ""
