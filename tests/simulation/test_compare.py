"""Two simulations with the same luck: the difference is what was changed, and its parts add up to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine.model.errors import BadValue
from engine.simulation.compare.compare import Comparison, compare
from engine.simulation.compare.says import says
from engine.simulation.compare.sections import Side, Sides, sections
from engine.simulation.results.outcome import Outcome

from .pipeline import CASES, simulated, won

SIDES = Sides(Side("as it is", "without it"), Side("changed", "with the change"))


@pytest.fixture(scope="module")
def alone() -> Outcome:
    return simulated(runs=40)


@pytest.fixture(scope="module")
def with_reps() -> Outcome:
    return simulated(reps=10, runs=15)


def parts(comparison: Comparison) -> float:
    found = comparison.drivers
    return sum(each.both.value or 0.0 for each in found.stages) + (found.prospects.value or 0.0)


def table(comparison: Comparison, name: str) -> dict[Any, dict[str, Any]]:
    section = next(each for each in sections(comparison, SIDES) if each.id == name)
    ids = [heading.id for heading in section.headings]
    return {row[0]: dict(zip(ids, row, strict=True)) for row in section.rows}


def test_what_is_compared_with_itself_does_not_differ(alone: Outcome) -> None:
    same = compare(alone, alone)
    assert same.ended["won"].apart.value == same.ended["won"].more == same.cycle.apart.value == 0
    assert same.drivers.stages == ()
    assert list(says(same, SIDES)) == [
        "With the change, as many deals are won as without it, in all of 40 runs. No other figure differs either."
    ]


def test_more_negotiations_win_more_deals_and_the_stage_where_they_begin_is_named(alone: Outcome) -> None:
    found = compare(alone, simulated(negotiates=0.65, runs=40))
    first = found.drivers.stages[0]
    assert first.stage[1] == "proposal"
    assert (first.ways.low or 0) > 10
    assert abs(first.pace.value or 0) < 1
    assert parts(found) == pytest.approx(found.ended["won"].apart.value, abs=1e-6)
    assert table(found, "advance")["proposal"]["difference"].value == pytest.approx(0.05, abs=0.01)
    told = list(says(found, SIDES))
    assert told[0].startswith("With the change, ")
    assert "more deals are won than without it" in told[0]
    assert told[1].startswith("Most of it comes from 'proposal', by where deals go from there (+")


def test_a_faster_stage_wins_deals_by_its_pace(alone: Outcome) -> None:
    found = compare(alone, simulated(faster=("negotiation",), runs=40))
    first = found.drivers.stages[0]
    assert (first.stage[1], (first.pace.low or 0) > 0.5, abs(first.ways.value or 0) < 0.5) == (
        "negotiation",
        True,
        True,
    )
    assert parts(found) == pytest.approx(found.ended["won"].apart.value, abs=1e-6)
    dwell = table(found, "dwell")["negotiation"]
    assert dwell["difference"].value == pytest.approx(-0.2 * dwell["base"], rel=0.1)
    assert (found.cycle.apart.high or 0) < 0


def test_more_prospects_are_what_makes_the_difference_where_nothing_else_changed(alone: Outcome) -> None:
    found = compare(alone, simulated(runs=40, daily=12))
    assert (found.drivers.prospects.low or 0) > 0.8 * (found.ended["won"].apart.value or 0)
    assert parts(found) == pytest.approx(found.ended["won"].apart.value, abs=1e-6)
    assert next(iter(table(found, "drivers"))) == "prospects"


def test_people_who_work_faster_shorten_the_wait_for_them(with_reps: Outcome) -> None:
    found = compare(with_reps, simulated(reps=10, faster=("demo", "proposal"), runs=15))
    assert (found.waits["reps"].apart.high or 0) < 0
    assert (found.use["reps"].apart.value or 0) == pytest.approx(-0.2 * (found.use["reps"].base or 0), abs=0.02)
    assert any(each.startswith("Work for 'reps' waits ") for each in says(found, SIDES))
    assert table(found, "waits")["reps"]["base"] > table(found, "waits")["reps"]["other"]


def test_a_stage_that_has_another_name_is_the_same_stage(alone: Outcome) -> None:
    other = simulated(negotiates=0.65, runs=40)
    renamed = replace(
        other.plan, stages=tuple((track, name.replace("demo", "show")) for track, name in other.plan.stages)
    )
    called = {("main", "demo"): ("main", "show")}
    found = compare(alone, replace(other, plan=renamed), called=called)
    same = compare(alone, other)
    assert [each.both for each in found.drivers.stages] == [each.both for each in same.drivers.stages]
    assert [each.stage[1] for each in found.stages] == [each.stage[1].replace("demo", "show") for each in same.stages]


def test_stages_that_only_one_of_them_has_still_add_up(alone: Outcome) -> None:
    other = simulated(negotiates=0.65, runs=40)
    renamed = replace(
        other.plan, stages=tuple((track, name.replace("demo", "show")) for track, name in other.plan.stages)
    )
    found = compare(alone, replace(other, plan=renamed))
    assert parts(found) == pytest.approx(found.ended["won"].apart.value, abs=1e-6)
    assert {"demo", "show"} <= {each.stage[1] for each in found.stages}


def test_an_interrupted_simulation_is_compared_as_far_as_it_went(alone: Outcome) -> None:
    other = simulated(negotiates=0.65, runs=12)
    found = compare(alone, other)
    assert (found.runs, found.ended["won"].other) == (12, won(other).mean())


def test_simulations_with_another_seed_or_start_are_not_compared(alone: Outcome) -> None:
    with pytest.raises(BadValue, match="same seed"):
        compare(alone, replace(alone, seed=2))


@pytest.mark.parametrize("case", CASES)
def test_with_the_same_luck_the_difference_varies_at_least_twenty_times_less(alone: Outcome, case: str) -> None:
    assert _gain(alone, simulated(**CASES[case], runs=40)) > 20


@pytest.mark.parametrize("case", CASES)
def test_with_people_and_queues_it_varies_at_least_three_times_less(with_reps: Outcome, case: str) -> None:
    assert _gain(with_reps, simulated(reps=10, **CASES[case], runs=15)) > 3


def _gain(base: Outcome, other: Outcome) -> float:
    """How much more the difference would vary if the other had its own luck: then the two variances add up."""
    one, two = won(base), won(other)
    return float((one.var(ddof=1) + two.var(ddof=1)) / (two - one).var(ddof=1))


def test_intervals_of_a_difference_cover_the_true_one() -> None:
    base, other = (simulated(**case, runs=120) for case in ({"days": 40}, {"days": 40, "negotiates": 0.7}))
    true = (won(other) - won(base)).mean()
    hits = 0
    for begin, until in pairwise(range(0, 121, 10)):
        found = compare(*(replace(each, summaries=each.summaries[begin:until]) for each in (base, other)))
        apart = found.ended["won"].apart
        hits += (apart.low or 0) <= true <= (apart.high or 0)
    assert 9 <= hits <= 12
    assert np.isfinite(true)


def test_a_difference_that_may_be_chance_is_said_to_be(alone: Outcome) -> None:
    runs = 3
    few = [replace(each, summaries=each.summaries[:runs]) for each in (alone, simulated(faster=("demo",), runs=40))]
    told = next(iter(says(compare(*few), SIDES)))
    assert "may be chance: it is " in told or "as many deals are won" in told
    single = [replace(each, summaries=each.summaries[:1]) for each in (alone, simulated(negotiates=0.65, runs=40))]
    assert "how sure that is cannot be told from 1 run." in next(iter(says(compare(*single), SIDES)))
