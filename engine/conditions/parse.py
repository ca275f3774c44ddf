"""Text to typed tree. Any text gives a tree or findings, never an exception; work is bounded."""

from __future__ import annotations

from engine.conditions.problem import GRAMMAR, TOO_MUCH, Problem, Stop
from engine.conditions.reader import Reader
from engine.conditions.types import settled
from engine.model.expression import Expression
from engine.model.finding import Finding
from engine.model.place import UNPLACED, Origin
from engine.model.scope import Scope
from engine.model.syntax import YES_NO, Tree, Type

LONGEST = 4_000
"""Characters of an expression."""


def read(
    text: str,
    scope: Scope,
    *,
    origin: Origin = UNPLACED,
    expects: Type | None = YES_NO,
    what: str = "condition",
) -> tuple[Expression | None, tuple[Finding, ...]]:
    """The expression that ``text`` writes, or why it is none: all its mistakes of name and kind at once.

    ``expects`` is the type its place takes (``None``: any), ``what`` the word for it in messages.
    """
    tree, problems = _tree(text, scope, expects=expects, what=what)
    if problems or tree is None:
        ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.offset)
        return None, tuple(problem.placed(origin) for problem in ordered)
    return Expression(text, tree, origin), ()


def _tree(text: str, scope: Scope, *, expects: Type | None, what: str) -> tuple[Tree | None, list[Problem]]:
    if len(text) > LONGEST:
        message = f"the {what} is longer than {LONGEST} characters"
        return None, [Problem(TOO_MUCH, LONGEST, message, "split it into several requirements")]
    if not text.strip():
        return None, [Problem(GRAMMAR, 0, f"the {what} is empty", "write one, or leave the key out")]
    reader = Reader(text, scope)
    try:
        tree = reader.whole()
        if tree is not None and expects is not None:
            tree = reader.kept(settled(tree, expects, what))
    except Stop as stop:
        return None, _with_last(reader.problems, stop.problem)
    return tree, reader.problems


def _with_last(problems: list[Problem], last: Problem | None) -> list[Problem]:
    """What ended the reading knows more than what was said of the same place before."""
    if last is None:
        return problems
    return [*(one for one in problems if one.offset != last.offset), last]
