"""Names in an expression: facts, the words of the language, groups of stages; and what was meant by an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from engine.conditions.functions import FUNCTIONS, usage
from engine.conditions.literals import CURRENCY
from engine.conditions.problem import GRAMMAR, MISFIT, NOT_OURS, UNKNOWN_CHOICE, UNKNOWN_NAME, Problem
from engine.conditions.tokens import Token
from engine.model.names import LANGUAGE_WORDS, did_you_mean
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
"""The words that the situation answers, beside ``track.<id>``, ``actor.role`` and ``reason.group``."""

GIVEN_WITH_MOVE = frozenset({"to", "reason", "note"})
"""The words whose value the mover gives: where one is unknown, it can be given."""

REASON_GROUP = "reason.group"

_FIXED = {"today": DATE, "note": TEXT, "days_in_stage": NUMBER, "probability": PERCENT}
_NEVER_FACTS = LANGUAGE_WORDS | {"null"}
_WHEN = "conditions do not know when a deal started or closed; a metric takes it as by: started_at, or closed_at"
_ELSEWHERE = {
    "null": "an unknown value is asked for by given(x) and blank(x)",
    "none": "an unknown value is asked for by given(x) and blank(x)",
    "nil": "an unknown value is asked for by given(x) and blank(x)",
    "now": "write today; conditions know days, not hours",
    "yes": "write true",
    "no": "write false",
    "true": "write true",
    "false": "write false",
    "role": "write actor.role",
    "owner": "conditions do not know who has a deal; 'stagewright measure --by owner' tells of each",
    "started_at": _WHEN,
    "closed_at": _WHEN,
}

_OWNERS = frozenset({"deal", "opportunity", "record", "facts", "fact", "this", "self"})


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


def given_as(word: str) -> str:
    """What the mover gives so that the word is known: a group comes with the reason."""
    return "reason" if word == REASON_GROUP else word


def resolve(word: str, scope: Scope, span: Span) -> Tree | None:
    """What a name stands for, or ``None``."""
    fact = scope.facts.get(word)
    if fact is not None and word not in _NEVER_FACTS:
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
    """``track.legal``, ``actor.role`` or ``reason.group``."""
    name = f"{owner}.{member}"
    if name == REASON_GROUP:
        if scope.reason_groups or scope.open_names:
            return ContextRef(name, _choice(scope.reason_groups), span)
        hint = "give a reason its group: {title: Too expensive, group: money}"
        return Problem(UNKNOWN_NAME, span[0], "no reason of this process has a group", hint)
    if owner == "actor":
        if member == "role":
            return ContextRef(name, _choice(scope.roles), span)
        return Problem(UNKNOWN_NAME, span[0], f"unknown name '{name}'", "write actor.role")
    if member in scope.tracks or scope.open_names:
        return ContextRef(name, _choice(scope.tracks.get(member, ())), span)
    hint = did_you_mean(member, scope.tracks) or "this process has no tracks beside the main one"
    return Problem(UNKNOWN_NAME, span[0], f"unknown track '{member}'", hint)


def unknown(name: str, at: int, scope: Scope, *, beside: Type | None = None) -> Problem:
    """The problem of a name that stands for nothing; dashes may stand in it as someone wrote them.

    ``beside`` is the type of what it is compared with.
    """
    lower = name.lower()
    if beside is not None and beside.kind is Kind.CHOICE and (choice := _same(name, beside.choices)):
        return Problem(UNKNOWN_NAME, at, f"unknown name '{name}'", f'put it in quotes: "{choice}"')
    if lower in _ELSEWHERE:
        code = NOT_OURS if lower in ("null", "none", "nil") else UNKNOWN_NAME
        return Problem(code, at, f"unknown name '{name}'", _ELSEWHERE[lower])
    if name in set(_quotable(scope)):
        return Problem(UNKNOWN_NAME, at, f"unknown name '{name}'", f'put it in quotes: "{name}"')
    if text := text_meant(name, scope):
        return Problem(UNKNOWN_NAME, at, f"unknown name '{name}'", f'put it in quotes: "{text}"')
    names = [*scope.facts, *scope.groups, *CONTEXT]
    hint = scope.called_now("fact", name) or _meant(name, scope, names)
    return Problem(UNKNOWN_NAME, at, f"unknown fact '{name}'", hint)


def _meant(name: str, scope: Scope, names: list[str]) -> str:
    if name in scope.tracks:
        return f"write track.{name}"
    underscored = name.replace("-", "_")
    close = underscored if underscored in names else _near(underscored, names)
    if close:
        return f"did you mean '{close}'?"
    quoted = _near(name, _quotable(scope))
    if quoted:
        return f'did you mean the text "{quoted}", in quotes?'
    known = f"; known: {', '.join(scope.facts)}" if 0 < len(scope.facts) <= 8 else ""
    return f'declare it under facts, or put it in quotes if it is a text: "{name}"{known}'


def _near(word: str, options: Iterable[str]) -> str:
    """The option most like the word: rather none than a far one, for the word may stand for anything."""
    close = get_close_matches(word.lower(), sorted(set(options)), n=1, cutoff=0.72) if len(word) <= 100 else []
    return close[0] if close else ""


def is_meant(dashed: str, scope: Scope) -> bool:
    """Whether a name written with dashes is a fact's, save for the dashes, or a text without its quotes."""
    underscored = dashed.replace("-", "_")
    return underscored in scope.facts or dashed in scope.groups or dashed in set(_quotable(scope))


