"""One way of a version, asked of the past moves that went it: what refuses each, and what nobody can say."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine.machine.compile import Way
from engine.machine.requirements import Check, reckoned_from
from engine.machine.vectors import Texts, Truth
from engine.model.decision import WAIVABLE, About
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.rule import Force
from engine.model.syntax import Call, ContextRef, facts_read, walk
from engine.tables.coded import Ints, Mask
from engine.versions.replay_alike import likeness
from engine.versions.replay_approvals import Given, given, matches
from engine.versions.replay_asked import PastCrowd, asked
from engine.versions.replay_columns import PastColumns
from engine.versions.replay_then import Recorded

PASSES, UNKNOWN, REFUSED, GONE, LEFT_OUT = range(5)
"""What a version says of a move; where ``UNKNOWN``, a fact was not known then, or the history does not tell it."""


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Moves that one requirement refuses, or of which it cannot be said. ``then`` is what it was called then.

    ``lacks``: it refuses them only because what it asks had not been recorded. ``reads`` are the facts it looks at.
    """

    requirement: str
    says: str
    rows: Ints
    verdict: int
    then: str
    lacks: bool = False
    reads: frozenset[str] = frozenset()


_GIVEN = frozenset({"note", "reason", "reason.group"})
"""What is given with a move."""


@dataclass(frozen=True, slots=True)
class Past:
    """The version by which moves were made (``None``: not at hand, or nobody tells in which text), and what it surely
    asked of them: the ids by their likeness.
    """

    version: Process | None
    alike: Mapping[Hashable, str]


class Judging:
    """One way judged for the moves that went it."""

    def __init__(self, columns: PastColumns, way: Way, rows: Ints, then: Recorded | None, past: Past) -> None:
        self._columns, self._way, self._rows, self._then, self._past = columns, way, rows, then, past
        self.unjudged: list[Ints] = []
        self._row = int(rows[0]) if len(rows) else 0
        self._crowd = PastCrowd(columns, rows, way.source if way.track == MAIN and way.source else "", self._words())

    def hits(self) -> Iterator[Hit]:
        """What refuses the moves, and what nobody can say."""
        for check, _ in self._way.checks:
            if check.force is Force.MUST:
                yield from self._standing(check)

    def _standing(self, check: Check) -> Iterator[Hit]:
        if self._then is not None:
            asked_then = self._past.alike.get(likeness(check, self._columns.machine))
            if asked_then is not None:
                yield from self._as_then(check, asked_then, self._then)
                return
        failed, unknown = self._answers(check)
        perhaps = failed & self._perhaps_given(check)
        failed, unknown = failed & ~perhaps, unknown | perhaps
        if self._then is not None and check.about in WAIVABLE and self._columns.machine.process.override_by is not None:
            waived = self._then.overridden[self._rows]
            failed, unknown = failed & ~waived, unknown & ~waived
        lacking = unknown & self._surely_unknown(check, self._then) if self._then is not None else unknown & False
        found = ((REFUSED, failed, False), (REFUSED, lacking, True), (UNKNOWN, unknown & ~lacking, False))
        for verdict, places, lacks in found:
            if places.any():
                reads = self._reads(check)
                yield Hit(check.id, check.says, self._rows[places], verdict, check.id, lacks=lacks, reads=reads)

    def _perhaps_given(self, check: Check) -> Mask:
        """Of which moves a fact that is asked whether it is given was perhaps known: nobody says so, or since when."""
        found = np.zeros(len(self._rows), np.bool_)
        for name in _asked_whether_given(check):
            unknown = self._columns.known(name).codes[self._rows] < 0
            found |= unknown & self._columns.untold(name)[self._rows]
        return found

    def _surely_unknown(self, check: Check, then: Recorded) -> Mask:
        """Of which moves a journal tells all that the requirement looks at: what is unknown was unknown then, and so
        refused. It does not tell roles, nor what was said with moves that nobody made by it.
        """
        if check.about is About.ROLE:
            return np.zeros(len(self._rows), np.bool_)
        found: Mask = ~np.isin(self._rows, then.unknown.get(check.id, ()))
        for name in self._reads(check):
            found &= ~self._columns.untold(name)[self._rows]
        words = {node.name for tree in check.trees for node in walk(tree) if isinstance(node, ContextRef)}
        if "role" in words or ("note" in words and self._columns.noted() is None):
            return np.zeros(len(self._rows), np.bool_)
        if check.about is About.APPROVAL:
            return found & then.by_role()[self._rows] & ~self._given(check, then).perhaps
        with_move = check.of_mover or check.about is About.REASON or not words.isdisjoint(_GIVEN)
        return found & self._is_told(then) if with_move else found

    def _is_told(self, then: Recorded) -> Mask:
        """Of which moves the journal tells what was given with them: not those of a clock, nor imported ones."""
        moves, row, old = self._columns.moves, self._row, self._past.version
        track = old.track(moves.track.values[moves.track.codes[row]]) if old else None
        action = moves.action.values[moves.action.codes[row]]
        if track is not None and not any(each.by for each in track.variants(action)):
            # Who moved was not asked.
            return ~self._columns.imports().came[self._rows]
        told: Mask = (then.by_role() | then.overridden)[self._rows]
        return told

    def _reads(self, check: Check) -> frozenset[str]:
        process = self._columns.machine.process
        trees = (each for tree in check.trees for each in reckoned_from(process, tree))
        return frozenset(name for tree in trees for name in facts_read(tree))

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
            # What was not known was not wrong.
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
        counts = self._given(check, self._then)
        needed = ~applies.no & ~counts.surely
        refused = needed & ~counts.perhaps & applies.yes & self._then.by_role()[self._rows]
        return refused, needed & ~refused

    def _given(self, check: Check, then: Recorded) -> Given:
        """Of which moves an approval of then counts for one of now; all were made by the same action of one version."""
        columns, moves, machine = self._columns, self._columns.moves, self._columns.machine
        likes = {each.id: likeness(each, machine) for each, _ in self._way.checks if each.about is About.APPROVAL}
        found = matches(
            [each for each, _ in self._way.checks if each.id in likes and likes[each.id] not in self._past.alike],
            self._past.version,
            moves.action.values[moves.action.codes[self._row]],
            alike=[self._past.alike[like] for like in likes.values() if like in self._past.alike],
            fact=lambda name: columns.naming.fact(name, machine.process.facts),
        )
        return given(found.get(check.id), then.approved, self._rows)

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
        words: dict[str, str | Texts] = {
            "to": way.target,
            "action": way.action.id,
            "reason": given,
            "reason.group": grouped,
        }
        notes = columns.noted()
        return words if notes is None else {**words, "note": Texts(notes.codes[self._rows], notes.labels)}


def _asked_whether_given(check: Check) -> frozenset[str]:
    calls = (node for tree in check.trees for node in walk(tree) if isinstance(node, Call))
    return frozenset().union(*(facts_read(call) for call in calls if call.function in ("given", "blank")))
