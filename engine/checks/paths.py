"""Ways through the stages: what no deal reaches, where deals are stuck, and from where none can be won."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.checks.ends import called
from engine.checks.graph import AWAY, Moves, leads_to, moves
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Process, Stage, Track


@dataclass(frozen=True, slots=True)
class _Map:
    """A track, its moves, the stages deals reach, and the first of those that they do not."""

    track: Track
    moves: Moves
    reached: frozenset[str]
    roots: tuple[Stage, ...]


def _map(track: Track, entries: Iterable[str]) -> _Map:
    graph = moves(track)
    # Deals of other processes come to the main track alone: the others then begin anew.
    reached = graph.reach([track.first.id, *(entries if track.id == MAIN else ())])
    return _Map(track, graph, reached, tuple(_roots(track, graph, reached)))


def _roots(track: Track, graph: Moves, reached: frozenset[str]) -> Iterator[Stage]:
    """Of the stages not reached, those whose cause is their own: what follows after them follows from them."""
    left = [stage for stage in track.stages if stage.id not in reached]
    beyond = {stage.id: graph.reach([stage.id]) for stage in left}
    for index, stage in enumerate(left):
        before = [other.id for other in left if other is not stage and stage.id in beyond[other.id]]
        in_circle = [other for other in before if other in beyond[stage.id]]
        earlier = {other.id for other in left[:index]}
        if len(in_circle) == len(before) and not earlier & set(in_circle):
            yield stage


def unreachable_stages(process: Process, *, entries: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """P101: a stage that no chain of moves leads to. ``entries`` are those that other processes lead to."""
    for track in process.all_tracks():
        if not track.actions and len(track.stages) > 1:
            yield _no_actions(track)
            continue
        ground = _map(track, entries)
        for stage in ground.roots:
            message = f"no action leads to stage '{stage.id}'"
            if any(stage.id in ground.moves.to[s.id] for s in track.stages if s is not stage):
                message = f"stage '{stage.id}' cannot be reached from '{track.first.id}'"
            behind = [s.id for s in track.stages if s.id not in ground.reached and s not in ground.roots]
            if len(ground.roots) == 1 and behind:
                message += f", nor {_listed(behind)} behind it"
            yield Finding("P101", stage.at, message, _lead_there(ground, stage))


def _no_actions(track: Track) -> Finding:
    """One cause for all the stages that are not reached."""
    owner = "the process" if track.id == MAIN else f"track '{track.id}'"
    message = f"{owner} has no 'actions', so no deal ever leaves stage '{track.first.id}'"
    hint = f"write actions: {{go-on: {{from: {track.first.id}, to: {track.stages[1].id}}}}}"
    return Finding("P101", track.first.at, message, hint)


def _lead_there(ground: _Map, stage: Stage) -> str:
    before = _before(ground.track, stage)
    start = f", for example from '{before.id}'" if before else ""
    return f"add an action with 'to: {stage.id}'{start}, or remove the stage"


def _before(track: Track, stage: Stage) -> Stage | None:
    """The open stage before this one in the pipeline."""
    at = track.stages.index(stage)
    return next((s for s in reversed(track.stages[:at]) if not s.ends), None)


def no_way_out(process: Process, *, entries: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """P102: an open stage of the main track that no action leaves."""
    ground = _map(process.main, entries)
    for stage in _dead_ends(ground):
        if called(stage):
            continue  # it lacks its 'ends', which P164 tells
        message = f"no action leads away from stage '{stage.id}'"
        yield Finding("P102", stage.at, message, f"add an action with 'from: {stage.id}', or give it 'ends:'")


def _dead_ends(ground: _Map) -> list[Stage]:
    """Stages reached and never left; not those after which the way is broken, which is told of the next one."""
    broken = [_before(ground.track, root) for root in ground.roots]
    return [
        stage
        for stage in ground.track.stages
        if not stage.ends
        and stage.id in ground.reached
        and not ground.moves.to[stage.id] - {stage.id}
        and stage not in broken
    ]


def no_way_to_win(process: Process, *, entries: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """P103: no stage is a won end, or open stages from which none can be reached."""
    ground = _map(process.main, entries)
    won = [stage.id for stage in process.main.stages if stage.ends == "won"]
    leaves = any(AWAY in targets for targets in ground.moves.to.values())
    meant = any(called(stage) == "won" for stage in process.main.stages)
    if not won and not leaves and not meant:
        hint = "write 'ends: won' at the stage of a deal that was won"
        yield Finding("P103", process.main.first.at, "no stage of this process ends won", hint)
    if not won or not ground.reached & {*won}:
        # Without a won end the cause is told above, and one that is not reached is told as such.
        return
    winning = ground.moves.leading_to([*won, AWAY])
    stuck = [s for s in ground.track.stages if not s.ends and s.id in ground.reached and s.id not in winning]
    yield from _stuck(ground, stuck)


def _stuck(ground: _Map, stuck: Sequence[Stage]) -> Iterator[Finding]:
    """One finding for each region of stuck stages, unless a stage without any way out explains it."""
    explained = {stage.id for stage in _dead_ends(ground)}
    explained |= {before.id for root in ground.roots if (before := _before(ground.track, root))}
    left = [stage for stage in stuck if not ground.moves.reach([stage.id]) & explained]
    told: set[str] = set()
    for stage in reversed(left):
        if stage.id in told:
            continue
        same = [s.id for s in left if s is not stage and stage.id in ground.moves.reach([s.id])]
        told |= {stage.id, *same}
        message = f"from stage '{stage.id}' no way leads to a won end"
        if same:
            message += f", nor from {_listed(same)} before it"
        hint = f"add an action from '{stage.id}' towards a won end, or give the stage 'ends:'"
        yield Finding("P103", stage.at, message, hint, Severity.WARNING)


def actions_without_target(process: Process) -> Iterator[Finding]:
    """P104: an action that leads nowhere from any of its stages."""
    for track in process.all_tracks():
        for action in track.actions:
            if "previous" in action.targets or any(leads_to(track, action, source) for source in action.sources):
                continue
            message = f"action '{action.id}' leads nowhere: no stage is {' or '.join(action.targets)} than its own"
            yield Finding("P104", action.at, message, "name the stage it leads to")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
