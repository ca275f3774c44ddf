"""How long deals wait for a requirement or an approval: from the first refusal for it to the move that passed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.analysis.journeys import Journeys, days
from engine.analysis.judged import FAILED, UNKNOWN, Judged, judged
from engine.analysis.visits import first_of_each
from engine.model.entry import Entry
from engine.tables.coded import NEVER, Ints, cells

_NO_WAIT = ("stage", "target", "to", "role", "override", "reason", "when")
"""What refuses a move for how it was tried, not for what the deal lacks."""
PASSED, GIVEN_UP = 1, 2
_NONE_GIVEN = (np.zeros(0, np.int64), np.zeros(0, np.int64))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Waits for one requirement, one item each: whose, how long (microseconds), and how each came out.

    ``cause``: it ``PASSED``, was ``GIVEN_UP`` (the deal closed first), or is not over (0).
    """

    requirement: str
    deal: Ints
    spans: Ints
    cause: Ints

    @property
    def total_days(self) -> float:
        """All of them together, also those that are not over."""
        return float(days(self.spans).sum())


def waits(told: Journeys, granted: Sequence[Entry] = ()) -> tuple[Waits, ...]:
    """The waits for each requirement that refused a move, longest in all first. An export tells none.

    ``granted`` are the approvals that were given: a wait for one ends then, and not only when the move was made.
    """
    found = judged(told)
    if found is None:
        return ()
    given = _given(told, granted)
    unmet = found.tries.refused[found.of] & np.isin(found.result, (FAILED, UNKNOWN))
    its = []
    for each in np.unique(found.requirement[unmet]).tolist():
        name = found.requirements[each]
        if _is_waited_for(name):
            refused = np.unique(found.of[unmet & (found.requirement == each)])
            its.append(_waits(told, name, _ends(found, refused), given.get(name, _NONE_GIVEN)))
    return tuple(sorted((each for each in its if len(each.deal)), key=lambda each: -each.total_days))


def _is_waited_for(requirement: str) -> bool:
    """Whether a deal lacks something where this refuses it: not where the try was wrong."""
    return not (requirement.count("/") == 1 and requirement.rpartition("/")[2] in _NO_WAIT)


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


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Tries of the actions that a requirement refused, of deals that it refused: those refused for it, and others."""

    deal: Ints
    at: Ints
    refused: Ints


def _ends(found: Judged, refused: Ints) -> _Ends:
    """Whatever try of the same actions was not refused for it met it, or was made all the same."""
    tries = found.tries
    is_refused = np.zeros(len(tries.deal), np.int64)
    is_refused[refused] = 1
    its = np.isin(tries.action, tries.action[refused]) & np.isin(tries.deal, tries.deal[refused])
    its &= tries.at != NEVER
    return _Ends(tries.deal[its], tries.at[its], is_refused[its])


def _waits(told: Journeys, requirement: str, tries: _Ends, given: tuple[Ints, Ints]) -> Waits:
    """From each refusal, unless the deal waits already, to the first that is none."""
    deal, at = np.concatenate([tries.deal, given[0]]), np.concatenate([tries.at, given[1]])
    begins = np.concatenate([tries.refused, np.zeros(len(given[0]), np.int64)]) == 1
    # What meets it in the moment of a refusal comes after it.
    order = np.lexsort((~begins, at, deal))
    deal, at, begins = deal[order], at[order], begins[order]
    first = begins & (first_of_each(deal) | np.append(True, ~begins[:-1])[: len(begins)])
    end = np.append(np.flatnonzero(~begins), len(deal))[np.cumsum(~begins)[first]]
    starts = np.flatnonzero(first)
    passed = np.append(deal, -1)[end] == deal[starts]
    closed = told.closed[deal[starts]]
    over = np.where(passed, np.append(at, NEVER)[end], np.where(closed == NEVER, told.until, closed))
    cause = np.where(passed, PASSED, np.where(told.closing[deal[starts]] >= 0, GIVEN_UP, 0))
    # What is tried of a deal that is closed, or closed nobody knows when, is no wait on its way.
    keep = (over >= at[starts]) & ~((cause == GIVEN_UP) & (closed == NEVER))
    return Waits(requirement, deal[starts][keep], (over - at[starts])[keep], cause[keep])
