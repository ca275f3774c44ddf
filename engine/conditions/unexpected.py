"""A token that stands where it cannot: what was expected, and what other languages' habits are written like here."""

from __future__ import annotations

import re

from engine.conditions.functions import METHODS
from engine.conditions.literals import UNIT_WORDS
from engine.conditions.problem import GRAMMAR, Problem
from engine.conditions.tokens import Token

_WORDS = {
    "is": "write == to compare, or given(x) to ask whether it is known",
    "equals": "write ==",
    "eq": "write ==",
    "between": "write both: x >= 1 and x <= 5",
    "like": 'write contains(x, "…"), starts_with or ends_with',
    "matches": "there are no regular expressions: use contains, starts_with or ends_with",
    "then": "write only the condition",
    "if": "write only the condition",
    "when": "write only the condition",
    "unless": "write and not (…)",
    "xor": "write a != b",
    "mod": "there is no modulo",
    "div": "there is no division",
    "one": 'write x in ["a", "b"]',
    "in": "write in, in lower case",
}
_CURRENCY = re.compile(r"[A-Z]{3}\Z|(?i:euros?|dollars?|pounds?)\Z")


def unexpected(token: Token, before: Token | None, expected: str) -> Problem:
    """The problem of ``token``, which follows ``before``."""
    kind, text, at = token
    if kind == "end":
        return Problem(GRAMMAR, at, f"it ends here, and {expected} was expected", _unfinished(before))
    shown = text if len(text) <= 40 else text[:39] + "…"
    return Problem(GRAMMAR, at, f"'{shown}' stands where {expected} was expected", _hint(kind, text, before))


def _unfinished(before: Token | None) -> str:
    return f"write what follows '{before[1]}', or take it away" if before and before[0] == "op" else ""


def _hint(kind: str, text: str, before: Token | None) -> str:
    previous = before[0] if before else ""
    if kind == "word":
        return _word_hint(text, before)
    if kind == "number" and previous == "number":
        return "write a number without spaces, such as 5000"
    if kind == "text" and previous == "text":
        return "a text stands between one pair of quotes; join two conditions with and"
    if kind == "text" and before and before[1].lower() in ("r", "b", "br", "rb"):
        return f"leave out the '{before[1]}' before the quotes"
    if kind in ("number", "text"):
        return "an operator such as == or >= is missing before it" if previous in ("word", "number", "text") else ""
    return _sign_hint(text, before)


def _word_hint(text: str, before: Token | None) -> str:
    lower = text.lower()
    previous = before[0] if before else ""
    if text in METHODS:
        return f'write {METHODS[text].name}(x, "…")'
    if lower in _WORDS:
        return _WORDS[lower]
    if previous == "number" and before:
        if _CURRENCY.match(text):
            return "write the number alone; the currency is the process's"
        if lower in UNIT_WORDS:
            return f"write {before[1]}{UNIT_WORDS[lower]}"
    return "join two conditions with and or or" if previous in ("word", "number", "text") else ""


def _sign_hint(text: str, before: Token | None) -> str:
    if text == ",":
        return 'write a list in square brackets: ["a", "b"]'
    if text == ".":
        return "write a number with a digit before the point, such as 0.5"
    if text in (")", "]"):
        opening = "(" if text == ")" else "["
        return f"take it away, or add the '{opening}' it closes" if not before or before[1] != "," else ""
    if text in ("not", "!"):
        return "write not before the whole: not (x in [1, 2])"
    if before and (before[1], text) in (("<", ">"), ("=", "=")):
        return "write !="
    return ""
