"""Time in each stage: hand-worked, skips as no time, open visits as open."""

from engine.analysis.measure.built_in.dwell import dwell, dwell_with_skips
from engine.model.study import Estimate
from tests.analysis.measure.looking import looked_at, values
from tests.analysis.telling import day, deal, many, rows

FEW = (
    deal("A", "new 0, demo 2, new 3, lost 7"),
    deal("B", "new 0, offer 6, won 8"),
    deal("C", "new 1, gone"),
    deal("D", "new 4"),
)


def test_a_stage_is_left_any_way_and_what_was_gone_over_is_counted():
    found = dwell(looked_at(*FEW))
    # new: 2, 4 and 6 days, one of 4 open; C left nobody knows when.
    assert values(found, "stage", "visits", "open", "skipped", "p50_days") == [
        ("new", 5, 1, 0, 4.0),
        ("demo", 1, 0, 1, 1.0),
        ("offer", 1, 0, 0, 2.0),
    ]
    assert "Left out of the times in stages, for want of dates: 1 visit of 'new'." in found.notes


def test_a_skip_is_a_visit_of_no_time_in_a_table_of_its_own():
    found = dwell_with_skips(looked_at(*FEW))
    assert values(found, "stage", "visits", "skipped", "p50_days", "p90_days", "mean_days")[1] == (
        "demo",
        2,
        1,
        0.0,
        1.0,
        0.5,
    )
    assert dwell_with_skips(looked_at(deal("A", "new 0, demo 2"))).rows == ()


def test_a_stage_that_all_went_over_has_its_row_too():
    seen = looked_at(*many(3, "new 0, offer 2, won 3"))
    assert values(dwell(seen), "stage", "visits", "skipped", "p50_days")[1] == ("demo", 0, 3, None)
    assert values(dwell_with_skips(seen), "stage", "visits", "p50_days", "mean_days")[1] == ("demo", 3, 0.0, 0.0)


def test_skips_before_since_are_no_visits():
    deals = (deal("A", "new 0, offer 2, won 9"), deal("B", "new 0, offer 6, won 9"), deal("C", "new 0, demo 6, won 9"))
    found = dwell_with_skips(looked_at(*deals, since=day(4)))
    assert values(found, "stage", "skipped", "mean_days")[1] == ("demo", 2, 1.5)


def test_the_mean_is_within_the_follow_up_where_some_are_open_and_says_so():
    found = dwell(
        looked_at(deal("A", "new 0, demo 4"), deal("B", "new 0, demo 8"), deal("C", "new 0"), deal("D", "new 10"))
    )
    # Half end at 4 and 8 (D is not watched at all); one goes on, watched for 10 days.
    assert values(found, "mean_days", "mean_up_to_days")[0] == (round((4 + 8 + 10) / 3, 9), 10.0)
    assert any("Nobody knows how much longer" in each for each in found.notes)
    over = dwell(looked_at(deal("A", "new 0, demo 4, won 5"), deal("B", "new 0, demo 8, won 9")))
    assert values(over, "mean_days", "mean_up_to_days")[0] == (6.0, None)
    assert not any("Nobody knows how much longer" in each for each in over.notes)


def test_what_nobody_left_has_no_mean_and_a_quantile_that_was_not_reached():
    ((half, mean), *_) = rows(dwell(looked_at(*many(4, "new 0"), deal("Z", "new 12"))), "p50_days", "mean_days")
    assert (half, mean) == (Estimate(None, beyond=12.0), None)


def test_no_deals_have_a_sentence():
    seen = looked_at(deal("A", "new 0"))
    for measure in (dwell, dwell_with_skips):
        assert (measure(seen.of(seen.told.outcome > 0)).rows, bool(measure(seen).empty)) == ((), True)
