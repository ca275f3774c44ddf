"""A process as a picture's parts: stages in their order, few edges, and sentences for what would be a hairball."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from engine.model.names import LATER, STAGE_WORDS
from engine.model.process import Action, Process, Stage, Track
from engine.model.syntax import PERCENT
from engine.model.values import duration_text, show_value
from engine.report.wording import either

_FAN = 3
"""An action from this many stages or more to one of them is drawn once, from a node that stands for all of them."""


class Way(Enum):
    """Where an edge leads, seen from the pipeline."""

    FORWARD = "forward"
    BACK = "back"
    END = "end"


@dataclass(frozen=True, slots=True)
class Edge:
    """Actions from a stage, or from a ``Fan``, to a stage. Keys are indexes into ``Picture.nodes``."""

    source: str
    target: str
    actions: tuple[str, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class Fan:
    """A node that stands for several stages: ``every open stage``."""

    key: str
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """What is drawn of one track; keys of nodes are safe in any language of diagrams."""

    track: Track
    keys: Mapping[str, str]
    fans: tuple[Fan, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...]


def lanes(process: Process) -> tuple[Lane, ...]:
    """The main track first."""
    return tuple(_lane(process, track, index) for index, track in enumerate(process.all_tracks()))


def _lane(process: Process, track: Track, index: int) -> Lane:
    keys = {stage.id: f"t{index}s{number}" for number, stage in enumerate(track.stages)}
    # Several edges between the same two stages are one, with all their actions on it.
    merged: dict[tuple[str, str, Way], dict[str, None]] = {}
    fans: dict[str, Fan] = {}
    notes: list[str] = []
    for action in track.actions:
        targets = [target for target in action.targets if target in keys]
        sources = [source for source in action.sources if source in keys]
        notes += _notes(process, track, action)
        for target in targets:
            for source, way in _drawn(process, track, sources, target, index=index, fans=fans):
                merged.setdefault((source, keys[target], way), {})[action.id] = None
    merged |= _steps(track, keys, drawn=frozenset((source, target) for source, target, _ in merged))
    edges = tuple(Edge(keys.get(s, s), target, tuple(actions), way) for (s, target, way), actions in merged.items())
    return Lane(track, keys, tuple(fans.values()), edges, tuple(dict.fromkeys(notes)))


def _drawn(
    process: Process, track: Track, sources: list[str], target: str, *, index: int, fans: dict[str, Fan]
) -> Iterator[tuple[str, Way]]:
    """The nodes that an edge to ``target`` begins at."""
    if len(sources) < _FAN:
        yield from ((source, way_of(track, source, target)) for source in sources)
        return
    says = described(process, track, tuple(sources))
    fan = fans.setdefault(says, Fan(f"t{index}f{len(fans)}", says))
    # A fan to an open stage crosses the pipeline wherever it is drawn: it is no step of it.
    end = track.stage(target)
    yield fan.key, Way.END if end and end.ends else Way.BACK


def _steps(
    track: Track, keys: Mapping[str, str], *, drawn: frozenset[tuple[str, str]]
) -> dict[tuple[str, str, Way], dict[str, None]]:
    """What actions to ``later`` add to the picture: a step to the next stage, where no other action is drawn."""
    open_stages = [stage.id for stage in track.stages if not stage.ends]
    onward = [action for action in track.actions if LATER in action.targets]
    steps = ((s, t, [a.id for a in onward if s in a.sources]) for s, t in pairwise(open_stages))
    return {(s, keys[t], Way.FORWARD): dict.fromkeys(a) for s, t, a in steps if a and (s, keys[t]) not in drawn}


def way_of(track: Track, source: str, target: str) -> Way:
    """Whether a move leads on, back, or to an end that is not won."""
    order = [stage.id for stage in track.stages]
    stage = track.stage(target)
    if stage and stage.ends and stage.ends != "won":
        return Way.END
    from_end = track.stage(source)
    if from_end and from_end.ends:
        return Way.BACK
    return Way.FORWARD if order.index(target) > order.index(source) else Way.BACK


def _notes(process: Process, track: Track, action: Action) -> Iterator[str]:
    words = {"later": "a later stage", "earlier": "an earlier stage", "previous": "the stage before"}
    told = [words[target] for target in action.targets if target in STAGE_WORDS and target in words]
    if told:
        yield f"{action.id}: from {described(process, track, action.sources)} to {either(told)}"
    if action.transfer:
        yield f"{action.id}: goes on in {action.transfer.process}, at {action.transfer.stage}"
    for start in action.starts:
        yield f"{action.id}: starts a deal in {start.process}"


def described(process: Process, track: Track, sources: tuple[str, ...]) -> str:
    """Stages in few words: ``every open stage``, a group's name, all but one, or their list."""
    open_stages = tuple(stage.id for stage in track.stages if not stage.ends)
    ends = tuple(stage.id for stage in track.stages if stage.ends)
    chosen = set(sources)
    if len(sources) > 1 and chosen == set(open_stages):
        return "every open stage"
    if len(sources) > 1 and chosen == {*open_stages, *ends}:
        return "every stage"
    group = next((name for name, stages in process.groups.items() if set(stages) == chosen), "")
    if group:
        return f"{group} stages"
    left_out = [stage for stage in open_stages if stage not in chosen]
    if len(left_out) == 1 and len(chosen) >= _FAN and chosen < set(open_stages):
        return f"every open stage but {left_out[0]}"
    return either(sources)


def caption(stage: Stage) -> str:
    """The second line of a stage: its probability, target and alert."""

    parts = [show_value(stage.probability, PERCENT)] if stage.probability is not None else []
    parts += [duration_text(stage.target)] if stage.target is not None else []
    return " · ".join(parts)
