"""What was known before each past move, as columns: facts as of then, contacts, actions and stages so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np

from engine.machine.columns import Past, made_once
from engine.machine.compile import Machine
from engine.machine.tracks import stamping
from engine.machine.vectors import Codes, Inexact, Texts, Truth, Vector, rows_of, vector_of
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.syntax import Value
from engine.tables.coded import (
    Ints,
    Mask,
    codes,
    codes_among,
    in_order,
    kept,
    numbered,
    places,
    whole_numbers,
)
from engine.versions.replay_contacts import contacts
from engine.versions.replay_learnt import (
    NOTHING_BESIDE,
    Beside,
    Imported,
    Imports,
    Learnt,
    Notes,
    imports,
    noted,
    untold,
    value_read,
)
from engine.versions.replay_moves import Naming, PastMoves, ends_of, last_before, previous_of, renamed, so_far

_Made = TypeVar("_Made")


class Known(NamedTuple):
    """The values of a fact, and which of them was known before each move; -1: none."""

    values: tuple[Value | None, ...]
    codes: Ints


@dataclass(frozen=True, slots=True, eq=False)
class PastColumns:
    """Each past move as a deal before it: fits ``Gathered``. ``olds`` are the versions by which the moves were made.

    ``group`` tells rows apart by version, track, action, source and target, ``firsts`` has a row of each group.
    ``unread`` counts values that are not of the type that the version declares, by fact. ``notes``: ``None`` where
    nobody tells which were given.
    """

    machine: Machine
    moves: PastMoves
    naming: Naming
    olds: Mapping[int, Process]
    group: Ints
    firsts: Ints
    unread: dict[str, int] = field(default_factory=dict)
    made: dict[tuple[str, str], object] = field(default_factory=dict)
    notes: Notes | None = None
    imported_by: Imported = field(default_factory=dict)

    def fact(self, name: str) -> Vector | None:
        """A fact as it was known before each move, or its default."""
        return self._made("fact", name, lambda: self._fact(name))

    def known(self, name: str) -> Known:
        """The values behind ``fact``, for what no column can hold."""
        return self._made("known", name, lambda: self._known(name))

    def track(self, name: str) -> Texts:
        """The stage of each deal in a track before the move."""
        return self._made("track", name, lambda: self._track(name))

    def entered(self) -> Ints:
        """When each deal entered its main stage."""
        moves = self.moves
        return self._made(
            "entered", "", lambda: moves.at[np.where(moves.before < 0, np.arange(moves.count), moves.before)]
        )

    def past(self, name: str) -> Past:
        """What was done to each deal before: a touchpoint or an action."""
        touched = name in self.machine.frame.touchpoints
        return self._made("past", name, lambda: self._touches(name) if touched else self._actions(name))

    def reached(self, stage: str) -> Truth:
        """Whether each deal had reached a main stage."""
        return self._made("reached", stage, lambda: self._reached(stage))

    def previous(self) -> Texts:
        """The last open main stage before the present one, by its old name; unknown where there was none."""
        return self._made("previous", "", lambda: previous_of(self.moves, self.olds))

    def targets(self) -> tuple[Ints, tuple[str, ...]]:
        """Where each move of the main track led, by the names of now."""
        return self._made("targets", "", lambda: renamed(self.moves, self.moves.target, self._stage_names()))

    def reasons(self) -> tuple[Codes, tuple[str, ...]]:
        """The reason given for each move, by the names of now; -1: none."""
        return self._made("reasons", "", self._reasons)

    def noted(self) -> Texts | None:
        """The note given with each move; ``None``: nobody tells."""
        return None if self.notes is None else self._made("notes", "", lambda: noted(self.moves, self.notes or {}))

    def untold(self, name: str) -> Mask:
        """Of which moves a fact may have been known: nobody says when it was, or an import told nothing of it."""
        told = self._made("learnt", "", self._learnt)
        return self._made("untold", name, lambda: untold(self.moves, told, self._olds(name), self.imports()))

    def imports(self) -> Imports:
        """Which moves were imported."""
        return self._made("imports", "", lambda: imports(self.moves, self.imported_by))

    def _reasons(self) -> tuple[Codes, tuple[str, ...]]:
        moves, naming = self.moves, self.naming
        now = {(at, old): naming.reason(at, old) for at in range(len(moves.versions)) for old in moves.reason.values}
        reason, values = renamed(moves, moves.reason, now)
        labels = tuple(each for each in values if each)
        codes_now = np.array([labels.index(each) if each else -1 for each in values], np.int32)
        return codes_now[reason], labels

    def _stage_names(self) -> Mapping[tuple[int, str], str]:
        versions = range(len(self.moves.versions))
        return {(at, old): self.naming.stage(at, old) for at in versions for old in self.moves.target.values}

    def _fact(self, name: str) -> Vector | None:
        known = self.known(name)
        default = self.machine.frame.defaults.get(name)
        found = vector_of([*(default if value is None else value for value in known.values), default])
        return None if found is None else rows_of(found, known.codes)

    def _known(self, name: str) -> Known:
        told = self._made("learnt", "", self._learnt)
        fact = self.machine.process.facts.get(name)
        olds = self._olds(name)
        chosen = np.isin(told.fact, [told.names.index(each) for each in olds])
        if fact is None or not chosen.any():
            return Known((), np.full(self.moves.count, -1, np.int64))
        value, texts = codes(kept(told.table, chosen), "value")
        values = tuple(value_read(fact, text) for text in texts)
        self.unread[name] = int(np.isin(value, [at for at, each in enumerate(values) if each is None]).sum())
        return Known(values, self._as_of(told, chosen, value, olds))

    def _as_of(self, told: Learnt, chosen: Mask, value: Ints, olds: Iterable[str]) -> Ints:
        """Which value was last known before each move, its own facts among them, but for those that it made itself."""
        moves = self.moves
        key, move = told.key[chosen], told.move[chosen]
        makes = self._makes(frozenset(olds))
        if makes is not None:
            here = np.minimum(move, moves.count - 1)
            move = move + ((moves.key[here] == key) & makes[here])
        inside = int(np.searchsorted(move, moves.count))
        latest = np.zeros(moves.count, np.int32)
        latest[move[:inside]] = np.arange(1, inside + 1)
        seen = np.maximum.accumulate(latest)
        # From the number with which its stay began a fact is of the deal itself, and no later than the move.
        known = np.concatenate([[-1], key])[seen] >= self._made("stays", "", lambda: moves.key[moves.start])
        return np.where(known, np.concatenate([[-1], value])[seen], -1)

    def _makes(self, facts: frozenset[str]) -> Mask | None:
        """Which moves themselves set or stamp one of these facts; ``None``: no move does."""
        by_group = [not facts.isdisjoint(made) for made in self._made("makes", "", self._made_by_group)]
        return np.array(by_group, np.bool_)[self.group] if any(by_group) else None

    def _made_by_group(self) -> tuple[frozenset[str], ...]:
        return tuple(self._reckoned(row) for row in self.firsts.tolist())

    def _reckoned(self, row: int) -> frozenset[str]:
        """The facts that the action of a move sets and that its stages stamp, by the version it was made by."""
        moves = self.moves
        old = self.olds.get(moves.versions[moves.version[row]])
        track = old.track(moves.track.values[moves.track.codes[row]]) if old else None
        if track is None:
            return frozenset()
        action = moves.action.values[moves.action.codes[row]]
        source, target = moves.source.values[moves.source.codes[row]], moves.target.values[moves.target.codes[row]]
        sets = [each.fact for variant in track.variants(action) for each in variant.sets]
        return frozenset([*sets, *(each.fact for stage in stamping(track, source, target) for each in stage.stamps)])

    def _learnt(self) -> Learnt:
        moves, table = self.moves, self.moves.tables.facts
        key = places(table, "deal", moves.tables.deals) * moves.width + whole_numbers(table, "seq")
        if (np.diff(key) < 0).any():
            order = np.argsort(key, kind="stable")
            table, key = in_order(table, order), key[order]
        names = tuple(dict.fromkeys(self._fact_names()))
        return Learnt(table, key, codes_among(table, "fact", names), names, np.searchsorted(moves.key, key))

    def _olds(self, name: str) -> tuple[str, ...]:
        """What a fact has been called."""
        facts = self.machine.process.facts
        return tuple(each for each in dict.fromkeys(self._fact_names()) if self.naming.fact(each, facts) == name)

    def _fact_names(self) -> tuple[str, ...]:
        """Every name that a fact of this version has had."""
        now = self.machine.process.facts
        old = (name for each in self.olds.values() for name in each.facts)
        return (*now, *old)

    def _track(self, name: str) -> Texts:
        track = self.machine.process.track(name)
        if track is None:
            raise Inexact
        moves = self.moves
        target, values = moves.target.codes, moves.target.values
        if name == MAIN:
            before = moves.before
            target, values = self.targets()
        else:
            code = moves.track.values.index(name) if name in moves.track.values else -1
            before = last_before(moves.track.codes == code, moves.start)
        labels = tuple(dict.fromkeys((*values, track.first.id)))
        return Texts(np.where(before < 0, labels.index(track.first.id), target[before]).astype(np.int32), labels)

    def _reached(self, stage: str) -> Truth:
        implied = self.machine.frame.reaching.get(stage, frozenset())
        target, values = self.targets()
        flags = self.moves.is_main & np.isin(target, [at for at, each in enumerate(values) if each in implied])
        holds = (so_far(flags, self.moves.start) > 0) | (flags & self.moves.starts)
        return Truth(holds, ~holds)

    def _actions(self, name: str) -> Past:
        moves = self.moves
        versions = range(len(moves.versions))
        now = {(at, old): self.naming.action(at, old) for at in versions for old in moves.action.values}
        action, values = renamed(moves, moves.action, now)
        flags = action == (values.index(name) if name in values else -1)
        last = last_before(flags, moves.start)
        return Past(so_far(flags, moves.start), np.where(last < 0, 0, moves.at[last]))

    def _touches(self, name: str) -> Past:
        return contacts(self.moves, name, own=self._is_contact(name))

    def _is_contact(self, name: str) -> Mask:
        """Which moves were a contact of that kind themselves."""
        moves = self.moves
        found = []
        for row in self.firsts.tolist():
            old = self.olds.get(moves.versions[moves.version[row]])
            track = old.track(moves.track.values[moves.track.codes[row]]) if old else None
            action = moves.action.values[moves.action.codes[row]]
            found.append(any(each.touchpoint == name for each in track.variants(action)) if track else False)
        return np.array(found, np.bool_)[self.group] if found else np.zeros(moves.count, np.bool_)

    def _made(self, kind: str, name: str, make: Callable[[], _Made]) -> _Made:
        return made_once(self.made, (kind, name), make)


def past_columns(
    machine: Machine,
    moves: PastMoves,
    naming: Naming,
    olds: Mapping[int, Process],
    *,
    beside: Beside = NOTHING_BESIDE,
) -> PastColumns:
    """The columns of these moves for the version of the machine."""
    code = moves.version
    for names in (moves.track, moves.action, moves.source, moves.target):
        code = code * max(1, len(names.values)) + names.codes
    closed = np.isin(moves.source.codes, ends_of(moves, olds))
    if closed.any():
        # What was asked of a move out of an end depends on where the deal stood before.
        previous = previous_of(moves, olds)
        code = code * (len(previous.labels) + 1) + np.where(closed, previous.codes + 1, 0)
    group, firsts = numbered(code)
    return PastColumns(machine, moves, naming, olds, group, firsts, notes=beside.notes, imported_by=beside.imported)
