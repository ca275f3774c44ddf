"""When new prospects come: hashed gaps, run through the intensity with which they are expected added up over time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import time, tzinfo

import numpy as np
import numpy.typing as npt

from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.model.scenario import Arrivals, Form, Gaps, Hours, Scenario, Spread
from engine.numerics.dice import dice, die, name_key, own_keys
from engine.numerics.distributions import drawn, mean, remaining, shares
from engine.numerics.gammas import log_gammas
from engine.simulation.compiling.calendar import DAY, calendars, local_days
from engine.simulation.compiling.ways import table_of
from engine.simulation.plan import Ints, Keys, Plan

Floats = npt.NDArray[np.float64]

UNIT = 1 << 20
"""One prospect expected, in whole numbers."""
_WEEK = 7 * DAY
_MOST = 1 << 30
_GAP = name_key("arrivals/gap")
_PLACE = name_key("arrivals/place")
_RUN_OF_WEEKS = name_key("arrivals/block")
_RATE = np.array([name_key("arrivals/seen")], np.uint64)
_AGAIN = np.uint64(name_key("arrivals/again"))
_BLOCK = 1 << 16
_ALL_DAY = "around the clock"


@dataclass(frozen=True, slots=True, eq=False)
class Coming:
    """The intensity of arrivals: between ``begins`` and ``ends`` it grows evenly from ``low`` to ``high``.

    ``low`` and ``high`` count prospects expected since the start, in parts of ``UNIT``. ``gaps`` is the quantile table
    of gaps (``None``: all alike), ``before`` that of the time before the first who comes: nothing began just at the
    start. Past ``weeks`` are drawn in runs of ``block``; then ``low`` and ``high`` count weeks. ``seen``: how many
    weeks, and how many prospects in them (as if these came by chance), the numbers rest on; each run draws its own from
    what that leaves open. 0: they are exact. ``starts``: the only weeks that runs of weeks begin with (``None``: any).
    """

    begins: Ints
    ends: Ints
    low: Ints
    high: Ints
    gaps: Ints | None
    before: Ints | None
    weeks: Ints
    block: int
    end: int
    seen: tuple[int, float] = (0, 0.0)
    starts: Ints | None = None


def coming(scenario: Scenario, plan: Plan, *, zone: tzinfo) -> Coming:
    """How prospects come in, worked out for all runs. Raises ``BadValue`` where nobody could come at all.

    The weights of weekdays say how many come on a day, however long its hours are; a day without hours has none.
    """
    arrivals = scenario.arrivals
    begins, ends, parts = _stretches(scenario, plan, zone)
    if arrivals.weekly < 0 or parts.sum() * arrivals.weekly > _MOST:
        raise BadValue(f"{arrivals.weekly:g} prospects a week cannot be", hint="weekly: 25")
    gaps = None if arrivals.gaps is Gaps.EVEN else table_of(_gaps(arrivals), unit=1 / UNIT)
    if arrivals.weeks:
        low, high = _by_weeks(begins, parts, begin=plan.begin)
    else:
        # As many come as is said, to the last digit, whatever a table makes of the mean of gaps.
        each = UNIT if gaps is None else mean(gaps)
        high = np.rint(np.cumsum(parts) * (arrivals.weekly * each)).astype(np.int64)
        low = np.append(0, high[:-1])
    seen = arrivals.seen, arrivals.seen * arrivals.weekly / max(_uneven(gaps), 1e-9)
    # Of a Poisson process it is a gap as all others.
    before = gaps if gaps is None or arrivals.gaps is Gaps.RANDOM else remaining(gaps)
    weeks = np.array(arrivals.weeks, np.int64)
    return Coming(begins, ends, low, high, gaps, before, weeks, arrivals.block, plan.end, seen)


def arriving(coming: Coming, *, run: int) -> tuple[Ints, Keys]:
    """When each new prospect of a run comes, ascending (seconds since 1970), and their own keys.

    A prospect's key hangs on its number alone, and its gap on its key: more of them later change nothing for it.
    """
    coming = _own(coming, run) if coming.seen[0] else coming
    if coming.weeks.size and coming.high.size:
        return _of_past_weeks(coming, run)
    total = int(coming.high[-1]) if coming.high.size else 0
    if not total:
        return np.empty(0, np.int64), np.empty(0, np.uint64)
    expected = total / (UNIT if coming.gaps is None else max(1.0, mean(coming.gaps)))
    count = int(expected + 6 * math.sqrt(expected)) + 64
    while True:
        keys, passed = _following(coming, run, count)
        if int(passed[-1]) >= total:
            break
        count *= 2
    come = int(np.searchsorted(passed, total, side="left"))
    return _placed(coming, passed[:come]), keys[:come]


def _own(coming: Coming, run: int) -> Coming:
    """As many as come in one run: past weeks from some runs of them alone, or a mean drawn from what they tell."""
    if coming.weeks.size:
        return replace(coming, starts=_starts(coming, run))
    if coming.seen[1] <= 0 or coming.gaps is None:
        return coming
    factor = float(np.exp(log_gammas(np.array([coming.seen[1]]), own_keys(run, _RATE))[0])) / coming.seen[1]
    low, high = (np.rint(each * factor).astype(np.int64) for each in (coming.low, coming.high))
    return replace(coming, low=low, high=high)


def _starts(coming: Coming, run: int) -> Ints:
    """As many runs of weeks as were seen, drawn again (Künsch, Annals of Statistics 17, 1989).

    Whole, for to draw runs of weeks from such a history would cut them in two, and good weeks would not come together.
    """
    count = np.arange(max(1, round(coming.seen[0] / coming.block)), dtype=np.uint64)
    found: Ints = (dice(own_keys(run, _AGAIN + count), 0) >> np.uint64(32)).astype(np.int64)
    return found * coming.weeks.size >> 32


def _uneven(gaps: Ints | None) -> float:
    """How much the number that comes varies, next to what it would by chance: the squared variation of the gaps."""
    if gaps is None:
        return 0.0
    cells = np.diff(gaps)
    middle, parts = (gaps[:-1] + gaps[1:]) / 2, np.diff(np.append(shares()[:-1], 1.0))
    second = float((parts * (middle**2 + cells**2 / 12)).sum())
    return second / max(mean(gaps), 1.0) ** 2 - 1


def _following(coming: Coming, run: int, count: int) -> tuple[Keys, Ints]:
    """The keys of so many, and how much of the intensity has passed when each one comes."""
    keys, gaps = np.empty(count, np.uint64), np.empty(count, np.int64)
    for at in range(0, count, _BLOCK):
        here = slice(at, min(at + _BLOCK, count))
        keys[here] = own_keys(run, np.arange(here.start, here.stop, dtype=np.uint64))
        gaps[here] = UNIT if coming.gaps is None else drawn(coming.gaps, dice(keys[here], _GAP))
    if coming.before is not None:
        gaps[:1] = drawn(coming.before, dice(keys[:1], _GAP))
    passed = np.cumsum(gaps, out=gaps)
    return keys, passed - UNIT // 2 if coming.gaps is None else passed


def _placed(coming: Coming, passed: Ints) -> Ints:
    """The moments at which so much of the intensity has passed."""
    # Both ascend, so the few stretches are looked up among the many who come.
    counts = np.diff(np.searchsorted(passed, np.append(coming.low, coming.high[-1]), side="left"))
    found: Ints = passed - np.repeat(coming.low, counts)
    found *= np.repeat(coming.ends - coming.begins, counts)
    found //= np.repeat(np.maximum(coming.high - coming.low, 1), counts)
    found += np.repeat(coming.begins, counts)
    return found


def _of_past_weeks(coming: Coming, run: int) -> tuple[Ints, Keys]:
    """As many in each week as came in a past one; each finds its own place within the week."""
    week = np.unique(coming.low // UNIT)
    starts = [die(run, _RUN_OF_WEEKS, visit=number) for number in range(int(week[-1]) // coming.block + 1)]
    among = coming.weeks.size if coming.starts is None else coming.starts.size
    first = np.array([(start >> 32) * among >> 32 for start in starts], np.int64)
    if coming.starts is not None:
        first = coming.starts[first]
    # The last past week is followed by the first, so that all weeks come up equally often.
    sizes = coming.weeks[(first[week // coming.block] + week % coming.block) % coming.weeks.size]
    of = np.repeat(week, sizes)
    number = np.arange(of.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    keys = own_keys(run, (of << 32).astype(np.uint64) + number.astype(np.uint64))
    passed = of * UNIT + (dice(keys, _PLACE) >> np.uint64(44)).astype(np.int64)
    order = np.argsort(passed, kind="stable")
    moments = _placed(coming, passed[order])
    inside = moments < coming.end
    return moments[inside], keys[order][inside]


def _gaps(arrivals: Arrivals) -> Spread:
    if arrivals.gaps is Gaps.SPREAD and arrivals.spread is not None:
        return arrivals.spread
    return Spread(Form.EXPONENTIAL, p50=math.log(2))


def _stretches(scenario: Scenario, plan: Plan, zone: tzinfo) -> tuple[Ints, Ints, Floats]:
    """Stretches in which prospects come, cut at midnights and weeks, each with its part of a usual week."""
    arrivals = scenario.arrivals
    hours = _hours(scenario)
    until = plan.end + _WEEK
    open_at = calendars([hours], zone=zone, begin=plan.begin, end=until)
    days, midnights = local_days(zone, begin=plan.begin, end=until)
    weeks = np.arange(plan.begin, until, _WEEK)
    begins, ends = _cut(open_at.begins, open_at.ends, np.concatenate([midnights, weeks, [plan.end]]))
    day = np.searchsorted(midnights, begins, side="right") - 1
    inside = day >= 0
    begins, ends, day = begins[inside], ends[inside], day[inside]
    length = (ends - begins).astype(np.float64)
    parts = _weights(arrivals, hours, days)[day] * length / np.bincount(day, length)[day]
    last = until if arrivals.weeks else plan.end
    told = (begins >= plan.begin) & (begins < last) & (parts > 0)
    # Nobody may come for as long as is looked at: over a weekend, or in a month of holidays.
    if not told.any() and not _ever(arrivals, hours):
        raise BadValue("no prospect can ever come in: no hour of any day has a weight above zero")
    return begins[told], ends[told], parts[told]


def _ever(arrivals: Arrivals, hours: Hours) -> bool:
    return any(arrivals.weekdays.get(day, 1.0) > 0 for day, open_ in hours.days.items() if open_) and any(
        arrivals.months.get(month, 1.0) > 0 for month in range(1, 13)
    )


def _hours(scenario: Scenario) -> Hours:
    name = scenario.arrivals.hours
    if not name:
        return Hours(_ALL_DAY, {weekday: ((time(), time()),) for weekday in range(7)})
    found = next((each for each in scenario.hours if each.id == name), None)
    if found is None:
        hint = did_you_mean(name, (each.id for each in scenario.hours))
        raise UnknownName(f"the scenario has no hours '{name}'", hint=hint)
    return found


def _weights(arrivals: Arrivals, hours: Hours, days: Ints) -> Floats:
    """The part of a usual week that comes on each day."""
    has = [float(bool(hours.days.get(weekday))) * arrivals.weekdays.get(weekday, 1.0) for weekday in range(7)]
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    by_month = np.array([arrivals.months.get(month, 1.0) for month in range(1, 13)])
    found: Floats = np.array(has)[(days + 3) % 7] / max(sum(has), 1e-300) * by_month[months]
    return found


def _cut(begins: Ints, ends: Ints, cuts: Ints) -> tuple[Ints, Ints]:
    """The stretches in pieces, none of which goes over a cut."""
    points = np.unique(np.concatenate([begins, ends, cuts]))
    since, until = points[:-1], points[1:]
    at = np.searchsorted(begins, since, side="right") - 1
    inside = (at >= 0) & (since < ends[np.maximum(at, 0)])
    return since[inside], until[inside]


def _by_weeks(begins: Ints, parts: Floats, *, begin: int) -> tuple[Ints, Ints]:
    """Where each stretch lies in its week, counted in weeks by the parts of it."""
    week = (begins - begin) // _WEEK
    whole = np.bincount(week, parts)[week]
    added = np.cumsum(parts)
    before = np.concatenate([[0.0], added])[np.searchsorted(week, week, side="left")]
    high = week * UNIT + np.rint((added - before) / whole * UNIT).astype(np.int64)
    is_first = np.append(True, week[1:] != week[:-1])
    return np.where(is_first, week * UNIT, np.append(0, high[:-1])), high
