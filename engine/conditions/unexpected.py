"""A token that stands where it cannot: what was expected, and what other languages' habits are written like here."""

from __future__ import annotations

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
    **dict.fromkeys(("greater", "more", "above", "over", "exceeds", "bigger", "higher", "after"), "write >"),
    **dict.fromkeys(("less", "below", "under", "smaller", "lower", "fewer", "before"), "write <"),
    **dict.fromkeys(("at", "least", "most"), "write >= for at least, <= for at most"),
    **dict.fromkeys(("starts", "begins"), 'write starts_with(x, "…")'),
    "ends": 'write ends_with(x, "…")',
    **dict.fromkeys(("yes", "true"), "write the yes-no fact alone"),
    **dict.fromkeys(("no", "false"), "write not before the yes-no fact"),
    **dict.fromkeys(("known", "given", "filled", "exists"), "write given(x)"),
    **dict.fromkeys(("empty", "blank", "missing"), "write blank(x)"),
}
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")


def unexpected(token: Token, before: Token | None, after: Token, *, expected: str) -> Problem:
    """The problem of ``token``, which stands between ``before`` and ``after``."""
    kind, text, at = token
    if kind == "end":
        return Problem(GRAMMAR, at, f"it ends here, and {expected} was expected", _unfinished(before))
    shown = text if len(text) <= 40 else text[:39] + "…"
    hint = _hint(kind, text, before, after, expected=expected)
    return Problem(GRAMMAR, at, f"'{shown}' stands where {expected} was expected", hint)


def _unfinished(before: Token | None) -> str:
    return f"write what follows '{before[1]}', or take it away" if before and before[0] == "op" else ""


def _hint(kind: str, text: str, before: Token | None, after: Token, *, expected: str) -> str:
    previous = before[0] if before else ""
    if expected in ("')'", "']'") and kind in ("word", "number", "text"):
        return "a ',' or an operator is missing before it"
    if kind == "word":
        return _word_hint(text, before, after)
    if kind == "number" and previous == "number":
        return "write a number without spaces, such as 5000"
    if kind == "text" and previous == "text":
        return "a text stands between one pair of quotes"
    if kind in ("number", "text"):
        return "an operator such as == or >= is missing before it"
    if text == ",":
        return _comma_hint(before, after, expected)
    return _sign_hint(text, before, after)


def _word_hint(text: str, before: Token | None, after: Token) -> str:
    lower = text.lower()
    previous = before[0] if before else ""
    if text in METHODS:
        subject = before[1] if before and previous == "word" else "x"
        return f'write {METHODS[text].name}({subject}, "…")'
    if lower in ("is", "are") and after[1] == "not":
        return "write != to compare, or blank(x) to ask whether it is unknown"
    if lower in ("is", "are") and after[1].lower() in _WORDS:
        return _WORDS[after[1].lower()]
    if lower in _WORDS:
        return _WORDS[lower]
    return "join two conditions with 'and' or 'or'"


def _comma_hint(before: Token | None, after: Token, expected: str) -> str:
    if expected == "')'":
        return 'write a list in square brackets: ["a", "b"]'
    if before is None or before[1] in ("[", "(", ","):
        return "take the ',' away"
    if before[0] == "number" and after[0] == "number":
        return "write a number without commas, such as 5000; join two conditions with 'and'"
    return "join two conditions with 'and'"


def _sign_hint(text: str, before: Token | None, after: Token) -> str:
    if text == ".":
        return "write a number with a digit before the point, such as 0.5"
    if text in (")", "]"):
        return _closing_hint(text, before)
    if before and (before[1], text) in (("<", ">"), ("=", "=")):
        return "write !="
    if text in ("and", "or"):
        return _joining_hint(text, before, after)
    if text in ("not", "!"):
        return "write not before the whole: not (x in [1, 2]); write != to compare"
    if text == "+" and after[0] == "number":
        return "write the number without '+'"
    if text in _COMPARISONS:
        many = before is not None and before[1] in _COMPARISONS
        return "write one of == != < <= > >=" if many else f"write what is compared before '{text}'"
    return f"write what stands before '{text}', or take it away"


def _closing_hint(text: str, before: Token | None) -> str:
    opening = "(" if text == ")" else "["
    if before and before[1] == ",":
        return "take the ',' before it away"
    if before and before[1] == opening:
        return "write what stands in the brackets, or take them away"
    return f"take it away, or add the '{opening}' it closes"


def _joining_hint(text: str, before: Token | None, after: Token) -> str:
    """``AND(a, b)`` as spreadsheets have it; a word too many; a condition too few."""
    if after[1] == "(" and (before is None or before[0] == "op"):
        return f"write it between the conditions: a {text} b"
    if before is None or before[1] in ("(", "["):
        return f"write a condition before '{text}', or take it away"
    return f"take '{text}' away, or write a condition after '{before[1]}'"
