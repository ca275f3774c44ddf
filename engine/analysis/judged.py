"""What was judged of moves: tries that were refused and moves that were made, and what stood in the way of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.analysis.journeys import Journeys
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, places, where, whole_numbers

FAILED, UNKNOWN, WAIVED = range(3)
"""How a requirement came out that a move did not meet, by its number."""
_RESULTS = ("failed", "unknown", "waived")


@dataclass(frozen=True, slots=True)
class Tries:
    """One item a try: a move that was made, or one that was refused; those of a deal and an action in order of time.

    ``action`` is its place in ``actions``, ``actor`` who made the move (-1: refused), ``at`` when (``NEVER``: undated).
    Only actions are here of which some try did not meet something; of others nothing is to be told.
    """

    deal: Ints
    action: Ints
    at: Ints
    refused: Mask
    actor: Ints
    actions: tuple[str, ...]
    actors: tuple[str, ...]

    def taken(self, these: Mask) -> Tries:
        """Those of the mask."""
        return Tries(
            self.deal[these],
            self.action[these],
            self.at[these],
            self.refused[these],
            self.actor[these],
            self.actions,
            self.actors,
        )

    @property
    def following(self) -> Ints:
        """The next try of the same action of the same deal; -1: there was none."""
        here = np.arange(len(self.deal))
        same = (self.deal[1:] == self.deal[:-1]) & (self.action[1:] == self.action[:-1])
        return np.where(np.append(same, np.zeros(min(len(here), 1), np.bool_)), here + 1, -1)


@dataclass(frozen=True, slots=True)
class Judged:
    """One item for each ``must`` that a try did not meet, ``of`` which of ``tries``.

    ``requirement`` is its place in ``requirements``, ``result`` ``FAILED``, ``UNKNOWN`` or ``WAIVED``.
    """

    tries: Tries
    of: Ints
    requirement: Ints
    result: Ints
    requirements: tuple[str, ...]

    @property
    def key(self) -> Ints:
        """Try and requirement as one number."""
        return self.of * len(self.requirements) + self.requirement

    def met_at_next(self, items: Ints) -> Mask:
        """Of which of the items the requirement was met at the next try; one that was then waived was not."""
        then = self.tries.following[self.of[items]]
        key = then * len(self.requirements) + self.requirement[items]
        found: Mask = (then >= 0) & ~np.isin(key, self.key)
        return found

    def of_deals(self, deals: Mask) -> Judged | None:
        """The same of some of the deals, numbered anew; the mask has one item a deal. ``None``: there is nothing."""
        kept = deals[self.tries.deal]
        items = kept[self.of]
        if not items.any():
            return None
        tries = self.tries.taken(kept)
        tries = replace(tries, deal=(np.cumsum(deals) - 1)[tries.deal])
        of = (np.cumsum(kept) - 1)[self.of[items]]
        return Judged(tries, of, self.requirement[items], self.result[items], self.requirements)


def judged(told: Journeys) -> Judged | None:
    """What the tries of the deals did not meet, as far as was seen; ``None`` where no journal tells of any.

    Under ``since`` only tries since then: what was refused before is no figure of the time looked at.
    """
    table = told.tables.verdicts
    if not table.num_rows:
        return None
    table = kept(table, (codes_among(table, "verdict", _RESULTS) >= 0) & where(table, "force", "must"))
    deal = _numbers(told)[places(table, "deal", told.tables.deals)]
    seen = (deal >= 0) & _seen(told, moments(table, "happened_at"))
    if not seen.any():
        return None
    table, deal = kept(table, seen), deal[seen]
    action, actions = codes(table, "action")
    refused = where(table, "move", "refused")
    found = _Rows(deal, action, whole_numbers(table, "seq"), moments(table, "happened_at"), refused)
    tries, of = _tries(told, found, actions)
    requirement, requirements = codes(table, "requirement")
    return Judged(tries, of, requirement, codes_among(table, "verdict", _RESULTS), requirements)


def _numbers(told: Journeys) -> Ints:
    """The number of the deal in each row of the deals; -1: not looked at. The last item is for deals in no row."""
    found = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    found[told.rows] = np.arange(told.count)
    return found


def _seen(told: Journeys, at: Ints) -> Mask:
    found: Mask = (at <= told.until) & ((at == NEVER) | (at >= told.since))
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """Tries as they are found in a table, some of them more than once."""

    deal: Ints
    action: Ints
    seq: Ints
    at: Ints
    refused: Mask


def _tries(told: Journeys, judged: _Rows, actions: tuple[str, ...]) -> tuple[Tries, Ints]:
    """All tries of the actions, and which of them each row that was judged is of."""
    made, actor, actors = _made(told, actions)
    seqs = int(max(judged.seq.max(initial=0), made.seq.max(initial=0))) + 1
    # A move that was made is known by its number. A simulation numbers refused tries by the visit that they fell into:
    # they are told apart by their times, in whose order they are put first.
    early = np.argsort(np.where(judged.refused, judged.at, 0), kind="stable")
    place = np.concatenate([_places(judged, len(actions), seqs)[early], _places(made, len(actions), seqs)])
    at = np.concatenate([judged.at[early], made.at])
    order = np.argsort(place, kind="stable")
    ranked = place[order]
    first = np.append(np.ones(min(len(order), 1), np.bool_), ranked[1:] != ranked[:-1])
    refused_again = np.flatnonzero(~first & (ranked & 1 == 1))
    first[refused_again] = at[order[refused_again]] != at[order[refused_again - 1]]
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(first) - 1
    its_actor = np.full(int(first.sum()), -1, np.int64)
    its_actor[number[len(early) :]] = actor
    ranked = ranked[first]
    deal, action = np.divmod(ranked // (2 * seqs), len(actions))
    tries = Tries(deal, action, at[order[first]], (ranked & 1).astype(np.bool_), its_actor, actions, actors)
    of = np.empty(len(early), np.int64)
    of[early] = number[: len(early)]
    return tries, of


def _places(rows: _Rows, actions: int, seqs: int) -> Ints:
    """Deal, action, number and whether it was refused as one number, by which tries are put in order."""
    return ((rows.deal * actions + rows.action) * seqs + rows.seq) * 2 + rows.refused


def _made(told: Journeys, actions: tuple[str, ...]) -> tuple[_Rows, Ints, tuple[str, ...]]:
    """The moves made by these actions, on any track, and by whom."""
    table = told.tables.moves
    # Of the whole table, in which deals mostly stand as they stand in theirs, no name need be looked up.
    deal = _numbers(told)[places(table, "deal", told.tables.deals)]
    action, at = codes_among(table, "action", actions), moments(table, "entered_at")
    its = (deal >= 0) & (action >= 0) & _seen(told, at)
    if not its.all():
        deal, action, at = deal[its], action[its], at[its]
    table = kept(table.select(["seq", "actor"]), its)
    actor, actors = codes(table, "actor")
    made = _Rows(deal, action, whole_numbers(table, "seq"), at, np.zeros(table.num_rows, np.bool_))
    return made, actor, actors
