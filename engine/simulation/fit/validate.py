"""A fit put to the test: fitted to the earlier part of history, it forecasts the later one, which is then counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from engine.machine.compile import Machine, compile_process
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.study import Heading, Section, Unit
from engine.numerics.watching import Floats, Ints
from engine.simulation.fit.facts import prospects
from engine.simulation.fit.fit import fit
from engine.simulation.fit.open import open_deals
from engine.simulation.fit.people import staffed as learnt_staff
from engine.simulation.fit.reading import seen_in
from engine.simulation.fit.seen import Seen, Staffed, seconds
from engine.simulation.results.outcome import ENDS, WEEK, Outcome, Setup
from engine.simulation.run import OnRun, simulate
from engine.tables.build import Tables
from engine.tables.coded import NEVER
from engine.tables.until import until

RUNS = 200
LEAST_WEEKS = 4
_MOST_WEEKS = 13
_FAR = 2.0
_HELD = 0.65
_DAY = 86_400

_WEEKS = (
    Heading("what", "what"),
    Heading("counted", "counted", Unit.COUNT),
    Heading("p10", "P10", Unit.NUMBER),
    Heading("p50", "P50", Unit.NUMBER),
    Heading("p90", "P90", Unit.NUMBER),
    Heading("weeks", "weeks", Unit.COUNT),
    Heading("covered", "weeks within P10-P90", Unit.SHARE),
    Heading("crps", "CRPS a week", Unit.NUMBER),
    Heading("naive", "of past weeks", Unit.NUMBER),
    Heading("better", "better by", Unit.SHARE),
)
_DWELL = (
    Heading("stage", "stage"),
    Heading("left", "visits left", Unit.COUNT),
    Heading("forecast", "forecast", Unit.NUMBER),
    Heading("dwell", "mean", Unit.DAYS),
    Heading("p10", "P10 of runs", Unit.DAYS),
    Heading("p50", "P50", Unit.DAYS),
    Heading("p90", "P90", Unit.DAYS),
)


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """How one count did, week by week. ``runs`` (runs × weeks) are forecast, ``counted`` (weeks) came.

    ``before`` are the counts of the weeks before, which as they stand are the naive forecast.
    """

    what: str
    runs: Ints
    counted: Ints
    before: Ints

    @property
    def covered(self) -> float:
        """The share of weeks within P10 and P90 of the runs."""
        low, high = np.quantile(self.runs, [0.1, 0.9], axis=0)
        return float(((self.counted >= np.floor(low)) & (self.counted <= np.ceil(high))).mean())

    @property
    def crps(self) -> float:
        """The mean continuous ranked probability score a week: 0 is perfect (Gneiting and Raftery 2007)."""
        return float(np.mean([crps(self.runs[:, week], int(came)) for week, came in enumerate(self.counted)]))

    @property
    def naive(self) -> float:
        """The same of the naive forecast."""
        return float(np.mean([crps(self.before, int(came)) for came in self.counted])) if len(self.before) else np.nan

    @property
    def whole(self) -> tuple[float, float, float]:
        """P10, P50 and P90 of the sum of all weeks."""
        low, half, high = np.quantile(self.runs.sum(axis=1), [0.1, 0.5, 0.9]).tolist()
        return low, half, high

    @property
    def is_far_off(self) -> bool:
        """Whether the sum lies twice as far from P50 as P10 or P90: one in five lies beyond these by chance."""
        low, half, high = self.whole
        came = float(self.counted.sum())
        return bool(came < half - _FAR * max(half - low, 1.0) or came > half + _FAR * max(high - half, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """How a fit did on what it was not fitted to, from ``begin`` for so many ``weeks``."""

    begin: datetime
    weeks: int
    scores: tuple[Score, ...]
    sections: tuple[Section, ...]
    says: tuple[str, ...]


def crps(forecast: Ints, came: int) -> float:
    """The continuous ranked probability score of a forecast by equally likely values."""
    values = np.sort(forecast.astype(np.float64))
    count = len(values)
    apart = float((values * (2 * np.arange(count) - count + 1)).sum()) / count**2
    return float(np.abs(values - came).mean()) - apart


def put_to_test(
    tables: Tables,
    process: Process,
    machine: Machine | None = None,
    *,
    as_of: datetime,
    since: datetime | None = None,
    horizon: timedelta | None = None,
    staffed: Callable[[Seen], Staffed] = learnt_staff,
    seed: int = 1,
    runs: int = RUNS,
    engine: str = "",
    on_run: OnRun | None = None,
) -> Tested:
    """Fits the deals as they stood ``horizon`` before ``as_of`` and forecasts from there; one seed, one score.

    ``None``: the last quarter of history, at most 13 weeks. Raises ``BadValue`` where history is too short for it.
    """
    machine = machine or compile_process(process)
    whole = seen_in(tables, process, as_of=as_of, since=since)
    weeks = _weeks(whole, horizon)
    begin = as_of - timedelta(weeks=weeks)
    ends = {stage.id: stage.ends for stage in process.main.stages if stage.ends}
    early = until(tables, begin, ends=ends)
    fitted = fit(early, process, machine, as_of=begin, since=since, horizon=timedelta(weeks=weeks), staffed=staffed)
    then = seen_in(early, process, as_of=begin, since=since)
    deals = open_deals(then, prospects(then, machine).past)
    setup = Setup(replace(fitted.scenario, start=None), machine, begin, deals)
    outcome = simulate(setup, runs=runs, seed=seed, engine=engine, on_run=on_run)
    scores = tuple(_scores(outcome, whole, seconds(begin), weeks))
    sections = (_weekly(scores), _dwells(outcome, whole, seconds(begin)))
    return Tested(begin, weeks, scores, sections, tuple(_says(scores, begin, weeks, len(deals))))


def _weeks(seen: Seen, horizon: timedelta | None) -> int:
    started = seen.started[seen.started != NEVER]
    first = max(int(started.min()), seen.since) if len(started) else seen.until
    history = (seen.until - first) // WEEK
    weeks = horizon // timedelta(weeks=1) if horizon else min(_MOST_WEEKS, history // 4)
    if weeks < 1 or history - weeks < LEAST_WEEKS:
        raise BadValue(
            f"history of {history} {'week' if history == 1 else 'weeks'} is too short to test a fit of it",
            hint=f"it takes {LEAST_WEEKS} weeks and as many again as are forecast; without --validate it can be fitted",
        )
    return weeks


def _scores(outcome: Outcome, whole: Seen, begin: int, weeks: int) -> Iterator[Score]:
    """Deals won, lost and ended otherwise, and prospects that came, by week."""
    kinds = {each.id: each.ends for each in whole.process.main.stages}
    main = whole.main
    last = np.append(main.deal[1:] != main.deal[:-1], True)[: len(main.deal)]
    closed = np.array([kinds.get(each, "") for each in main.stages], object)[main.stage]
    back = min(2 * weeks, _MOST_WEEKS)
    for place, kind in enumerate(ENDS):
        rows = last & (closed == kind) & (main.entered != NEVER)
        if kind == "other" and not rows.any():
            continue
        runs = np.stack([each.ended[place].sum(axis=0) for each in outcome.summaries])[:, :weeks]
        yield Score(kind, runs, _by_week(main.entered[rows], begin, weeks), _before(main.entered[rows], begin, back))
    started = whole.started[whole.started != NEVER]
    came = np.stack([each.came for each in outcome.summaries])[:, :weeks]
    yield Score("prospects", came, _by_week(started, begin, weeks), _before(started, begin, back))


def _by_week(times: Ints, begin: int, weeks: int) -> Ints:
    inside = times[(times >= begin) & (times < begin + weeks * WEEK)]
    found: Ints = np.bincount((inside - begin) // WEEK, minlength=weeks).astype(np.int64)
    return found


def _before(times: Ints, begin: int, weeks: int) -> Ints:
    return _by_week(times, begin - weeks * WEEK, weeks)


def _weekly(scores: tuple[Score, ...]) -> Section:
    rows = []
    for each in scores:
        low, half, high = each.whole
        better = 1 - each.crps / each.naive if each.naive > 0 else None
        counts = (each.what, int(each.counted.sum()), low, half, high)
        rows.append((*counts, len(each.counted), each.covered, each.crps, each.naive, better))
    return Section(
        "test",
        "How it forecast what came",
        _WEEKS,
        tuple(rows),
        notes=(
            "counted: what came in all weeks, beside P10, P50 and P90 of what was forecast for them together.",
            "CRPS: how far a week's forecast lay from what came; beside it that of past weeks as they were.",
        ),
    )


def _dwells(outcome: Outcome, whole: Seen, begin: int) -> Section:
    """How long visits had lasted that were left in the test, beside what was forecast."""
    main, rows = whole.main, []
    for number, (track, stage) in enumerate(outcome.plan.stages):
        if track != main.track or outcome.plan.ends[number] or stage not in main.stages:
            continue
        its = main.dated & (main.stage == main.stages.index(stage)) & (main.left != NEVER) & (main.left >= begin)
        left = np.array([each.left[number] for each in outcome.summaries], np.float64)
        dwell = np.array([each.dwell[number] for each in outcome.summaries], np.float64)
        if not its.any() or not left.all():
            continue
        days: Floats = dwell / left / _DAY
        mean = float((main.left[its] - main.entered[its]).mean()) / _DAY
        rows.append((stage, int(its.sum()), float(np.median(left)), mean, *np.quantile(days, [0.1, 0.5, 0.9]).tolist()))
    return Section("test-dwell", "How long visits lasted", _DWELL, tuple(rows), empty="no visit was left in the test")


def _says(scores: tuple[Score, ...], begin: datetime, weeks: int, deals: int) -> Iterator[str]:
    won = next(each for each in scores if each.what == "won")
    low, _, high = won.whole
    span = "1 week" if weeks == 1 else f"{weeks} weeks"
    came = int(won.counted.sum())
    yield (
        f"Tested on the {span} from {begin:%Y-%m-%d}, fitted to what was known then, with {deals:,} deals open: "
        f"{came:,} were won, where {low:,.0f} to {high:,.0f} were forecast (P10 to P90)."
    )
    yield _trust(scores)


def _trust(scores: tuple[Score, ...]) -> str:
    """In one sentence how far it can be trusted."""
    counted = [each for each in scores if each.what in ("won", "lost")]
    covered = float(np.mean([each.covered for each in counted]))
    missed = " and ".join(each.what for each in counted if each.is_far_off)
    came = next(each for each in scores if each.what == "prospects")
    weeks = f"the ranges of single weeks held {covered:.0%} of them, where 80% should be"
    if not missed and covered >= _HELD:
        return f"It can be trusted about so far ahead: no sum lay far off, and {weeks}."
    if not missed:
        return f"Trust its sums, but not its weeks: no sum lay far off, but {weeks}."
    if came.is_far_off:
        more = "more" if came.counted.sum() > came.whole[1] else "fewer"
        return (
            f"Trust its shares and times more than its sums: {more} prospects came than before, {missed} lay far off."
        )
    return f"Do not rely on its sums: {missed} lay far off what was forecast, and {weeks}."
