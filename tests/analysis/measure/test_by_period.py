"""By period: local days, empty periods, what adds up to what."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from engine.analysis.journeys import OPEN
from engine.analysis.measure.built_in.by_period import by_period
from engine.analysis.measure.periods import days_of, fitting, periods
from engine.machine.columns import local_days
from engine.model.errors import BadValue
from engine.tables.coded import NEVER
from tests.analysis.measure.counting import ZONES, Every, deal, deals, found, given, seen
from tests.analysis.telling import day, section


def test_a_period_with_nothing_in_it_has_a_row():
    study = given(deal("A", "new 0, won 1", amount=100), deal("B", "new 90, lost 92"), every=Every.MONTH)
    told = found(study, "by-period")
    assert list(told) == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert told["2026-02"] == {
        "period": "2026-02",
        "started": 0,
        "won": 0,
        "lost": 0,
        "other": 0,
        "open": 0,
        "win_rate": None,
        "value_won": 0,
    }
    assert (told["2026-01"]["won"], told["2026-01"]["value_won"], told["2026-01"]["win_rate"]) == (1, 100, 1.0)
    assert (told["2026-04"]["lost"], told["2026-04"]["win_rate"]) == (1, 0.0)


def test_a_deal_counts_as_open_until_the_period_of_its_close():
    told = found(given(deal("A", "new 0, won 40"), deal("B", "new 35, demo 70"), every=Every.MONTH), "by-period")
    assert [(row["started"], row["open"]) for row in told.values()] == [(1, 1), (1, 1), (0, 1)]


def test_a_deal_that_was_re_opened_was_open_all_the_while():
    told = found(given(deal("A", "new 0, lost 5, demo 65, won 70"), every=Every.MONTH), "by-period")
    assert [(row["won"], row["lost"], row["open"]) for row in told.values()] == [(0, 0, 1), (0, 0, 1), (1, 0, 0)]


def test_a_day_begins_at_midnight_where_the_process_is_at_home():
    # 23:30 of 31 January in UTC is February in Berlin, and still January in New York.
    late = deal("A", f"new 0, won {30 + 23.5 / 24}")
    months = {zone: found(given(late, zone=zone, every=Every.MONTH), "by-period") for zone in ZONES}
    won = {zone: [name for name, row in rows.items() if row["won"]] for zone, rows in months.items()}
    assert (won["UTC"], won["Europe/Berlin"], won["America/New_York"]) == (["2026-01"], ["2026-02"], ["2026-01"])


def test_days_when_the_clock_changes_are_23_and_25_hours_long():
    # Berlin: 29 March 2026 has 23 hours, 25 October 25. A deal is closed in the middle of each hour of
    # three days and a bit.
    spring = [deal(f"S{hour}", f"new 80, won {85 + (23.5 + hour) / 24!r}") for hour in range(72)]
    autumn = [deal(f"A{hour}", f"new 80, won {295 + (22.5 + hour) / 24!r}") for hour in range(72)]
    told = found(given(*spring, *autumn, zone="Europe/Berlin", every=Every.DAY), "by-period")
    assert [told[name]["won"] for name in ("2026-03-28", "2026-03-29", "2026-03-30")] == [24, 23, 24]
    assert [told[name]["won"] for name in ("2026-10-24", "2026-10-25", "2026-10-26")] == [24, 25, 23]


def test_a_win_without_a_value_is_no_win_of_no_value():
    told = found(given(deal("A", "new 0, won 5"), every=Every.YEAR), "by-period")
    assert told["2026"]["value_won"] is None


def test_values_below_nothing_are_added_as_they_are():
    study = given(deal("A", "new 0, won 5", amount=-70), deal("B", "new 0, won 5", amount=0), every=Every.YEAR)
    assert found(study, "by-period")["2026"]["value_won"] == Decimal(-70)


def test_what_nobody_can_date_is_told_apart():
    undated = section(given(deal("A", "new, demo"), deal("B", "new 0, lost"), deal("C", "new 0")), "by-period")
    assert undated.notes == (
        "In no period: 1 deal of which nothing is dated.",
        "In no period: 1 deal of which nobody wrote down the close: begun, and neither closed nor open here.",
    )
    assert [row[1:6] for row in undated.rows] == [(2, 0, 0, 0, 1)]


def test_periods_that_were_not_seen_whole_say_so():
    told = section(
        given(deal("A", "new 0, demo 40"), deal("B", "new 11"), since=day(10), every=Every.MONTH), "by-period"
    )
    assert told.notes == (
        "2026-01 is told only from 2026-01-11 on.",
        "2026-02 is not over: it is told up to 2026-02-10.",
    )


def test_without_a_date_there_is_a_sentence():
    told = section(given(deal("A", "new, demo")), "by-period")
    assert (told.rows, told.empty) == ((), "No deal has a date: nothing can be told by period.")


def test_an_export_of_what_was_closed_since_a_day_is_suspected():
    early = [deal(f"E{number}", f"new {number}, won {100 + number / 10}") for number in range(60)]
    late = [deal(f"L{number}", f"new {90 + number}, won {101 + number}") for number in range(60)]
    notes = section(given(*early, *late), "by-period").notes
    assert any(note.startswith("No deal is seen to close before 2026-04-11, although 60 deals") for note in notes)
    whole = [deal(f"W{number}", f"new {number}, won {number + 10}") for number in range(120)]
    assert section(given(*whole, every=Every.WEEK), "by-period").notes == ()


def test_a_date_that_is_wrong_by_thousands_of_years_makes_no_endless_table():
    with pytest.raises(BadValue, match="more than 5,000 times a year"):
        given(deal("A", "new 0, demo 2912000"))
    with pytest.raises(BadValue, match="more than 5,000 times a day"):
        given(deal("A", "new 0, demo 6000"), every=Every.DAY)
    assert len(found(given(deal("A", "new 0, demo 6000")), "by-period")) == 17
    assert periods(2_932_000, 2_932_896, Every.YEAR).names == ("9997", "9998", "9999")


@settings(max_examples=60, deadline=None)
@any_of(deals, st.sampled_from(ZONES), st.sampled_from(Every))
def test_periods_add_up_to_the_whole(made, zone, every):
    view = seen(*made, zone=zone, every=every)
    told = view.told
    columns = list(zip(*(row[1:6] for row in by_period(view).rows), strict=True)) or [()] * 5
    dated = told.closed != NEVER
    assert sum(columns[0]) == (told.started != NEVER).sum()
    assert [sum(each) for each in columns[1:4]] == [(dated & (told.outcome == each)).sum() for each in (1, 2, 3)]
    followed = (told.started != NEVER) & ((told.outcome == OPEN) | dated)
    assert columns[4][-1:] == (() if not columns[4] else (int((followed & ~dated).sum()),))


@settings(max_examples=40, deadline=None)
@any_of(deals, st.sampled_from(ZONES), st.sampled_from(Every))
def test_groups_add_up_to_all(made, zone, every):
    view = seen(*made, zone=zone, every=every)
    mask = np.arange(view.told.count) % 3 == 0
    whole, one, rest = (by_period(each).rows for each in (view, view.of(mask), view.of(~mask)))
    for row, left, right in zip(whole, one, rest, strict=True):
        assert row[:6] == (left[0], *(a + b for a, b in zip(left[1:6], right[1:6], strict=True)))


@settings(max_examples=60, deadline=None)
@any_of(
    st.lists(st.integers(0, 300 * 86_400_000_000), min_size=1, max_size=300),
    st.sampled_from(ZONES),
    st.sampled_from((1_770_000_000_000_000, 1_520_000_000_000_000)),
)
def test_days_of_many_times_are_those_of_each(moments, zone, begin):
    # Many times within few days are found by the midnights, few by asking for each. In 2018 Sao Paulo skipped midnight.
    near = np.array(moments) + begin
    every = np.concatenate([near, near + 3_600_000_000] * 200)
    its, known = days_of(every, ZoneInfo(zone))
    assert known.all()
    assert (its == local_days(every, ZoneInfo(zone)) - 719_163).all()


@pytest.mark.parametrize("every", Every)
def test_the_table_says_how_long_a_period_is(every):
    told = section(given(deal("A", "new 0, won 5"), every=every), "by-period")
    assert told.title == f"By {every.value}"
    assert {each for chart in told.charts for each in (*chart.labels, *chart.series)} <= {
        heading.id for heading in told.headings
    }


def test_a_month_is_told_by_weeks_and_half_a_year_by_months_where_nobody_says():
    told = {days: fitting(0, days - 1).value for days in (1, 14, 31, 92, 184, 1800, 2000, 9000)}
    by = ("day", "day", "week", "week", "month", "month", "quarter", "year")
    assert tuple(told.values()) == by


def test_weeks_are_said_to_begin_on_monday():
    said = {each: section(given(deal("A", "new 0, won 5"), every=each), "by-period").says[0] for each in Every}
    assert [each for each, says in said.items() if "Weeks begin on Monday" in says] == [Every.WEEK]
