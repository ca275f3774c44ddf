"""Past moves judged by a version: requirement by requirement, on columns, for all moves of a kind at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.machine.compile import Machine
from engine.model.names import MAIN
from engine.model.process import Track
from engine.tables.coded import Ints, Mask
from engine.versions.replay_alike import Asking, Renaming, asked_by_variants
from engine.versions.replay_columns import PastColumns
from engine.versions.replay_judging import GONE, LEFT_OUT, PASSES, REFUSED, Hit, Judging, Past
from engine.versions.replay_then import Recorded
from engine.versions.replay_ways import Part, parts


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a version says of each move. ``gone`` says of which moves it has none. ``unjudged`` counts moves of which
    nobody can say who may make them, as no role is told.
    """

    state: Any
    hits: list[Hit] = field(default_factory=list)
    gone: list[tuple[str, Ints]] = field(default_factory=list)
    unjudged: list[Ints] = field(default_factory=list)


def judged(columns: PastColumns, rows: Mask, *, then: Recorded | None, machines: Mapping[int, Machine]) -> Judged:
    """Judges the chosen moves by the version of the columns.

    ``then`` is what the journal recorded of them and ``machines`` are the versions they were made by: what both ask
    alike came out as it did. Without it everything is judged anew, but for what a history does not tell.
    """
    moves = columns.moves
    found = Judged(np.full(moves.count, LEFT_OUT, np.uint8))
    chosen = np.flatnonzero(rows)
    found.state[chosen] = PASSES
    for group, its in _groups(columns.group[chosen], chosen):
        past = _past(columns, group, machines) if then is not None else Past(None, {})
        for part in parts(columns, group, its):
            _judge_part(columns, part, found, then=then, past=past)
    return found


def _groups(group: Ints, rows: Ints) -> Iterator[tuple[int, Ints]]:
    """The rows of each group, in order."""
    if not len(rows):
        return
    narrow = group.astype(np.uint16) if group.max() < 2**16 else group
    order = np.argsort(narrow, kind="stable")
    sorted_ = group[order]
    edges = np.flatnonzero(sorted_[1:] != sorted_[:-1]) + 1
    for its in np.split(order, edges):
        yield int(group[its[0]]), rows[its]


def _past(columns: PastColumns, group: int, machines: Mapping[int, Machine]) -> Past:
    version = columns.moves.versions[columns.moves.version[columns.firsts[group]]]
    machine = machines.get(version)
    return Past(machine.process, _asked_then(columns, group, machine)) if machine else Past(None, {})


def _asked_then(columns: PastColumns, group: int, machine: Machine) -> Mapping[Hashable, str]:
    """What the version of then surely asked of the moves of a group, by its likeness as told in the names of now."""
    moves, naming = columns.moves, columns.naming
    row = int(columns.firsts[group])
    version = int(moves.version[row])
    track_id, action, source, target = (
        names.values[names.codes[row]] for names in (moves.track, moves.action, moves.source, moves.target)
    )
    track = machine.process.track(track_id)
    if track is None:
        return {}
    facts = columns.machine.process.facts
    asking = Asking(action, source, target, _counted(columns, row, track, source))
    variants = asked_by_variants(
        machine,
        track,
        asking,
        Renaming(
            lambda name: naming.fact(name, facts),
            lambda name: naming.stage(version, name),
            lambda name: naming.action(version, name),
            lambda name: naming.reason(version, name),
            lambda name: naming.placed(version, track_id, name)[0].to,
        ),
    )
    if len(variants) > 1 and not _is_unchanged(columns, version, track_id, asking, variants):
        # Nobody tells which variant it was: what all of them ask was asked.
        shared = frozenset.intersection(*(frozenset(each) for _, each in variants))
        return {like: id_ for like, id_ in variants[0][1].items() if like in shared}
    return {like: id_ for _, each in variants for like, id_ in each.items()}


def _counted(columns: PastColumns, row: int, track: Track, source: str) -> str:
    """The open stage from which a move out of an end was counted; moves of a group share it."""
    if not track.is_end(source):
        return ""
    opens = [stage.id for stage in track.stages if not stage.ends]
    previous = columns.previous()
    code = int(previous.codes[row]) if track.id == MAIN else -1
    before = previous.labels[code] if code >= 0 else ""
    return before if before in opens else next(iter(opens), source)


def _is_unchanged(
    columns: PastColumns,
    version: int,
    track_id: str,
    then: Asking,
    variants: Sequence[tuple[Hashable, Mapping[Hashable, str]]],
) -> bool:
    """Whether all variants of an action still ask what they asked: then the same one is meant as then."""
    track = columns.machine.process.track(track_id)
    if track is None:
        return False
    naming = columns.naming
    asking = Asking(
        naming.action(version, then.action) if then.action else "",
        naming.placed(version, track_id, then.source)[0].to if then.source else "",
        naming.placed(version, track_id, then.target)[0].to,
        naming.placed(version, track_id, then.counted)[0].to if then.counted else "",
    )
    now = asked_by_variants(columns.machine, track, asking)
    return [(when, frozenset(each)) for when, each in now] == [(when, frozenset(each)) for when, each in variants]


def _judge_part(columns: PastColumns, part: Part, found: Judged, *, then: Recorded | None, past: Past) -> None:
    if part.gone:
        found.state[part.rows] = GONE
        found.gone.append((part.gone, part.rows))
        return
    if part.elsewhere:
        action = part.ways[0].action
        _add(found, Hit(f"{action.id if action else ''}/target", part.elsewhere, part.rows, REFUSED, ""))
    judge = [Judging(columns, way, part.rows, then, past) for way in part.ways]
    hits = [list(each.hits()) for each in judge]
    for way, its, mine in zip(judge, hits, _least(part.rows, hits), strict=True):
        found.unjudged.extend(way.unjudged)
        for hit in its:
            rows = hit.rows if mine is None else hit.rows[np.isin(hit.rows, mine)]
            if len(rows):
                _add(found, replace(hit, rows=rows))


def _least(rows: Ints, hits: Sequence[Sequence[Hit]]) -> Iterator[Ints | None]:
    """Of moves that may have been several, those that each of these refused least, the first where several did so."""
    if len(hits) == 1:
        yield None
        return
    failures = np.zeros((len(hits), len(rows)), np.int64)
    for way, its in enumerate(hits):
        for hit in its:
            failures[way] += np.isin(rows, hit.rows) * (1000 if hit.verdict == REFUSED else 1)
    best = np.argmin(failures, axis=0)
    for way in range(len(hits)):
        yield rows[best == way]


def _add(found: Judged, hit: Hit) -> None:
    found.hits.append(hit)
    found.state[hit.rows] = np.maximum(found.state[hit.rows], hit.verdict)
