"""What past moves are in another version: which way of it each one is, or why it has none for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.machine.compile import Machine, Way
from engine.machine.routes import Route
from engine.machine.vectors import Texts
from engine.model.expression import Expression
from engine.model.names import MAIN
from engine.model.process import Split, Track, targets_from
from engine.versions.replay_asked import PastCrowd, asked
from engine.versions.replay_columns import PastColumns


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Past moves that are the same in the version: ``ways`` are what they can have been, several where no action is
    told. ``gone`` says why there is none. ``elsewhere``: the action would have led these deals to another stage.
    """

    rows: Any
    ways: tuple[Way, ...] = ()
    gone: str = ""
    elsewhere: str = ""


def parts(columns: PastColumns, group: int, rows: Any) -> Iterator[Part]:
    """The moves of one group, told apart by what they are in the version of the columns."""
    moves, naming = columns.moves, columns.naming
    row = int(columns.firsts[group])
    version = int(moves.version[row])
    track_id, action, source, target = (
        names.values[names.codes[row]] for names in (moves.track, moves.action, moves.source, moves.target)
    )
    track = columns.machine.process.track(track_id)
    if track is None:
        yield Part(rows, gone=f"the track '{track_id}' is gone")
        return
    for goal, those in _placed(columns, naming.placed(version, track_id, target), rows):
        if goal is None or track.stage(goal) is None:
            yield Part(those, gone=_lost(target, goal))
            continue
        if not source:
            yield _start(columns.machine, goal, those)
            continue
        for begin, its in _placed(columns, naming.placed(version, track_id, source), those):
            if begin is None or track.stage(begin) is None:
                yield Part(its, gone=_lost(source, begin))
                continue
            now = naming.action(version, action) if action else ""
            for counted, these in _counted(columns, track, version, begin, its):
                yield from _moved(columns, track, now, Passing(begin, goal, counted), these)


@dataclass(frozen=True, slots=True)
class Passing:
    """From a stage to a stage, counted from an open one."""

    source: str
    target: str
    counted: str


def _lost(old: str, new: str | None) -> str:
    if new is None:
        return f"nothing says what became of stage '{old}' for these deals"
    return f"stage '{old}' is gone" if new == old else f"stage '{old}' became '{new}', which is gone"


def _placed(columns: PastColumns, splits: tuple[Split, ...], rows: Any) -> Iterator[tuple[str | None, Any]]:
    """Where the deals of a stage stand now: of several targets the first whose condition was true of them."""
    for split in splits:
        holds = _true(columns, split.when, rows)
        if holds.any():
            yield split.to, rows[holds]
        rows = rows[~holds]
        if not len(rows):
            return
    yield None, rows


def _true(columns: PastColumns, when: Expression | None, rows: Any) -> Any:
    if when is None:
        return np.ones(len(rows), np.bool_)
    return asked(when.tree, PastCrowd(columns, rows, "", {})).yes


def _start(machine: Machine, target: str, rows: Any) -> Part:
    main = machine.process.main
    if target != main.first.id:
        return Part(rows, gone=f"deals start in '{main.first.id}', not in '{target}'")
    return Part(rows, (machine.way(main, None, "", target),))


def _counted(columns: PastColumns, track: Track, version: int, source: str, rows: Any) -> Iterator[tuple[str, Any]]:
    """From which open stage a move is counted: from where it stands or, out of an end, from where it stood before."""
    if not track.is_end(source):
        yield source, rows
        return
    opens = [stage.id for stage in track.stages if not stage.ends]
    previous: Texts | None = columns.previous() if track.id == MAIN else None
    if previous is None:
        yield next(iter(opens), source), rows
        return
    before = previous.codes[rows]
    for code in np.unique(before).tolist():
        now = columns.naming.stage(version, previous.labels[code]) if code >= 0 else ""
        yield now if now in opens else next(iter(opens), source), rows[before == code]


def _moved(columns: PastColumns, track: Track, action: str, passing: Passing, rows: Any) -> Iterator[Part]:
    machine, source, target = columns.machine, passing.source, passing.target
    if not action:
        yield _untold(machine, track, passing, rows)
        return
    routes = machine.actions.get(action)
    if routes is None or routes.track is not track:
        yield Part(rows, gone=f"action '{action}' is gone")
        return
    here = routes.routes.get(source, ())
    if not here:
        yield Part(rows, gone=f"'{action}' is not possible from '{source}'")
        return
    leading = [route for route in here if target in route.targets]
    none = f"'{action}' does not lead from '{source}' to '{target}'"
    back = _leads_back(columns, track, leading, passing, rows)
    if not back.all():
        yield Part(rows[~back], gone=none)
        rows = rows[back]
    if not leading or not len(rows):
        yield Part(rows, gone=none)
        return
    yield from _by_variant(columns, track, here, leading, passing, rows)


def _untold(machine: Machine, track: Track, passing: Passing, rows: Any) -> Part:
    """A move of which no action is told was one of those that lead there."""
    ways = tuple(
        machine.way(track, route.action, passing.source, passing.target, counted=passing.counted)
        for routes in machine.actions.values()
        if routes.track is track
        for route in routes.routes.get(passing.source, ())
        if passing.target in route.targets
    )
    gone = "" if ways else f"no action leads from '{passing.source}' to '{passing.target}'"
    return Part(rows, ways, gone)


def _leads_back(columns: PastColumns, track: Track, leading: list[Route], passing: Passing, rows: Any) -> Any:
    """Which moves the action does lead there: ``previous`` leads each deal to the stage where it stood before."""
    fixed = [
        route for route in leading
        if passing.target in targets_from(track, route.action, passing.source, previous=None)
    ]  # fmt: skip
    if fixed or not leading or track.id != MAIN:
        return np.ones(len(rows), np.bool_)
    previous = columns.previous()
    moves = columns.moves
    # By the old names: they tell as well whether it was the stage of before.
    goals = np.array([previous.labels.index(each) if each in previous.labels else -2 for each in moves.target.values])
    return previous.codes[rows] == goals[moves.target.codes[rows]]


def _by_variant(
    columns: PastColumns, track: Track, here: tuple[Route, ...], leading: list[Route], passing: Passing, rows: Any
) -> Iterator[Part]:
    """The first variant that applied and leads there; where none did, the first tells so."""

    def part(route: Route, those: Any, elsewhere: str = "") -> Part:
        way = columns.machine.way(track, route.action, passing.source, passing.target, counted=passing.counted)
        return Part(those, (way,), elsewhere=elsewhere)

    stage = passing.source if track.id == MAIN else ""
    words = {"to": passing.target, "action": here[0].action.id}

    def applied(route: Route, those: Any) -> Any:
        if route.action.when is None:
            return np.ones(len(those), np.bool_)
        return asked(route.action.when.tree, PastCrowd(columns, those, stage, words)).yes

    for route in leading:
        holds = applied(route, rows)
        if holds.any():
            yield part(route, rows[holds])
        rows = rows[~holds]
        if not len(rows):
            return
    others = np.zeros(len(rows), np.bool_)
    for route in here:
        others |= applied(route, rows) if route not in leading else False
    if others.any():
        action = here[0].action.id
        yield part(leading[0], rows[others], f"'{action}' leads these deals elsewhere than to '{passing.target}'")
    if not others.all():
        yield part(leading[0], rows[~others])
