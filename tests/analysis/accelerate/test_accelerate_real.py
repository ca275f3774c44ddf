"""Where time can be won in exports that other people made."""

import pytest

from engine.analysis.accelerate.accelerate import accelerate
from engine.analysis.asked import Asked
from engine.model.map import Map, Shape
from tests.analysis.telling import rows, section
from tests.analysis.test_real_deals import OF_XES, ZONED, export, facts, shipped

STATES = "SUBMITTED PARTLYSUBMITTED PREACCEPTED ACCEPTED FINALIZED APPROVED DECLINED CANCELLED".split()


@pytest.fixture(scope="module")
def applications():
    map_ = Map(
        "bpic2012",
        "",
        Shape.EVENTS,
        *OF_XES,
        {f"A_{name}": name.lower() for name in STATES},
        happened="time:timestamp",
        dates=ZONED,
        ends={"approved": "won", "declined": "lost", "cancelled": "other"},
        leave_out=("W_*", "O_*", "A_REGISTERED", "A_ACTIVATED"),
    )
    found = export("bpic2012/bpic2012.xes.gz", map_)
    return accelerate(found.tables(), found.process, asked=Asked())


def test_the_bottleneck_of_a_bank_is_where_its_approved_applications_wait(applications):
    told = facts("bpic2012")["application_events_only"]
    whole = {
        row[0]: row[1:] for row in rows(section(applications, "bottlenecks"), "stage", "visits", "open", "won_share")
    }
    moves = told["directly_follows"]
    left = sum(count for pair, count in moves.items() if pair.startswith("A_FINALIZED -> "))
    assert whole["A_FINALIZED"][0] == moves["A_ACCEPTED -> A_FINALIZED"]
    assert whole["A_FINALIZED"][0] - whole["A_FINALIZED"][1] == left
    assert whole["A_FINALIZED"][2] > 0.9
    assert "Try first: have deals advance sooner from 'A_FINALIZED'" in applications.says[1]


def test_the_days_to_an_approval_are_those_counted_but_for_the_open(applications):
    told = facts("bpic2012")["application_events_only"]["days_submitted_to_outcome"]["A_APPROVED"]
    days = sum(each.value for (each,) in rows(section(applications, "bottlenecks"), "won_days"))
    # Applications that are open would still be approved late: the estimate is a little longer than the count.
    assert told["mean"] < days < 1.1 * told["mean"]


def test_where_no_stage_but_one_is_dated_that_one_is_told_and_the_rest_is_said():
    found = shipped("maven-crm", "maven-crm/sales_pipeline.csv")
    study = accelerate(found.tables(), found.process, asked=Asked())
    told = facts("maven-crm")["days_engage_to_close"]["Won"]
    ((stage, days, won),) = rows(section(study, "bottlenecks"), "stage", "won_days", "won_share")
    assert (stage, won) == ("engaging", 1.0)
    assert days.value == pytest.approx(told["mean"], rel=0.03)
    assert study.notes[0] == "Left out, for want of dates: 8,800 visits of a stage ('prospecting' 8,800)."
