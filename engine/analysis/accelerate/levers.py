"""What it would bring if deals advanced sooner from one stage: days in a won deal, deals won, and their value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.accelerate.passed import Passed
from engine.analysis.journeys import WON, Journeys
from engine.numerics.semi_markov import Figure, Passing, passing, sums
from engine.tables.coded import numbers, unknown

SHARES = (0.1, 0.2, 0.3)
"""A tenth, two and three tenths less time to advance."""
MIDDLE = 1
"""Of these a fifth is what is ranked by."""
_HUNDRED = 100


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """A stage, and what advancing sooner from it would bring, an item a share of ``SHARES``.

    ``days`` is how much less time a won deal takes, ``wins`` how many more are won of 100 that start, ``value`` what
    these are worth at the mean of the deals won (``None``: no won deal has a value). ``anyway`` is how much less time
    those take that are won as it is.
    """

    place: int
    anyway: tuple[Figure, ...]
    days: tuple[Figure, ...]
    wins: tuple[Figure, ...]
    value: tuple[Figure, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Levers:
    """How deals go as it is, and each stage of which it can be told what hurrying brings, in the pipeline's order."""

    base: Passing
    all: tuple[Lever, ...]

    @property
    def by_days(self) -> tuple[Lever, ...]:
        """What wins most days in a won deal first."""
        return tuple(sorted(self.all, key=lambda each: (-each.days[MIDDLE].value, each.place)))

    @property
    def by_wins(self) -> tuple[Lever, ...]:
        """What wins most deals first."""
        return tuple(sorted(self.all, key=lambda each: (-each.wins[MIDDLE].value, each.place)))


def levers(told: Journeys, found: Passed) -> Levers | None:
    """Each lever pulled alone; ``None`` where no deal gets to a win as far as anyone watched."""
    chain = found.chain
    count = len(found.stages)
    as_it_is = tuple(sums(chain, place) for place in range(count))
    base = passing(chain, as_it_is, states=tuple(range(count)))
    if not base.reached.value > 0:
        return None
    worth = _worth(told)
    pulled = []
    for place in range(count):
        if found.hurries(place) and base.spent[place].value > 0:
            tried = tuple(
                passing(chain, (*as_it_is[:place], sums(chain, place, share), *as_it_is[place + 1 :]))
                for share in SHARES
            )
            wins = tuple(each.reached.less(base.reached).times(_HUNDRED) for each in tried)
            sooner = tuple(base.time.less(each.time) for each in tried)
            value = None if worth is None else tuple(each.times(1.0, worth) for each in wins)
            anyway = tuple(base.ahead[place].times(share) for share in SHARES)
            pulled.append(Lever(place, anyway, sooner, wins, value))
    return Levers(base, tuple(pulled))


def _worth(told: Journeys) -> Figure | None:
    """The mean value of a won deal that has one."""
    its = np.flatnonzero((told.outcome == WON) & ~unknown(told.tables.deals, "amount")[told.rows])
    if not len(its):
        return None
    values = numbers(told.tables.deals, "amount", told.rows[its], unknown=0.0)
    mean, pulls = float(values.mean()), np.zeros(told.count)
    pulls[its] = (values - mean) / len(its)
    return Figure(mean, pulls) if mean else None
