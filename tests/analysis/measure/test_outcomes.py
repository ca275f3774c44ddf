"""Won, lost, ended otherwise, open: whatever deals there are, they are counted once."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given as any_of
from hypothesis import settings

from engine.analysis.measure.built_in.outcomes import outcomes
from engine.model.errors import BadValue
from engine.model.study import Estimate
from tests.analysis.measure.counting import Asked, deal, deals, found, given, seen
from tests.analysis.telling import SALE, section


def test_values_are_exact_and_means_have_an_interval():
    study = given(
        deal("A", "new 0, won 1", amount=10**17 + 1),
        deal("B", "new 0, won 1", amount=10**17 + 2),
        deal("C", "new 0, won 1"),
        deal("D", "new 0, lost 1", amount=0),
        deal("E", "new 0, gone 1", amount=-5),
    )
    rows = {row[0]: row[1:] for row in section(study, "outcomes").rows}
    assert rows["won"][0:3:2] == (3, Decimal(2 * 10**17 + 3))
    assert rows["won"][3].value == pytest.approx(10**17)
    assert rows["lost"][3] == Estimate(0.0, None, None)
    assert (rows["ended otherwise"][2], rows["open"]) == (Decimal(-5), (0, None, 0, None))
    assert section(study, "outcomes").notes == ("Without a value, and so in no sum and no mean: 1 deal.",)


def test_without_a_closed_deal_there_is_no_win_rate():
    study = given(deal("A", "new 0"), deal("B", "new 0, gone 4"))
    assert [row["share"] for row in found(study, "outcomes").values()] == [None, None, None, None]
    assert study.says == ("None of 2 deals was won or lost yet.",)


def test_of_no_deal_nothing_is_measured():
    with pytest.raises(BadValue, match="there is no deal to look at"):
        given()


@settings(max_examples=60, deadline=None)
@any_of(deals)
def test_outcomes_add_up(made):
    view = seen(*made)
    mask = np.arange(view.told.count) % 2 == 0
    whole, one, rest = (outcomes(each).rows for each in (view, view.of(mask), view.of(~mask)))
    assert sum(row[1] for row in whole) == view.told.count
    for row, left, right in zip(whole, one, rest, strict=True):
        assert row[1] == left[1] + right[1]
        assert (row[3] or 0) == (left[3] or 0) + (right[3] or 0)


def test_the_example_process_is_that_of_other_tests():
    assert (SALE.currency, Asked().within) == ("EUR", ())
