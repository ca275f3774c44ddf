"""How long deals wait for a requirement or an approval: from the first refusal for it to the move that passed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from engine.analysis.journeys import Journeys, days, first_of_each
from engine.model.entry import Entry
from engine.model.process import Process
from engine.model.rule import Force, Requirement
from engine.tables.coded import NEVER, Ints, Mask, cells, codes, codes_among, moments, places, whole_numbers

_NO_WAIT = ("stage", "target", "to", "role", "override", "reason", "when")
"""What refuses a move for how it was tried, not for what the deal lacks."""
PASSED, GIVEN_UP = 1, 2
_NONE_GIVEN = (np.zeros(0, np.int64), np.zeros(0, np.int64))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Waits for one requirement, one item each: how long (microseconds), how each came out, and when it began.

    ``cause``: it ``PASSED``, was ``GIVEN_UP`` (the deal closed first), or is not over (0).
    """

    requirement: str
    deal: Ints
    spans: Ints
    cause: Ints
    starts: Ints

    @property
    def total_days(self) -> float:
        """All of them together, also those that are not over."""
        return float(days(self.spans).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What the deals looked at tell of requirements: tries that were refused, and moves that met them."""

    deal: Ints
    seq: Ints
    at: Ints
    action: Ints
    requirement: Ints
    refused: Mask
    met: Mask
    names: tuple[str, ...]


def waits(told: Journeys, granted: Sequence[Entry] = ()) -> tuple[Waits, ...]:
    """The waits for each requirement that refused a move, longest in all first. An export tells none.

    ``granted`` are the approvals that were given: a wait for one ends then, and not only when the move was made.
    """
    actions, action_names = codes(told.tables.moves, "action")
    rows = _rows(told, action_names)
    moves = _Moves(_owners(told, told.tables.moves), actions, moments(told.tables.moves, "entered_at"))
    refusing = np.unique(rows.requirement[rows.refused]).tolist()
    asked = [each for each in refusing if _is_waited_for(told.process, rows.names[each])]
    given = _given(told, granted)
    found = (_waits(told, rows, moves, each, given.get(rows.names[each], _NONE_GIVEN)) for each in asked)
    return tuple(sorted((each for each in found if len(each.deal)), key=lambda each: -each.total_days))


@dataclass(frozen=True, slots=True, eq=False)
class _Moves:
    """All moves: whose (-1: of none looked at), by which action, when."""

    deal: Ints
    action: Ints
    at: Ints


def _rows(told: Journeys, actions: tuple[str, ...]) -> _Rows:
    """Only of requirements that ever refused anything: most never do, and verdicts are many."""
    table = told.tables.verdicts
    came_out, results = codes(table, "verdict")
    fails, meets = (_among(came_out, results, names) for names in (("failed", "unknown"), ("passed", "waived")))
    requirement, names = codes(table, "requirement")
    ever = np.zeros(len(names) + 1, np.bool_)
    ever[requirement[fails]] = True
    at = moments(table, "happened_at")
    deal = _owners(told, table)
    keep = np.flatnonzero(ever[requirement] & (deal >= 0) & (at != NEVER) & (at <= told.until))
    deal, seq, at = deal[keep], whole_numbers(table, "seq")[keep], at[keep]
    made = _was_made(told, deal, seq, at)
    by = codes_among(table, "action", actions)[keep]
    return _Rows(deal, seq, at, by, requirement[keep], fails[keep] & ~made, meets[keep] & made, tuple(names))


def _among(which: Ints, values: Sequence[str], names: Sequence[str]) -> Mask:
    found: Mask = np.append(np.isin(np.array(values, object), names), False)[which]
    return found


def _owners(told: Journeys, table: Any) -> Ints:
    """The number of the deal of each row; -1: one that is not looked at."""
    number = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    return number[places(table, "deal", told.tables.deals)]


def _was_made(told: Journeys, deal: Ints, seq: Ints, at: Ints) -> Mask:
    """Which of them tell of a move that was made: then a visit, of whatever track, began with it."""
    moves = told.tables.moves
    keys = _owners(told, moves) << 32 | whole_numbers(moves, "seq")
    if not len(keys):
        return np.zeros(len(deal), np.bool_)
    order = np.argsort(keys)
    asked = deal << 32 | seq
    place = order[np.searchsorted(keys, asked, sorter=order).clip(0, len(keys) - 1)]
    # A simulated log numbers refused tries as the visit in which they were made: the moment tells them apart.
    found: Mask = (keys[place] == asked) & (moments(moves, "entered_at")[place] == at)
    return found


def _is_waited_for(process: Process, requirement: str) -> bool:
    """Whether a deal lacks something where this refuses it: not where the try was wrong, or nothing was refused."""
    if requirement.rpartition("/")[2] in _NO_WAIT and requirement.count("/") == 1:
        return False
    its = next((each for each in requirements_of(process) if each.id == requirement), None)
    return its is None or its.force is Force.MUST


def requirements_of(process: Process) -> Iterator[Requirement]:
    """All requirements that are declared, of every track."""
    for track in process.all_tracks():
        yield from track.always
        for stage in track.stages:
            yield from (*stage.to_pass, *stage.to_enter)
        for action in track.actions:
            yield from action.requires


def _given(told: Journeys, granted: Sequence[Entry]) -> dict[str, tuple[Ints, Ints]]:
    """Of each approval the numbers of the deals that got it, and when."""
    if not granted:
        return {}
    numbers = {name: number for number, name in enumerate(cells(told.tables.deals, "deal", told.rows))}
    found: dict[str, list[tuple[int, int]]] = {}
    for each in granted:
        at = (each.happened_at - _EPOCH) // _MICROSECOND
        if each.deal in numbers and at <= told.until:
            found.setdefault(each.approval, []).append((numbers[each.deal], at))
    return {name: tuple(np.array(its, np.int64).T) for name, its in found.items()}


def says_of(process: Process) -> dict[str, str]:
    """What each requirement and each approval says, by its id."""
    found = {each.id: each.says for each in requirements_of(process)}
    for track in process.all_tracks():
        found |= {each.id: each.says for action in track.actions for each in action.approvals}
    return found


def _waits(told: Journeys, rows: _Rows, moves: _Moves, requirement: int, given: tuple[Ints, Ints]) -> Waits:
    """From each refusal, unless the deal waits already, to where it was met, or the same action done all the same."""
    its = rows.requirement == requirement
    refused, met = np.flatnonzero(its & rows.refused), np.flatnonzero(its & rows.met)
    waiting = np.zeros(told.count + 1, np.bool_)
    waiting[rows.deal[refused]] = True
    dated = (moves.at != NEVER) & (moves.at <= told.until)
    done = np.flatnonzero(waiting[moves.deal] & dated & np.isin(moves.action, rows.action[refused]))
    deal = np.concatenate([rows.deal[refused], rows.deal[met], moves.deal[done], given[0]])
    at = np.concatenate([rows.at[refused], rows.at[met], moves.at[done], given[1]])
    begins = np.repeat([True, False], [len(refused), len(deal) - len(refused)])
    # What meets it in the moment of a refusal comes after it.
    order = np.lexsort((~begins, at, deal))
    deal, at, begins = deal[order], at[order], begins[order]
    first = begins & (first_of_each(deal) | np.append(True, ~begins[:-1])[: len(begins)])
    end = np.append(np.flatnonzero(~begins), len(deal))[np.cumsum(~begins)[first]]
    starts = np.flatnonzero(first)
    passed = (end < len(deal)) & (np.append(deal, -1)[end] == deal[starts])
    closed = told.closed[deal[starts]]
    over = np.where(passed, np.append(at, NEVER)[end], np.where(closed == NEVER, told.until, closed))
    cause = np.where(passed, PASSED, np.where(told.closing[deal[starts]] >= 0, GIVEN_UP, 0))
    # What is tried of a deal that is closed, or closed nobody knows when, is no wait on its way.
    keep = (over >= at[starts]) & ~((cause == GIVEN_UP) & (closed == NEVER))
    return Waits(rows.names[requirement], deal[starts][keep], (over - at[starts])[keep], cause[keep], at[starts][keep])
