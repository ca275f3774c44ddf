"""A state that spans leave in competing ways: by when in which, as it is, and were some of the ways hurried.

Hurried by a share x, a way's clock runs 1/(1-x) as fast: what would have happened at an age t happens at (1-x)t, unless
another way was taken before. The hazards of the other ways stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.numerics.watching import Floats, Ints, Mask, Times

GONE = -1
"""A way that leads where nothing more is looked at, as ``cause`` of a span; ``OPEN``: the span has not ended."""
OPEN = -2

_STANDS_FOR = 20.0
"""Where each span still watched stands for more than so many, ages beyond are not looked at: chance rules there."""
_STILL_TO_COME = 0.1
_PIECES = 32


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Spans in one state as jumps of the ways out, in order of age; at one age the ways that may be hurried come first.

    A jump is an age at which spans end by hurried ways, or by the others. ``jump`` and ``cause`` are of each span that
    ended, ``spans`` which one. Of all spans ``upto`` is how many jumps each was at risk in, from its jump number
    ``since`` on. ``hurried`` says which ways may be (an item a way); ``rates`` are the hazards of these beyond
    ``longest``, as in the later half of it; ``late`` is how long each span was watched in that half. ``later``: the
    share of all that had ended by hurried ways by then which, at these rates, would come in as long again.
    """

    ages: Floats
    at_risk: Floats
    ended: Ints
    first: Mask
    jump: Ints
    cause: Ints
    spans: Ints
    upto: Ints
    since: Ints
    longest: float
    hurried: Mask
    rates: Floats
    late: Floats
    later: float

    @property
    def too_short(self) -> bool:
        """Whether more than a tenth of the hurried ways' ends may be still to come: nobody watched for long enough."""
        return self.later > _STILL_TO_COME


def state(exits: Times, cause: Ints, entries: Times | None, hurried: Mask) -> State:
    """Spans from 0 to ``exits`` that ended by ``cause`` (0, 1, …: a way; ``GONE``, ``OPEN``), to be hurried by a mask.

    ``entries`` are the ages from which each was watched, as in ``watching``. Where all under watch end while others
    are still to come (delayed entry), that age is passed over, as Lai and Ying (1991) pass over small risk sets.
    """
    ages = exits.astype(np.float64)
    begins = np.full(len(ages), -1.0) if entries is None else np.where(entries > 0, entries, -1.0)
    seen = begins < ages
    longest = _trusted(ages[seen], cause[seen], begins[seen])
    over = ages > longest
    ages, cause = np.where(over, longest, ages), np.where(over, OPEN, cause)
    seen &= begins < ages
    jumps = _jumps(ages, cause, seen, hurried)
    upto = np.searchsorted(jumps.ages, ages, "right")
    upto[jumps.spans] = jumps.jump + 1
    since = np.searchsorted(jumps.ages, begins, "right")
    late = np.where(seen, ages - np.maximum(begins, longest / 2), 0.0).clip(0.0)
    found = State(
        ages=jumps.ages,
        at_risk=_at_risk(jumps, ages[seen], begins[seen]),
        ended=jumps.ended,
        first=jumps.first,
        jump=jumps.jump,
        cause=cause[jumps.spans],
        spans=jumps.spans,
        upto=np.where(seen, np.maximum(upto, since), since),
        since=since,
        longest=longest,
        hurried=hurried,
        rates=_rates(cause[jumps.spans[ages[jumps.spans] > longest / 2]], late, hurried),
        late=late,
        later=0.0,
    )
    return _with_later(found)


def _trusted(ages: Floats, cause: Ints, begins: Floats) -> float:
    """The age up to which spans are looked at."""
    if not len(ages):
        return 0.0
    times, place = np.unique(ages, return_inverse=True)
    ended = np.bincount(place.reshape(-1), cause != OPEN, minlength=len(times))
    there = _watched_at(times, ages, begins)
    left = np.where((ended == there) & (times < times[-1]), 1.0, 1 - ended / there)
    before = np.append(1.0, np.cumprod(left)[:-1])
    return float(times[np.flatnonzero(before / there <= _STANDS_FOR / len(ages))[-1:]].max(initial=0.0))


def _watched_at(at: Floats, ages: Floats, begins: Floats) -> Floats:
    """How many are under watch just before each age."""
    left = len(ages) - np.searchsorted(np.sort(ages), at, "left")
    found: Floats = (left - (len(begins) - np.searchsorted(np.sort(begins), at, "left"))).astype(np.float64)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Jumps:
    """The jumps in order: their ages, whether by hurried ways, how many end. Of each end: its jump and its span."""

    ages: Floats
    first: Mask
    ended: Ints
    jump: Ints
    spans: Ints


def _jumps(ages: Floats, cause: Ints, seen: Mask, hurried: Mask) -> _Jumps:
    is_hurried = np.append(hurried, (False, False))[cause]
    spans = np.flatnonzero(seen & (cause != OPEN))
    spans = spans[np.lexsort((~is_hurried[spans], ages[spans]))]
    at, first = ages[spans], is_hurried[spans]
    begins = np.append(True, (np.diff(at) != 0) | np.diff(first))[: len(spans)]
    jump = np.cumsum(begins) - 1
    return _Jumps(at[begins], first[begins], np.bincount(jump, minlength=int(begins.sum())), jump, spans)


def _at_risk(jumps: _Jumps, ages: Floats, begins: Floats) -> Floats:
    """How many are at risk in each jump; in one that is passed over so many that its ends count for nothing."""
    there = _watched_at(jumps.ages, ages, begins)
    # Those that ended by hurried ways at that very age are gone already.
    same = np.append(False, np.diff(jumps.ages) == 0)[: len(jumps.ages)]
    there = there - np.where(same, np.append(0, jumps.ended[:-1])[: len(jumps.ages)], 0)
    passed_over = (jumps.ended == there) & (jumps.ages < ages.max(initial=0.0))
    return np.where(passed_over, np.inf, there)


