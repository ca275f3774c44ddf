"""Requirements of one move that can never hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice

from engine.checks.graph import leads_to
from engine.checks.tables import sound_facts
from engine.checks.truth import never_true
from engine.conditions.compare import satisfiable
from engine.machine.tracks import WON, passed
from engine.model.expression import Expression
from engine.model.finding import Finding, Severity
from engine.model.place import Place
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Fact, Force, Requirement
from engine.model.syntax import And, Call, ContextRef, FactRef, Literal, Not, Or, Tree, walk

_MOST_PAIRS = 2_000
"""Of what one move needs, so many pairs are looked at: a file of thousands shall not take minutes."""
_LARGEST_CORE = 60


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What a move needs or should have: a condition, and where it applies. ``reads`` are the names it looks at."""

    name: str
    must: Expression
    when: Expression | None
    reads: frozenset[str]

    @property
    def tree(self) -> Tree:
        """True exactly where the move gets through."""
        if self.when is None:
            return self.must.tree
        return Or((Not(self.when.tree), And((self.when.tree, self.must.tree))))

    @property
    def at(self) -> Place:
        """Where its condition stands."""
        return self.must.at


Needs = frozenset[Need]
_Move = tuple[str, str, str]
"""Action, source and target."""


def never_together(process: Process) -> Iterator[Finding]:
    """P131, P132: two requirements of one move of which one is always refused."""
    facts = sound_facts(process.facts)
    told: set[Needs] = set()
    sound: list[Needs] = []
    for needs, move in sorted(_moves(process).items(), key=lambda item: -len(item[0])):
        # What holds together holds together in part: a move that needs less needs no look.
        if any(needs <= whole for whole in sound):
            continue
        bad = [pair for group in _groups(needs) for pair in _at_odds(group, facts)]
        for pair, severity in bad:
            if pair not in told:
                told.add(pair)
                yield _finding(pair, move, severity)
        if not bad:
            sound.append(needs)


def _finding(pair: Needs, move: _Move, severity: Severity) -> Finding:
    *others, last = sorted(pair, key=lambda need: (need.at, need.name))
    names = " and ".join(f"'{need.name}'" for need in others)
    action, source, target = move
    which = f"'{action}' from '{source}' to '{target}' needs {'both' if len(pair) == 2 else 'them all'}"
    if severity is Severity.ERROR:
        message = f"'{last.name}' can never hold together with {names}, and {which}"
        return Finding("P131", last.at, message, "mend one of them, or say with 'when:' to which deals each applies")
    message = f"where '{last.name}' and {names} both apply they can never both hold, and {which}"
    return Finding("P132", last.at, message, "make their 'when:' exclude each other", severity)


def _moves(process: Process) -> Mapping[Needs, _Move]:
    """What each move needs, where it is more than one thing; and one move that needs it."""
    found: dict[Needs, _Move] = {}
    for track in process.all_tracks():
        gather = Gather(track)
        for action in track.actions:
            own = gather.own(action)
            for source in action.sources:
                for target in leads_to(track, action, source):
                    needs = own | gather.on_the_way(source, target)
                    if len(needs) > 1:
                        found.setdefault(needs, (action.id, source, target))
    return found


