"""All conditions of a way as one generated function, and what each pattern of its answers comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.conditions.generate import function, functions
from engine.machine.requirements import Check
from engine.machine.situation import Frame
from engine.machine.verdicts import refuses
from engine.model.decision import About
from engine.model.rule import Force
from engine.model.situation import Situation
from engine.model.syntax import Call, ContextRef, Tree, Value, facts_read, walk

Pattern = tuple[Value | None, ...]
"""The answers to all conditions of a way: true, false or ``None`` for unknown."""
Answers = Pattern | Value | None


class Compact(NamedTuple):
    """Whether a move is allowed; what refuses it and what warns, as positions in ``machine.requirements``."""

    allowed: bool
    failing: tuple[int, ...] = ()
    warned: tuple[int, ...] = ()


class Question(NamedTuple):
    """A check, its number, and which answers of the pattern are its ``when`` and its condition (-1: it has none)."""

    check: Check
    number: int
    when: int
    condition: int


class Quick(NamedTuple):
    """What judges a way by conditions alone. A tuple, since it is unpacked once for every verdict.

    ``answers`` gives the pattern, or where there is one condition only its answer; ``known`` remembers what each came
    to (``None``: an approval is needed, so the deal itself must be looked at). ``bare``: facts as recorded are all that
    it looks at.
    """

    answers: Callable[[Mapping[str, Value], Situation], Answers]
    known: dict[Answers, Compact | None]
    bare: bool
    terms: Terms


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What else judges a way, beside facts as recorded.

    ``roles`` and ``reasons`` are those allowed, ``None`` where any is. ``defaults`` are those that are read.
    ``situated``: a condition looks at more than facts.
    """

    roles: frozenset[str] | None
    reasons: frozenset[str] | None
    defaults: Mapping[str, Value]
    situated: bool
    target: str
    questions: tuple[Question, ...]


def quick_of(checks: Iterable[Check], *, numbers: Mapping[str, int], frame: Frame, target: str) -> Quick:
    """What judges these checks by their conditions."""
    trees: list[Tree] = []
    questions: list[Question] = []
    allowed: dict[About, frozenset[str]] = {}
    for check in checks:
        if check.about in (About.ROLE, About.REASON):
            allowed[check.about] = check.allowed
            continue
        places = []
        for condition in (check.when, check.condition):
            places.append(len(trees) if condition else -1)
            trees += [condition.tree] if condition else []
        questions.append(Question(check, numbers[check.id], *places))
    read = frozenset(name for tree in trees for name in facts_read(tree))
    terms = Terms(
        roles=allowed.get(About.ROLE),
        reasons=allowed.get(About.REASON),
        defaults={name: value for name, value in frame.defaults.items() if name in read},
        situated=any(_is_situated(tree) for tree in trees),
        target=target,
        questions=tuple(questions),
    )
    bare = terms.roles is None and terms.reasons is None and not terms.defaults and not terms.situated
    return Quick(function(trees[0]) if len(trees) == 1 else functions(trees), {}, bare, terms)


def _is_situated(tree: Tree) -> bool:
    return any(
        isinstance(node, ContextRef)
        or (isinstance(node, Call) and node.function in ("done", "count", "since", "reached"))
        for node in walk(tree)
    )


def learn(quick: Quick, answers: Answers) -> Compact | None:
    """What the answers come to, remembered from now on."""
    found = quick.known[answers] = _read(quick.terms.questions, answers if isinstance(answers, tuple) else (answers,))
    return found


def _read(questions: Iterable[Question], pattern: Pattern) -> Compact | None:
    failing: list[int] = []
    warned: list[int] = []
    for check, number, when, condition in questions:
        applies = pattern[when] if when >= 0 else True
        if check.about is About.APPROVAL:
            if applies is not False:
                return None
        elif refuses(check, applies, pattern[condition]):
            (failing if check.force is Force.MUST else warned).append(number)
    return Compact(not failing, tuple(failing), tuple(warned))
