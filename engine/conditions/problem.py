"""A mistake in an expression, by offset in its text: what the readers of the language hand to each other."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.finding import Finding
from engine.model.place import Origin

GRAMMAR = "C001"
"""The text cannot be read: something is missing, or stands where it cannot."""
TOO_MUCH = "C002"
"""Longer, deeper or with more operators than the language allows."""
UNKNOWN_NAME = "C003"
"""A name that is neither a fact nor a word of the language."""
BAD_CALL = "C004"
"""No such function, or other arguments than it takes."""
UNKNOWN_CHOICE = "C005"
"""A text in quotes that is not one of the choices, stages, actions, touchpoints … it can be."""
MISFIT = "C006"
"""Two kinds of value that do not go together."""
NOT_OURS = "C007"
"""Something other languages have and this one leaves out."""
BAD_LITERAL = "C008"
"""A number, date, duration or text that is badly written."""
WRONG_KIND = "C009"
"""The whole is of another kind than its place asks for."""

CODES = (
    GRAMMAR,
    TOO_MUCH,
    UNKNOWN_NAME,
    BAD_CALL,
    UNKNOWN_CHOICE,
    MISFIT,
    NOT_OURS,
    BAD_LITERAL,
    WRONG_KIND,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, at an offset in the text of the expression."""

    code: str
    offset: int
    message: str
    hint: str = ""

    def placed(self, origin: Origin) -> Finding:
        """The finding, where the expression stands."""
        return Finding(self.code, origin.at(self.offset), self.message, self.hint)


class Stop(Exception):
    """Reading cannot go on past this problem; without one, there are enough of them already."""

    def __init__(self, problem: Problem | None = None) -> None:
        super().__init__(problem.message if problem else "")
        self.problem = problem
