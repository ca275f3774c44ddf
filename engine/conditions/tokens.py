"""Text to tokens. What is no token of the language becomes a problem that says what to write instead."""

from __future__ import annotations

import re

from engine.conditions.problem import BAD_LITERAL, GRAMMAR, NOT_OURS, Problem

Token = tuple[str, str, int]
"""Kind (``word number text op end``), text, offset. ``&& ||`` and the words in any case are ``and or``."""

# A long word of digits, letters and points is one number, well or badly written: the reader of numbers tells.
# Signs that other languages know are tokens too, so that a hint can name them whole.
_TOKEN = re.compile(
    r"\s*+(?:(?P<word>[^\W\d]\w*+)"
    r"|(?P<number>\d{4}-\d{2}-\d{2}(?![\d-])|\d{1,2}-\d{1,2}-\d{4}(?![\d-])|\d{1,4}/\d{1,2}/\d{2,4}(?![\d/])"
    r"|\d(?:[eE][+-]\d|[\w.])*+(?:[ \t]*+%(?!\s*\d))?)"
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
    r"|(?P<wrong>===|!==|=>|=<|=!|<>|><|>>=?|<<=?|\*\*|//|/\*|&(?!&)|\|(?!\|))"
    r"|(?P<op>&&|\|\||==|!=|<=|>=|[-+*<>!()\[\],.])"
    r"|(?P<end>\Z)"
    r"|(?P<bad>.))",
    re.DOTALL,
)
_WORDS = {"and": "and", "or": "or", "not": "not", "in": "in"}
_SIGNS = {"&&": "and", "||": "or"}

_COMMENT = "a comment cannot stand in an expression"
_ASIDE = "put the comment on a line of its own in the file"
_QUOTES = 'use straight quotes: "…"'
_PLAIN_MONEY = "write the number alone; the currency is the process's"
_NO_BRACES = 'lists are written ["a", "b"], and facts by their name alone'
_MINUS = "write the plain minus sign -"

_INSTEAD: dict[str, tuple[str, str, str]] = {
    "=": (GRAMMAR, "a single '=' does not compare", "write == to compare, >= for at least"),
    "===": (GRAMMAR, "'===' is no operator", "write =="),
    "!==": (GRAMMAR, "'!==' is no operator", "write !="),
    "=>": (GRAMMAR, "'=>' is no operator", "write >= for at least"),
    "=<": (GRAMMAR, "'=<' is no operator", "write <= for at most"),
    "<>": (GRAMMAR, "'<>' is no operator", "write !="),
    "=!": (GRAMMAR, "'=!' is no operator", "write !="),
    "><": (GRAMMAR, "'><' is no operator", "write !="),
    ">>": (GRAMMAR, "'>>' is no operator", "write >"),
    ">>=": (GRAMMAR, "'>>=' is no operator", "write >="),
    "<<": (GRAMMAR, "'<<' is no operator", "write <"),
    "<<=": (GRAMMAR, "'<<=' is no operator", "write <="),
    "≥": (GRAMMAR, "'≥' is no operator", "write >="),
    "≤": (GRAMMAR, "'≤' is no operator", "write <="),
    "≠": (GRAMMAR, "'≠' is no operator", "write !="),
    "&": (GRAMMAR, "a single '&' is no operator", "write and, in letters, or &&"),
    "|": (GRAMMAR, "a single '|' is no operator", "write or, in letters, or ||"),
    "**": (NOT_OURS, "'**' is no operator", "there are no powers"),
    "^": (NOT_OURS, "'^' is no operator", "there are no powers"),
    "/": (NOT_OURS, "there is no division", "multiply the other side instead: a / b > 2 is a > b * 2"),
    "÷": (NOT_OURS, "there is no division", "multiply the other side instead: a / b > 2 is a > b * 2"),
    "×": (GRAMMAR, "'×' is no operator", "write *"),
    "//": (NOT_OURS, _COMMENT, _ASIDE),
    "/*": (NOT_OURS, _COMMENT, _ASIDE),
    "#": (NOT_OURS, _COMMENT, _ASIDE),
    "%": (BAD_LITERAL, "'%' stands alone", "write a percent with no space, such as 15%; there is no modulo"),
    "?": (NOT_OURS, "there is no '? :'", "write (a and b) or (not a and c), or use a decision table"),
    ":": (NOT_OURS, "':' is no operator", "write == to compare, or take it away"),
    "{": (NOT_OURS, "there are no maps or messages", _NO_BRACES),
    "}": (NOT_OURS, "there are no maps or messages", _NO_BRACES),
    "“": (GRAMMAR, "'“' is a typographic quote", _QUOTES),
    "”": (GRAMMAR, "'”' is a typographic quote", _QUOTES),
    "„": (GRAMMAR, "'„' is a typographic quote", _QUOTES),
    "‘": (GRAMMAR, "'‘' is a typographic quote", _QUOTES),
    "’": (GRAMMAR, "'’' is a typographic quote", _QUOTES),
    "«": (GRAMMAR, "'«' is a typographic quote", _QUOTES),
    "»": (GRAMMAR, "'»' is a typographic quote", _QUOTES),
    "`": (GRAMMAR, "'`' is no quote", f"{_QUOTES}; a fact stands without any"),
    "–": (GRAMMAR, "'–' is a dash", _MINUS),
    "—": (GRAMMAR, "'—' is a dash", _MINUS),
    "−": (GRAMMAR, "'−' is no plain minus sign", _MINUS),
    "€": (GRAMMAR, "a currency cannot stand in an expression", _PLAIN_MONEY),
    "$": (GRAMMAR, "a currency cannot stand in an expression", _PLAIN_MONEY),
    "£": (GRAMMAR, "a currency cannot stand in an expression", _PLAIN_MONEY),
    ";": (GRAMMAR, "';' cannot stand in an expression", "join two conditions with and"),
    "\\": (GRAMMAR, "'\\' stands outside of a text", "take it away"),
    "@": (GRAMMAR, "'@' cannot stand in an expression", "write the name of the fact alone"),
    '"': (BAD_LITERAL, "the text that begins here is not closed", 'end it with " on the same line'),
    "'": (BAD_LITERAL, "the text that begins here is not closed", "end it with ' on the same line"),
}


def tokens(text: str) -> tuple[list[Token], Problem | None]:
    """The tokens up to the end, or up to what is none; the last is always ``end``."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "end"
        what = match[kind]
        at = match.start(kind)
        if kind == "word":
            word = _WORDS.get(what) or _joined(what)
            found.append(("op", word, at) if word else (kind, what, at))
        elif kind == "op":
            found.append((kind, _SIGNS.get(what, what), at))
        elif kind in ("wrong", "bad"):
            found.append(("end", what, at))
            return found, _no_token(what, at)
        else:
            found.append((kind, what, at))
            if kind == "end":
                break
    return found, None


def _joined(word: str) -> str:
    """``AND``, ``Or``, ``NOT`` are read too; ``IN`` is not, so that its hint can teach the one spelling."""
    lower = word.lower()
    return lower if lower in ("and", "or", "not") else ""


def _no_token(what: str, at: int) -> Problem:
    if what in _INSTEAD:
        code, message, hint = _INSTEAD[what]
        return Problem(code, at, message, hint)
    if what.isprintable():
        hint = 'take it away, or put the text it belongs to in quotes: "…"'
        return Problem(GRAMMAR, at, f"'{what}' cannot stand in an expression", hint)
    return Problem(GRAMMAR, at, f"an invisible character (U+{ord(what):04X}) stands here", "delete it")
