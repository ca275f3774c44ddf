"""Visits of several tracks, and of ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.simulation.log import Log
from engine.simulation.logged.visits import visits_of
from engine.simulation.plan import NONE
from engine.simulation.results.summary import summary_of
from tests.simulation.worlds import cast, end, plan, stage, to

PLAN = replace(
    plan(
        {
            "new": stage(to("won", 1.0, 60)),
            "won": end("won"),
            "waiting": stage(to("signed", 1.0, 60)),
            "signed": stage(),
        },
        until=1_000,
    ),
    stages=(("main", "new"), ("main", "won"), ("legal", "waiting"), ("legal", "signed")),
    firsts=(0, 2),
)


def _log(rows: list[tuple[int, int, int, int, int]]) -> Log:
    types = dict.fromkeys(Log.__slots__, np.int64) | {"refused_denied": np.bool_}
    told = zip(("deal", "stage", "entered", "left", "way"), zip(*rows, strict=True), strict=True)
    columns = {name: np.array(column) for name, column in told}
    return Log(**{name: columns.get(name, np.zeros(0, kind)) for name, kind in types.items()})


# Two deals begin in both tracks; the first is signed and then won, the second stays.
LOG = _log([(0, 0, 0, 90, 0), (0, 2, 0, 50, 1), (0, 3, 50, NONE, NONE), (1, 0, 10, NONE, NONE), (1, 2, 10, NONE, NONE)])


def test_an_end_is_a_visit_and_a_side_track_begins_with_its_first_move() -> None:
    found = visits_of(PLAN, LOG)
    rows = zip(found.deal, found.seq, found.before, found.stage, found.entered, found.left, found.way, strict=True)

    assert [tuple(map(int, row)) for row in rows] == [
        (0, 1, NONE, 0, 0, 90, NONE),
        (0, 2, 2, 3, 50, NONE, 1),
        (0, 3, 0, 1, 90, NONE, 0),
        (1, 1, NONE, 0, 10, NONE, NONE),
    ]


def test_nothing_stands_in_the_side_tracks_of_a_deal_that_has_ended() -> None:
    summary, tally = summary_of(PLAN, cast(PLAN, [0, 10]), LOG)

    assert summary.standing.tolist() == [1, 0, 1, 0]
    assert summary.ended[0].sum() == 1
    assert tally.dwell.count(3) == (0, 1)
    assert abs(tally.dwell.longest(3) - 40) < 1


def test_of_nothing_there_are_no_visits() -> None:
    empty = Log(*(getattr(LOG, name)[:0] for name in Log.__slots__))

    assert visits_of(PLAN, empty).deal.size == 0
