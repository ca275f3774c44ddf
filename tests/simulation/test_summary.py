"""The log of a run to its figures, held against counting by hand."""

from __future__ import annotations

import numpy as np

from engine.simulation.engines.heap import play
from engine.simulation.log import Log
from engine.simulation.plan import NEVER, NONE
from engine.simulation.results.outcome import WEEK
from engine.simulation.results.pools_used import available, own_seconds, used
from engine.simulation.results.summary import summary_of
from tests.simulation.worlds import Job, Pool, cast, end, exponential, plan, stage, to

HOUR = 3_600
DAY = 24 * HOUR
OFFICE = [(day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(120) if day % 7 < 5]
PLAN = plan(
    {
        "new": stage(to("talk", 0.6, exponential(2 * DAY), touch=Job("ae", HOUR)), to("lost", 0.4, DAY)),
        "talk": stage(to("won", 0.5, exponential(9 * DAY)), to("new", 0.5, HOUR), work=Job("ae", (HOUR, 4 * HOUR))),
        "won": end("won"),
        "lost": end("lost"),
    },
    pools={"ae": Pool(2, "office")},
    hours={"office": OFFICE},
    until=9 * WEEK + DAY,
)
CAST = cast(
    PLAN,
    sorted(np.random.default_rng(5).integers(0, 9 * WEEK, 300).tolist()),
    open_deals=[(1, -3 * DAY, 2, 4 * DAY), (0, -DAY, 1, DAY)],
)
LOG = play(PLAN, CAST)


def _log(**columns: list[int]) -> Log:
    types = {name: getattr(LOG, name).dtype for name in Log.__slots__}
    return Log(**{name: np.array(columns.get(name, []), kind) for name, kind in types.items()})


def test_every_deal_ended_once_or_is_open() -> None:
    summary, _ = summary_of(PLAN, CAST, LOG)

    assert summary.ended.shape == (3, 2, 10)
    assert int(summary.ended.sum() + summary.open.sum()) == CAST.size
    assert int(summary.came.sum()) == 300
    assert summary.standing.sum() == summary.open.sum()


def test_deals_open_at_the_start_are_told_apart() -> None:
    summary, _ = summary_of(PLAN, CAST, LOG)

    assert summary.ended[:, 0].sum() + summary.open[0] == 2
    assert summary.ended[1, 0, 0] == 1


def test_attempts_are_what_moved_and_what_was_refused() -> None:
    summary, _ = summary_of(PLAN, CAST, LOG)

    assert summary.moved.sum() == int((LOG.left != NONE).sum())
    assert summary.moved.sum() == summary.left.sum()


def test_dwell_is_of_visits_that_began_in_the_simulation() -> None:
    _, tally = summary_of(PLAN, CAST, LOG)

    assert sum(tally.dwell.count(0)) + sum(tally.dwell.count(1)) == LOG.deal.size - 2


def test_a_deal_that_was_opened_again_ended_where_it_ends_last() -> None:
    log = _log(deal=[0, 0, 0], stage=[0, 3, 0], entered=[0, 50, 60], left=[50, 60, 70], way=[1, 1, 0])

    summary, _ = summary_of(PLAN, cast(PLAN, [0]), log)

    assert summary.ended.sum() == 0
    assert summary.open.tolist() == [0, 1]


def test_work_takes_hours_of_its_own_and_no_others() -> None:
    # From 16:00 to 10:00 the next morning are two hours of work.
    log = _log(
        work_deal=[0, 1],
        work_stage=[0, 1],
        work_phase=[1, 1],
        work_person=[0, NONE],
        asked=[15 * HOUR, 15 * HOUR],
        begun=[16 * HOUR, NEVER],
        done=[34 * HOUR, NEVER],
    )

    found = used(PLAN, log)

    assert found.worked.tolist() == [2 * HOUR]
    assert found.waited.tolist() == [HOUR + PLAN.end - 15 * HOUR]
    assert found.waiting.tolist() == [1]
    assert found.longest.tolist() == [2]
    assert found.waited_in.sum() == found.waited.sum()


def test_work_that_was_called_off_waited_until_then() -> None:
    log = _log(
        work_deal=[0], work_stage=[0], work_phase=[1], work_person=[NONE], asked=[HOUR], begun=[NEVER], done=[3 * HOUR]
    )

    found = used(PLAN, log)

    assert found.waited.tolist() == [2 * HOUR]
    assert found.waiting.tolist() == [0]


def test_people_have_the_hours_of_their_calendar() -> None:
    assert available(PLAN).tolist() == [2 * 8 * HOUR * 5 * 9 + 2 * 8 * HOUR]
    assert own_seconds(PLAN.calendars, 0, np.array([0, 9 * HOUR, 10 * HOUR, 20 * HOUR])).tolist() == [
        0,
        0,
        HOUR,
        8 * HOUR,
    ]


def test_people_never_work_more_than_they_are_there() -> None:
    found = used(PLAN, LOG)

    assert 0 < found.worked[0] <= available(PLAN)[0]
    assert found.begun[0] <= found.asked[0]