def text_meant(name: str, scope: Scope) -> str:
    """The text that a name without quotes is, in whatever case and with spaces or dashes; empty for none."""
    return _same(name, _quotable(scope))


def _same(name: str, options: Iterable[str]) -> str:
    plain = _plain(name)
    return next((one for one in options if _plain(one) == plain), "")


def _plain(text: str) -> str:
    return text.lower().replace("-", " ").replace("_", " ")


def _quotable(scope: Scope) -> Iterator[str]:
    """Every text that a condition can compare a choice with."""
    for fact in scope.facts.values():
        yield from fact.choices
    named = (scope.stages, scope.actions, scope.touchpoints, scope.reasons, scope.reason_groups, scope.roles)
    for names in named:
        yield from names
    for names in scope.tracks.values():
        yield from names


def other_tongue(word: str, at: int, *, before: Token) -> Problem | None:
    """A word that other languages begin with, ``before`` some token; after it nothing would be understood."""
    if word.lower() in ("if", "when", "unless") and before[0] in ("word", "number", "text"):
        return Problem(GRAMMAR, at, f"'{word}' is no word of conditions", "write only the condition")
    if word.lower() in ("r", "b", "br", "rb") and before[0] == "text" and before[2] == at + len(word):
        return Problem(NOT_OURS, at, "there is one kind of text", f"leave out the '{word}' before the quotes")
    if word in FUNCTIONS and before[0] in ("word", "text"):
        return Problem(GRAMMAR, at, f"'{word}' stands without its brackets", usage(FUNCTIONS[word]))
    if CURRENCY.match(word) and before[0] == "number":
        hint = "write the number alone; the currency is the process's"
        return Problem(GRAMMAR, at, "a currency cannot stand in an expression", hint)
    if word.lower() in _OWNERS and before[1] == ".":
        return Problem(GRAMMAR, at, f"'{word}' has no parts", "write the name of the fact alone, such as amount")
    return None


def group_meant(problem: Problem, compared: Tree, scope: Scope) -> Problem:
    """The problem, with the mend where ``stage == "early"`` names a group of stages."""
    if isinstance(compared, Literal) and compared.value in scope.groups and problem.code == UNKNOWN_CHOICE:
        return replace(problem, hint=f"it is a group of stages: write in {compared.value}")
    return problem


def fact_meant(problem: Problem, left: Tree, right: Tree, scope: Scope) -> Problem:
    """The problem, with the mend where a fact was put in quotes: ``"amount" > 5``."""
    for side in (left, right):
        if isinstance(side, Literal) and side.value in scope.facts and problem.code == MISFIT:
            return replace(problem, hint=f"write {side.value}, without quotes")
    return problem
