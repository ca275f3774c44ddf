"""What refusals, overrides and deviations have in common: rows by requirement and action, and who won beside whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, WON, Journeys
from engine.analysis.judged import Judged
from engine.analysis.words import of_band
from engine.machine.sayings import sayings
from engine.model.study import Estimate, Heading
from engine.numerics.intervals import wilson
from engine.tables.coded import Ints, Mask

ROW_NAMES = (
    Heading("requirement", "Requirement"),
    Heading("action", "Action"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A requirement and the action that it was judged for, with the items of ``judged`` that tell of the two."""

    names: tuple[str, str]
    action: int
    items: Ints


def pairs(told: Journeys, found: Judged, chosen: Mask) -> Iterator[Pair]:
    """Requirement and action of the items of the mask, each try once; those with most tries first."""
    items = np.flatnonzero(chosen)
    items = items[np.unique(found.key[items], return_index=True)[1]]
    actions = len(found.tries.actions)
    code = found.requirement[items] * actions + found.tries.action[found.of[items]]
    pair, number, counts = np.unique(code, return_inverse=True, return_counts=True)
    order = np.argsort(number.reshape(-1), kind="stable")
    ends = np.cumsum(counts)
    says = sayings(told.process) if len(pair) else {}
    names = [_named(found, each, says) for each in pair.tolist()]
    for each in sorted(range(len(pair)), key=lambda each: (-int(counts[each]), names[each])):
        its = items[order[ends[each] - counts[each] : ends[each]]]
        yield Pair(names[each], int(pair[each]) % actions, its)


def _named(found: Judged, pair: int, says: Mapping[str, str]) -> tuple[str, str]:
    requirement, action = divmod(pair, len(found.tries.actions))
    return in_words(found.requirements[requirement], says), found.tries.actions[action]


def in_words(requirement: str, says: Mapping[str, str]) -> str:
    """A requirement by its id and, where the process still has it, what it asks: ``known: There is a budget``."""
    return f"{requirement}: {says[requirement]}" if requirement in says else requirement


def deals_of(found: Judged, items: Ints) -> Ints:
    """The deals that the items tell of, each once."""
    return np.unique(found.tries.deal[found.of[items]])


def outcomes_of(told: Journeys, deals: Mask | Ints) -> Ints:
    """How many of the deals came out in each way."""
    return np.bincount(told.outcome[deals], minlength=4)


def win_rate(outcomes: Ints) -> Estimate | None:
    """The share of won among the deals won or lost; ``None`` where none of them is."""
    won, lost = int(outcomes[WON]), int(outcomes[LOST])
    return of_band(wilson(won, won + lost)) if won + lost else None


def doers(told: Journeys, found: Judged) -> tuple[Mask, ...]:
    """For each action, which deals it was done to."""
    deal, action = found.tries.deal[~found.tries.refused], found.tries.action[~found.tries.refused]
    return tuple(_marked(told.count, deal[action == each]) for each in range(len(found.tries.actions)))


def _marked(count: int, numbers: Ints) -> Mask:
    mask = np.zeros(count, np.bool_)
    mask[numbers] = True
    return mask
