"""Days before the first contact in a stage, and after it, of deals told in a line."""

import pytest

from engine.analysis.accelerate.idle import idle
from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from tests.analysis.telling import SALE, day, many, rows, tables


def found(*deals, **asked):
    return idle(journeys(tables(*deals), SALE, asked=Asked(every_version=True, **asked)))


def test_days_before_the_first_contact_are_summed_up_and_what_came_after_is_told():
    its = found(*many(6, "new 0, demo 10, won 12", touches="call 4, call 7"))
    assert rows(its, "stage", "touchpoint", "deals", "total_days") == [("new", "call", 6, 24.0)]
    share, half, on = rows(its, "share", "p50_days", "on_p50_days")[0]
    assert (share.value, half.value, on.value) == (1.0, 4.0, 6.0)


def test_a_contact_by_which_a_deal_moves_on_belongs_to_the_stage_it_leaves():
    its = found(*many(6, "new 0, demo 10, won 12", touches="call 10 new"))
    assert rows(its, "stage", "total_days") == [("new", 60.0)]
    assert rows(its, "on_p50_days")[0][0].value == 0.0


def test_visits_without_a_contact_compete_and_open_ones_are_open():
    called, left, waiting = (
        many(10, "new 0, demo 9", "a", touches="call 3"),
        many(10, "new 0, lost 2", "b"),
        many(10, "new 0", "c"),
    )
    its = found(*called, *left, *waiting, as_of=day(20))
    (share, half) = rows(its, "share", "p50_days")[0]
    assert share.value == pytest.approx(1 / 3)
    assert half.value == 3.0


def test_of_several_kinds_any_is_told_beside_them_and_the_longest_idle_first():
    its = found(*many(8, "new 0, demo 10", touches="email 2, call 6"))
    assert rows(its, "touchpoint", "total_days") == [("call", 48.0), ("any", 16.0), ("email", 16.0)]


def test_hardly_any_contact_and_none_make_no_row():
    assert found(*many(4, "new 0, demo 10", touches="call 6")).rows == ()
    assert found(*many(4, "new 0")).empty.startswith("No touchpoint is told of, or too few: ")
