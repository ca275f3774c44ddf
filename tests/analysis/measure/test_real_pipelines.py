"""The pipeline of real deals: what was to be expected of those open one day, beside what became of them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from engine.analysis.journeys import OPEN, WON
from engine.analysis.measure.built_in.chances import chances
from engine.analysis.measure.built_in.pipeline import pipeline
from engine.model.map import Map, Shape
from engine.tables.coded import cells
from tests.analysis.measure.piped import figures, rows, seen, told_until
from tests.analysis.test_real_deals import OF_XES, ZONED, export

DAY = datetime(2012, 2, 1, tzinfo=UTC)
LINE = ("SUBMITTED", "PARTLYSUBMITTED", "PREACCEPTED", "ACCEPTED", "FINALIZED", "APPROVED", "DECLINED", "CANCELLED")
LOANS = Map(
    "bpic2012",
    "",
    Shape.EVENTS,
    *OF_XES,
    {f"A_{each}": each.lower() for each in LINE},
    happened="time:timestamp",
    dates=ZONED,
    ends={"approved": "won", "declined": "lost", "cancelled": "other"},
    leave_out=("W_*", "O_*", "A_REGISTERED", "A_ACTIVATED"),
)


@pytest.fixture(scope="module")
def loans():
    """All that the log tells, and what it told on that day."""
    found = export("bpic2012/bpic2012.xes.gz", LOANS)
    return seen(found.tables(), found.process), seen(told_until(found, DAY), found.process, until=DAY)


def test_as_many_open_deals_are_won_later_as_was_to_be_expected(loans):
    whole, then = loans
    expected = sum(each["chance"].value * each["deals"] for each in rows(pipeline(then)) if each["chance"])
    later = dict(zip(cells(whole.told.tables.deals, "deal", whole.told.rows), whole.told.outcome, strict=True))
    still_open = cells(then.told.tables.deals, "deal", then.told.rows[then.told.outcome == OPEN])
    won = sum(later[deal] == WON for deal in still_open)
    assert len(still_open) == 853
    assert abs(expected - won) < 0.05 * won
    # A chance that does not mind for how long they have stood there already expects far too many.
    fresh = {each["stage"]: each["won_share"].value for each in rows(chances(then))}
    too_many = sum(fresh[each["stage"]] * each["deals"] for each in rows(pipeline(then)) if each["stage"] in fresh)
    assert too_many - won > 0.2 * won


def test_the_chance_of_a_win_is_what_was_counted_in_the_whole_log(loans):
    whole, _ = loans
    (first,) = (each for each in rows(chances(whole)) if each["stage"] == "A_SUBMITTED")
    assert figures(first, "deals", "won", "open") == [13_087, 2_246, 399]
    assert np.isclose(first["won_share"].value, 2_246 / (13_087 - 399), atol=0.01)
