"""What a move waits for: its conditions that look at where a deal stands in this track or in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.conditions.evaluate import evaluate
from engine.conditions.imagine import Imagined
from engine.machine.tracks import passed
from engine.model.expression import Expression
from engine.model.names import MAIN
from engine.model.process import Action, Track
from engine.model.rule import Force, Requirement
from engine.model.syntax import (
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Not,
    Or,
    Tree,
    Value,
    walk,
)


@dataclass(frozen=True, slots=True, eq=False)
class Wait:
    """A condition of a move: of an action, or a requirement called ``name``.

    ``reads`` are the words it looks at. ``waivable``: an override lifts it.
    """

    name: str
    must: Expression
    tree: Tree
    when: Tree | None
    waivable: bool
    reads: frozenset[str]


def word_of(track: Track) -> str:
    """What conditions call the stage of a track."""
    return "stage" if track.id == MAIN else f"track.{track.id}"


def trees_of(track: Track) -> Iterator[Tree]:
    """All conditions of the moves of a track."""
    found = [*track.always]
    for stage in track.stages:
        found += (*stage.to_enter, *stage.to_pass)
    for action in track.actions:
        found += action.requires
        if action.when is not None:
            yield action.when.tree
    for one in found:
        yield one.condition.tree
        if one.when is not None:
            yield one.when.tree


def looks_at(track: Track) -> frozenset[str]:
    """The words for where a deal stands that conditions of the track read."""
    return frozenset(word for tree in trees_of(track) for word in words_in(tree))


def words_in(tree: Tree) -> Iterator[str]:
    """``stage`` and ``track.legal``, as far as the tree reads them."""
    for node in walk(tree):
        if isinstance(node, ContextRef) and (node.name == "stage" or node.name.startswith("track.")):
            yield node.name
        elif isinstance(node, Call) and node.function == "reached":
            yield "stage"


def refuses(wait: Wait, situation: Imagined) -> bool:
    """Whether the condition refuses a move there whatever is known of the deal."""
    if wait.when is not None and evaluate(wait.when, {}, situation) is not True:
        return False
    return evaluate(wait.tree, {}, situation) is False


class Waits:
    """The conditions of moves of a track that look at where a deal stands, each made ready once."""

    __slots__ = ("_counts", "_enter", "_known", "_passing", "_ready", "_through", "_track")

    def __init__(self, track: Track, known: frozenset[str], counts: Callable[[Wait], bool] | None) -> None:
        self._track = track
        self._known = known
        self._counts = counts
        self._ready: dict[tuple[int, bool], tuple[Wait, ...]] = {}
        self._through: dict[tuple[Wait, tuple[str, ...]], bool] = {}
        self._enter = {stage.id: stage.to_enter for stage in track.stages}
        to_pass = [requirement for stage in track.stages for requirement in stage.to_pass]
        self._passing = any(self._of(requirement, waivable=True) for requirement in to_pass)

    def of(self, action: Action, source: str, target: str) -> tuple[Wait, ...]:
        """What may keep the action from leading from one stage to the other."""
        found = [*self._of_when(action)]
        for requirement in (*action.requires, *self._enter.get(target, ())):
            found += self._of(requirement, waivable=True)
        for stage in passed(self._track, source, target) if self._passing else ():
            for requirement in stage.to_pass:
                found += self._of(requirement, waivable=True)
        for requirement in self._track.always:
            found += self._of(requirement, waivable=False)
        here = {"action": action.id, "to": target, word_of(self._track): source}
        return tuple(wait for wait in found if not self._lets_through(wait, here))

    def arriving(self, target: str) -> tuple[Wait, ...]:
        """What may keep a deal of another process from arriving in a stage: no action of this one is asked."""
        found = [wait for one in self._enter.get(target, ()) for wait in self._of(one, waivable=True)]
        found += [wait for one in self._track.always for wait in self._of(one, waivable=False)]
        here = {"to": target, word_of(self._track): target}
        return tuple(wait for wait in found if not self._lets_through(wait, here))

    def _lets_through(self, wait: Wait, here: Mapping[str, str]) -> bool:
        """Whether it refuses nothing wherever other tracks stand: it does not apply to this move, or surely holds."""
        key = (wait, tuple(here[word] for word in here if word in wait.reads))
        if key not in self._through:
            self._through[key] = _surely(wait.when, here) is False or _surely(wait.tree, here) is True
        return self._through[key]

    def _of_when(self, action: Action) -> tuple[Wait, ...]:
        if action.when is None:
            return ()
        key = (id(action.when), False)
        if key not in self._ready:
            applies = Requirement(f"{action.id}/when", Force.MUST, action.when, "")
            self._ready[key] = self._counting(wait_of(applies, self._known, waivable=False))
        return self._ready[key]

    def _of(self, requirement: Requirement, *, waivable: bool) -> tuple[Wait, ...]:
        key = (id(requirement), waivable)
        if key not in self._ready:
            wait = wait_of(requirement, self._known, waivable=waivable)
            self._ready[key] = self._counting(wait)
        return self._ready[key]

    def _counting(self, wait: Wait | None) -> tuple[Wait, ...]:
        return () if wait is None or (self._counts and not self._counts(wait)) else (wait,)


def _surely(tree: Tree | None, here: Mapping[str, str]) -> Value | None:
    # What was reached is not told by the move alone.
    if tree is None or any(isinstance(node, Call) and node.function == "reached" for node in walk(tree)):
        return None
    return evaluate(tree, {}, Imagined(here))


def wait_of(requirement: Requirement, known: frozenset[str], *, waivable: bool) -> Wait | None:
    """The requirement as something that a move waits for; ``None`` where it waits for no stage, or refuses nothing."""
    must, when = requirement.condition, requirement.when
    tree = loosened(must.tree, known)
    if requirement.force is not Force.MUST or not _is_certain_somewhere(tree):
        return None
    applies = loosened(when.tree, known) if when else None
    return Wait(requirement.id, must, tree, applies, waivable, frozenset({*_words(tree), *_words(applies)}))


def _words(tree: Tree | None) -> Iterator[str]:
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, ContextRef):
            yield node.name


def _is_certain_somewhere(tree: Tree) -> bool:
    """Whether it looks at anything that is known of a move."""
    return any(
        isinstance(node, ContextRef) or (isinstance(node, Call) and node.function == "reached") for node in walk(tree)
    )


def loosened(tree: Tree, known: frozenset[str]) -> Tree:
    """The tree with all that is not known replaced by something unknown: also what is false while nothing is known."""
    match tree:
        case ContextRef(name=name):
            return tree if name in known or name in ("action", "to") else FactRef("?", tree.type)
        case Call(function="reached"):
            return tree if "stage" in known else FactRef("?", tree.type)
        case Call(function="given" | "blank" | "done" | "count" | "since"):
            return FactRef("?", tree.type)
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(loosened(part, known) for part in parts))
        case Not(part=part):
            return replace(tree, part=loosened(part, known))
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return replace(tree, left=loosened(left, known), right=loosened(right, known))
        case In(item=item, options=options):
            return replace(tree, item=loosened(item, known), options=options)
        case Call(arguments=arguments):
            return replace(tree, arguments=tuple(loosened(argument, known) for argument in arguments))
    return tree
