"""What was said of past moves when they were made, as the journal recorded it: only what was not simply passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.model.process import Process
from engine.model.rule import Force
from engine.tables.coded import Ints, Mask, codes, kept, places, whole_numbers
from engine.versions.replay_moves import PastMoves


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """By requirement, the moves of which it was then said that it failed, or that nobody can say.

    ``stopped`` are all moves with either. ``overridden``: requirements were waived. ``by_role``: it is known that who
    moved was in a role that may. ``approved`` are the moves by approval given. ``tries`` counts refused tries.
    """

    failed: Mapping[str, Ints]
    unknown: Mapping[str, Ints]
    approved: Mapping[str, Ints]
    stopped: Mask
    overridden: Mask
    by_role: Mask
    tries: int


def recorded(moves: PastMoves, olds: Iterable[Process]) -> Recorded:
    """What the table of verdicts says of these moves. A warning is none of it."""
    table = moves.tables.verdicts
    requirement, names = codes(table, "requirement")
    verdict, words = codes(table, "verdict")
    passed = words.index("passed") if "passed" in words else -2
    olds = tuple(olds)
    approvals = _approvals(olds)
    asked = np.array([name in approvals or name.endswith(("/role", "/override")) for name in names], np.bool_)
    told = (verdict != passed) | asked[requirement] if len(names) else np.zeros(0, np.bool_)
    table, requirement, verdict = kept(table, told), requirement[told], verdict[told]
    key = places(table, "deal", moves.tables.deals) * moves.width + whole_numbers(table, "seq")
    row = np.minimum(np.searchsorted(moves.key, key), moves.count - 1)
    of_move = moves.key[row] == key if moves.count else np.zeros(len(key), np.bool_)
    warnings = _warnings(olds)
    must = np.array([name not in warnings for name in names], np.bool_)

    def by_name(word: str) -> Mapping[str, Ints]:
        chosen = of_move & (verdict == (words.index(word) if word in words else -2))
        chosen &= must[requirement] if len(names) else False
        return {names[at]: row[chosen & (requirement == at)] for at in np.unique(requirement[chosen]).tolist()}

    failed, unknown, waived = by_name("failed"), by_name("unknown"), by_name("waived")
    passing = by_name("passed")
    refused = ~of_move & np.isin(verdict, [at for at, word in enumerate(words) if word in ("failed", "unknown")])
    return Recorded(
        failed,
        unknown,
        {name: rows for name, rows in passing.items() if name in approvals},
        _mask(moves, (*failed.values(), *unknown.values())),
        _mask(moves, (*waived.values(), *(rows for name, rows in passing.items() if name.endswith("/override")))),
        _mask(moves, (rows for name, rows in passing.items() if name.endswith("/role"))),
        len(np.unique(key[refused])),
    )


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
