"""Moves that nobody makes: by a clock or automatically, with all that each of them must meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.checks.graph import AWAY, leads_to
from engine.checks.standing import Standing, all_of, all_standing
from engine.conditions.compare import implies, satisfiable
from engine.conditions.decision_table import read_by
from engine.machine.tracks import passed, reaching, stamping
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Clock, Process, Stage, Track
from engine.model.rule import Ask, Fact, Force, Requirement
from engine.model.syntax import YES_NO, And, Call, Compare, ContextRef, FactRef, In, Literal, Not, Or, Tree

NOTE = "note"


@dataclass(frozen=True, slots=True, eq=False)
class Unattended:
    """One move: by a clock, or automatic where ``clock`` is ``None``. ``target`` is ``AWAY`` for a transfer."""

    track: Track
    action: Action
    source: str
    target: str
    clock: Clock | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """What does it: the same for each of its stages."""
        return (self.clock.id if self.clock else "", self.action.id, self.action.variant)

    @property
    def name(self) -> str:
        """What does it, in words."""
        return f"clock '{self.clock.id}'" if self.clock else f"'{self.action.id}'"

    @property
    def here(self) -> Standing:
        """What is certain when it is made."""
        words = {"action": self.action.id}
        if self.target != AWAY:
            words["to"] = self.target
        words |= self._reason()
        unknown = {NOTE, "actor.role", "reason", "reason.group"} - words.keys()
        if self.track.id != MAIN:
            return Standing({**words, f"track.{self.track.id}": self.source}, frozenset(unknown))
        over = reaching(self.track)
        reached = frozenset(stage for stage, by in over.items() if self.source in by)
        return Standing({**words, "stage": self.source}, frozenset(unknown), reached)

    def _reason(self) -> dict[str, str]:
        """The reason it gives, and the group of that."""
        given = self.clock.reason if self.clock else self.action.reason
        group = next((one.group for one in self.action.reasons if one.code == given), "")
        told = {"reason": given, "reason.group": group}
        return {word: value for word, value in told.items() if value}


def unattended(process: Process) -> Iterator[Unattended]:
    """All of them, automatic ones first; none of those where somebody would have to choose between stages."""
    for track in process.all_tracks():
        for action in track.actions:
            if action.auto:
                yield from _moves(track, action, action.sources)
    for clock in process.clocks:
        yield from of_clock(process, clock)


def of_clock(process: Process, clock: Clock) -> Iterator[Unattended]:
    """The moves of a clock; none where it only warns."""
    track = process.track_of(clock.then) if clock.then else None
    for action in track.variants(clock.then) if track else ():
        if track:
            yield from _moves(track, action, (s for s in action.sources if s in clock.stages), clock)


def _moves(track: Track, action: Action, sources: Iterable[str], clock: Clock | None = None) -> Iterator[Unattended]:
    for source in sources:
        targets = leads_to(track, action, source)
        if len(targets) == 1 and PREVIOUS not in action.targets:
            yield Unattended(track, action, source, targets[0], clock)


def waits_for_nobody(move: Unattended) -> bool:
    """Whether no reason and no approval is needed that somebody would have to give."""
    if move.clock is not None:
        return bool(move.clock.reason) or not move.action.reasons
    return (bool(move.action.reason) or not move.action.reasons) and not move.action.approvals


def when(move: Unattended) -> tuple[Tree, ...]:
    """The conditions under which it is due."""
    found = [_unsaid(move.clock.when.tree)] if move.clock and move.clock.when else []
    return tuple(found if move.action.when is None else [*found, move.action.when.tree])


def _unsaid(tree: Tree) -> Tree:
    """The ``when`` of a clock, looked at before anything is done: what is then told is as unknown as the note."""
    match tree:
        case ContextRef(name="reason" | "reason.group" | "to"):
            return replace(tree, name=NOTE)
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(map(_unsaid, parts)))
        case Not(part=part):
            return replace(tree, part=_unsaid(part))
        case Compare(left=left, right=right):
            return replace(tree, left=_unsaid(left), right=_unsaid(right))
        case In(item=item):
            return replace(tree, item=_unsaid(item))
        case Call(arguments=arguments):
            return replace(tree, arguments=tuple(map(_unsaid, arguments)))
    return tree


def entered(move: Unattended) -> tuple[Stage, ...]:
    """The stages whose stamps it may take: those that it skips, and the one it enters."""
    return stamping(move.track, move.source, move.target)


def requirements(move: Unattended) -> tuple[Requirement, ...]:
    """What the move must meet, each requirement that refuses."""
    track, goal = move.track, move.track.stage(move.target)
    found = [*move.action.requires, *track.always]
    if goal is not None:
        found += goal.to_enter
        for stage in passed(track, move.source, goal.id):
            found += stage.to_pass
    return tuple(requirement for requirement in found if requirement.force is Force.MUST)


def asked(process: Process, move: Unattended) -> tuple[Tree, ...]:
    """What must be known; of a clock nothing is asked."""
    if move.clock is not None:
        return ()
    goal = move.track.stage(move.target)
    return tuple(_known(ask, process) for ask in (*move.action.asks, *(goal.asks if goal else ())))


def _known(ask: Ask, process: Process) -> Tree:
    fact = process.facts.get(ask.fact)
    known: Tree = Literal(value=ask.fact != NOTE, type=YES_NO)
    if fact is not None:
        known = Call("given", (FactRef(fact.id, fact.type),), YES_NO)
    return known if ask.when is None else Or((Not(ask.when.tree), known))


def met(requirement: Requirement) -> Tree:
    """True exactly where the requirement lets a move through."""
    condition = requirement.condition.tree
    if requirement.when is None:
        return condition
    return Or((Not(requirement.when.tree), And((requirement.when.tree, condition))))


def needs(process: Process, move: Unattended) -> tuple[Tree, ...]:
    """All that must be true for the move to be made, where the deal then stands."""
    trees = (*when(move), *(met(one) for one in requirements(move)), *asked(process, move))
    return all_standing(trees, move.here)


class Always:
    """Whether one thing is done whenever another one is due, each question answered once."""

    __slots__ = ("_facts", "_known", "_needs", "_process")

    def __init__(self, process: Process, facts: Mapping[str, Fact]) -> None:
        self._process = process
        self._facts = facts
        self._needs: dict[Unattended, tuple[Tree, ...]] = {}
        self._known: dict[tuple[tuple[Tree, ...], tuple[Tree, ...]], bool] = {}

    def needs(self, move: Unattended) -> tuple[Tree, ...]:
        """All that must be true for the move to be made."""
        if move not in self._needs:
            self._needs[move] = needs(self._process, move)
        return self._needs[move]

    def can_be(self, due: tuple[Tree, ...]) -> bool:
        """Whether some deal meets the conditions."""
        key = (due, ())
        if key not in self._known:
            self._known[key] = satisfiable(*due, facts=self._facts) is True
        return self._known[key]

    def follows(self, due: tuple[Tree, ...], move: Unattended) -> bool:
        """Whether the move can be made wherever these conditions hold."""
        key = (due, self.needs(move) or (all_of(()),))
        if key not in self._known:
            self._known[key] = implies(all_of(due), all_of(key[1]), self._facts) is True
        return self._known[key]


def facts_of(process: Process, names: Iterable[str]) -> frozenset[str]:
    """The facts of these names, and those that their tables read."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(read_by(process.facts, name))
    return frozenset(found)
