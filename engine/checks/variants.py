"""Actions open at once from one stage: variants under one name, and automatic actions that race or go round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from engine.checks.graph import circles, leads_to
from engine.checks.never_fires import by_action, taken_first
from engine.checks.unattended import Always
from engine.conditions.compare import example, implies, satisfiable
from engine.model.finding import Finding, Severity
from engine.model.process import Action, Process, Track
from engine.model.rule import Fact
from engine.model.syntax import ContextRef, Tree, Value, facts_read, walk
from engine.model.values import show_value


def variants_overlap(process: Process) -> Iterator[Finding]:
    """P141, P142: two actions of one name that are open at once, and one that the others leave nothing to."""
    for track in process.all_tracks():
        for action_id in dict.fromkeys(action.id for action in track.actions if action.variant):
            yield from _overlaps(track, track.variants(action_id), process.facts)


def _overlaps(track: Track, variants: Sequence[Action], facts: Mapping[str, Fact]) -> Iterator[Finding]:
    for index, later in enumerate(variants):
        earlier = variants[:index]
        covering = [_covering(track, earlier, later, source, facts=facts) for source in later.sources]
        if covering and None not in covering:
            names = " and ".join(str(n) for n in dict.fromkeys(a.variant for a in covering if a is not None))
            message = f"variant {later.variant} of '{later.id}' is never meant: variant {names} comes before it"
            hint = "put the narrower variant first, or mend its 'when'"
            yield Finding("P142", later.when.at if later.when else later.at, message, hint)
            continue
        for other in earlier:
            yield from _overlap(other, later, facts)


def _covering(
    track: Track, earlier: Sequence[Action], later: Action, source: str, *, facts: Mapping[str, Fact]
) -> Action | None:
    """The variant that is taken in all the cases of the later one and leads to all its stages."""
    wanted = set(leads_to(track, later, source))
    for other in earlier:
        if source not in other.sources or not wanted <= set(leads_to(track, other, source)):
            continue
        if other.when is None or (later.when and implies(later.when.tree, other.when.tree, facts)):
            return other
    return None


def _overlap(first: Action, second: Action, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    common = [source for source in first.sources if source in second.sources]
    # A last one without 'when' is what is done otherwise: nobody takes that for an overlap.
    if not common or second.when is None:
        return
    trees = [when.tree for when in (first.when, second.when) if when]
    if satisfiable(*trees, facts=facts):
        both = f"variants {first.variant} and {second.variant} of '{second.id}' both apply"
        message = f"{both} from '{common[0]}'{_shown(trees, facts)}"
        hint = "the first one is meant unless the mover names the other's stage; make their 'when' exclude each other"
        yield Finding("P141", second.when.at, message, hint, Severity.WARNING)


def _shown(trees: Sequence[Tree], facts: Mapping[str, Fact]) -> str:
    """For which deal, for example."""
    found = example(*trees, facts=facts)
    if not found:
        return ""
    return ", for example where " + " and ".join(f"{name} is {_value(name, found[name], facts)}" for name in found)


def _value(name: str, value: Value, facts: Mapping[str, Fact]) -> str:
    return show_value(value, facts[name].type if name in facts else None)


def automatic_overlap(process: Process) -> Iterator[Finding]:
    """P143: two automatic actions that lead from one stage to different ones for the same deal."""
    every, always = by_action(process), Always(process, process.facts)
    for track in process.all_tracks():
        automatic = [action for action in track.actions if action.auto]
        for first, second in combinations(automatic, 2):
            for race in _race(track, first, second, facts=process.facts):
                # One that is never taken has no race to win, and is told as such.
                if not any(taken_first(moves, every, always) for moves in every if moves[0].action is second):
                    yield race


def _race(track: Track, first: Action, second: Action, *, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    common = [s for s in first.sources if s in second.sources and first.id != second.id]
    apart = [s for s in common if leads_to(track, first, s) != leads_to(track, second, s)]
    if not apart or first.when is None or second.when is None:
        return
    trees = [first.when.tree, second.when.tree]
    if satisfiable(*trees, facts=facts):
        message = f"automatic actions '{first.id}' and '{second.id}' are both due in '{apart[0]}'{_shown(trees, facts)}"
        hint = f"'{first.id}', declared first, is taken; make the two 'when' exclude each other"
        yield Finding("P143", second.when.at, message, hint, Severity.WARNING)


def automatic_circles(process: Process) -> Iterator[Finding]:
    """P144: automatic actions that may lead a deal round in a circle."""
    for track in process.all_tracks():
        edges = _automatic_edges(track)
        told: set[frozenset[str]] = set()
        for circle in circles(edges):
            names = frozenset(action.id for action in circle)
            if names not in told and _may_turn(circle, process):
                told.add(names)
                listed = ", ".join(f"'{action.id}'" for action in circle)
                message = f"automatic actions may lead a deal round in a circle: {listed}"
                yield Finding("P144", circle[0].at, message, "make their 'when' exclude each other", Severity.WARNING)


_Edge = tuple[str, Action]


def _automatic_edges(track: Track) -> Mapping[str, tuple[_Edge, ...]]:
    """By stage: where automatic actions lead, and which."""
    edges: dict[str, list[_Edge]] = {}
    for action in track.actions:
        for source in action.sources if action.auto else ():
            edges.setdefault(source, []).extend((target, action) for target in leads_to(track, action, source))
    return {stage: tuple(found) for stage, found in edges.items()}


def _may_turn(circle: Sequence[Action], process: Process) -> bool:
    """Whether one deal may meet all the conditions; what changes on the way round is left out."""
    changed = {value.fact for action in circle for value in action.sets}
    stamped = {value.fact for stage in process.main.stages for value in stage.stamps}
    trees = [action.when.tree for action in circle if action.when]
    kept = [tree for tree in trees if not facts_read(tree) & (changed | stamped) and not _looks_around(tree)]
    return satisfiable(*kept, facts=process.facts) is not False


def _looks_around(tree: Tree) -> bool:
    return any(isinstance(node, ContextRef) for node in walk(tree))
