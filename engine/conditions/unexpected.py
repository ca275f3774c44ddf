"""A token that stands where it cannot: what was expected, and what other languages' habits are written like here."""

from __future__ import annotations

import re

from engine.conditions.functions import METHODS
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
    hint = _hint(kind, text, before, expected=expected)
    return Problem(GRAMMAR, at, f"'{shown}' stands where {expected} was expected", hint)


def _unfinished(before: Token | None) -> str:
    return f"write what follows '{before[1]}', or take it away" if before and before[0] == "op" else ""


def _hint(kind: str, text: str, before: Token | None, *, expected: str) -> str:
    previous = before[0] if before else ""
    if kind == "word":
        return _word_hint(text, before)
    if kind == "number" and previous == "number":
        return "write a number without spaces, such as 5000"
    if kind == "text" and previous == "text":
        return "a text stands between one pair of quotes"
    if kind in ("number", "text"):
        return "an operator such as == or >= is missing before it" if previous in ("word", "number", "text") else ""
    if text == ",":
        return _comma_hint(before, expected)
    return _sign_hint(text, before)


def _word_hint(text: str, before: Token | None) -> str:
    lower = text.lower()
    previous = before[0] if before else ""
    if text in METHODS:
        subject = before[1] if before and previous == "word" else "x"
        return f'write {METHODS[text].name}({subject}, "…")'
    if lower in _WORDS:
        return _WORDS[lower]
    if previous == "number" and before and _CURRENCY.match(text):
        return "write the number alone; the currency is the process's"
    return "join two conditions with 'and' or 'or'" if previous in ("word", "number", "text") else ""


def _comma_hint(before: Token | None, expected: str) -> str:
    if expected == "')'":
        return 'write a list in square brackets: ["a", "b"]'
    if before and before[0] == "number":
        return "write a number without commas, such as 5000; join two conditions with 'and'"
    return "join two conditions with 'and'"


def _sign_hint(text: str, before: Token | None) -> str:
    if text == ".":
        return "write a number with a digit before the point, such as 0.5"
    if text in (")", "]"):
        opening = "(" if text == ")" else "["
        return "" if before and before[1] in (",", opening) else f"take it away, or add the '{opening}' it closes"
    if text in ("not", "!"):
        return "write not before the whole: not (x in [1, 2])"
    if before and (before[1], text) in (("<", ">"), ("=", "=")):
        return "write !="
    return ""
