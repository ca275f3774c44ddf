"""Which stages and which moves a draft keeps: what is frequent, and what it takes to come everywhere and to win."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from engine.analysis.draft.order import any_order, ordered, precedence
from engine.analysis.draft.paths import Mask, Paths, Whole, deals_in, led_in, reduced, supposed
from engine.model.draft import Drafting, Order
from engine.model.errors import BadValue
from engine.model.process import Stage

Edge = tuple[str, str]
_ENDS = ("won", "lost", "other")


@dataclass(frozen=True, slots=True)
class Flow:
    """What is kept, and the counts it rests on.

    ``stages`` are in the order of the pipeline, ends last. ``edges`` holds all moves that were seen between them,
    ``kept`` those of the draft, ``leaving`` all that left a stage, ``came`` those that were in an end. ``visits``
    and ``deals`` count by stage what was seen, ``seen_first`` the deals first seen there and not in the first stage:
    nobody saw them move out of that one. ``rare`` are the stages left out, with the deals that were in them.
    ``any_order`` are groups of stages of which no order can be told. ``of`` are all deals.
    """

    stages: tuple[Stage, ...]
    edges: Mapping[Edge, int]
    leaving: Mapping[str, int]
    came: Mapping[str, int]
    visits: Mapping[str, int]
    deals: Mapping[str, int]
    seen_first: Mapping[str, int]
    rare: Mapping[str, int]
    any_order: tuple[tuple[str, ...], ...]
    of: int
    kept: frozenset[Edge] = field(default=frozenset())

    @property
    def place(self) -> Mapping[str, int]:
        """From stage to its place in the pipeline."""
        return {stage.id: at for at, stage in enumerate(self.stages)}

    @property
    def ends(self) -> Mapping[str, str]:
        """The stages that are ends, and of which kind."""
        return {stage.id: stage.ends for stage in self.stages if stage.ends}

    @property
    def unseen(self) -> Mapping[Edge, int]:
        """Moves out of the first stage that deals must have made and nobody saw."""
        return {(self.stages[0].id, stage): n for stage, n in self.seen_first.items()}

    @property
    def open(self) -> tuple[str, ...]:
        """The stages that are no ends."""
        return tuple(stage.id for stage in self.stages if not stage.ends)


def flow_of(paths: Paths, known: Sequence[Stage], asked: Drafting) -> tuple[Flow, Paths]:
    """The flow, and the visits of the stages that it keeps and of all ends. The paths are those of settled deals.

    Raises ``BadValue`` where no deal was won, or none of the stages is open.
    """
    among = {stage.id: stage for stage in known}
    stages = [among.get(name) or Stage(name) for name in paths.stages]
    of = len(np.unique(paths.deal[paths.counted]))
    deals = deals_in(paths)
    keep = _frequent(deals, stages, asked.keep * of)
    # An end that no counted deal came to is none of the draft's, and still closes those that did.
    paths = reduced(paths, keep | np.array([bool(stage.ends) for stage in stages]))
    line, unordered = _line(paths, stages, keep, asked.order)
    paths = paths.of(~supposed(paths, line[0]))
    begun = paths.stage[paths.begins & paths.counted & (paths.stage != line[0])]
    edges = _edges(paths, keep)
    flow = Flow(
        stages=tuple(stages[at] for at in line),
        edges=edges,
        leaving=_left(edges),
        came=_named(paths.stages, paths.stage[paths.counted | _moved(paths)]),
        visits=_named(paths.stages, paths.stage[paths.counted]),
        deals={paths.stages[at]: int(n) for at, n in enumerate(deals_in(paths)) if n},
        seen_first=_named(paths.stages, begun),
        rare={stages[at].id: int(deals[at]) for at in np.flatnonzero(~keep) if deals[at]},
        any_order=tuple(tuple(stages[at].id for at in group) for group in unordered),
        of=of,
    )
    return replace(flow, kept=_kept(flow, asked.keep)), led_in(paths, line[0])


def _frequent(deals: Whole, stages: Sequence[Stage], least: float) -> Mask:
    """Stages with enough deals, and in any case the best open one and all ends: the rare ones were folded."""
    is_end = np.array([bool(stage.ends) for stage in stages])
    keep: Mask = ((deals >= least) | is_end) & (deals > 0)
    won = [at for at, stage in enumerate(stages) if stage.ends == "won"]
    if not any(deals[at] for at in won):
        ends = ", ".join(stage.id for stage in stages if stage.ends) or "none"
        message = f"none of these deals was won (ends: {ends})"
        raise BadValue(message, hint="say in the map's 'ends' which stage is won")
    going_on = [at for at, stage in enumerate(stages) if not stage.ends and deals[at]]
    if not going_on:
        raise BadValue("every stage of these deals is an end", hint="the map's 'ends' names the stages that are")
    keep[max(going_on, key=lambda at: deals[at])] = True
    return keep


def _line(paths: Paths, stages: Sequence[Stage], keep: Mask, order: Order) -> tuple[list[int], list[list[int]]]:
    """The stages in order, ends last, and the groups in which no order is to be seen."""
    seen = precedence(paths)
    there = [int(at) for at in np.flatnonzero(keep)]
    going_on = [at for at in there if not stages[at].ends]
    ends = sorted((at for at in there if stages[at].ends), key=lambda at: (_ENDS.index(stages[at].ends), at))
    line = going_on if order is Order.TOLD else ordered(going_on, seen)
    return [*line, *ends], any_order(line, seen)


def _edges(paths: Paths, keep: Mask) -> Counter[Edge]:
    after = paths.next_stage
    moved = _moved(paths) & keep[paths.stage] & keep[after]
    names = paths.stages
    pairs, counts = np.unique(paths.stage[moved] * len(names) + after[moved], return_counts=True)
    ways = ((names[pair // len(names)], names[pair % len(names)]) for pair in pairs.tolist())
    return Counter(dict(zip(ways, counts.tolist(), strict=True)))


def _moved(paths: Paths) -> Mask:
    """Whether a move led out of the visit that is counted: the one into the next stage."""
    moved = np.zeros(len(paths.stage), np.bool_)
    moved[:-1] = paths.counted[1:]
    return moved & ~paths.is_last


def _left(edges: Mapping[Edge, int]) -> Counter[str]:
    left: Counter[str] = Counter()
    for (stage, _), n in edges.items():
        left[stage] += n
    return left


def _named(names: Sequence[str], codes: Iterable[int]) -> Counter[str]:
    return Counter(names[int(code)] for code in codes)


def _kept(flow: Flow, share: float) -> frozenset[Edge]:
    """The frequent moves; then the best of those that it takes for each stage to be reached and to lead to a win."""
    ends = flow.ends
    # What leaves an end is rare by nature: it is measured by the deals that came there. From end to end none goes.
    base = {stage.id: (flow.came if stage.ends else flow.leaving).get(stage.id, 0) for stage in flow.stages}
    able = {edge: n for edge, n in flow.edges.items() if not (edge[0] in ends and edge[1] in ends)}
    kept = {edge for edge, n in able.items() if n >= share * base[edge[0]]}
    everything = [stage.id for stage in flow.stages]
    _connect(kept, able, {flow.stages[0].id}, everything, otherwise=flow.unseen)
    _let_reach(kept, flow)
    back = {_turned(edge) for edge in kept}
    won = {stage for stage, kind in ends.items() if kind == "won"}
    onward = {_turned(edge): n for edge, n in able.items() if edge[0] not in ends}
    _connect(back, onward, won, list(flow.open))
    kept |= {_turned(edge) for edge in back}
    _let_win(kept, flow)
    return frozenset(kept)


def _turned(edge: Edge) -> Edge:
    return edge[1], edge[0]


def _reach(edges: Iterable[Edge], roots: Iterable[str]) -> set[str]:
    to: dict[str, set[str]] = {}
    for a, b in edges:
        to.setdefault(a, set()).add(b)
    reached, waiting = set(roots), list(roots)
    while waiting:
        new = to.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached


def _connect(
    kept: set[Edge],
    able: Mapping[Edge, int],
    roots: set[str],
    wanted: Sequence[str],
    *,
    otherwise: Mapping[Edge, int] = MappingProxyType({}),
) -> None:
    """Adds the most frequent of the moves that lead on, until all that is wanted is reached or none leads there.

    What is taken ``otherwise`` comes in one by one, only where none of the others leads on.
    """
    while True:
        reached = _reach(kept, roots)
        best = _best(able, reached, wanted) or _best(otherwise, reached, wanted)
        if best is None:
            return
        kept.add(best)


def _best(able: Mapping[Edge, int], reached: set[str], wanted: Sequence[str]) -> Edge | None:
    leading = [edge for edge in able if edge[0] in reached and edge[1] not in reached and edge[1] in wanted]
    return max(leading, key=lambda edge: (able[edge], edge), default=None)


def _let_reach(kept: set[Edge], flow: Flow) -> None:
    """A stage that no counted move leads to is reached from the one before it."""
    line = [*flow.open, *flow.ends]
    for at, stage in enumerate(line[1:]):
        if stage not in _reach(kept, {line[0]}):
            kept.add((line[at] if stage in flow.open else flow.open[-1], stage))


def _let_win(kept: set[Edge], flow: Flow) -> None:
    """A stage from which no counted move leads to a win goes on to the next one, and the last to the win."""
    won = next(stage for stage, kind in flow.ends.items() if kind == "won")
    line = [*flow.open, won]
    for at in range(len(flow.open) - 1, -1, -1):
        if line[at] not in _reach({_turned(edge) for edge in kept if edge[0] not in flow.ends}, {won}):
            kept.add((line[at], line[at + 1]))
