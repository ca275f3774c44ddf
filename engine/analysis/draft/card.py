"""How well a draft tells deals that it was not made from, beside two yardsticks: all that was seen, one path alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from engine.analysis.conform.align import Journey, fits, models_of, overall
from engine.analysis.draft.flow import Edge
from engine.analysis.draft.paths import Paths
from engine.machine.compile import compile_process
from engine.model.draft import Score
from engine.model.names import MAIN
from engine.model.process import Action, Process, Stage, Track, targets_from

Variants = Mapping[tuple[str, ...], int]
"""The stages that deals went through, and how many deals did."""

_STOP = ""


def variants_of(paths: Paths, ends: Mapping[str, str]) -> Variants:
    """The ways of deals that stand in an end: what is still open may yet go anywhere."""
    return Counter(way for way in ways_of(paths) if way[-1] in ends)


def ways_of(paths: Paths) -> Iterable[tuple[str, ...]]:
    """The stages that each deal went through."""
    ways: dict[int, list[str]] = defaultdict(list)
    for deal, stage in zip(paths.deal.tolist(), paths.stage.tolist(), strict=True):
        ways[deal].append(paths.stages[stage])
    return [tuple(way) for way in ways.values()]


def score(name: str, track: Track, later: Variants) -> Score:
    """The score of a track on the ways of deals."""
    edges = edges_of(track)
    models = models_of(compile_process(Process(name, 1, track)))
    found = fits(models, [Journey((way,)) for way in later])
    total = sum(later.values())
    return Score(
        name=name,
        stages=len(track.stages),
        actions=len({action.id for action in track.actions}),
        moves=len(edges),
        fitness=overall(zip(found, later.values(), strict=True)) if total else None,
        precision=_precision(track, edges, later),
        perfect=sum(n for fit, n in zip(found, later.values(), strict=True) if not fit.cost) / total if total else None,
    )


def edges_of(track: Track) -> frozenset[Edge]:
    """The moves that the actions of a track allow."""
    return frozenset(
        (source, target)
        for action in track.actions
        for source in action.sources
        for target in targets_from(track, action, source)
        if target != source
    )


def all_seen(stages: Iterable[Stage], edges: Iterable[Edge], first: Stage) -> Track:
    """Every move that was ever seen, open deals' too as in the draft, each an action of its own."""
    return _track(stages, set(edges), {first.id})


def most_frequent(stages: Iterable[Stage], ways: Variants) -> Track | None:
    """The most frequent way of a deal that was won, and nothing else; ``None`` where none stands in a win."""
    among = tuple(stages)
    won = {stage.id for stage in among if stage.ends == "won"}
    best = max((way for way in ways if way[-1] in won), key=lambda way: (ways[way], way), default=())
    if not best:
        return None
    return _track((stage for stage in among if stage.id in best), set(pairwise(best)), set(best[:1]))


def _track(stages: Iterable[Stage], edges: set[Edge], first: set[str]) -> Track:
    # Stages of which nobody said that they are there begin nowhere: the first is one in which deals begin.
    line = sorted((Stage(stage.id, ends=stage.ends) for stage in stages), key=lambda stage: stage.id not in first)
    actions = tuple(Action(f"move-{number}", (a,), (b,)) for number, (a, b) in enumerate(sorted(edges), 1))
    return Track(MAIN, tuple(line), actions)


def _precision(track: Track, edges: frozenset[Edge], later: Variants) -> float | None:
    """Of what is allowed at each point that deals reached, the share that deals did (escaping edges).

    A point is all that a deal went through so far. A deal is followed as far as it keeps to the track.
    """
    allowed: dict[str, set[str]] = defaultdict(set)
    for a, b in edges:
        allowed[a].add(b)
    for stage in track.stages:
        if stage.ends:
            allowed[stage.id].add(_STOP)
    did: dict[tuple[str, ...], set[str]] = defaultdict(set)
    reached: Counter[tuple[str, ...]] = Counter()
    for way, n in later.items():
        if way[0] != track.first.id:
            continue
        for at, onward in enumerate((*way[1:], _STOP), 1):
            reached[way[:at]] += n
            if onward not in allowed[way[at - 1]]:
                break
            did[way[:at]].add(onward)
    could = sum(n * len(allowed[point[-1]]) for point, n in reached.items())
    return sum(n * len(did[point]) for point, n in reached.items()) / could if could else None
