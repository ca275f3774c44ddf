"""What was said of past moves when they were made, as the journal recorded it: only what was not simply passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from engine.model.process import Process
from engine.model.rule import Force
from engine.tables.coded import Ints, Mask, codes, codes_among, kept, places, where, whole_numbers
from engine.versions.replay_moves import PastMoves


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """By requirement, the moves of which it was then said that it failed, or that nobody can say.

    ``stopped`` are all moves with either. ``overridden``: requirements were waived. ``approved`` are the moves by
    approval given. ``by_role``: it is known that who moved was in a role that may. ``tries`` counts refused tries.
    """

    failed: Mapping[str, Ints]
    unknown: Mapping[str, Ints]
    approved: Mapping[str, Ints]
    stopped: Mask
    overridden: Mask
    by_role: Callable[[], Mask]
    tries: int


def evidence(olds: Iterable[Process]) -> frozenset[str]:
    """The requirements of which ``recorded`` reads that they were passed: it reads all that were not."""
    olds = tuple(olds)
    return frozenset([*_approvals(olds), *_structural(olds, "override"), *_structural(olds, "role")])


def recorded(moves: PastMoves, olds: Iterable[Process]) -> Recorded:
    """What the table of verdicts says of these moves. A warning is none of it."""
    olds = tuple(olds)
    table = moves.tables.verdicts
    passed = where(table, "verdict", "passed")
    stopped = _lines(moves, table, ~passed)
    warnings = _warnings(olds)
    must = np.array([name not in warnings for name in stopped.names], np.bool_)[stopped.requirement]
    failed, unknown, waived = (
        _by_name(stopped, must & (stopped.verdict == word)) for word in ("failed", "unknown", "waived")
    )
    refused = (stopped.row < 0) & np.isin(stopped.verdict, ("failed", "unknown"))
    approvals = _given(moves, table, passed, _approvals(olds))
    overrides = _given(moves, table, passed, _structural(olds, "override"))

    @cache
    def by_role() -> Mask:
        return _mask(moves, _given(moves, table, passed, _structural(olds, "role")).values())

    return Recorded(
        failed,
        unknown,
        approvals,
        _mask(moves, (*failed.values(), *unknown.values())),
        _mask(moves, (*waived.values(), *overrides.values())),
        by_role,
        len(np.unique(stopped.key[refused])),
    )


class _Lines(NamedTuple):
    """Some rows of the table of verdicts: ``row`` is that of the move (-1: of none), ``key`` tells entries apart."""

    row: Ints
    key: Ints
    requirement: Ints
    names: tuple[str, ...]
    verdict: Any


def _lines(moves: PastMoves, table: Any, chosen: Mask) -> _Lines:
    table = kept(table, chosen)
    requirement, names = codes(table, "requirement")
    verdict, words = codes(table, "verdict")
    key = places(table, "deal", moves.tables.deals) * moves.width + whole_numbers(table, "seq")
    at = np.minimum(np.searchsorted(moves.key, key), moves.count - 1)
    row = np.where(moves.key[at] == key, at, -1)
    return _Lines(row, key, requirement, names, np.array([*words, ""])[verdict])


def _given(moves: PastMoves, table: Any, passed: Mask, names: Iterable[str]) -> Mapping[str, Ints]:
    """By requirement, the moves of which these were passed."""
    names = tuple(dict.fromkeys(names))
    if not names:
        return {}
    lines = _lines(moves, table, passed & (codes_among(table, "requirement", names) >= 0))
    return _by_name(lines, np.ones(len(lines.row), np.bool_))


def _by_name(lines: _Lines, chosen: Mask) -> Mapping[str, Ints]:
    chosen = chosen & (lines.row >= 0)
    numbers = np.unique(lines.requirement[chosen]).tolist()
    return {lines.names[at]: lines.row[chosen & (lines.requirement == at)] for at in numbers}


def _structural(olds: Iterable[Process], what: str) -> Iterable[str]:
    """The ids under which roles and overrides are recorded, where the versions ask for any."""
    for old in olds:
        for track in old.all_tracks():
            for action in track.actions:
                if action.by if what == "role" else old.override_by is not None:
                    yield f"{action.id}/{what}"


def _mask(moves: PastMoves, rows: Iterable[Ints]) -> Mask:
    found = np.zeros(moves.count, np.bool_)
    for each in rows:
        found[each] = True
    return found


def _approvals(olds: Iterable[Process]) -> frozenset[str]:
    return frozenset(
        approval.id
        for old in olds
        for track in old.all_tracks()
        for action in track.actions
        for approval in action.approvals
    )


def _warnings(olds: Iterable[Process]) -> frozenset[str]:
    """The requirements that only ever warned."""
    force: dict[str, bool] = {}
    for old in olds:
        for track in old.all_tracks():
            requirements = [*track.always, *(each for action in track.actions for each in action.requires)]
            requirements += (each for stage in track.stages for each in (*stage.to_pass, *stage.to_enter))
            for each in requirements:
                force[each.id] = force.get(each.id, False) or each.force is Force.MUST
    return frozenset(name for name, refuses in force.items() if not refuses)
