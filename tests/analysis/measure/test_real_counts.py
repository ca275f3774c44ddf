"""Measures of exports that other people made, held to what was counted in them by other means."""

from dataclasses import replace

import pytest

from engine.analysis.journeys import LOST, OTHER, WON
from engine.analysis.measure.built_in.by_period import by_period
from engine.analysis.measure.built_in.cohorts import cohorts
from engine.analysis.measure.built_in.outcomes import outcomes
from engine.analysis.measure.built_in.velocity import velocity
from engine.analysis.measure.measure import measure, viewed
from engine.model.map import Map, Shape
from engine.tables.coded import codes
from tests.analysis.measure.counting import Asked, Every, figures, found
from tests.analysis.telling import section
from tests.analysis.test_real_deals import OF_XES, ZONED, export, facts, shipped

STAGES = ("SUBMITTED", "PARTLYSUBMITTED", "PREACCEPTED", "ACCEPTED", "FINALIZED", "APPROVED", "DECLINED", "CANCELLED")


@pytest.fixture(scope="module")
def maven():
    read = shipped("maven-crm", "maven-crm/sales_pipeline.csv")
    return read.tables(), read.process


@pytest.fixture(scope="module")
def applications():
    map_ = Map(
        "bpic2012",
        "",
        Shape.EVENTS,
        *OF_XES,
        {f"A_{name}": name.lower() for name in STAGES},
        happened="time:timestamp",
        dates=ZONED,
        ends={"approved": "won", "declined": "lost", "cancelled": "other"},
        leave_out=("W_*", "O_*", "A_REGISTERED", "A_ACTIVATED"),
    )
    read = export("bpic2012/bpic2012.xes.gz", map_)
    return read.tables(), read.process


def counted(tables, process, every):
    """Won, lost and the value won of each period in which something was closed."""
    told = found(measure(tables, process, asked=Asked(every=every)), "by-period")
    return {
        name: {
            "won": row["won"],
            "lost": row["lost"],
            "win_rate": pytest.approx(row["win_rate"], abs=1e-6),
            "won_value": row["value_won"],
        }
        for name, row in told.items()
        if row["won"] + row["lost"]
    }


@pytest.mark.parametrize(("every", "fact"), [(Every.QUARTER, "by_close_quarter"), (Every.MONTH, "by_close_month")])
def test_maven_is_won_and_lost_by_period_as_counted(maven, every, fact):
    assert counted(*maven, every) == facts("maven-crm")[fact]


def test_maven_came_out_as_counted(maven):
    told = facts("maven-crm")
    won, lost, _, still = section(measure(*maven, asked=Asked()), "outcomes").rows
    assert (won[1], lost[1], still[1]) == (4238, 2473, 2089)
    assert (won[2].value, won[3]) == (pytest.approx(told["win_rate_closed_only"], abs=1e-6), told["won_value_total"])
    assert won[4].value == pytest.approx(told["won_value_mean"], abs=1e-4)
    assert won[4].low < told["won_value_mean"] < won[4].high


def test_maven_takes_as_many_days_to_a_win_as_counted(maven):
    told = facts("maven-crm")
    row = found(measure(*maven, asked=Asked()), "velocity")["all"]
    assert row["cycle_days"] == pytest.approx(told["days_engage_to_close"]["Won"]["mean"], abs=1e-3)
    formula = 1589 * told["win_rate_closed_only"] * told["won_value_mean"] / told["days_engage_to_close"]["Won"]["mean"]
    assert row["velocity"] == pytest.approx(formula, rel=1e-4)


def test_products_of_maven_are_measured_one_by_one(maven):
    tables, process = maven
    view = viewed(tables, process, Asked())
    code, names = codes(tables.deals, "product")
    told = facts("maven-crm")["by_product"]
    for place, name in enumerate(names):
        its = view.of(code[view.told.rows] == place)
        expected = told[name.replace("GTX Pro", "GTXPro")]
        rows = outcomes(its).rows
        assert (rows[0][1], rows[1][1], rows[0][3]) == (expected["won"], expected["lost"], expected["won_value"])
        assert sum(row[2] for row in by_period(its).rows) == expected["won"]
        assert velocity(its).rows[0][3].value == pytest.approx(expected["win_rate"], abs=1e-6)
    assert len(names) == len(told)


def test_an_export_of_what_was_closed_since_march_says_so(maven):
    study = measure(*maven, asked=Asked(every=Every.MONTH))
    assert any(
        note.startswith("No deal is seen to close before 2017-03-01") for note in section(study, "cohorts").notes
    )
    assert sum(row[1] for row in section(study, "cohorts").rows) == 8300


@pytest.mark.parametrize(
    ("zone", "fact"),
    [("UTC", "outcomes_by_month_utc"), ("Europe/Amsterdam", "outcomes_by_month_as_written_offset")],
)
def test_applications_end_by_month_where_the_bank_is_at_home(applications, zone, fact):
    tables, process = applications
    view = viewed(tables, replace(process, time_zone=zone), Asked(every=Every.MONTH))
    rows = [figures(by_period(view), row) for row in by_period(view).rows]
    told = {
        row["period"]: {"A_APPROVED": row["won"], "A_DECLINED": row["lost"], "A_CANCELLED": row["other"]}
        for row in rows
        if row["won"] + row["lost"] + row["other"]
    }
    assert told == facts("bpic2012")["application_events_only"][fact]
    # One was submitted at 0:38 of 1 October in Amsterdam, in the last hours of September in UTC.
    assert rows[0]["period"] == ("2011-09" if zone == "UTC" else "2011-10")
    assert (rows[-1]["open"], sum(row["started"] for row in rows)) == (399, 13_087)


def test_cohorts_of_applications_hold_all_of_them(applications):
    view = viewed(*applications, Asked(every=Every.MONTH))
    rows = [figures(cohorts(view), row) for row in cohorts(view).rows]
    for outcome, name in ((WON, "won"), (LOST, "lost"), (OTHER, "other")):
        assert sum(row[name] for row in rows) == (view.told.outcome == outcome).sum()
    # Nearly all of October had ended after 90 days; of March nobody had been watched for 30.
    assert rows[1]["won_by_90d"] == pytest.approx(rows[1]["won"] / rows[1]["deals"], abs=0.01)
    assert rows[-1]["won_by_30d"] is None
