"""Deals as they stand at the end of the follow-up, as columns that conditions read, each gathered when first read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.measure.asking.facts import recorded, typed
from engine.analysis.measure.asking.moves import DealMoves, latest, moves_of
from engine.analysis.touches import Touched
from engine.machine.columns import Past, made_once
from engine.machine.compile import Machine
from engine.machine.vectors import Inexact, Texts, Truth, Vector, known, sure, vector_of
from engine.model.names import MAIN
from engine.model.syntax import Value
from engine.tables.coded import NEVER, Ints, Mask

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, eq=False)
class DealColumns:
    """The deals of ``told``, in their order, and their contacts. Fits ``machine.crowd.Gathered``."""

    machine: Machine
    told: Journeys
    touched: Touched
    made: dict[tuple[str, str], object] = field(default_factory=dict)

    def fact(self, name: str) -> Vector | None:
        """A fact as last known, or its default."""
        return self._made("fact", name, lambda: self._fact(name))

    def recorded(self, name: str) -> tuple[Value | None, ...]:
        """The values behind ``fact``, without its default, for what no column can hold."""
        return self._made("recorded", name, lambda: recorded(self.told, self.machine.process.facts[name]))

    def track(self, name: str) -> Texts:
        """The stage of each deal in a track."""
        return self._made("track", name, lambda: self._stands(name))

    def entered(self) -> Ints:
        """When each deal entered its main stage; ``NEVER``: undated."""
        return self.told.visits.entered[self.told.last]

    def past(self, name: str) -> Past:
        """What was done to each deal: a touchpoint or, where none has that name, an action. ``NEVER``: undated."""
        return self._made("past", name, lambda: self._past(name))

    def reached(self, stage: str) -> Truth:
        """Whether each deal has reached a main stage."""
        return self._made("reached", stage, lambda: sure(self._reached(stage)))

    def moves(self) -> DealMoves:
        """The moves of the deals in all tracks."""
        return self._made("moves", "", lambda: moves_of(self.told))

    def word(self, name: str) -> Texts:
        """The ``action``, ``reason`` or ``reason.group`` that brought each deal where it stands, or closed it."""
        return self._made("word", name, lambda: self._word(name))

    def done_at(self, name: str) -> tuple[Ints, Ints]:
        """Whose deals something was done to, and when: an item each time; ``NEVER``: undated."""
        if name in self.machine.frame.touchpoints:
            found = self.touched
            its = found.kind == (found.kinds.index(name) if name in found.kinds else -2)
            return found.deal[its], found.at[its]
        moves = self.moves()
        its = moves.action == (moves.actions.index(name) if name in moves.actions else -2)
        return moves.deal[its], moves.at[its]

    def _fact(self, name: str) -> Vector | None:
        default = self.machine.frame.defaults.get(name)
        found = typed(self.told, self.machine.process.facts[name]) if name in self.machine.process.facts else None
        if found is None or default is None:
            return found if default is None else vector_of([default] * self.told.count)
        if known(found).all():
            return found
        return vector_of([default if value is None else value for value in self.recorded(name)])

    def _stands(self, name: str) -> Texts:
        told = self.told
        if name == MAIN:
            return Texts(told.visits.stage[told.last].astype(np.int32), tuple(each.id for each in told.stages))
        track = self.machine.process.track(name)
        if track is None:
            raise Inexact
        moves = self.moves()
        its = moves.track == (moves.tracks.index(name) if name in moves.tracks else -2)
        place = latest(moves.deal[its], moves.seq[its], told.count)
        labels = tuple(dict.fromkeys((*moves.targets, track.first.id)))
        targets = np.append(moves.target[its], labels.index(track.first.id))
        return Texts(targets[place].astype(np.int32), labels)

    def _past(self, name: str) -> Past:
        deal, at = self.done_at(name)
        last = np.full(self.told.count, NEVER)
        np.maximum.at(last, deal, at)
        return Past(np.bincount(deal, minlength=self.told.count), last)

    def _reached(self, stage: str) -> Mask:
        implied = self.machine.frame.reaching.get(stage, frozenset())
        told = self.told
        is_there = np.array([each.id in implied for each in told.stages], np.bool_)[told.visits.stage]
        found = np.zeros(told.count, np.bool_)
        found[told.visits.deal[is_there]] = True
        return found

    def _word(self, name: str) -> Texts:
        told, moves = self.told, self.moves()
        visit = np.where(told.closing >= 0, told.closing, told.last)
        place = moves.of_visits(np.arange(told.count), told.visits.seq[visit])
        action, reason = (np.append(column, -1)[place] for column in (moves.action, moves.reason))
        if name == "reason.group":
            return self._grouped(action, reason)
        code, labels = (action, moves.actions) if name == "action" else (reason, moves.reasons)
        # A start is no action, and a move without a reason says nothing.
        silent = [at for at, label in enumerate(labels) if not label]
        return Texts(np.where(np.isin(code, silent), -1, code).astype(np.int32), labels)

    def _grouped(self, action: Ints, reason: Ints) -> Texts:
        moves, groups = self.moves(), self.machine.frame.reason_groups
        labels = tuple(dict.fromkeys(groups.values()))
        # The last row and the last column are of those that have none.
        table = np.full((len(moves.actions) + 1, len(moves.reasons) + 1), -1, np.int32)
        for (its_action, its_reason), group in groups.items():
            if its_action in moves.actions and its_reason in moves.reasons:
                table[moves.actions.index(its_action), moves.reasons.index(its_reason)] = labels.index(group)
        return Texts(table[action, reason], labels)

    def _made(self, kind: str, name: str, make: Callable[[], _Made]) -> _Made:
        return made_once(self.made, (kind, name), make)