class Gather:
    """Turns the requirements of a track, those of one force, into needs, each once, and remembers what they were."""

    __slots__ = ("_ahead", "_force", "_known", "_places", "_to_enter", "_to_pass", "_track")

    def __init__(self, track: Track, *, force: Force = Force.MUST) -> None:
        self._track = track
        self._force = force
        self._places = {stage.id: place for place, stage in enumerate(track.stages)}
        self._known: dict[int, Need] = {}
        self._to_enter = {stage.id: self._of(stage.to_enter) for stage in track.stages}
        self._to_pass = {stage.id: self._of(stage.to_pass) for stage in track.stages}
        self._ahead: dict[str, tuple[Stage, ...]] = {}

    def own(self, action: Action) -> Needs:
        """What the action needs wherever it leads, and that it applies."""
        found = self.of(action)
        if action.when is not None:
            found |= self._one(id(action), Requirement(f"{action.id}/when", Force.MUST, action.when, ""))
        return found

    def of(self, action: Action) -> Needs:
        """What the action needs wherever it leads."""
        return self._of((*action.requires, *self._track.always))

    def on_the_way(self, source: str, target: str) -> Needs:
        """What the stages passed and the stage entered need."""
        place = self._places.get(target)
        if place is None:
            return frozenset()
        goal, to_enter = self._track.stages[place], self._to_enter[target]
        if goal.ends not in ("", WON) or (not goal.ends and place <= self._places[source]):
            return to_enter
        passed_over = (s.id for s in self._stages_ahead(source) if goal.ends or self._places[s.id] < place)
        return to_enter.union(*(self._to_pass[stage] for stage in passed_over))

    def _stages_ahead(self, source: str) -> tuple[Stage, ...]:
        """The open stages from the source on: what a move to a won end passes."""
        if source not in self._ahead:
            end = Stage("", ends=WON)
            longer = replace(self._track, stages=(*self._track.stages, end))
            self._ahead[source] = passed(longer, source, end.id)
        return self._ahead[source]

    def _of(self, requirements: Iterable[Requirement]) -> Needs:
        return frozenset().union(*(self._one(id(r), r) for r in requirements if r.force is self._force))

    def _one(self, key: int, requirement: Requirement) -> Needs:
        if key not in self._known:
            self._known[key] = self._need(requirement)
        return frozenset({self._known[key]})

    def _need(self, requirement: Requirement) -> Need:
        must, when = requirement.condition, requirement.when
        trees = [must.tree] if when is None else [must.tree, when.tree]
        return Need(requirement.id, must, when, frozenset(name for tree in trees for name in _names(tree)))


def _names(tree: Tree) -> Iterator[str]:
    """Names of all that the tree looks at; conditions without a common one have nothing to do with each other."""
    for node in walk(tree):
        match node:
            case FactRef(name=name):
                yield name
            case ContextRef(name=name):
                yield f"<{name}>"
            case Call(function="reached"):
                yield "<stage>"
            case Call(function="done" | "count" | "since", arguments=(Literal(value=value),)):
                yield f"<{value}>"


def _groups(needs: Needs) -> Iterator[Needs]:
    """The needs parted into groups that have no name in common; groups of one are left out."""
    groups: list[tuple[set[Need], set[str]]] = []
    for need in needs:
        members, names = {need}, set(need.reads)
        apart = []
        for group in groups:
            if group[1] & names:
                members |= group[0]
                names |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (members, names)]
    yield from (frozenset(members) for members, _ in groups if len(members) > 1)


def _at_odds(group: Needs, facts: Mapping[str, Fact]) -> Iterator[tuple[Needs, Severity]]:
    """The pairs, or where no pair is to blame the smallest set, that can never hold together."""
    whens = [need.when.tree for need in group if need.when is not None]
    # Mostly all apply and hold at once in some deal, which settles everything.
    if satisfiable(*whens, *(need.must.tree for need in group), facts=facts):
        return
    # What never holds alone is told of alone.
    group = frozenset(n for n in group if not (never_true(n.must, facts) or never_true(n.when, facts)))
    fits = satisfiable(*(need.tree for need in group), facts=facts)
    near = list(islice(_near_pairs(group), _MOST_PAIRS))
    if fits is not True:
        clashing = [pair for pair in near if satisfiable(*(need.tree for need in pair), facts=facts) is False]
        yield from ((pair, Severity.ERROR) for pair in clashing)
        if not clashing and fits is False and len(group) <= _LARGEST_CORE:
            yield _core(group, facts), Severity.ERROR
        if clashing:
            return
    yield from ((pair, Severity.WARNING) for pair in near if _clash_where_both_apply(pair, facts))


def _near_pairs(group: Needs) -> Iterator[Needs]:
    """Pairs with a name in common."""
    for first, second in combinations(sorted(group, key=lambda need: (need.at, need.name)), 2):
        if first.reads & second.reads:
            yield frozenset({first, second})


def _core(group: Needs, facts: Mapping[str, Fact]) -> Needs:
    """A smallest part of the group that still cannot hold together."""
    core = set(group)
    for need in sorted(group, key=lambda need: (need.at, need.name)):
        if satisfiable(*(other.tree for other in core if other is not need), facts=facts) is False:
            core.discard(need)
    return frozenset(core)


def _clash_where_both_apply(pair: Needs, facts: Mapping[str, Fact]) -> bool:
    first, second = pair
    whens = [need.when.tree for need in pair if need.when is not None]
    musts = [first.must.tree, second.must.tree]
    if not whens or satisfiable(*whens, *musts, facts=facts) is not False:
        return False
    # Each must be met by itself where both apply, else its own 'when' is the cause.
    return all(satisfiable(*whens, must, facts=facts) is True for must in musts)