def _rates(cause: Ints, late: Floats, hurried: Mask) -> Floats:
    """Ends by hurried ways in the later half, by how long spans were watched in it."""
    count = np.bincount(cause[cause >= 0], minlength=len(hurried))[: len(hurried)]
    exposed = float(late.sum())
    return np.where(hurried, count, 0) / exposed if exposed > 0 else np.zeros(len(hurried))


def _with_later(found: State) -> State:
    as_it_is = course(found, 0.0)
    advanced = float(as_it_is.shares[found.hurried].sum())
    rate = float(found.rates.sum())
    more = as_it_is.left * -np.expm1(-rate * found.longest)
    return replace(found, later=more / advanced if advanced > 0 else 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How a state is left: the share of those that enter it that leave each way, and the days of these.

    ``shares`` and ``days`` have an item a way; ``days`` are summed up over all that enter (divide by ``shares`` for a
    mean). ``left`` is the share not gone by the longest age watched.
    """

    shares: Floats
    days: Floats
    left: float


def course(of: State, share: float) -> Course:
    """How the state is left where its hurried ways are hurried by ``share`` (0: as it is)."""
    line, count = _line(of, share), len(of.rates)
    shares = np.bincount(line.cause + 1, line.before[line.jump] * line.hazard, minlength=count + 1)[1:]
    days = np.bincount(line.cause + 1, (line.ages * line.before)[line.jump] * line.hazard, minlength=count + 1)[1:]
    return Course(shares.astype(np.float64), days.astype(np.float64), float(line.after[-1]) if len(line.after) else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Jumps in the order in which they come: their ages, the share there is before and after. ``place``: of each of
    the state's jumps, where it stands. ``jump``, ``cause`` and ``hazard`` are of each end."""

    ages: Floats
    before: Floats
    after: Floats
    place: Ints
    jump: Ints
    cause: Ints
    hazard: Floats


def _line(of: State, share: float) -> _Line:
    """The jumps by the hurried clock. What it takes from beyond the longest age watched comes at a constant rate."""
    ages = np.where(of.first, of.ages * (1 - share), of.ages)
    jump, cause, hazard = of.jump, of.cause, 1 / of.at_risk[of.jump]
    rate = np.flatnonzero(of.rates > 0)
    if share > 0 and len(rate) and of.longest > 0:
        step = of.longest * share / _PIECES
        more = of.longest * (1 - share) + step * (np.arange(_PIECES) + 0.5)
        jump = np.append(jump, len(ages) + np.repeat(np.arange(_PIECES), len(rate)))
        cause = np.append(cause, np.tile(rate, _PIECES))
        hazard = np.append(hazard, np.tile(of.rates[rate] * step / (1 - share), _PIECES))
        ages = np.append(ages, more)
    first = np.append(of.first, np.ones(len(ages) - len(of.first), np.bool_))
    order = np.lexsort((~first, ages))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    jump = place[jump]
    after = np.cumprod(1 - np.bincount(jump, hazard, minlength=len(order)).clip(0.0, 1.0))
    before = np.append(1.0, after[:-1])[: len(after)]
    return _Line(ages[order], before, after, place[: len(of.ages)], jump, cause, hazard)


def pulls(of: State, share: float) -> Floats:
    """How much each span pulls at each figure of the course (rows: shares, then days; columns: spans).

    These are influence functions (Andersen, Borgan, Gill and Keiding 1993, IV.4, by the delta method): an end weighs
    in, being at risk while others end weighs out. The variance of a figure is the sum of their squares.
    """
    line, ways, real = _line(of, share), len(of.rates), len(of.jump)
    found = np.zeros((2 * ways, len(of.upto)))
    per_risk = 1 / of.at_risk
    for row in range(2 * ways):
        way = row % ways
        gains = np.ones(len(line.ages)) if row < ways else line.ages
        its = line.cause == way
        come = np.bincount(line.jump[its], (gains * line.before)[line.jump[its]] * line.hazard[its], len(line.ages))
        rest = come[::-1].cumsum()[::-1] - come
        # What is still to come for one that is left after the jump.
        ahead = np.divide(rest, line.after, out=np.zeros(len(rest)), where=line.after > 1e-12)
        lift = line.before[line.jump] * (np.where(its, gains[line.jump], 0.0) - ahead[line.jump])
        weighed = lift[:real] if real == len(of.ages) else np.bincount(of.jump, lift[:real], minlength=len(of.ages))
        summed = np.append(0.0, np.cumsum(weighed * per_risk**2))
        found[row] = (summed[of.since] if of.since.any() else 0.0) - summed[of.upto]
        found[row, of.spans] += lift[:real] * per_risk[of.jump]
        found[row] += _beyond(of, line, lift)
    return found


def _beyond(of: State, line: _Line, lift: Floats) -> Floats | float:
    """How much each span pulls by way of the rates that are taken to hold beyond the longest age watched."""
    real, exposed = len(of.jump), float(of.late.sum())
    if real == len(lift) or exposed <= 0:
        return 0.0
    cause = line.cause[real:]
    # Each piece adds its rate times how long it is.
    whole = np.bincount(cause, lift[real:] * line.hazard[real:], minlength=len(of.rates))
    slope: Floats = np.divide(whole, of.rates, out=np.zeros(len(whole)), where=of.rates > 0) / exposed
    found = -float(slope @ of.rates) * of.late
    its = (of.ages[of.jump] > of.longest / 2) & (of.cause >= 0)
    found[of.spans[its]] += slope[of.cause[its]]
    return found
