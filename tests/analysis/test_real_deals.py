"""Reviews of exports that other people made, held to what was counted in them by other means."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.measure.asked import Asked as ToMeasure
from engine.analysis.measure.measure import measure
from engine.analysis.review.review import review
from engine.analysis.review.variants import paths
from engine.history.read import read
from engine.loading.maps import load_map
from engine.loading.processes import load_process
from engine.model.map import Map, Shape
from tests.analysis.telling import rows, section

ROOT = Path(__file__).parents[2]
DATA = ROOT / "../shared/data"
OF_XES = ("case:concept:name", "concept:name")
ZONED = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z")


def facts(name):
    return json.loads((DATA / "facts.json").read_text())[name]


def export(name, map_, process=None):
    if not (DATA / name).is_file():
        pytest.skip(f"the export {name} is not beside the repository")
    return read(DATA / name, map_, process)


def shipped(map_id, file):
    map_ = load_map(ROOT / "maps" / f"{map_id}.yaml").value
    process = load_process(ROOT / "processes" / map_.process.partition("@")[0] / "1.yaml").value
    return export(file, map_, process)


def figures(found, *columns):
    return [tuple(getattr(each, "value", each) for each in row) for row in rows(found, *columns)]


def edges(study):
    """Moves by the titles of their stages, without those that start a deal."""
    titles = {each.stage: each.title for each in study.flow.nodes}
    return {
        f"{titles[each.from_stage]} -> {titles[each.to_stage]}": each.moves
        for each in study.flow.edges
        if each.from_stage
    }


@pytest.fixture(scope="module")
def maven():
    found = shipped("maven-crm", "maven-crm/sales_pipeline.csv")
    return review(found.tables(), found.process, asked=Asked(by="product"))


@pytest.fixture(scope="module")
def bank():
    stages = {
        f"A_{name}": name.lower()
        for name in (
            "SUBMITTED",
            "PARTLYSUBMITTED",
            "PREACCEPTED",
            "ACCEPTED",
            "FINALIZED",
            "APPROVED",
            "DECLINED",
            "CANCELLED",
        )
    }
    ends = {"approved": "won", "declined": "lost", "cancelled": "other"}
    left_out = ("W_*", "O_*", "A_REGISTERED", "A_ACTIVATED")
    map_ = Map(
        "bpic2012",
        "",
        Shape.EVENTS,
        *OF_XES,
        stages,
        happened="time:timestamp",
        dates=ZONED,
        ends=ends,
        leave_out=left_out,
    )
    found = export("bpic2012/bpic2012.xes.gz", map_)
    return found.tables(), found.process


@pytest.fixture(scope="module")
def applications(bank):
    return review(*bank, asked=Asked())


def test_deals_of_maven_are_counted_with_their_value(maven):
    told = facts("maven-crm")
    found = {row[0]: row[1:] for row in figures(section(maven, "overview"), "outcome", "deals", "share", "value")}
    assert found["won"] == (4238, pytest.approx(told["win_rate_closed_only"], abs=1e-6), told["won_value_total"])
    assert (found["lost"][0], found["open"][0], found["all"][0]) == (2473, 2089, 8800)
    assert figures(section(maven, "steps-won"), "steps", "deals") == [("prospecting > engaging > won", 4238)]


def test_days_to_close_of_maven_are_those_of_the_closed_and_longer_with_the_open(maven):
    told = facts("maven-crm")["days_engage_to_close"]
    found = {
        row[0]: row[1:] for row in figures(section(maven, "start-to-end"), "outcome", "median_closed_days", "p50_days")
    }
    assert found["closed, any way"][0] == told["all"]["median"]
    assert (found["won"][0], found["lost"][0]) == (told["Won"]["median"], told["Lost"]["median"])
    # 1,589 engaging deals are open, many for longer than any closed one took.
    assert found["closed, any way"][1] > told["all"]["median"]


def test_products_of_maven_have_their_win_rates(maven):
    told = facts("maven-crm")["by_product"]
    found = {
        row[0]: row[1:] for row in figures(section(maven, "groups"), "group", "won", "lost", "win_rate", "value_won")
    }
    expected = {
        name.replace("GTXPro", "GTX Pro"): (
            each["won"],
            each["lost"],
            pytest.approx(each["win_rate"], abs=1e-6),
            each["won_value"],
        )
        for name, each in told.items()
    }
    assert found == expected


def test_no_difference_in_made_up_deals_is_taken_for_one(maven):
    # Outcomes of this export were drawn alike for all agents and products.
    assert not any(row[-1] for row in section(maven, "differences").rows)
    assert "amount" not in {row[0] for row in section(maven, "differences-in-numbers").rows}


def test_salesforce_deals_moved_from_won_to_lost_keep_their_first_end():
    told = facts("salesforce-devorg")
    found = shipped("salesforce-devorg", "salesforce-devorg/OpportunityHistory.csv")
    study = review(found.tables(), found.process, asked=Asked())
    counts = dict(figures(section(study, "overview"), "outcome", "deals"))
    # Seven were won and then marked as lost: the first end counts.
    assert (counts["won"], counts["lost"], counts["open"]) == (told["won"] + 7, told["lost"] - 7, told["open"])
    assert edges(study)["closed-won -> closed-lost"] == 7


def test_applications_of_a_bank_end_as_counted(applications):
    told = facts("bpic2012")["application_events_only"]
    counts = dict(figures(section(applications, "overview"), "outcome", "deals"))
    expected = told["outcome_cases"]
    assert (counts["won"], counts["lost"]) == (expected["approved"], expected["declined"])
    assert (counts["ended otherwise"], counts["open"]) == (expected["cancelled"], expected["open_at_extraction"])


def test_days_to_the_outcome_of_applications_are_as_counted(applications):
    told = facts("bpic2012")["application_events_only"]["days_submitted_to_outcome"]
    found = dict(figures(section(applications, "start-to-end"), "outcome", "median_closed_days"))
    assert found["won"] == pytest.approx(told["A_APPROVED"]["median"], abs=1e-4)
    assert found["lost"] == pytest.approx(told["A_DECLINED"]["median"], abs=1e-4)
    assert found["ended otherwise"] == pytest.approx(told["A_CANCELLED"]["median"], abs=1e-4)


def test_applications_pass_from_state_to_state_as_counted(applications):
    told = facts("bpic2012")["application_events_only"]
    found = {
        row[:2]: row[2:]
        for row in figures(
            section(applications, "between-stages"), "from_stage", "to_stage", "deals", "came", "left", "open"
        )
    }
    moves = told["directly_follows"]
    assert found["A_PREACCEPTED", "A_ACCEPTED"] == (7367, 5113, 1085 + 1100, 69)
    assert found["A_ACCEPTED", "A_FINALIZED"][:2] == (5113, moves["A_ACCEPTED -> A_FINALIZED"])
    assert found["A_FINALIZED", "A_APPROVED"] == (5015, 2246, 802 + 1640, 327)
    assert section(applications, "returns").rows == ()


def test_funnel_and_times_of_applications_are_as_counted(bank):
    told = facts("bpic2012")["application_events_only"]
    study = measure(*bank, asked=ToMeasure())
    counts = {row[0]: row[1:] for row in figures(section(study, "funnel"), "stage", "deals", "came", "ended")}
    assert counts["A_PREACCEPTED"] == (7367, 5113, 1085 + 1100)
    assert counts["A_FINALIZED"] == (5015, told["outcome_cases"]["approved"], 802 + 1640)
    stays = {row[0]: row[1:] for row in figures(section(study, "dwell"), "stage", "open", "p50_days", "mean_days")}
    next_event = told["days_until_next_event"]
    # All left this stage: what is counted there is the plain median and mean.
    expected = (0, pytest.approx(next_event["A_PARTLYSUBMITTED"]["median"], abs=1e-6))
    assert stays["A_PARTLYSUBMITTED"][:2] == expected
    assert stays["A_PARTLYSUBMITTED"][2] == pytest.approx(next_event["A_PARTLYSUBMITTED"]["mean"], abs=1e-4)
    # 69 are still here, one in a hundred: a little longer than what those took that left.
    assert stays["A_PREACCEPTED"][1] == pytest.approx(next_event["A_PREACCEPTED"]["median"], rel=0.1)
    assert stays["A_PREACCEPTED"][2] > next_event["A_PREACCEPTED"]["mean"]
    times = {row[0]: row[1:] for row in figures(section(study, "cycle-time"), "outcome", "deals", "p50_days")}
    closed = told["days_submitted_to_outcome"]
    assert times["won"] == (closed["A_APPROVED"]["count"], pytest.approx(closed["A_APPROVED"]["median"], rel=0.05))
    assert times["lost"] == (closed["A_DECLINED"]["count"], pytest.approx(closed["A_DECLINED"]["median"], rel=0.05))


def test_all_states_of_applications_make_the_variants_and_moves_counted():
    told = facts("bpic2012")["application_events_only"]
    stages = {name: name[2:].lower() for name in told["activity_counts"]}
    map_ = Map(
        "bpic2012", "", Shape.EVENTS, *OF_XES, stages, happened="time:timestamp", dates=ZONED, leave_out=("W_*", "O_*")
    )
    found = export("bpic2012/bpic2012.xes.gz", map_)
    tables = found.tables()
    path, examples = paths(journeys(tables, found.process, asked=Asked()))
    assert (len(path), len(examples), np.bincount(path).max()) == (
        told["cases"],
        told["variants"],
        told["top_variant_cases"],
    )
    assert edges(review(tables, found.process, asked=Asked())) == told["directly_follows"]


def test_a_log_of_an_office_has_the_variants_and_moves_counted():
    told = facts("receipt")
    map_ = Map("receipt", "", Shape.EVENTS, *OF_XES, {}, happened="time:timestamp", dates=ZONED)
    found = export("receipt/receipt.xes.gz", map_)
    tables = found.tables()
    path, examples = paths(journeys(tables, found.process, asked=Asked()))
    assert (len(path), len(examples), np.bincount(path).max()) == (
        told["cases"],
        told["variants"],
        told["top_variant_cases"],
    )
    made = edges(review(tables, found.process, asked=Asked()))
    assert sum(made.values()) == told["events"] - told["cases"]
    assert {pair: count for pair, count in made.items() if pair in told["directly_follows"]} == told["directly_follows"]


def test_a_log_small_enough_to_count_by_hand():
    told = facts("running-example")
    ends = {"pay-compensation": "won", "reject-request": "lost"}
    names = (
        "register request",
        "examine casually",
        "examine thoroughly",
        "check ticket",
        "decide",
        "reinitiate request",
    )
    stages = {name: name.replace(" ", "-") for name in (*names, "pay compensation", "reject request")}
    map_ = Map("running", "", Shape.EVENTS, *OF_XES, stages, happened="time:timestamp", dates=ZONED, ends=ends)
    found = export("running-example/running-example.csv", map_)
    study = review(found.tables(), found.process, asked=Asked())
    assert edges(study) == told["directly_follows"]
    assert len(section(study, "steps-won").rows) + len(section(study, "steps-lost").rows) == told["variants"]
    closed = figures(section(study, "start-to-end"), "outcome", "deals", "median_closed_days")
    assert closed[0] == ("closed, any way", 6, pytest.approx(told["case_duration_days"]["median"], abs=1e-4))
    loops = {row[0]: row[1:] for row in figures(section(study, "loops"), "stage", "deals", "repeats")}
    assert loops["decide"] == (2, 3)
