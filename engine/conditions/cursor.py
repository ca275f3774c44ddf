"""Where reading stands among the tokens, and the bounds on depth and operators."""

from __future__ import annotations

from collections.abc import Callable

from engine.conditions import literals
from engine.conditions.problem import BAD_LITERAL, GRAMMAR, TOO_MUCH, Problem, Stop
from engine.conditions.tokens import Token, tokens
from engine.conditions.unexpected import unexpected

DEEPEST = 24
"""How deep brackets, calls and negations may be nested."""
MOST_OPERATORS = 200

_LONGEST_NAME = 20
"""Tokens of a name with dashes: more are not looked at."""

_SMALLER = "split it into several requirements, or use a decision table"


class Cursor:
    """A place among the tokens of one text. Its methods raise ``Stop`` where reading cannot go on."""

    __slots__ = ("_bad", "_operators", "_text", "_tokens", "at", "depth")

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens, self._bad = tokens(text)
        self._operators = 0
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self.at]

    @property
    def end(self) -> int:
        """The offset after the closing bracket just read."""
        return self._tokens[self.at - 1][2] + 1

    @property
    def is_outside(self) -> bool:
        """Whether no bracket is open."""
        return self.depth == 0

    def next_is(self, sign: str) -> bool:
        """Whether this operator or sign comes next."""
        kind, text, _ = self._tokens[self.at]
        return text == sign and kind == "op"

    def part_is(self, name: str) -> bool:
        """Whether a dot and this name come next."""
        return self.next_is(".") and self._tokens[self.at + 1][:2] == ("word", name)

    def count(self, at: int) -> None:
        """One more operator."""
        self._operators += 1
        if self._operators > MOST_OPERATORS:
            raise Stop(Problem(TOO_MUCH, at, f"there are more than {MOST_OPERATORS} operators", _SMALLER))

    def enter(self, at: int) -> None:
        """One level deeper."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Stop(Problem(TOO_MUCH, at, f"it is nested deeper than {DEEPEST}", _SMALLER))

    def open(self, at: int) -> None:
        """Past an opening bracket."""
        self.at += 1
        self.enter(at)

    def close(self, closing: str, opened: int) -> None:
        """Past the closing bracket of the one at ``opened``."""
        if self.token[0] == "end" and not self._bad:
            message = f"the '{self._text[opened]}' that stands here is not closed"
            raise Stop(Problem(GRAMMAR, opened, message, f"add '{closing}'"))
        if not self.next_is(closing):
            raise self.unexpected(f"'{closing}'")
        self.at += 1
        self.depth -= 1

    def finish(self) -> None:
        """Nothing may be left."""
        if self.token[0] != "end" or self._bad:
            raise self.unexpected("'and', 'or' or the end")

    def dashed(self, word: str, at: int, *, is_meant: Callable[[str], bool]) -> str:
        """The word just read, with what hangs on it by dashes where that is how a known name was meant."""
        whole, ahead = word, self.at
        while ahead + 1 < min(len(self._tokens), self.at + _LONGEST_NAME):
            (_, dash, dash_at), (kind, part, part_at) = self._tokens[ahead : ahead + 2]
            if dash != "-" or kind != "word" or dash_at != at + len(whole) or part_at != dash_at + 1:
                break
            whole = f"{whole}-{part}"
            ahead += 2
            if is_meant(whole):
                self.at = ahead
                return whole
        return word

    def unexpected(self, expected: str) -> Stop:
        """The end of reading at a token that cannot stand here."""
        if self.token[0] == "end" and self._bad:
            return Stop(self._bad)
        after = self._tokens[min(self.at + 1, len(self._tokens) - 1)]
        before = self._tokens[self.at - 1] if self.at else None
        comma = self._number_with_commas() if before and before[0] == "number" and self.next_is(",") else None
        return Stop(comma or unexpected(self.token, before, after, expected=expected))

    def _number_with_commas(self) -> Problem | None:
        """``12,5%``: numbers and commas with nothing in between are one number, badly written."""
        first = last = self.at - 1
        while last + 2 < len(self._tokens) and self._joined(last):
            last += 2
        start, (_, text, at) = self._tokens[first][2], self._tokens[last]
        whole = self._text[start : at + len(text)]
        hint = literals.commas(whole)
        return Problem(BAD_LITERAL, start, f"'{whole}' is not a number", f"write {hint}") if hint else None

    def _joined(self, last: int) -> bool:
        (_, number, at), (_, comma, comma_at), (kind, _, next_at) = self._tokens[last : last + 3]
        return comma == "," and kind == "number" and comma_at == at + len(number) and next_at == comma_at + 1

    def spaced(self, word: str, *, is_meant: Callable[[str], bool]) -> str:
        """The word just read, with the words after it where all of them are one text without its quotes."""
        whole, ahead = word, self.at
        while ahead < min(len(self._tokens), self.at + _LONGEST_NAME) and self._tokens[ahead][0] == "word":
            whole = f"{whole} {self._tokens[ahead][1]}"
            ahead += 1
            if is_meant(whole):
                self.at = ahead
                return whole
        return word
