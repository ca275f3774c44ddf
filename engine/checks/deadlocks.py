"""Tracks that wait for each other: what a deal never comes to, or gets stuck in, for where it stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.checks.graph import AWAY, moves
from engine.checks.truth import short
from engine.checks.waits import Wait, looks_at, refuses, wait_of, word_of, words_in
from engine.checks.walking import State, Step, Walk, arrivals_of, at_start, refused, stood, walk_of
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Process, Track

_MOST_STATES = 200
"""In so many states it is tried whether a stage that is never reached would help."""

Stand = tuple[int, str]
"""A track, by number, and one of its stages."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """A stage that deals never come to, and what keeps them from the first step that leads there."""

    stand: Stand
    step: Step
    wait: Wait


def tracks_wait(process: Process, *, entries: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """P105: a stage that waits in vain for another track, and a move after which no end can be reached any more.

    ``entries`` are the stages that other processes hand deals over to.
    """
    tracks = _in_play(process)
    if len(tracks) < 2:
        return
    yield from _never_starts(tracks)
    alone = {track.id: walk_of((track,), arrivals=arrivals_of((track,), entries)) for track in tracks}
    if not all(walk.whole for walk in alone.values()):
        return
    lifts = process.override_by is not None
    if (findings := _between(tracks, alone, entries, may_lift=lifts)) is not None:
        yield from findings
        return
    # All at once they can stand in too many ways: each is then held against the first of them alone.
    for other in tracks[1:]:
        yield from _between((tracks[0], other), alone, entries, may_lift=lifts) or ()


def _between(
    tracks: tuple[Track, ...], alone: Mapping[str, Walk], entries: frozenset[str], *, may_lift: bool
) -> list[Finding] | None:
    """What is told of these tracks; ``None`` where they can stand in more ways than are looked at."""
    # What its own track never comes to is told as such: here it counts as mended.
    free = {
        track.id: [stage.id for stage in track.stages if stage.id not in alone[track.id].stages(0)] for track in tracks
    }
    walk = walk_of(tracks, free=free, arrivals=arrivals_of(tracks, entries))
    lifted = walk
    if walk.whole and (may_lift or entries):
        # Whether a hand-over is overridden is for the process to say that the deal comes from.
        arrivals = arrivals_of(tracks, entries, _is_certain)
        lifted = walk_of(tracks, free=free, counts=_is_certain if may_lift else None, arrivals=arrivals)
    if not walk.whole or not lifted.whole:
        return None
    closed = _closed(walk, alone)
    found = list(_never_reached(walk, closed, lifted))
    if not closed and not any(free.values()):
        found += _stuck(lifted)
    return found


def _is_certain(wait: Wait) -> bool:
    """Whether no override lifts it."""
    return not wait.waivable


def _in_play(process: Process) -> tuple[Track, ...]:
    """The tracks that look at another one, and those that they look at."""
    tracks = tuple(process.all_tracks())
    if len(tracks) == 1:
        return ()
    looks = {track.id: looks_at(track) - {word_of(track)} for track in tracks}
    looked_at = frozenset().union(*looks.values())
    return tuple(track for track in tracks if looks[track.id] or word_of(track) in looked_at)


def _never_starts(tracks: tuple[Track, ...]) -> Iterator[Finding]:
    main = next((track for track in tracks if track.id == MAIN), None)
    if main is None:
        return
    known = frozenset(word_of(track) for track in tracks)
    for requirement in (*main.first.to_enter, *main.always):
        wait = wait_of(requirement, known, waivable=False)
        if wait is not None and refuses(wait, at_start(tracks)) and set(words_in(wait.tree)) - {"stage"}:
            message = (
                f"no deal can ever start: '{wait.name}' holds only once a track has moved, which begins after that"
            )
            yield Finding("P105", wait.must.at, message, "require it of an action, or on entering a later stage")


def _closed(walk: Walk, alone: Mapping[str, Walk]) -> Mapping[Stand, _Closed]:
    """Of each track the stages that it comes to alone and never among the others, where a step to them is refused."""
    found: dict[Stand, _Closed] = {}
    for step, wait in walk.refused.items():
        track = walk.tracks[step.track]
        stand = (step.track, step.target)
        if step.target not in walk.stages(step.track) and step.target in alone[track.id].stages(0):
            found.setdefault(stand, _Closed(stand, step, wait))
    places = [{stage.id: place for place, stage in enumerate(track.stages)} for track in walk.tracks]
    return dict(sorted(found.items(), key=lambda item: (item[0][0], places[item[0][0]][item[0][1]])))


def _never_reached(walk: Walk, closed: Mapping[Stand, _Closed], lifted: Walk) -> Iterator[Finding]:
    told: set[Stand] = set()
    for stand, first in closed.items():
        chain = _chain(walk, first, closed)
        stands = {one.stand for one in chain}
        if not stands & told:
            severity = Severity.WARNING if stand[1] in lifted.stages(stand[0]) else Severity.ERROR
            yield _finding(walk, chain, severity, in_circle=_waits_for(walk, chain[-1], closed) is not None)
        told |= stands


def _chain(walk: Walk, first: _Closed, closed: Mapping[Stand, _Closed]) -> list[_Closed]:
    """What waits for what, until something waits for one that was named before, or for what simply never is."""
    chain = [first]
    while (following := _waits_for(walk, chain[-1], closed)) is not None and following not in chain:
        chain.append(following)
    return chain


def _waits_for(walk: Walk, one: _Closed, closed: Mapping[Stand, _Closed]) -> _Closed | None:
    """The closed stage of another track that it waits for: once a deal stood there it would no longer be refused."""
    here = [state for state in walk.states if state.stages[one.step.track] in one.step.action.sources]
    others = [other for other in closed.values() if other.step.track != one.step.track]
    return next(
        (
            other
            for other in others
            if any(
                not refused(one.wait, walk, stood(walk, state, other.step), one.step) for state in here[:_MOST_STATES]
            )
        ),
        None,
    )


def _finding(walk: Walk, chain: Sequence[_Closed], severity: Severity, *, in_circle: bool) -> Finding:
    first, *others = chain
    waits = f"{_who(first.step)} waits for {_what(first.wait)}"
    waits += "".join(
        f", and {_who(one.step)} {_of(walk.tracks[one.step.track])} for {_what(one.wait)}" for one in others
    )
    if not in_circle:
        waits += ", which never holds" if chain[-1].step.action.id else ", which does not hold on arrival"
    stage = f"'{first.step.target}' {_of(walk.tracks[first.step.track])}"
    message = f"no deal comes to stage {stage}: {waits}"
    if severity is Severity.WARNING:
        message = f"only an override leads to stage {stage}: {waits}"
    hint = "let one of them go on without the other, or mend the condition"
    return Finding("P105", first.wait.must.at, message, hint, severity)


def _who(step: Step) -> str:
    return f"'{step.action.id}'" if step.action.id else "a hand-over from another process"


def _what(wait: Wait) -> str:
    return f"'{short(wait.must.text)}'"


def _of(track: Track) -> str:
    return "of the main track" if track.id == MAIN else f"of track '{track.id}'"


def _stuck(walk: Walk) -> Iterator[Finding]:
    """Moves after which no end can be reached any more, though the stages of the main track lead to one."""
    number = next((at for at, track in enumerate(walk.tracks) if track.id == MAIN), None)
    if number is None:
        return
    main = walk.tracks[number]
    ends = [stage.id for stage in main.stages if stage.ends]
    graph = moves(main)
    leaving = {stage for stage, targets in graph.to.items() if AWAY in targets}
    hopeful = graph.leading_to([*ends, AWAY])
    saved = _before(walk, [state for state in walk.states if state.stages[number] in {*ends, *leaving}])
    told: set[str] = set()
    for state in walk.states:
        if state in saved or state.stages[number] not in hopeful:
            continue
        for before, step in walk.entered.get(state, ()):
            if before in saved and step.action.id and step.action.id not in told:
                told.add(step.action.id)
                yield _trap(walk, state, step, number)


def _before(walk: Walk, ends: Sequence[State]) -> frozenset[State]:
    """The states given, and all from which steps lead to one of them."""
    found: set[State] = set()
    waiting = list(ends)
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting.extend(before for before, _ in walk.entered.get(state, ()))
    return frozenset(found)


def _trap(walk: Walk, state: State, step: Step, main: int) -> Finding:
    others = " and ".join(
        f"'{stage}' of track '{track.id}'"
        for at, (track, stage) in enumerate(zip(walk.tracks, state.stages, strict=True))
        if at != main
    )
    where = f"from '{state.stages[main]}', with {others}"
    message = f"after '{step.action.id}' a deal may be stuck: {where}, no way leads to an end"
    hint = "add a way back, or an action that ends such a deal"
    return Finding("P105", step.action.at, message, hint, Severity.WARNING)
