"""Who takes part: facts as they are said to fall, luck that hangs on nobody else, and open deals with their age."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.model.deal import Deal
from engine.model.errors import BadValue
from engine.model.scenario import (
    Arrivals,
    Branch,
    FactDrawn,
    FactRows,
    Form,
    Hours,
    Person,
    Pool,
    Scenario,
    Serving,
    Spread,
    Standing,
)
from engine.numerics.distributions import share_below
from engine.simulation.casting.cast_of import Casting, cast_of, casting
from engine.simulation.casting.facts import value_at
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.plan import NEVER, NONE, Cast
from tests.machine.building import machine
from tests.simulation.any_scenario import DAY, about

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
NOW = int(BEGIN.timestamp())
SELLING = machine(
    stages={"new": {}, "offer": {"to_enter": ["amount > 0"]}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
    actions={
        "propose": {"from": "new", "to": "offer"},
        "win": {"from": "offer", "to": "won"},
        "lose": {"from": "open", "to": "lost"},
    },
    facts={
        "amount": "money",
        "rebate": {"type": "percent", "default": "5%"},
        "sure": "yes-no",
        "size": {"of": ["small", "large"]},
        "due": "date",
        "gap": "duration",
        "grade": "text",
    },
    time_zone="Pacific/Auckland",
)
OFFICE = Hours("office", {day: ((time(9), time(17)),) for day in range(5)})
FACTS = (
    FactDrawn("amount", about(9000), step=50, known=0.9),
    FactDrawn("rebate", about(0.1), step=0.01, known=0.5),
    FactDrawn("sure", choices=((True, 0.7), (False, 0.3)), known=0.8),
    FactDrawn("size", choices=(("small", 0.25), ("large", 0.75))),
    FactDrawn("due", about(20 * DAY)),
    FactDrawn("gap", about(DAY)),
)
STAGES = (
    Standing("new", (Branch("propose", "offer", 0.6), Branch("lose", "lost", 0.4, about(2 * DAY))), about(5 * DAY)),
    Standing("offer", (Branch("win", "won", 0.5), Branch("lose", "lost", 0.5)), about(DAY), hours="office"),
)
BASE = Scenario("base", "p", timedelta(weeks=8), Arrivals(weekly=500), STAGES, facts=FACTS, hours=(OFFICE,))


def setting(scenario: Scenario, *, deals: tuple[Deal, ...] = ()) -> Casting:
    scenario = replace(scenario, process=SELLING.process.id)
    return casting(scenario, SELLING, plan_of(scenario, SELLING, begin=BEGIN), open_deals=deals)


def cast(scenario: Scenario, *, deals: tuple[Deal, ...] = (), run: int = 0) -> Cast:
    return cast_of(setting(scenario, deals=deals), seed=5, run=run)


def open_deal(name: str, stage: str, *, age: timedelta = timedelta(0), **facts: Any) -> Deal:
    entered = BEGIN - age
    return Deal(
        name, SELLING.process.id, 1, "", stage, entered, entered, entered, facts=facts, visited=frozenset({stage})
    )


def values(of: Cast, name: str) -> list[Any]:
    return [value_at(of.facts[name], place) for place in range(of.size)]


def known(of: Cast, name: str) -> np.ndarray:
    return np.array([float(each) for each in values(of, name) if each is not None])


def test_facts_fall_as_the_scenario_says() -> None:
    of = cast(BASE)
    amounts = known(of, "amount")
    assert amounts.size / of.size == pytest.approx(0.9, abs=0.02)
    assert np.median(amounts) == pytest.approx(9000, rel=0.06)
    assert np.quantile(amounts, 0.9) == pytest.approx(36_000, rel=0.08)
    assert set(np.remainder(amounts, 50).tolist()) == {0}
    assert known(of, "rebate").size / of.size == pytest.approx(0.5, abs=0.03)
    assert np.median(known(of, "rebate")) == pytest.approx(0.1, abs=0.011)
    assert known(of, "sure").mean() == pytest.approx(0.7, abs=0.03)
    assert values(of, "sure").count(None) / of.size == pytest.approx(0.2, abs=0.03)
    assert values(of, "size").count("large") / of.size == pytest.approx(0.75, abs=0.03)
    assert {type(each) for each in values(of, "gap")} == {timedelta}
    assert of.value.tolist() == [int(each * 100) if each else 0 for each in values(of, "amount")]


def test_a_date_is_so_long_after_the_day_on_which_the_prospect_comes_in_the_zone_of_the_process() -> None:
    of = cast(replace(BASE, facts=(FactDrawn("due", Spread(Form.CONSTANT, 3 * DAY)),)))
    zone = SELLING.frame.zone
    days = [datetime.fromtimestamp(moment, zone).date() + timedelta(days=3) for moment in of.comes.tolist()]
    assert values(of, "due") == days


def test_many_choices_come_as_often_as_few() -> None:
    names = tuple((f"rival {number}", 0.005) for number in range(200))
    of = cast(replace(BASE, facts=(FactDrawn("grade", choices=names),)))
    counts = np.bincount(of.facts["grade"].codes, minlength=200)
    assert counts.sum() == of.size
    assert stats.chisquare(counts).pvalue > 0.001


@pytest.mark.parametrize(("fact", "step"), [("due", 0), ("gap", DAY), ("amount", 1e9)])
def test_the_longest_tails_stay_within_what_columns_hold(fact: str, step: float) -> None:
    of = cast(replace(BASE, facts=(FactDrawn(fact, about(1e9, 1e9), step=step),)))
    assert all(each is not None for each in values(of, fact))


def test_facts_of_past_prospects_stay_together() -> None:
    rows = ((Decimal(9000), "large", date(2026, 1, 1)), (Decimal("1.25"), None, None), (None, "small", None))
    of = cast(replace(BASE, facts=(), rows=FactRows(("amount", "size", "due"), rows)))
    drawn = list(zip(*(values(of, name) for name in ("amount", "size", "due")), strict=True))
    assert set(drawn) == set(rows)
    assert drawn.count(rows[0]) / of.size == pytest.approx(1 / 3, abs=0.03)


def test_the_facts_of_one_are_not_those_of_another_nor_of_another_run() -> None:
    first, second = cast(BASE), cast(BASE, run=1)
    assert np.unique(np.concatenate([first.keys, second.keys])).size == first.size + second.size
    amounts = known(first, "amount")
    assert abs(np.corrcoef(amounts[:-1], amounts[1:])[0, 1]) < 0.05
    sizes = np.array([each == "large" for each in values(first, "size")])
    assert abs(np.corrcoef(sizes, first.facts["gap"].values)[0, 1]) < 0.05


@given(st.floats(1, 2), st.integers(0, 99))
@settings(max_examples=15)
def test_nobody_s_luck_hangs_on_how_many_come_or_what_else_is_assumed(times: float, run: int) -> None:
    arrivals = Arrivals(weekly=20 * times)
    more = replace(
        BASE, arrivals=arrivals, facts=(FactDrawn("grade", choices=(("a", 1.0),)), *FACTS), stages=STAGES[:1]
    )
    one, other = cast(replace(BASE, arrivals=Arrivals(weekly=20)), run=run), cast(more, run=run)
    size = one.size
    assert other.keys[:size].tolist() == one.keys.tolist()
    assert values(other, "amount")[:size] == values(one, "amount")
    assert values(other, "size")[:size] == values(one, "size")


def test_what_is_not_known_is_unknown_to_the_rules_unless_it_has_a_default() -> None:
    of = cast(BASE)
    refused = of.barred[0] & np.uint64(1) != 0
    assert refused.tolist() == [amount is None for amount in values(of, "amount")]


def test_pools_serve_the_highest_first_and_the_unknown_last() -> None:
    def pool(fact: str) -> Pool:
        return Pool(fact, (Person("ana"),), serving=Serving.BY_FACT, fact=fact)

    of = cast(replace(BASE, pools=(pool("amount"), pool("size"), pool("sure"), pool("rebate"))))
    amounts = np.array([float(each) if each is not None else -1.0 for each in values(of, "amount")])
    assert amounts[np.argsort(of.ranks[0], kind="stable")].tolist() == sorted(amounts, reverse=True)
    assert dict(zip(values(of, "size"), of.ranks[1].tolist(), strict=True)) == {"small": 0, "large": 1}
    assert dict(zip(values(of, "sure"), of.ranks[2].tolist(), strict=True)) == {True: 0, False: 1, None: NEVER}
    assert NEVER not in of.ranks[3]


def test_open_deals_come_first_with_their_facts_stages_and_ages() -> None:
    deals = (
        open_deal("a", "offer", age=timedelta(days=4), amount=Decimal("1234.567"), grade="x"),
        open_deal("b", "won", age=timedelta(days=4)),
        open_deal("c", "new", age=timedelta(days=1), size="huge"),
    )
    told_nothing = replace(BASE, facts=())
    of = cast(told_nothing, deals=deals)
    alone = cast(told_nothing)
    assert of.names == ("a", "c")
    assert [deal.id for deal in of.open_deals] == ["a", "c"]
    assert of.stage[:3].tolist() == [1, 0, 0]
    assert (NOW - of.entered[:2]).tolist() == [4 * DAY, DAY]
    assert of.comes[:2].tolist() == [NOW, NOW]
    assert (values(of, "amount")[:2], values(of, "grade")[:3]) == ([Decimal("1234.567"), None], ["x", None, None])
    assert (values(of, "size")[:2], of.value[0]) == ([None, "huge"], 123456)
    # A deal whose amount is known may be offered something, one without may not.
    assert (of.barred[0, :2] & np.uint64(1)).tolist() == [0, 1]
    assert (of.branch[2:] == NONE).all()
    assert (of.keys[2:].tolist(), of.comes[2:].tolist()) == (alone.keys.tolist(), alone.comes.tolist())
    assert values(cast(BASE, deals=deals), "amount")[2:] == values(cast(BASE), "amount")


def test_what_nobody_recorded_of_an_open_deal_is_drawn_for_it_as_for_a_new_one() -> None:
    bare, told = (
        open_deal("a", "new"),
        open_deal("b", "new", amount=Decimal("1234.567"), size="huge", due=date(2026, 1, 1)),
    )
    of = cast(BASE, deals=(bare, told))
    assert [values(of, name)[1] for name in ("amount", "size", "due")] == [
        Decimal("1234.567"),
        "huge",
        date(2026, 1, 1),
    ]
    set_ = setting(replace(BASE, arrivals=Arrivals(weekly=1)), deals=(bare, told))
    runs = [cast_of(set_, seed=5, run=run) for run in range(200)]
    amounts = [values(each, "amount")[0] for each in runs]
    assert amounts.count(None) == pytest.approx(20, abs=12)
    assert np.median([float(each) for each in amounts if each is not None]) == pytest.approx(9000, rel=0.25)
    assert [values(each, "size")[0] for each in runs].count("large") == pytest.approx(150, abs=20)
    assert all(values(each, "due")[0] > BEGIN.date() for each in runs)
    # Whether it may be offered something hangs on what was drawn.
    assert [int(each.barred[0, 0]) & 1 for each in runs] == [not amount for amount in amounts]
    assert [each.value[0] for each in runs] == [int(100 * (amount or 0)) for amount in amounts]
    assert all(each.open_deals == (bare, told) for each in runs)


def test_an_open_deal_takes_what_it_lacks_from_one_row() -> None:
    rows = FactRows(("amount", "size"), ((Decimal(1), "small"), (Decimal(2), "large"), (None, "small")))
    deals = (open_deal("a", "new"), open_deal("b", "new", size="large"), open_deal("c", "new", amount=Decimal(9)))
    set_ = setting(replace(BASE, arrivals=Arrivals(weekly=1), facts=(), rows=rows), deals=deals)
    runs = [cast_of(set_, seed=5, run=run) for run in range(60)]
    drawn = [{(values(of, "amount")[row], values(of, "size")[row]) for of in runs} for row in range(3)]
    assert drawn[0] == set(rows.rows)
    assert drawn[1] == {(Decimal(1), "large"), (Decimal(2), "large"), (None, "large")}
    assert drawn[2] == {(Decimal(9), "small"), (Decimal(9), "large")}


def test_what_others_lack_is_drawn_also_where_no_column_holds_what_one_has() -> None:
    huge = Decimal("123456789012345678901234.5")
    facts = (FactDrawn("amount", about(9000), step=50),)
    of = cast(replace(BASE, facts=facts), deals=(open_deal("a", "new", amount=-huge), open_deal("b", "new")))
    assert (of.barred[0, :2] & np.uint64(1)).tolist() == [1, 0]
    assert values(of, "amount")[1] > 0


def test_an_open_deal_of_unknown_amount_is_worth_what_prospects_are() -> None:
    deals = tuple(open_deal(str(number), "new") for number in range(2000))
    of = cast(replace(BASE, arrivals=Arrivals(weekly=2000)), deals=deals)
    unknown, new = of.value[:2000], of.value[2000:]
    assert abs(np.median(unknown[unknown > 0]) / np.median(new[new > 0]) - 1) < 0.1
    silent = cast(replace(BASE, facts=(), rows=None), deals=deals)
    assert not silent.value.any()


def test_a_fact_of_an_open_deal_that_no_column_holds_is_still_judged() -> None:
    huge = Decimal("123456789012345678901234.5")
    of = cast(BASE, deals=(open_deal("a", "new", amount=huge), open_deal("b", "new", amount=-huge)))
    assert (of.barred[0, :2] & np.uint64(1)).tolist() == [0, 1]
    assert of.open_deals[0].facts["amount"] == huge


def test_clocks_of_open_deals_count_from_the_last_contact_in_the_stage() -> None:
    deal = open_deal("a", "new", age=timedelta(days=9))
    touched = replace(deal, id="b", active_at=BEGIN - timedelta(days=2))
    before = replace(deal, id="c", active_at=BEGIN - timedelta(days=20))
    of = cast(BASE, deals=(deal, touched, before))
    assert ((NOW - of.last_contact[:3]) // DAY).tolist() == [9, 2, 9]


def many(stage: str, age: timedelta) -> tuple[Casting, np.ndarray, np.ndarray]:
    """What 6,000 open deals of one age will try, and how long after the start."""
    deals = tuple(open_deal(str(number), stage, age=age) for number in range(6000))
    set_ = setting(replace(BASE, arrivals=Arrivals(weekly=0)), deals=deals)
    of = cast_of(set_, seed=3, run=0)
    return set_, of.branch, of.until - NOW


@pytest.mark.parametrize("days", [0, 3, 20])
def test_what_competes_for_a_deal_of_some_age_is_what_lies_beyond_that_age(days: int) -> None:
    _, branch, rest = many("new", timedelta(days=days))
    wide = np.log(4) / stats.norm.ppf(0.9)
    left = [share * (1 - stats.norm.cdf(np.log(max(days, 1e-9) / p50) / wide)) for share, p50 in ((0.6, 5), (0.4, 2))]
    assert (branch == 0).mean() == pytest.approx(left[0] / sum(left), abs=0.02)
    for number, p50 in enumerate((5, 2)):
        beyond = stats.lognorm.cdf(days, wide, scale=p50)
        part = (stats.lognorm.cdf(rest[branch == number] / DAY + days, wide, scale=p50) - beyond) / (1 - beyond)
        assert stats.kstest(part, "uniform").pvalue > 0.001


def test_the_age_of_a_deal_is_counted_in_the_hours_of_its_stage() -> None:
    set_, _, rest = many("offer", timedelta(days=7))
    (standing,) = set_.aged.standing
    assert set(standing.age.tolist()) == {40 * 3600}
    table = set_.plan.tables[standing.ahead.tables[0]]
    beyond = share_below(table, standing.age[:1])[0]
    opens = np.array([is_open(NOW + 3600 * hour) for hour in range(24 * 400)])
    # A few are not done within the hours that are spelled out.
    hours, seconds = np.divmod(np.minimum(rest, 399 * DAY), 3600)
    worked = np.append(0, np.cumsum(opens))[hours] * 3600 + opens[hours] * seconds
    part = (share_below(table, standing.age + worked) - beyond) / (1 - beyond)
    assert stats.kstest(part, "uniform").pvalue > 0.001


def is_open(moment: int) -> bool:
    local = datetime.fromtimestamp(moment, SELLING.frame.zone)
    return local.weekday() < 5 and 9 <= local.hour < 17


def test_a_deal_older_than_anything_goes_on_at_once_and_is_named() -> None:
    short = replace(STAGES[0], dwell=Spread(Form.QUANTILES, quantiles=((0, 0), (1, DAY))))
    branches = tuple(replace(branch, dwell=None) for branch in short.branches)
    scenario = replace(BASE, stages=(replace(short, branches=branches), STAGES[1]))
    deals = (open_deal("old", "new", age=timedelta(days=2)), open_deal("young", "new", age=timedelta(hours=2)))
    set_ = setting(scenario, deals=deals)
    assert set_.aged.overdue == ("old",)
    of = cast_of(set_, seed=1, run=0)
    assert of.until[0] == NOW
    assert 0 <= of.until[1] - NOW <= 22 * 3600


def test_deals_that_cannot_be_taken_up_are_named() -> None:
    without = replace(BASE, stages=STAGES[:1])
    with pytest.raises(BadValue, match="says nothing of 'offer', where 2 deals \\('a', 'b'\\) are") as caught:
        cast(without, deals=(open_deal("a", "offer"), open_deal("b", "offer"), open_deal("c", "new")))
    assert caught.value.hint == "add offer to stages, with its branches"
    with pytest.raises(BadValue, match="no stage 'ofer', where deal 'a' is") as caught:
        cast(BASE, deals=(open_deal("a", "ofer"),))
    assert "offer" in caught.value.hint
    with pytest.raises(BadValue, match="deal 'a' is of another process"):
        cast(BASE, deals=(replace(open_deal("a", "new"), process="renewals"),))
    with pytest.raises(BadValue, match="only after the simulation starts"):
        cast(BASE, deals=(open_deal("a", "new", age=timedelta(days=-1)),))


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (FactDrawn("size", about(5)), "is no number"),
        (FactDrawn("sure", choices=((True, 0.0),)), "never any of its choices"),
        (FactDrawn("size", choices=(("small", 0.5), (True, 0.5))), "takes a value of type choice"),
        (FactDrawn("size", choices=(("tiny", 1.0),)), "is one of small, large"),
        (FactDrawn("amount", choices=((Decimal("1e30"), 0.5), (Decimal("1.5"), 0.5))), "too many digits"),
        (FactDrawn("amount", Spread(Form.LOGNORMAL, 5, 1)), "no values spread so"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_facts_that_cannot_fall_so_are_refused(fact: FactDrawn, told: str) -> None:
    with pytest.raises(BadValue, match=told):
        cast(replace(BASE, facts=(fact,)))
