"""Where deals can come, several tracks taken together, when no fact is known: only what is surely refused is left out.

A move counts as possible unless a condition is false wherever the tracks then stand, whatever is known of the deal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.checks.graph import leads_to
from engine.checks.waits import Wait, Waits, refuses, trees_of, word_of
from engine.conditions.imagine import Imagined
from engine.machine.tracks import reaching
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Track
from engine.model.syntax import Call, Literal, walk

MOST_STEPS = 40_000
"""So many moves are tried; of a process whose tracks can stand in more ways than that, nothing is said."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One move of one track, with all conditions that may wait for where a deal stands.

    An action without a name and without sources stands for a hand-over from another process.
    """

    track: int
    action: Action
    target: str
    waits: tuple[Wait, ...]


class State(NamedTuple):
    """Where a deal stands in each track, and which of the stages that are asked for were reached."""

    stages: tuple[str, ...]
    reached: frozenset[str]


@dataclass(slots=True)
class Walk:
    """All states that deals come to. ``refused`` are the steps never taken there, each with what refused it first.

    ``entered`` has, for each state, the states before it and the step taken. Where it is not ``whole`` nothing follows.
    ``gains`` tells which of the stages asked for are reached by standing in one.
    """

    tracks: tuple[Track, ...]
    gains: Mapping[tuple[int, str], frozenset[str]]
    states: dict[State, None] = field(default_factory=dict)
    entered: dict[State, list[tuple[State, Step]]] = field(default_factory=dict)
    refused: dict[Step, Wait] = field(default_factory=dict)
    whole: bool = True

    def stages(self, track: int) -> frozenset[str]:
        """The stages of a track that deals come to."""
        return frozenset(state.stages[track] for state in self.states)


def walk_of(
    tracks: tuple[Track, ...],
    *,
    free: Mapping[str, Iterable[str]] | None = None,
    counts: Callable[[Wait], bool] | None = None,
    arrivals: Iterable[Step] = (),
) -> Walk:
    """The walk through these tracks from their first stages and from ``arrivals``; what other tracks say is unknown.

    ``free`` are stages by track that are taken as reached by any way. Where it is said which waits count, no other
    refuses a step.
    """
    steps = _steps(tracks, counts)
    found = Walk(tracks, _gains(tracks))
    found.states[_first(tracks, found.gains)] = None
    turned_away = _arrive(found, arrivals)
    waiting = [*found.states]
    tried = 0
    for state in waiting:
        for step in _from(state, steps, free or {}, tracks):
            tried += 1
            if tried > MOST_STEPS:
                found.whole = False
                return found
            after = _after(state, step, found)
            if after is not None and after not in found.states:
                found.states[after] = None
                waiting.append(after)
    # What keeps moves of this process from a stage is told first.
    found.refused.update(turned_away)
    return found


def arrivals_of(
    tracks: Sequence[Track], entries: Iterable[str], counts: Callable[[Wait], bool] | None = None
) -> tuple[Step, ...]:
    """The hand-overs to stages of the main track; none where it is not among the tracks."""
    number = next((at for at, track in enumerate(tracks) if track.id == MAIN), None)
    if number is None:
        return ()
    waits = Waits(tracks[number], frozenset(word_of(one) for one in tracks), counts)
    return tuple(
        Step(number, Action("", (), (stage,)), stage, waits.arriving(stage))
        for stage in sorted(entries)
        if tracks[number].stage(stage) is not None
    )


def _arrive(found: Walk, arrivals: Iterable[Step]) -> Mapping[Step, Wait]:
    """Adds the states in which deals arrive; the arrivals that are surely refused, and by what."""
    turned_away: dict[Step, Wait] = {}
    for step in arrivals:
        state = _first(found.tracks, found.gains, arrival=step)
        here = _arrived(state, found.tracks, step.target)
        wait = next((wait for wait in step.waits if refuses(wait, here)), None)
        if wait is None:
            found.states[state] = None
        else:
            turned_away[step] = wait
    return turned_away


def _from(
    state: State,
    steps: Mapping[tuple[int, str], Sequence[Step]],
    free: Mapping[str, Iterable[str]],
    tracks: Sequence[Track],
) -> Iterator[Step]:
    for number, stage in enumerate(state.stages):
        yield from steps.get((number, stage), ())
        for target in free.get(tracks[number].id, ()):
            yield Step(number, Action("", (stage,), (target,)), target, ())


def _after(state: State, step: Step, found: Walk) -> State | None:
    """The state after a step; ``None`` where it is surely refused."""
    if step.waits:
        situation = _seen(state, found.tracks, step)
        for wait in step.waits:
            if refuses(wait, situation):
                found.refused.setdefault(step, wait)
                return None
    after = stood(found, state, step)
    found.entered.setdefault(after, []).append((state, step))
    return after


def stood(walk: Walk, state: State, step: Step) -> State:
    """The state after the step, whatever refuses it."""
    before, at = state.stages, step.track
    gained = walk.gains.get((at, step.target))
    reached = state.reached | gained if gained else state.reached
    return State((*before[:at], step.target, *before[at + 1 :]), reached)


def refused(wait: Wait, walk: Walk, state: State, step: Step) -> bool:
    """Whether the condition surely refuses the step in that state."""
    return refuses(wait, _seen(state, walk.tracks, step))


def _seen(state: State, tracks: Sequence[Track], step: Step) -> Imagined:
    words = {"action": step.action.id, "to": step.target}
    return Imagined({**words, **_words(state, tracks)}, stages=state.reached)


def _words(state: State, tracks: Sequence[Track]) -> Mapping[str, str]:
    return {word_of(track): stage for track, stage in zip(tracks, state.stages, strict=True)}


def _first(
    tracks: Sequence[Track], gains: Mapping[tuple[int, str], frozenset[str]], *, arrival: Step | None = None
) -> State:
    """Where a deal begins; one that arrives begins anew in every track but the main one."""
    stages = tuple(track.first.id for track in tracks)
    if arrival is not None:
        stages = (*stages[: arrival.track], arrival.target, *stages[arrival.track + 1 :])
    return State(stages, frozenset().union(*(gains.get(stand, frozenset()) for stand in enumerate(stages))))


def at_start(tracks: tuple[Track, ...]) -> Imagined:
    """What a deal sees in the moment of its start."""
    main = next(track for track in tracks if track.id == MAIN)
    return _arrived(_first(tracks, _gains(tracks)), tracks, main.first.id)


def _arrived(state: State, tracks: Sequence[Track], stage: str) -> Imagined:
    return Imagined({"to": stage, **_words(state, tracks)}, stages=state.reached)


def _gains(tracks: Sequence[Track]) -> Mapping[tuple[int, str], frozenset[str]]:
    """By stage of the main track: which of the stages that conditions ask for are reached by standing there."""
    number = next((at for at, track in enumerate(tracks) if track.id == MAIN), None)
    if number is None:
        return {}
    over = reaching(tracks[number])
    trees = (tree for track in tracks for tree in trees_of(track))
    calls = (node for tree in trees for node in walk(tree) if isinstance(node, Call) and node.function == "reached")
    names = {str(call.arguments[0].value) for call in calls if isinstance(call.arguments[0], Literal)}
    found = {
        (number, stage.id): frozenset(name for name in names if stage.id in over.get(name, ()))
        for stage in tracks[number].stages
    }
    return {stand: gained for stand, gained in found.items() if gained}


def _steps(
    tracks: tuple[Track, ...], counts: Callable[[Wait], bool] | None
) -> Mapping[tuple[int, str], Sequence[Step]]:
    """The steps by track and stage; one that waits for nothing stands for all that lead to the same stage."""
    found: dict[tuple[int, str], list[Step]] = {}
    for number, track in enumerate(tracks):
        waits = Waits(track, frozenset(word_of(one) for one in tracks), counts)
        for action in track.actions:
            for source in action.sources:
                for target in _targets(track, action, source):
                    step = Step(number, action, target, waits.of(action, source, target))
                    found.setdefault((number, source), []).append(step)
    return {key: _needed(steps) for key, steps in found.items()}


def _needed(steps: Sequence[Step]) -> Sequence[Step]:
    open_to = {step.target: step for step in steps if not step.waits}
    return [*open_to.values(), *(step for step in steps if step.target not in open_to)]


def _targets(track: Track, action: Action, source: str) -> tuple[str, ...]:
    if action.transfer is not None:
        return ()  # what follows in another process is none of this walk
    if PREVIOUS in action.targets:
        # Whichever stage the deal came from.
        back = tuple(stage.id for stage in track.stages if not stage.ends and stage.id != source)
        return tuple(dict.fromkeys((*leads_to(track, action, source), *back)))
    return leads_to(track, action, source)
