"""Past moves judged by a version: requirement by requirement, on columns, for all moves of a kind at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.machine.compile import Machine, Way
from engine.machine.requirements import Check
from engine.machine.vectors import Texts, Truth
from engine.model.decision import WAIVABLE, About
from engine.model.names import MAIN
from engine.model.process import Track
from engine.model.rule import Force
from engine.tables.coded import Ints, Mask
from engine.versions.replay_alike import Asking, Renaming, asked_by_variants, likeness
from engine.versions.replay_approvals import Match, given, matches
from engine.versions.replay_asked import PastCrowd, asked
from engine.versions.replay_columns import PastColumns
from engine.versions.replay_then import Recorded
from engine.versions.replay_ways import Part, parts

PASSES, UNKNOWN, REFUSED, GONE, LEFT_OUT = range(5)
"""What a version says of a move; where ``UNKNOWN``, a fact was not known then, or the history does not tell it."""


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Moves that one requirement refuses, or of which it cannot be said. ``then`` is what it was called then."""

    requirement: str
    says: str
    rows: Ints
    verdict: int
    then: str


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
        alike = _asked_then(columns, group, machines) if then is not None else {}
        for part in parts(columns, group, its):
            _judge_part(columns, part, found, then=then, alike=alike)
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


def _asked_then(columns: PastColumns, group: int, machines: Mapping[int, Machine]) -> Mapping[Hashable, str]:
    """What the version of then surely asked of the moves of a group, by its likeness as told in the names of now."""
    moves, naming = columns.moves, columns.naming
    row = int(columns.firsts[group])
    version = int(moves.version[row])
    machine = machines.get(moves.versions[version])
    track_id, action, source, target = (
        names.values[names.codes[row]] for names in (moves.track, moves.action, moves.source, moves.target)
    )
    track = machine.process.track(track_id) if machine else None
    if machine is None or track is None:
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


def _judge_part(
    columns: PastColumns, part: Part, found: Judged, *, then: Recorded | None, alike: Mapping[Hashable, str]
) -> None:
    if part.gone:
        found.state[part.rows] = GONE
        found.gone.append((part.gone, part.rows))
        return
    if part.elsewhere:
        action = part.ways[0].action
        _add(found, Hit(f"{action.id if action else ''}/target", part.elsewhere, part.rows, REFUSED, ""))
    judge = [_Judging(columns, way, part.rows, then, alike) for way in part.ways]
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


class _Judging:
    """One way judged for the moves that went it."""

    def __init__(
        self, columns: PastColumns, way: Way, rows: Ints, then: Recorded | None, alike: Mapping[Hashable, str]
    ) -> None:
        self._columns, self._way, self._rows, self._then, self._alike = columns, way, rows, then, alike
        self.unjudged: list[Ints] = []
        self._crowd = PastCrowd(columns, rows, way.source if way.track == MAIN and way.source else "", self._words())

    def hits(self) -> Iterator[Hit]:
        """What refuses the moves, and what nobody can say."""
        for check, _ in self._way.checks:
            if check.force is Force.MUST:
                yield from self._standing(check)

    def _standing(self, check: Check) -> Iterator[Hit]:
        if self._then is not None:
            asked_then = self._alike.get(likeness(check, self._columns.machine))
            if asked_then is not None:
                yield from self._as_then(check, asked_then, self._then)
                return
        failed, unknown = self._answers(check)
        if self._then is not None and check.about in WAIVABLE and self._columns.machine.process.override_by is not None:
            waived = self._then.overridden[self._rows]
            failed, unknown = failed & ~waived, unknown & ~waived
        for verdict, places in ((REFUSED, failed), (UNKNOWN, unknown)):
            if places.any():
                yield Hit(check.id, check.says, self._rows[places], verdict, check.id)

    def _as_then(self, check: Check, asked_then: str, then: Recorded) -> Iterator[Hit]:
        """What asks the same as then comes to the same."""
        if not then.stopped[self._rows].any():
            return
        for verdict, told in ((REFUSED, then.failed), (UNKNOWN, then.unknown)):
            if asked_then in told:
                rows = self._rows[np.isin(self._rows, told[asked_then])]
                if len(rows):
                    yield Hit(check.id, check.says, rows, verdict, asked_then)

    def _answers(self, check: Check) -> tuple[Mask, Mask]:
        """Where the requirement refuses the move, and where nobody can say."""
        if check.about is About.ROLE:
            return self._roles()
        if check.about is About.REASON:
            return self._reasons(check)
        every = np.ones(len(self._rows), np.bool_)
        applies = asked(check.when.tree, self._crowd) if check.when else Truth(every, ~every)
        if check.about is About.APPROVAL:
            return self._approvals(check, applies)
        holds = asked(check.condition.tree, self._crowd) if check.condition else Truth(every, ~every)
        open_ = ~applies.no & ~holds.yes
        if check.about is About.ASKS:
            # What was not known then was not wrong: it would have been asked for.
            return ~every, open_
        failed = applies.yes & holds.no
        unclear = ~applies.no & ~(applies.yes & holds.yes) & ~failed
        return failed, unclear

    def _roles(self) -> tuple[Mask, Mask]:
        """Nobody tells in which role a move was made, only that it was in one that might."""
        told = self._then.by_role()[self._rows] if self._then is not None else np.zeros(len(self._rows), np.bool_)
        self.unjudged.append(self._rows[~told])
        return np.zeros(len(self._rows), np.bool_), told

    def _reasons(self, check: Check) -> tuple[Mask, Mask]:
        given = self._crowd.words.get("reason")
        if not isinstance(given, Texts):
            return np.zeros(len(self._rows), np.bool_), np.ones(len(self._rows), np.bool_)
        listed = np.array([*(label in check.allowed for label in given.labels), False], np.bool_)
        return ~listed[given.codes] & (given.codes >= 0), given.codes < 0

    def _approvals(self, check: Check, applies: Truth) -> tuple[Mask, Mask]:
        """An approval that was given then counts if its role may give it now; one that nobody told of may have been."""
        if self._then is None:
            return np.zeros(len(self._rows), np.bool_), ~applies.no
        counts = given(self._matches().get(check.id), self._then.approved, self._rows)
        needed = ~applies.no & ~counts.surely
        refused = needed & ~counts.perhaps & applies.yes & self._then.by_role()[self._rows]
        return refused, needed & ~refused

    def _matches(self) -> Mapping[str, Match]:
        """Which approvals of then those of now can be; all rows were made by the same action of one version."""
        columns, row = self._columns, int(self._rows[0])
        moves, machine = columns.moves, columns.machine
        checks = [check for check, _ in self._way.checks]
        alike = {like: self._alike[like] for each in checks if (like := likeness(each, machine)) in self._alike}
        return matches(
            [each for each in checks if likeness(each, machine) not in alike],
            columns.olds.get(moves.versions[moves.version[row]]),
            moves.action.values[moves.action.codes[row]],
            alike=alike.values(),
            fact=lambda name: columns.naming.fact(name, machine.process.facts),
        )

    def _words(self) -> Mapping[str, str | Texts]:
        way, columns = self._way, self._columns
        if way.action is None:
            return {"to": way.target}
        codes, labels = columns.reasons()
        given = Texts(codes[self._rows], labels)
        groups = [columns.machine.frame.reason_groups.get((way.action.id, label), "") for label in labels]
        named = tuple(dict.fromkeys(each for each in groups if each))
        of_group = np.array([*(named.index(each) if each else -1 for each in groups), -1], np.int32)
        grouped = Texts(of_group[given.codes], named)
        return {"to": way.target, "action": way.action.id, "reason": given, "reason.group": grouped}
