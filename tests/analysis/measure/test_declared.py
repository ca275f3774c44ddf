"""What a process declares to be measured, held to figures worked by hand and to laws."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.declared.declared import declared
from engine.analysis.measure.measure import measure, viewed
from engine.analysis.measure.periods import Every
from engine.history.entries import fact_types, tables_of
from engine.model.entry import Entry
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.study import Estimate, Section
from engine.numerics.intervals import ratio, wilson
from tests.analysis.entered import START, deal
from tests.analysis.measure.declaring import process_of

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
HEAD = """\
touchpoints: [call, email]
facts:
  amount: {type: money}
  kind: {type: choice, of: [new, renewal], title: New or a renewal}
  agreed_on: {type: date, title: Agreed}
  trial: {type: duration, title: Length of the trial}
stages:
  lead: {probability: 10%}
  demo: {probability: 40%}
  offer: {probability: 60%}
  won: {ends: won}
  lost: {ends: lost}
  gone: {ends: other}
actions:
  show: {from: lead, to: demo}
  bid: {from: demo, to: offer}
  sign: {from: open, to: won}
  lose: {from: open, to: [lost, gone]}
"""


def selling(metrics: str) -> Process:
    lines = "".join(f"  {line}\n" for line in metrics.strip().split("\n"))
    return process_of(f"{HEAD}metrics:\n{lines}")


def looked_at(process: Process, *deals: list[Entry], **asked: Any) -> list[Section]:
    tables = tables_of((entry for each in deals for entry in each), fact_types([process]))
    seen = viewed(tables, process, Asked(as_of=asked.pop("as_of", AS_OF), **asked))
    return [each.of(seen) for each in declared(seen)]


def told(section: Section) -> dict[str, dict[str, Any]]:
    """The rows by their names, without what is empty."""
    names = [heading.id for heading in section.headings]
    rows = [dict(zip(names, row, strict=True)) for row in section.rows]
    keys = ("metric", "period") if "period" in names else ("metric",)
    return {
        " ".join(str(row[key]) for key in keys): {name: value for name, value in row.items() if value not in (None, "")}
        for row in rows
    }


def value(found: dict[str, Any]) -> Any:
    its = next(found[name] for name in ("share", "days", "amount", "number", "count") if name in found)
    return its.value if isinstance(its, Estimate) else its


DEALS = (
    deal("A", "lead", "demo", "@call", "offer", "won", amount=100),  # 4 days
    deal("B", "lead", "demo", "lost", amount=50),
    deal("C", "lead", "lost"),
    deal("D", "lead", "gone"),
    deal("E", "lead", "@email", "demo", amount=1000),
    deal("F", "lead", {"kind": "renewal"}, "won", amount=7),
)


@pytest.mark.parametrize(
    ("metric", "expected", "deals", "of", "unknown"),
    [
        ("{type: count, of: won}", 2, 2, 6, 0),
        ("{type: count, of: closed}", 4, 4, 6, 0),
        ("{type: count, of: other}", 1, 1, 6, 0),
        ("{type: count, of: started, where: amount > 60}", 2, 2, 6, 2),
        ('{type: count, where: reached("demo")}', 4, 4, 6, 0),
        ('{type: count, of: won, where: kind != "renewal"}', 0, 0, 6, 1),
        ("{type: sum, of: amount, where: won}", Decimal(107), 2, 2, 0),
        ("{type: sum, of: amount, where: lost}", Decimal(50), 1, 2, 1),
        ("{type: sum, of: amount * probability, where: open}", Decimal(400), 1, 1, 0),
        ("{type: ratio, numerator: won, denominator: closed}", 0.5, 2, 4, 0),
        ('{type: ratio, numerator: won, denominator: closed, where: reached("demo")}', 2 / 3, 2, 3, 0),
        ('{type: ratio, numerator: reached("demo"), denominator: started}', 4 / 6, 4, 6, 0),
        # Of three one is lost after a day; of the two left one is won after three.
        ("{type: conversion, from: demo, to: won}", 1 / 3, 1, 3, 0),
        ("{type: conversion, from: lead, to: demo}", 4 / 6, 4, 6, 0),
        ("{type: conversion, from: {reached: demo}, to: won, within: 9d}", 1 / 3, 1, 3, 0),
        ("{type: conversion, from: demo, to: won, within: 2d}", 0.0, 0, 3, 0),
    ],
)
def test_a_measure_is_what_it_says(metric: str, expected: Any, deals: int, of: int, unknown: int) -> None:
    (section,) = looked_at(selling(f"m: {metric}"), *DEALS)
    found = told(section)["m"]
    assert value(found) == pytest.approx(expected)
    assert (found["deals"], found["of"], found["unknown"]) == (deals, of, unknown)


@pytest.mark.parametrize(
    ("metric", "expected", "deals", "of"),
    [
        # B 1 day, C 1 day, A 4 days from start, F 2 days: half of the won and lost within 2 days.
        ("{type: elapsed, from: started, to: closed, stats: [p50]}", 2, 4, 6),
        ("{type: elapsed, from: started, to: {stage: won}, stats: [mean]}", 3, 2, 6),
        ("{type: elapsed, from: {reached: demo}, to: {stage: won}, stats: [mean]}", 3, 1, 3),
        ("{type: elapsed, from: {stage: [demo, offer]}, to: closed, stats: [p50]}", 3, 2, 3),
        ("{type: elapsed, from: started, to: {touchpoint: [call, email]}, stats: [mean]}", 1.5, 2, 6),
        ("{type: dwell, stage: lead, stats: [mean]}", 8 / 6, 6, 6),
    ],
)
def test_a_time_is_of_the_deals_that_come_there(metric: str, expected: float, deals: int, of: int) -> None:
    (section,) = looked_at(selling(f"m: {metric}"), *DEALS)
    ((name, found),) = told(section).items()
    assert name.startswith("m.")
    assert found["days"].value == pytest.approx(expected)
    assert (found["deals"], found["of"]) == (deals, of)


def test_a_stay_in_several_stages_ends_when_the_last_of_them_is_left() -> None:
    process = selling("m: {type: dwell, stage: [demo, offer], stats: [mean]}")
    (section,) = looked_at(process, deal("A", "lead", "demo", "offer", "demo", "won"), deal("B", "demo", "lost"))
    assert told(section)["m.mean"]["days"].value == pytest.approx(2.0)
    assert (told(section)["m.mean"]["deals"], told(section)["m.mean"]["of"]) == (2, 2)


def test_the_second_moment_is_the_first_one_behind_the_first() -> None:
    process = selling("m: {type: elapsed, from: {stage: demo}, to: {touchpoint: call}, stats: [mean]}")
    (section,) = looked_at(process, deal("A", "lead", "@call", "demo", "@email", "@call", "@call", "won"))
    assert told(section)["m.mean"]["days"].value == pytest.approx(2.0)


def test_a_date_without_an_hour_is_reckoned_in_whole_local_days() -> None:
    process = selling("m: {type: elapsed, from: {fact: agreed_on}, to: closed, stats: [mean]}")
    on = START.date().replace(day=2)
    (section,) = looked_at(process, deal("A", "lead", {"agreed_on": on}, "demo", "offer", "won"))
    assert told(section)["m.mean"]["days"].value == pytest.approx(3.0)


def test_what_came_in_another_order_is_left_out_and_said() -> None:
    process = selling("m: {type: elapsed, from: {stage: offer}, to: {reached: demo}, stats: [mean]}")
    (section,) = looked_at(process, deal("A", "lead", "demo", "offer", "won"))
    assert told(section)["m.mean"]["of"] == 0
    assert any("left out" in note for note in section.notes)


def test_a_time_beyond_the_follow_up_has_no_figure_and_a_reason() -> None:
    process = selling("m: {type: conversion, from: lead, to: won, within: 365d}")
    (section,) = looked_at(process, *DEALS)
    assert "share" not in told(section)["m"]
    assert "m: 365 days reach beyond the follow-up of 151.0 days." in section.notes


def test_a_win_rate_is_of_each_period_and_the_periods_make_the_whole() -> None:
    process = selling("m: {type: ratio, numerator: won, denominator: closed, by: closed_at}")
    whole, by_period = looked_at(process, *DEALS, every=Every.DAY)
    periods = told(by_period)
    assert told(whole)["m"]["share"] == Estimate(0.5, *(wilson(2, 4).low, wilson(2, 4).high))
    assert sum(row["of"] for row in periods.values()) == told(whole)["m"]["of"]
    assert (periods["m 2026-01-05"]["deals"], periods["m 2026-01-05"]["of"]) == (1, 1)
    assert "share" not in periods["m 2026-02-01"]


def test_sides_of_two_dates_are_counted_each_in_its_own_period() -> None:
    process = selling(
        "m: {type: ratio, numerator: {count: won, by: closed_at}, denominator: {count: started, by: started_at}}"
    )
    whole, by_period = looked_at(process, *DEALS, every=Every.DAY)
    assert (told(by_period)["m 2026-01-01"]["deals"], told(by_period)["m 2026-01-01"]["of"]) == (0, 6)
    assert told(by_period)["m 2026-01-05"] == {"metric": "m", "period": "2026-01-05", "deals": 1, "of": 0, "unknown": 0}
    assert value(told(whole)["m"]) == pytest.approx(2 / 6)


def test_a_share_of_what_is_no_part_has_the_interval_of_a_ratio() -> None:
    process = selling('m: {type: ratio, numerator: won, denominator: kind == "renewal"}')
    (section,) = looked_at(process, *DEALS, deal("G", "lead", {"kind": "renewal"}))
    band = ratio(np.array([1.0, 0, 0, 0, 0, 1, 0]), np.array([0.0, 0, 0, 0, 0, 1, 1]))
    found = told(section)["m"]["share"]
    assert (found.value, found.low, found.high) == pytest.approx((band.value, band.low, band.high))


DERIVED = """\
wins: {type: count, of: won}
value_won: {type: sum, of: amount, where: won}
rate: {type: ratio, numerator: won, denominator: closed}
open_deals: {type: count, of: open}
cycle: {type: elapsed, from: started, to: closed, stats: [mean]}
spread: {type: elapsed, from: started, to: closed}
mean_value: {type: derived, of: value_won / wins}
velocity: {type: derived, of: open_deals * rate * mean_value / cycle}
lost_rate: {type: derived, of: 1 - rate}
nothing: {type: derived, of: wins / (open_deals - 1)}
half: {type: derived, of: spread.p90 - spread.p50}
"""


def test_what_is_derived_has_the_unit_that_comes_of_it() -> None:
    (section,) = looked_at(selling(DERIVED), *DEALS)
    found = told(section)
    assert found["mean_value"]["amount"].value == pytest.approx(53.5)
    assert found["velocity"]["amount"].value == pytest.approx(1 * 0.5 * 53.5 / found["cycle.mean"]["days"].value)
    assert found["lost_rate"]["share"].value == pytest.approx(0.5)
    assert found["half"]["days"].value == pytest.approx(2.0)
    assert "number" not in found["nothing"]
    assert "nothing: it divides by 0." in section.notes


def test_the_interval_of_a_derived_mean_is_that_of_the_mean() -> None:
    deals = [deal(f"D{number}", "lead", "won", amount=100 + number % 40) for number in range(400)]
    (section,) = looked_at(selling(DERIVED), *deals)
    found = told(section)["mean_value"]["amount"]
    # 1.645 standard errors of the mean; of 20 groups a standard error is itself known to a sixth.
    wide = 1.645 * 11.54 / 20
    assert found.value == pytest.approx(119.5)
    assert 0.5 * wide < found.high - found.value < 1.8 * wide


def test_what_cannot_be_less_than_nothing_has_no_interval_below_it() -> None:
    deals = [
        deal(f"D{number}", "lead", *(["won"] if number else []), amount=100 + number % 40) for number in range(100)
    ]
    (section,) = looked_at(selling(DERIVED + "less: {type: derived, of: open_deals - wins / 99}"), *deals)
    found = told(section)
    # Without the one open deal nothing is in play: the figure may be 0, and an amount less it may not be.
    assert found["velocity"]["amount"].low == 0
    assert found["less"]["number"].low < 0


def test_facts_for_want_of_which_nobody_can_say_are_named() -> None:
    metrics = "a: {type: count, of: started, where: amount > 60}\nb: {type: count, of: won}"
    (section,) = looked_at(selling(metrics), *DEALS)
    assert section.notes[-1] == "Not recorded of all 6 deals: 'amount' (of 4)."
    (section,) = looked_at(selling(metrics), DEALS[0])
    assert not any("recorded of all" in note for note in section.notes)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["demo", "offer", "@call", "lead"]), max_size=4),
            st.sampled_from([(), ("won",), ("lost",), ("gone",)]),
            st.one_of(st.none(), st.integers(-5, 10**9)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_deals_have_sensible_figures_and_groups_of_them_make_the_whole(stories: Any) -> None:
    process = selling(
        DERIVED
        + "came: {type: conversion, from: lead, to: won, within: 5d, by: started_at}\n"
        + "stay: {type: dwell, stage: demo, stats: [mean, p50]}\n"
        + "worth: {type: sum, of: amount, by: started_at}\n"
    )
    deals = [
        deal(f"D{number}", "lead", *happened, *end, amount=amount)
        for number, (happened, end, amount) in enumerate(stories)
    ]
    tables = tables_of((entry for each in deals for entry in each), fact_types([process]))
    seen = viewed(tables, process, Asked(as_of=AS_OF))
    whole, by_period = (each.of(seen) for each in declared(seen))
    some = seen.told.outcome == 1
    groups = [told(declared(seen)[0].of(seen.of(mask))) for mask in (some, ~some) if mask.any()]
    for name in ("wins", "open_deals", "value_won", "worth"):
        assert sum(value(group[name]) for group in groups) == value(told(whole)[name])
    assert sum(value(row) for name, row in told(by_period).items() if name.startswith("worth")) == value(
        told(whole)["worth"]
    )
    for section in (whole, by_period):
        for row in section.rows:
            for figure in row:
                if isinstance(figure, Estimate) and figure.value is not None:
                    assert abs(figure.value) < 1e12
                    assert figure.low is None or figure.low <= figure.value + 1e-9
                    assert figure.high is None or figure.high >= figure.value - 1e-9


def test_only_deals_of_which_a_condition_is_true_are_measured_and_the_others_counted() -> None:
    from engine.loading.filters import which_deals

    process = selling("m: {type: count, of: won}")
    tables = tables_of((entry for each in DEALS for entry in each), fact_types([process]))
    study = measure(tables, process, asked=Asked(as_of=AS_OF, where=which_deals("amount < 500", process)))
    (section,) = (each for each in study.sections if each.id == "metrics")
    assert told(section)["m"]["of"] == 3
    assert "Only deals of which 'amount < 500' is true: 3 of 6 deals." in study.notes
    assert any("of 2 deals nobody can say" in note for note in study.notes)
    with pytest.raises(BadValue, match="there is no deal of which 'amount > 5000' is true"):
        measure(tables, process, asked=Asked(as_of=AS_OF, where=which_deals("amount > 5000", process)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("amont > 3", "unknown fact 'amont'"),
        ("amount >", "it ends here"),
        ('to == "won"', "'to' is known only while a deal moves"),
    ],
)
def test_a_condition_that_is_none_is_told(text: str, says: str) -> None:
    from engine.loading.filters import which_deals

    with pytest.raises(BadValue, match=says):
        which_deals(text, selling("m: {type: count, of: won}"))


def test_a_horizon_beyond_all_that_was_seen_is_refused_even_where_all_deals_are_closed() -> None:
    process = selling("m: {type: conversion, from: lead, to: won, within: 100d}")
    (section,) = looked_at(process, deal("A", "lead", "demo", "won"), as_of=datetime(2026, 1, 9, tzinfo=UTC))
    assert "share" not in told(section)["m"]
    assert "m: 100 days reach beyond the follow-up of 8.0 days." in section.notes


def test_of_no_deal_at_all_every_measure_says_so() -> None:
    process = selling(
        DERIVED
        + "came: {type: conversion, from: lead, to: won, within: 5d, by: started_at}\n"
        + "stay: {type: dwell, stage: [demo, offer], stats: [mean, p50]}\n"
        + "called: {type: elapsed, from: {reached: demo}, to: {touchpoint: call}}\n"
        + "agreed: {type: elapsed, from: {fact: agreed_on}, to: {action: sign}}\n"
    )
    tables = tables_of((entry for each in DEALS for entry in each), fact_types([process]))
    seen = viewed(tables, process, Asked(as_of=AS_OF))
    none = seen.of(np.zeros(seen.told.count, np.bool_))
    for each in declared(seen):
        found = told(each.of(none))
        assert all(value(row) in (0, None) for row in found.values() if len(row) > 5)
        assert each.of(none).headings == each.of(seen).headings


def test_a_date_before_all_that_was_seen_puts_a_deal_into_no_period_and_that_is_said() -> None:
    process = selling("m: {type: count, of: started, by: agreed_on}")
    old = {"agreed_on": START.date().replace(year=2020)}
    (whole, _) = looked_at(process, deal("A", "lead", old), deal("B", "lead", {"agreed_on": START.date()}))
    assert value(told(whole)["m"]) == 1
    assert "m: left out for want of a date in the time looked at: 1 deal." in whole.notes
