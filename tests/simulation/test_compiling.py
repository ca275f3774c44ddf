"""A scenario compiled: what is tried, what must have passed before, who works, and what is refused with a mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.errors import BadValue, UnknownName
from engine.model.scenario import (
    Agreeing,
    Arrivals,
    Branch,
    FactDrawn,
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
from engine.numerics.dice import name_key
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.plan import NONE, WHOLE, Kind, Plan, Purpose
from tests.machine.building import machine
from tests.simulation.any_scenario import BEGIN, DAY, SHIPPED, about, scenario_of, shipped

SELLING = machine(
    stages={"new": {}, "offer": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
    actions={
        "propose": {"from": "new", "to": "offer", "touchpoint": "demo", "reasons": ["asked", "met"]},
        "win": {
            "from": "offer",
            "to": "won",
            "approval": [{"by": "boss", "when": "amount > 100"}, {"by": "legal", "when": "amount > 500"}],
        },
        "lose": {"from": "open", "to": "lost"},
        "back": {"from": "offer", "to": "earlier"},
    },
    facts={"amount": "money", "name": "text"},
    touchpoints=["demo"],
    roles={"ae": (), "boss": (), "legal": ()},
    tracks={"papers": {"stages": {"none": {}, "sent": {}}, "actions": {"send": {"from": "none", "to": "sent"}}}},
)
OFFICE = Hours("office", {day: ((time(9), time(17)),) for day in range(5)})
SECOND = Spread(Form.CONSTANT, 1)
BASE = Scenario(
    "base",
    SELLING.process.id,
    timedelta(weeks=4),
    Arrivals(weekly=5),
    (
        Standing(
            "new",
            (Branch("propose", "offer", 0.75, about(DAY), reason="met"), Branch("lose", "lost", 0.25)),
            about(2 * DAY),
            "office",
            Work("ae", about(600), "talk"),
        ),
        Standing("offer", (Branch("win", "won", 0.5), Branch("lose", "lost", 0.3), Branch("back", "new", 0.2))),
    ),
    touchpoints={"demo": Work("experts", about(3600))},
    approvals=(Agreeing("boss", about(7200), Work("experts", SECOND), 0.5), Agreeing("legal", about(9), None, 0.5)),
    hours=(OFFICE, replace(OFFICE, id="late")),
    pools=(
        Pool("ae", (Person("ana", ("talk",)), Person("ben", (), "late")), "office"),
        Pool("experts", (Person("cy", ("talk", "law")),), serving=Serving.BY_STAGE, stages=("offer", "new")),
    ),
)


def plan(scenario: Scenario = BASE, of: Any = SELLING) -> Plan:
    return plan_of(scenario, of, begin=BEGIN)


def phases(of: Plan, branch: int) -> list[tuple[Any, ...]]:
    rows = range(int(of.ways.phase[branch]), int(of.ways.phase[branch + 1]))
    each = of.phases
    return [
        (
            Kind(each.kind[row]),
            Purpose(each.purpose[row]),
            int(each.calendar[row]),
            int(each.pool[row]),
            int(each.need[row]),
        )
        for row in rows
    ]


def test_stages_and_branches_are_numbered_in_the_order_of_the_pipeline_and_of_the_file() -> None:
    of = plan()
    assert of.stages == (("main", "new"), ("main", "offer"), ("main", "won"), ("main", "lost"))
    assert of.ends == ("", "", "won", "lost")
    assert of.keys[1] == name_key("main/offer")
    assert of.ways.first.tolist() == [0, 2, 5, 5, 5]
    assert of.ways.to.tolist() == [1, 3, 2, 3, 0]
    assert [of.actions[action] for action in of.ways.action] == ["propose", "lose", "win", "lose", "back"]
    assert of.ways.reason == ("met", "", "", "", "")
    assert (of.ways.upto / WHOLE).tolist() == pytest.approx([0.75, 1, 0.5, 0.8, 1])
    assert (of.begin, of.end - of.begin) == (int(BEGIN.timestamp()), 28 * DAY)
    assert (of.is_plain, of.has_work, of.firsts) == (True, True, (0,))


def test_what_must_have_passed_before_is_told_phase_by_phase() -> None:
    of = plan()
    entry = (Kind.WORK, Purpose.ENTRY_WORK, NONE, 0, NONE)
    dwell = (Kind.WAIT, Purpose.VISIT, 0, NONE, NONE)
    assert phases(of, 0) == [entry, dwell, (Kind.WORK, Purpose.TOUCH_WORK, NONE, 1, NONE)]
    assert phases(of, 1) == [entry, dwell]
    assert phases(of, 2) == [
        (Kind.WAIT, Purpose.VISIT, NONE, NONE, NONE),
        (Kind.WAIT, Purpose.APPROVAL_WAIT, NONE, NONE, 0),
        (Kind.WORK, Purpose.APPROVAL_WORK, NONE, 1, 0),
        (Kind.WAIT, Purpose.APPROVAL_WAIT, NONE, NONE, 1),
    ]
    assert of.phases.touches.tolist().count(True) == 1
    assert of.phases.own.tolist().count(True) == of.branches
    # Who needs any approval is told by a bit of its own; both must be given.
    assert of.ways.agreed.tolist() == [NONE, NONE, 2, NONE, NONE]
    assert of.ways.granted[2] == WHOLE // 4
    medians = of.tables[of.phases.table, 512]
    assert medians[:3].tolist() == [600, DAY, 3600]


def test_people_have_their_pool_s_hours_or_their_own_and_their_skills() -> None:
    of = plan()
    assert of.crew.pools == ("ae", "experts")
    assert of.crew.names == ("ana", "ben", "cy")
    assert of.crew.first.tolist() == [0, 2, 3]
    assert of.crew.calendar.tolist() == [0, 1, NONE]
    assert of.crew.skills.tolist() == [1, 0, 3]
    assert of.phases.skills[0] == 1
    assert of.crew.order.tolist() == [0, 2]
    assert of.crew.by_stage.tolist() == [[0] * 4, [1, 0, 2, 2]]
    assert of.calendars.names == ("office", "late")


def test_side_tracks_count_only_where_something_is_assumed_of_them() -> None:
    track = TrackAssumed("papers", (Standing("none", (Branch("send", "sent", 1.0),), about(DAY)),))
    of = plan(replace(BASE, tracks=(track,)))
    assert of.stages[4:] == (("papers", "none"), ("papers", "sent"))
    assert (of.firsts, of.ways.to[-1], of.is_plain) == ((0, 4), 5, False)


def test_a_deal_handed_over_to_another_process_is_at_an_end() -> None:
    paths = [path for path in SHIPPED if any(a.transfer for a in shipped(path).process.main.actions)]
    of = plan(scenario_of(shipped(paths[0])), shipped(paths[0]))
    elsewhere = [at for at, (_, stage) in enumerate(of.stages) if "/" in stage]
    assert elsewhere == [len(of.stages) - 1]
    assert of.ends[-1] == "other"
    assert of.ways.first.size == of.alarms.first.size == len(of.stages) + 1


def test_clocks_of_the_process_are_alarms_with_the_reason_they_give() -> None:
    of = plan(scenario_of(shipped(_path("inside-sales/2.yaml"))), shipped(_path("inside-sales/2.yaml")))
    assert np.diff(of.alarms.first).tolist()[:3] == [1, 1, 0]
    assert (of.alarms.after.tolist(), of.alarms.idle.tolist()) == ([60 * DAY] * 2, [True] * 2)
    assert of.alarms.reason == ("no-decision", "no-decision")
    assert [of.stages[to] for to in of.alarms.to] == [("main", "lost")] * 2
    assert of.living.size == of.branches + 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_process_can_be_compiled(path: Path) -> None:
    of = plan(scenario_of(shipped(path)), shipped(path))
    assert of.branches > 0
    lasts = of.ways.first[1:][np.diff(of.ways.first) > 0] - 1
    assert (of.ways.upto[lasts] == WHOLE).all()


LIVING = {
    "amount > 100": False,
    'stage == "offer" and to == "won"': False,
    'reason == "met" or actor.role == "ae"': False,
    "probability > 10%": False,
    'reached("new") or reached("offer")': False,
    'size_of == "S"': False,
    "due < today": True,
    "days_in_stage > 2": True,
    'done("demo")': True,
    'count("propose") > 1': True,
    'since("demo") < 3d': True,
    'reached("won")': True,
    'track.papers == "sent"': True,
    "signed": True,
    'age_of == "S"': True,
}


@pytest.mark.parametrize("condition", LIVING)
def test_what_looks_at_more_than_facts_and_the_move_is_living(condition: str) -> None:
    tables = {
        "size_of": {"of": ["S", "L"], "table": {"rows": [{"when": "amount > 5", "then": "L"}, {"then": "S"}]}},
        "age_of": {"of": ["S", "L"], "table": {"rows": [{"when": "days_in_stage > 5", "then": "L"}, {"then": "S"}]}},
    }
    of = machine(
        stages={"new": {}, "offer": {"probability": "0.5"}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
        actions={
            "propose": {"from": "new", "to": "offer", "sets": {"signed": "true"}, "reasons": ["met"]},
            "win": {"from": "offer", "to": "won", "requires": [condition], "reasons": ["met"], "by": ["ae"]},
            "lose": {"from": "open", "to": "lost", "sets": {"amount": "0"}},
        },
        facts={"amount": "money", "due": "date", "signed": "yes-no", **tables},
        touchpoints=["demo"],
        roles={"ae": ()},
        tracks={"papers": {"stages": {"none": {}, "sent": {}}, "actions": {"send": {"from": "none", "to": "sent"}}}},
    )
    found = plan(scenario_of(of, weekly=1), of)
    win = [found.actions[action] for action in found.ways.action].index("win")
    assert found.living[win] == LIVING[condition]


def _path(name: str) -> Path:
    return next(path for path in SHIPPED if str(path).endswith(name))


def _branch(*branches: Branch, stage: str = "new", **other: Any) -> Scenario:
    return replace(BASE, stages=(Standing(stage, branches, **other), *BASE.stages[1:]))


WRONG = {
    "another process": (replace(BASE, process="renewals"), "is of 'renewals'"),
    "another version": (
        replace(BASE, version=7, stages=(Standing("old", ()),)),
        "no stage 'old'; the scenario 'base' uses the names of version 7",
    ),
    "no such stage": (_branch(Branch("lose", "lost", 1.0), stage="nwe"), "no stage 'nwe'"),
    "no such action": (_branch(Branch("loose", "lost", 1.0)), "no action 'loose'"),
    "not from there": (_branch(Branch("win", "won", 1.0)), "'win' is not possible from 'new'"),
    "not to there": (_branch(Branch("lose", "won", 1.0)), "does not lead from 'new' to 'won'"),
    "an action of a track": (_branch(Branch("send", "sent", 1.0)), "'send' is not possible from 'new'"),
    "from an end": (_branch(Branch("lose", "lost", 1.0), stage="lost"), "'lost' is an end"),
    "never anything": (_branch(Branch("lose", "lost", 0.0)), "nothing is ever tried in 'new'"),
    "no such hours": (_branch(Branch("lose", "lost", 1.0), hours="ofice"), "no hours 'ofice'"),
    "no such pool": (_branch(Branch("lose", "lost", 1.0), work=Work("as", SECOND)), "no pool 'as'"),
    "no such skill": (_branch(Branch("lose", "lost", 1.0), work=Work("ae", SECOND, "law")), "has the skill 'law'"),
    "below zero": (_branch(Branch("lose", "lost", 1.0, Spread(Form.CONSTANT, -5))), "no values spread so"),
    "P90 below P50": (_branch(Branch("lose", "lost", 1.0, Spread(Form.GAMMA, 5, 4))), "no values spread so"),
    "no horizon": (replace(BASE, horizon=timedelta(0)), "horizon of 'base' is zero"),
    "an endless horizon": (replace(BASE, horizon=timedelta(days=300_000)), "longer than 500 years"),
    "an empty pool": (replace(BASE, pools=(*BASE.pools, Pool("none", ()))), "nobody is in pool 'none'"),
    "hours that never open": (replace(BASE, hours=(*BASE.hours, Hours("shut", {}))), "'shut' never open"),
    "no such fact": (replace(BASE, facts=(FactDrawn("amont", about(5)),)), "no fact 'amont'"),
    "no such track": (replace(BASE, tracks=(TrackAssumed("paper", ()),)), "no track 'paper'"),
    "serving by a text": (
        replace(BASE, pools=(*BASE.pools, Pool("p", (Person("x"),), serving=Serving.BY_FACT, fact="name"))),
        "cannot serve by 'name'",
    ),
    "serving by no stage": (
        replace(BASE, pools=(*BASE.pools, Pool("p", (Person("x"),), serving=Serving.BY_STAGE, stages=("of",)))),
        "no stage 'of'",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_refused_in_words(wrong: str) -> None:
    scenario, told = WRONG[wrong]
    with pytest.raises((BadValue, UnknownName), match=told):
        plan(scenario)


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(BadValue, match="no time zone"):
        plan_of(BASE, SELLING, begin=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the mistake


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.floats(0, 1e12), st.floats(0, 1e12))
@settings(max_examples=60)
def test_whatever_the_numbers_a_plan_or_a_mend_comes_of_them(shares: list[float], p50: float, p90: float) -> None:
    branches = [replace(branch, share=share) for branch, share in zip(BASE.stages[1].branches, shares, strict=True)]
    standing = replace(BASE.stages[1], branches=tuple(branches), dwell=Spread(Form.LOGNORMAL, p50, p90))
    scenario = replace(BASE, stages=(BASE.stages[0], standing))
    if not any(shares) or (p50 != p90 and not 0 < p50 < p90 <= 1e9 * p50):
        with pytest.raises(BadValue):
            plan(scenario)
        return
    of = plan(scenario)
    assert (np.diff(of.ways.upto[2:5]) >= 0).all()
    assert of.ways.upto[4] == WHOLE
    assert (np.diff(of.tables) >= 0).all()
    assert (of.tables >= 0).all()
