"""How long deals wait for a requirement or an approval: from the first refusal for it to the move that passed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.journeys import Journeys, days, first_of_each
from engine.analysis.words import below, of_quantile
from engine.model.process import Process
from engine.model.rule import Force, Requirement
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics import competing
from engine.numerics.competing import aalen_johansen
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, moments, places, whole_numbers

_NO_WAIT = ("stage", "target", "to", "role", "override", "reason", "when")
"""What refuses a move for how it was tried, not for what the deal lacks."""
_PASSED, _GIVEN_UP = 1, 2
_SHOWN = 15


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Waits for one requirement, one item each: how long (microseconds), how each came out, and when it began.

    ``cause``: it ``_PASSED``, was ``_GIVEN_UP`` (the deal closed first), or is not over (0).
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


def waits(told: Journeys) -> tuple[Waits, ...]:
    """The waits for each requirement that refused a move, longest in all first. An export tells none."""
    actions, action_names = codes(told.tables.moves, "action")
    rows = _rows(told, action_names)
    moves = _Moves(_owners(told, told.tables.moves), actions, moments(told.tables.moves, "entered_at"))
    refusing = np.unique(rows.requirement[rows.refused]).tolist()
    asked = [each for each in refusing if _is_waited_for(told.process, rows.names[each])]
    found = (_waits(told, rows, moves, each) for each in asked)
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
    its = next((each for each in _requirements(process) if each.id == requirement), None)
    return its is None or its.force is Force.MUST


def _requirements(process: Process) -> Iterator[Requirement]:
    for track in process.all_tracks():
        yield from track.always
        for stage in track.stages:
            yield from (*stage.to_pass, *stage.to_enter)
        for action in track.actions:
            yield from action.requires


def _waits(told: Journeys, rows: _Rows, moves: _Moves, requirement: int) -> Waits:
    """From each refusal, unless the deal waits already, to where it was met, or the same action done all the same."""
    its = rows.requirement == requirement
    refused, met = np.flatnonzero(its & rows.refused), np.flatnonzero(its & rows.met)
    waiting = np.zeros(told.count + 1, np.bool_)
    waiting[rows.deal[refused]] = True
    dated = (moves.at != NEVER) & (moves.at <= told.until)
    done = np.flatnonzero(waiting[moves.deal] & dated & np.isin(moves.action, rows.action[refused]))
    deal = np.concatenate([rows.deal[refused], rows.deal[met], moves.deal[done]])
    at = np.concatenate([rows.at[refused], rows.at[met], moves.at[done]])
    begins = np.repeat([True, False], [len(refused), len(met) + len(done)])
    # What meets it in the moment of a refusal comes after it.
    order = np.lexsort((~begins, at, deal))
    deal, at, begins = deal[order], at[order], begins[order]
    first = begins & (first_of_each(deal) | np.append(True, ~begins[:-1])[: len(begins)])
    end = np.append(np.flatnonzero(~begins), len(deal))[np.cumsum(~begins)[first]]
    starts = np.flatnonzero(first)
    passed = (end < len(deal)) & (np.append(deal, -1)[end] == deal[starts])
    closed = told.closed[deal[starts]]
    over = np.where(passed, np.append(at, NEVER)[end], np.where(closed == NEVER, told.until, closed))
    cause = np.where(passed, _PASSED, np.where(told.closing[deal[starts]] >= 0, _GIVEN_UP, 0))
    # What is tried of a deal that is closed, or closed nobody knows when, is no wait on its way.
    keep = (over >= at[starts]) & ~((cause == _GIVEN_UP) & (closed == NEVER))
    return Waits(rows.names[requirement], deal[starts][keep], (over - at[starts])[keep], cause[keep], at[starts][keep])


def wait_sections(told: Journeys, found: tuple[Waits, ...]) -> tuple[Section, Section]:
    """The waits for requirements, and those for approvals."""
    approvals = {
        each.id: each.says for track in told.process.all_tracks() for act in track.actions for each in act.approvals
    }
    says = {each.id: each.says for each in _requirements(told.process)}
    kinds = [each for each in found if each.requirement not in approvals]
    granted = [each for each in found if each.requirement in approvals]
    return (
        _section(told, kinds, says, ("waits", "What deals wait for: requirements", "requirement", "Requirement")),
        _section(told, granted, approvals, ("approvals", "What deals wait for: approvals", "approval", "Approval")),
    )


def _section(told: Journeys, found: list[Waits], says: Mapping[str, str], names: tuple[str, str, str, str]) -> Section:
    id_, title, column, heading = names
    rows = tuple((each.requirement, says.get(each.requirement, ""), *_figures(told, each)) for each in found)
    return Section(
        id_,
        title,
        (
            Heading(column, heading),
            Heading("says", "It says"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("passed", "Then passed", Unit.COUNT),
            Heading("given_up", "Closed first", Unit.COUNT),
            Heading("still", "Still waiting", Unit.COUNT),
            Heading("total_days", "Days in all", Unit.DAYS),
            Heading("p50_days", "Half passed within", Unit.DAYS),
        ),
        rows,
        notes=below(
            rows,
            "A wait begins with the first move that was refused for it, and ends with the move that met it: how long "
            "before that it was missing nobody tells. 'Half passed within' is of those that passed as far as anyone "
            "watched; waits that are not over count as such (Aalen-Johansen).",
        ),
        empty=f"No move was refused for want of {'an approval' if id_ == 'approvals' else 'anything'}, as far as told.",
        shown=_SHOWN,
    )


def _figures(told: Journeys, its: Waits) -> tuple[Figure, ...]:
    ways = aalen_johansen(its.spans, its.cause, 2, told.entries(its.starts))
    half = competing.quantile_of_those(competing.way(ways, _PASSED), 0.5)
    count = np.bincount(its.cause, minlength=3).tolist()
    median = of_quantile(half, ways.longest) if count[_PASSED] and half.value is not None else None
    return (len(np.unique(its.deal)), count[_PASSED], count[_GIVEN_UP], count[0], its.total_days, median)
