"""What-ifs: one assumption of a scenario set otherwise, the others as they were, and nothing unsound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import BadValue, StagewrightError, UnknownName
from engine.model.scenario import (
    Agreeing,
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
    TrackAssumed,
    Work,
)
from engine.simulation.whatif.changed import changed

DAY, HOUR = 86_400, 3_600
DWELL = Spread(Form.LOGNORMAL, 4 * DAY, 10 * DAY)
QUICK = Spread(Form.QUANTILES, quantiles=((0.0, 0.0), (0.5, 2.0 * DAY), (1.0, 40.0 * DAY)))
EFFORT = Spread(Form.GAMMA, HOUR, 2 * HOUR)
BASE = Scenario(
    id="base",
    process="inside-sales",
    horizon=timedelta(weeks=26),
    arrivals=Arrivals(weekly=25.0, weekdays={5: 0.0}),
    stages=(
        Standing(
            "demo",
            (
                Branch("send-proposal", "proposal", 0.6),
                Branch("lose", "lost", 0.3, dwell=QUICK),
                Branch("step-back", "prospect", 0.06),
                Branch("step-back", "qualified", 0.04),
            ),
            dwell=DWELL,
            work=Work("ae", EFFORT),
        ),
        Standing("negotiation", (Branch("sign", "won", 1.0),), dwell=Spread(Form.EXPONENTIAL, 3 * DAY)),
    ),
    facts=(
        FactDrawn("amount", Spread(Form.LOGNORMAL, 9_000, 40_000), step=100),
        FactDrawn("role", choices=(("user", 0.25), ("champion", 0.5), ("economic-buyer", 0.25)), known=0.9),
        FactDrawn("confirmed", choices=((True, 0.7), (False, 0.3))),
        FactDrawn("decides_on", Spread(Form.LOGNORMAL, 30 * DAY, 90 * DAY)),
    ),
    rows=FactRows(
        ("price", "region"),
        ((Decimal(100), "north"), (Decimal(200), None), (Decimal("10.50"), None), (None, "south")),
    ),
    touchpoints={"demo": Work("ae", EFFORT)},
    approvals=(Agreeing("manager", wait=Spread(Form.LOGNORMAL, HOUR, 8 * HOUR), granted=0.9),),
    hours=(Hours("office", {0: ((time(9), time(17)),)}, holidays=(date(2026, 12, 25),)),),
    pools=(
        Pool("ae", (Person("ana", ("demo",), "office"), Person("ben", ("technical",))), hours="office"),
        Pool("managers", (Person("managers 1"),), serving=Serving.BY_STAGE, stages=("demo",)),
    ),
    tracks=(TrackAssumed("legal", (Standing("in-review", (Branch("approve", "approved", 1.0),), dwell=DWELL),)),),
)


def after(*settings: str) -> Scenario:
    return changed(BASE, settings)


def shares(scenario: Scenario) -> list[float]:
    return [round(branch.share, 9) for branch in scenario.stages[0].branches]


def test_nothing_set_changes_nothing() -> None:
    assert changed(BASE, ()) == BASE


def test_a_stage_a_fifth_faster_keeps_its_form_and_scales_p50_p90_and_every_quantile() -> None:
    demo = after("stages.demo.dwell*=0.8").stages[0]
    assert demo.dwell == Spread(Form.LOGNORMAL, 3.2 * DAY, 8 * DAY)
    assert demo.branches[1].dwell == Spread(Form.QUANTILES, quantiles=((0.0, 0.0), (0.5, 1.6 * DAY), (1.0, 32.0 * DAY)))
    assert after("stages.negotiation.dwell*=80%").stages[1].dwell == Spread(Form.EXPONENTIAL, 2.4 * DAY)


def test_a_dwell_that_is_set_is_always_so_for_every_branch() -> None:
    demo = after("stages.demo.dwell = 1.5d").stages[0]
    assert demo.dwell == Spread(Form.CONSTANT, 1.5 * DAY)
    assert [branch.dwell for branch in demo.branches] == [None] * 4


def test_one_part_of_a_dwell_is_set_alone_and_one_branch_apart_from_the_others() -> None:
    assert after("stages.demo.dwell.p90=12d").stages[0].dwell == Spread(Form.LOGNORMAL, 4 * DAY, 12 * DAY)
    lose = after("stages.demo.branches.send-proposal.dwell-=1d").stages[0]
    assert lose.branches[0].dwell == Spread(Form.LOGNORMAL, 3 * DAY, 9 * DAY)
    assert lose.dwell == DWELL


def test_the_other_branches_of_a_stage_keep_their_proportions() -> None:
    assert shares(after("stages.demo.branches.send-proposal=70%")) == [0.7, 0.225, 0.045, 0.03]
    assert shares(after("stages.demo.branches.send-proposal+=20%")) == [0.8, 0.15, 0.03, 0.02]
    assert shares(after("stages.demo.branches.step-back*=2")) == pytest.approx([0.6 * 8 / 9, 0.3 * 8 / 9, 0.12, 0.08])
    assert shares(after("stages.demo.branches.step-back.prospect=0%"))[2:] == pytest.approx([0, 0.04 / 0.94])


def test_people_who_come_work_in_the_hours_of_the_pool_and_can_do_what_anybody_there_can() -> None:
    people = after("pools.ae.people+=2").pools[0].people
    assert people[:2] == BASE.pools[0].people
    assert people[2:] == (Person("ae 1", ("demo", "technical")), Person("ae 2", ("demo", "technical")))
    assert after("pools.ae.people-=1").pools[0].people == BASE.pools[0].people[:1]
    assert [person.name for person in after("pools.managers.people=3").pools[1].people] == [
        "managers 1", "managers 2", "managers 3"
    ]  # fmt: skip


def test_whom_a_pool_serves_first_can_be_set() -> None:
    pool = after("pools.managers.serves=amount", "pools.managers.hours=office").pools[1]
    assert (pool.serving, pool.fact, pool.stages, pool.hours) == (Serving.BY_FACT, "amount", (), "office")
    assert after("pools.managers.serves=first-come").pools[1].serving is Serving.FIRST_COME


def test_efforts_waits_and_approvals_are_set_where_they_stand() -> None:
    assert after("stages.demo.work.effort*=0.5").stages[0].work == Work("ae", Spread(Form.GAMMA, HOUR / 2, HOUR))
    assert after("touchpoints.demo.effort=30min").touchpoints["demo"].effort == Spread(Form.CONSTANT, 1_800)
    assert after("touchpoints.demo.pool=managers").touchpoints["demo"].pool == "managers"
    manager = after("approvals.manager.granted=100%", "approvals.manager.wait*=0.5").approvals[0]
    assert (manager.granted, manager.wait) == (1.0, Spread(Form.LOGNORMAL, HOUR / 2, 4 * HOUR))


def test_side_tracks_horizon_and_arrivals_can_be_set() -> None:
    assert after("tracks.legal.stages.in-review.dwell*=0.5").tracks[0].stages[0].dwell == Spread(
        Form.LOGNORMAL, 2 * DAY, 5 * DAY
    )
    assert after("horizon=13w").horizon == timedelta(weeks=13)
    assert after("arrivals.weekly*=1.2").arrivals.weekly == 30
    assert after("arrivals.weekdays.sat=1", "arrivals.months.dec=0.5").arrivals.months == {12: 0.5}


def test_past_weeks_keep_their_ups_and_downs_and_have_the_mean_that_is_set() -> None:
    past = changed(BASE, ())
    weeks = changed(
        Scenario(past.id, past.process, past.horizon, Arrivals(weeks=(21, 25, 30, 4)), past.stages),
        ["arrivals.weekly=40"],
    ).arrivals.weeks
    assert weeks == (42, 50, 60, 8)


def test_facts_are_made_larger_better_known_or_shifted_among_choices() -> None:
    assert after("facts.amount*=2").facts[0].spread == Spread(Form.LOGNORMAL, 18_000, 80_000)
    assert after("facts.role.known=100%").facts[1].known == 1
    role = after("facts.role.choices.champion=60%").facts[1]
    assert dict(role.choices) == pytest.approx({"user": 0.2, "champion": 0.6, "economic-buyer": 0.2})
    assert dict(after("facts.confirmed.choices.true=100%").facts[2].choices) == {True: 1, False: 0}
    assert after("facts.decides_on*=2").facts[3].spread == Spread(Form.LOGNORMAL, 60 * DAY, 180 * DAY)


def test_facts_drawn_in_rows_are_filled_from_rows_that_know_them() -> None:
    rows = after("facts.region.known=100%", "facts.price*=1.1").rows
    assert rows is not None
    assert [row[1] for row in rows.rows] == ["north", "north", "south", "south"]
    assert [row[0] for row in rows.rows] == [Decimal(110), Decimal(220), Decimal("11.55"), None]
    fewer = after("facts.price.known=50%").rows
    assert fewer is not None
    assert sum(row[0] is not None for row in fewer.rows) == 2


@pytest.mark.parametrize(
    ("setting", "told", "hint"),
    [
        ("stages.negotiatoin.dwell*=0.8", "there is no stage 'negotiatoin'", "did you mean 'negotiation'?"),
        ("stages.demo.dwel*=0.8", "there is no part of a stage 'dwel'", "did you mean 'dwell'?"),
        ("stages.demo.branches.send-propsal=70%", "there is no branch 'send-propsal' of 'demo'", "'send-proposal'?"),
        ("stage.demo.dwell*=0.8", "there is no part of a scenario 'stage'", "did you mean 'stages'?"),
        ("pools.aes.people+=1", "there is no pool 'aes'", "did you mean 'ae'?"),
        ("facts.rol.known=100%", "there is no fact 'rol'", "did you mean 'role'?"),
        ("stages.demo.work.pool=aee", "there is no pool 'aee'", "did you mean 'ae'?"),
        ("pools", "sets nothing", "stages.demo.dwell*=0.8"),
        ("pools=3", "no pool is named", "what can stand there: ae, managers"),
        ("pools.ae.people-=2", "nobody would be left", "at least one"),
        ("pools.ae.people*=1.2", "2 people would be 2.4", "pools.ae.people=3"),
        ("pools.ae.people=+2", "'+2' is not a number", "write pools.ae.people+=2"),
        ("stages.demo.dwell-=20%", "is not a duration", "write stages.demo.dwell*=0.8"),
        ("start=2027-01-04", "no assumption", "--start 2027-01-04"),
        ("horizon=2000w", "longer than 1,000 weeks", ""),
        ("facts.amount=9000EUR", "'9000EUR' is not a number", ""),
        ("facts.role=user", "drawn among choices", "facts.role.choices.user=100%"),
        ("pools.ae.serves=role", "there is no order 'role'", "first-come, amount, decides_on, price, region"),
        ("arrivals.months.december=1", "there is no month 'december' of 'arrivals'", "dec"),
        ("pools.ae.people+=0.5", "no number of people", "whole number"),
        ("pools.ae.people=99999999", "people, more than", ""),
        ("stages.demo.branches.send-proposal=170%", "more than all", "70%"),
        ("stages.demo.branches.send-proposal+=50%", "it would be 110%", "between 0% and 100%"),
        ("stages.negotiation.branches.sign=50%", "nothing else is tried there", "another branch"),
        ("stages.demo.dwell-=5d", "below zero", "*="),
        ("stages.demo.dwell.p50=20d", "the P90 would be below the P50", "set both"),
        ("stages.demo.dwell=3 fortnights", "is not a duration", "such as 3d"),
        ("stages.demo.dwell*=-1", "is not a number", "0.8"),
        ("stages.demo.dwell.p50.x=1d", "has no parts", "write stages.demo.dwell.p50=1d"),
        ("stages.negotiation.work.effort*=2", "nobody works on entering 'negotiation'", "add it"),
        ("stages.negotiation.dwell.p90=9d", "no P90", "p50"),
        ("facts.role*=2", "drawn among choices", "facts.role.choices.user=50%"),
        ("facts.region*=2", "no number", "numbers"),
        ("approvals.manager.effort*=2", "costs 'manager' no work", "add a pool"),
        ("horizon=0d", "shorter than a day", "horizon=13w"),
        ("horizon*=1000", "longer than a hundred years", ""),
        ("arrivals.weekdays.sun=soon", "is not a number", ""),
        ("stages.demo.hours*=office", "only be set with =", "stages.demo.hours=office"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_what_can(setting: str, told: str, hint: str) -> None:
    with pytest.raises((BadValue, UnknownName)) as caught:
        after(setting)
    assert told in str(caught.value)
    assert hint in caught.value.hint


HEADS = [
    "stages.demo.dwell",
    "stages.demo.branches.lose",
    "pools.ae.people",
    "arrivals.weekly",
    "horizon",
    "facts.role",
]


@given(
    path=st.one_of(st.sampled_from(HEADS), st.text("abcdhoprstw.-_", max_size=30)),
    sign=st.sampled_from(["=", "*=", "+=", "-=", "/=", ""]),
    value=st.one_of(st.text(max_size=12), st.from_regex(r"[0-9]{1,3}(\.[0-9])?(%|d|w|h)?", fullmatch=True)),
)
def test_any_text_sets_something_sound_or_is_refused_in_words(path: str, sign: str, value: str) -> None:
    try:
        now = after(path + sign + value)
    except StagewrightError:
        return
    assert all(len(pool.people) >= 1 for pool in now.pools)
    assert all(sum(branch.share for branch in stage.branches) == pytest.approx(1) for stage in now.stages)
    assert all(stage.dwell is None or stage.dwell.p90 >= 0 <= stage.dwell.p50 for stage in now.stages)
    assert now.horizon >= timedelta(days=1)


def test_a_choice_that_is_a_percent_is_named_with_its_sign() -> None:
    tenth = FactDrawn("discount", choices=((Decimal(0), 0.6), (Decimal("0.1"), 0.4)))
    scenario = replace(BASE, facts=(tenth,))
    for name in ("10%", "0.1"):
        (discount,) = changed(scenario, (f"facts.discount.choices.{name}=100%",)).facts
        assert discount.choices == ((Decimal(0), 0.0), (Decimal("0.1"), 1.0))


def test_what_is_set_is_not_set_again_but_may_be_added_to() -> None:
    with pytest.raises(BadValue, match=r"pools\.ae\.people=4: it leaves nothing of pools\.ae\.people=3"):
        after("pools.ae.people=3", "pools.ae.people=4")
    assert len(after("pools.ae.people=3", "pools.ae.people+=1").pools[0].people) == 4
