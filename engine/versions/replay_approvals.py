"""Approvals that were given for past moves, held against those that another version asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.machine.requirements import Check, recorded_facts
from engine.machine.roles import roles_allowed
from engine.model.process import Process
from engine.model.rule import Approval
from engine.tables.coded import Ints, Mask


@dataclass(frozen=True, slots=True)
class Given:
    """For which moves an approval counts, and for which it may: nobody tells in which role it was given, or when."""

    surely: Mask
    perhaps: Mask


class Match(NamedTuple):
    """The approval of then that an approval of now is taken for (empty: none), and all others that may be it."""

    taken: str
    perhaps: tuple[str, ...]


def matches(
    checks: Iterable[Check],
    old: Process | None,
    action: str,
    *,
    alike: Iterable[str],
    fact: Callable[[str], str],
) -> Mapping[str, Match]:
    """By approval that is asked for now, those of the ``action`` of then that count for it.

    ``alike`` are the ids of then that ask for the same still: each stands for one approval only. ``fact`` says what a
    fact of then is called now.
    """
    taken = set(alike)
    approvals = {} if old is None else {each.id: each for each in _approvals(old, action) if each.id not in taken}
    found: dict[str, Match] = {}
    for check in checks:
        counts = {id_: _counts(check, each, old, fact) for id_, each in approvals.items() if old is not None}
        sure = next((id_ for id_, does in counts.items() if does and id_ not in taken), "")
        taken.add(sure)
        found[check.id] = Match(sure, tuple(id_ for id_, does in counts.items() if does is not False and id_ != sure))
    return found


def given(match: Match | None, approved: Mapping[str, Ints], rows: Ints) -> Given:
    """Of which of the ``rows`` an approval counts; ``approved`` has the moves of each approval of then."""
    nothing = np.zeros(len(rows), np.bool_)
    if match is None:
        return Given(nothing, nothing)
    surely = np.isin(rows, approved[match.taken]) if match.taken in approved else nothing
    perhaps = nothing.copy()
    for id_ in match.perhaps:
        perhaps |= np.isin(rows, approved[id_]) if id_ in approved else False
    return Given(surely, perhaps & ~surely)


def _approvals(old: Process, action: str) -> Iterable[Approval]:
    for track in old.all_tracks():
        for variant in track.variants(action):
            yield from variant.approvals


def _counts(check: Check, approval: Approval, old: Process, fact: Callable[[str], str]) -> bool | None:
    """Whether an approval of then counts now; ``None``: that rests on what nobody tells."""
    could, may = roles_allowed(old, approval.by), check.allowed
    if may and could and not could & may:
        return False
    if may and not (could and could <= may):
        return None
    lasts = check.approval.lasts if check.approval else None
    if lasts is not None and (approval.lasts is None or approval.lasts > lasts):
        return None
    # What it rests on now may have changed since it was given.
    read = recorded_facts(old, approval.when.tree) if approval.when else frozenset()
    return True if check.reads <= set(map(fact, read)) else None
