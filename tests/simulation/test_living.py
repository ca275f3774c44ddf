"""Deals that the machine judges while they are played: side tracks, automatic actions, rules that look back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.vectors import vector_of
from engine.model.deal import Deal
from engine.model.done import Times
from engine.model.errors import BadValue
from engine.model.process import Clock as Declared
from engine.simulation.engines.heap import play
from engine.simulation.engines.judging import moment_of
from engine.simulation.plan import NONE, Cast
from tests.simulation.living_worlds import World, refusals, visits, world
from tests.simulation.worlds import Clock, Job, Pool, cast, exponential, stage, to, told

HOUR, DAY = 3600, 86_400
CHECKS = ("legal", "finance", "security")


def played(of: World, who: Cast) -> Any:
    return play(of[0], who, of[1])


def joined(dwell: Any) -> World:
    """Three checks run beside; the deal goes on by itself once all are done."""
    return world(
        {
            "check": stage(),
            "offer": stage(to("won", 1, HOUR, action="sign")),
            **{f"{name}/open": stage(to(f"{name}/done", 1, dwell, action=f"pass-{name}")) for name in CHECKS},
        },
        stages={"check": {}, "offer": {}, "won": {"ends": "won"}},
        actions={
            "go-on": {
                "from": "check",
                "to": "offer",
                "auto": True,
                "when": " and ".join(f'track.{name} == "done"' for name in CHECKS),
            },
            "sign": {"from": "offer", "to": "won"},
        },
        tracks={
            name: {
                "stages": {"open": {}, "done": {"ends": "other"}},
                "actions": {f"pass-{name}": {"from": "open", "to": "done"}},
            }
            for name in CHECKS
        },
    )


def test_a_plan_that_is_not_plain_needs_the_machine() -> None:
    of, _ = joined(HOUR)
    with pytest.raises(BadValue):
        play(of, cast(of, [0]))


def test_the_next_stage_is_entered_when_the_last_of_three_checks_is_done() -> None:
    of = joined(exponential(DAY))
    log = played(of, cast(of[0], range(0, 1500 * 100, 100)))
    names = np.array([name for _, name, *_ in visits(of[0], log)])
    last = np.full(1500, 0)
    for name in CHECKS:
        its = names == f"{name}/open"
        np.maximum.at(last, log.deal[its], log.left[its])
    joins = names == "check"
    assert log.left[joins].tolist() == last[log.deal[joins]].tolist()
    # The mean of the largest of three exponential times is 1 + 1/2 + 1/3 of their mean, its deviation 1.17 of it.
    dwell = (log.left - log.entered)[joins] / DAY
    assert abs(dwell.mean() - 11 / 6) < 3 * 1.17 / np.sqrt(1500)


def test_a_rule_on_a_track_holds_back_until_it_is_true() -> None:
    of = world(
        {
            "offer": stage(to("won", 1, DAY, action="sign")),
            "legal/open": stage(to("legal/done", 1, int(3.5 * DAY), action="clear")),
        },
        stages={"offer": {}, "won": {"ends": "won"}},
        actions={"sign": {"from": "offer", "to": "won", "requires": ['track.legal == "done"']}},
        tracks={"legal": {"stages": {"open": {}, "done": {}}, "actions": {"clear": {"from": "open", "to": "done"}}}},
    )
    log = played(of, cast(of[0], [0]))
    assert refusals(of[0], log) == [(0, "sign", days * DAY, False) for days in (1, 2, 3)]
    # What stood on beside when the deal ended stays where it was.
    assert visits(of[0], log) == [
        (0, "legal/open", 0, int(3.5 * DAY), "clear"),
        (0, "offer", 0, 4 * DAY, "sign"),
        (0, "legal/done", int(3.5 * DAY), NONE, ""),
    ]


def test_a_track_may_not_go_on_before_the_main_one_has_reached_a_stage() -> None:
    of = world(
        {
            "new": stage(to("offer", 1, 5 * HOUR, action="offer")),
            "offer": stage(to("won", 1, 5 * HOUR, action="sign")),
            "legal/open": stage(to("legal/review", 1, 2 * HOUR, action="submit")),
        },
        stages={"new": {}, "offer": {}, "won": {"ends": "won"}},
        actions={"offer": {"from": "new", "to": "offer"}, "sign": {"from": "offer", "to": "won"}},
        tracks={
            "legal": {
                "stages": {"open": {}, "review": {}},
                "actions": {"submit": {"from": "open", "to": "review", "requires": ['reached("offer")']}},
            }
        },
    )
    log = played(of, cast(of[0], [0]))
    assert refusals(of[0], log) == [(0, "submit", 2 * HOUR, False), (0, "submit", 4 * HOUR, False)]
    assert (0, "legal/open", 0, 6 * HOUR, "submit") in visits(of[0], log)


def test_automatic_actions_go_on_from_stage_to_stage_within_the_second_and_end() -> None:
    of = world(
        {"a": stage(to("b", 1, HOUR, action="begin")), "d": stage(to("won", 1, HOUR, action="sign"))},
        stages={"a": {}, "b": {}, "c": {}, "d": {}, "won": {"ends": "won"}},
        actions={
            "begin": {"from": "a", "to": "b"},
            "next": {"from": "b", "to": "c", "auto": True},
            "last": {"from": "c", "to": "d", "auto": True},
            "back": {"from": "d", "to": "b", "auto": True, "when": "false"},
            "sign": {"from": "d", "to": "won"},
        },
    )
    assert visits(of[0], played(of, cast(of[0], [0]))) == [
        (0, "a", 0, HOUR, "begin"),
        (0, "b", HOUR, HOUR, "next"),
        (0, "c", HOUR, HOUR, "last"),
        (0, "d", HOUR, 2 * HOUR, "sign"),
    ]


def test_what_is_done_by_itself_is_done_as_soon_as_a_prospect_comes_and_only_where_it_is_true() -> None:
    of = world(
        {"new": stage(to("won", 1, HOUR, action="sign")), "trial": stage(to("won", 1, DAY, action="pay"))},
        stages={"new": {}, "trial": {}, "won": {"ends": "won"}},
        actions={
            "try": {"from": "new", "to": "trial", "auto": True, "when": "signed_up"},
            "sign": {"from": "new", "to": "won"},
            "pay": {"from": "trial", "to": "won"},
        },
        facts={"signed_up": "yes-no"},
    )
    who = replace(cast(of[0], [0, 0, 0]), facts={"signed_up": vector_of([True, False, None])})
    assert visits(of[0], played(of, who)) == [
        (0, "new", 0, 0, "try"),
        (0, "trial", 0, DAY, "pay"),
        (1, "new", 0, HOUR, "sign"),
        (2, "new", 0, HOUR, "sign"),
    ]


def test_work_on_a_track_is_dropped_when_the_deal_ends_and_its_people_are_free() -> None:
    of = world(
        {
            "offer": stage(to("won", 1, HOUR, action="sign")),
            "legal/open": stage(to("legal/done", 1, 0, action="clear"), work=Job("lawyers", DAY)),
        },
        pools={"lawyers": Pool(1)},
        stages={"offer": {}, "won": {"ends": "won"}},
        actions={"sign": {"from": "offer", "to": "won"}},
        tracks={"legal": {"stages": {"open": {}, "done": {}}, "actions": {"clear": {"from": "open", "to": "done"}}}},
    )
    log = played(of, cast(of[0], [0, 10, 20]))
    assert log.begun.tolist() == [0, HOUR, HOUR + 10]
    assert log.done.tolist() == [HOUR, HOUR + 10, HOUR + 20]
    assert [each for each in visits(of[0], log) if each[1] == "legal/open"] == [
        (deal, "legal/open", deal * 10, NONE, "") for deal in range(3)
    ]


def test_what_a_move_sets_and_a_stage_stamps_is_seen_by_later_rules() -> None:
    of = world(
        {
            "new": stage(to("offer", 1, HOUR, action="offer")),
            "offer": stage(to("won", 1, HOUR, action="sign")),
        },
        stages={"new": {}, "offer": {"stamps": {"first": "amount"}}, "won": {"ends": "won"}},
        actions={
            "offer": {"from": "new", "to": "offer", "sets": {"ready": "amount > 5"}},
            "sign": {"from": "offer", "to": "won", "requires": ["ready", "first == amount"], "asks": ["ready"]},
        },
        facts={"amount": "money", "first": "money", "ready": "yes-no"},
        until=10 * HOUR,
    )
    who = cast(of[0], [0, 0, 0])
    amounts = vector_of([Decimal("5.5"), Decimal(3), None])
    log = played(of, replace(who, facts={"amount": amounts}))
    assert [each[3:] for each in visits(of[0], log) if each[1] == "offer"] == [
        (2 * HOUR, "sign"),
        (NONE, ""),
        (NONE, ""),
    ]
    assert {deal for deal, *_ in refusals(of[0], log)} == {1, 2}


def test_approvals_are_waited_for_where_they_are_needed_then_and_may_be_denied() -> None:
    of = world(
        {
            "new": stage(to("offer", 1, HOUR, action="offer")),
            "offer": stage(to("won", 1, HOUR, action="sign", agreed=0, wait=DAY, granted=0.5)),
        },
        stages={"new": {}, "offer": {}, "won": {"ends": "won"}},
        actions={
            "offer": {"from": "new", "to": "offer", "sets": {"discount": "amount - 10"}},
            "sign": {"from": "offer", "to": "won", "approval": [{"by": "boss", "when": "discount > 0"}]},
        },
        facts={"amount": "number", "discount": "number"},
        roles={"boss": ()},
    )
    size = 60
    who = replace(cast(of[0], [0] * size), facts={"amount": vector_of([Decimal(5), Decimal(15)] * (size // 2))})
    log = played(of, who)
    offers = [each for each in visits(of[0], log) if each[1] == "offer"]
    denied = {deal: sum(each[0] == deal for each in refusals(of[0], log)) for deal in range(size)}
    assert all(
        each[3] - each[2] == (HOUR if each[0] % 2 == 0 else (HOUR + DAY) * (1 + denied[each[0]])) for each in offers
    )
    assert all(is_denied for *_, is_denied in refusals(of[0], log))
    assert not any(denied[deal] for deal in range(0, size, 2))
    assert 0.25 < np.mean([denied[deal] == 0 for deal in range(1, size, 2)]) < 0.75


def test_the_machine_says_whether_a_clock_acts_also_of_a_side_track() -> None:
    clocks = (
        Declared("stale", ("open",), "stays", timedelta(hours=5), then="drop", track="legal"),
        Declared("slow", ("new",), "stays", timedelta(hours=9), then="lose"),
    )
    of = world(
        {
            "new": stage(to("won", 1, 20 * HOUR, action="sign"), clocks=[Clock("lost", 9 * HOUR)]),
            "legal/open": stage(clocks=[Clock("legal/dropped", 5 * HOUR)]),
        },
        clock_actions=["lose", "drop"],
        stages={"new": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
        actions={
            "sign": {"from": "new", "to": "won"},
            "lose": {"from": "new", "to": "lost", "requires": ['track.legal == "dropped"', "amount > 5"]},
        },
        tracks={
            "legal": {"stages": {"open": {}, "dropped": {}}, "actions": {"drop": {"from": "open", "to": "dropped"}}}
        },
        facts={"amount": "money"},
        clocks=clocks,
    )
    who = replace(cast(of[0], [0, 0]), facts={"amount": vector_of([Decimal(9), Decimal(1)])})
    found = visits(of[0], played(of, who))
    assert [each for each in found if each[1] == "legal/open"] == [
        (deal, "legal/open", 0, 5 * HOUR, "drop") for deal in (0, 1)
    ]
    assert [each for each in found if each[1] == "new"] == [
        (0, "new", 0, 9 * HOUR, "lose"),
        (1, "new", 0, 20 * HOUR, "sign"),
    ]


@pytest.mark.parametrize("recorded", [{"amount": Decimal(9)}, {}], ids=["recorded", "drawn"])
def test_open_deals_go_on_with_what_they_know_and_went_through(recorded: dict[str, Decimal]) -> None:
    of = world(
        {
            "new": stage(to("offer", 1, HOUR, action="offer")),
            "offer": stage(to("won", 0.5, HOUR, action="sign"), to("new", 0.5, HOUR, action="back")),
            "legal/open": stage(to("legal/done", 1, exponential(30 * DAY), action="clear")),
        },
        stages={"new": {}, "offer": {}, "won": {"ends": "won"}},
        actions={
            "offer": {"from": "new", "to": "offer"},
            "back": {"from": "offer", "to": "new"},
            "sign": {"from": "offer", "to": "won", "requires": ['done("demo")', "amount > 5"]},
        },
        tracks={"legal": {"stages": {"open": {}, "done": {}}, "actions": {"clear": {"from": "open", "to": "done"}}}},
        facts={"amount": "money"},
        touchpoints=("demo",),
        until=50 * DAY,
    )
    began = moment_of(-40 * DAY)
    size = 200
    opened = Deal(
        "acme",
        "selling",
        1,
        "d1",
        "offer",
        began,
        moment_of(-DAY),
        moment_of(-DAY),
        facts=recorded,
        visited=frozenset({"new", "offer"}),
        touches={"demo": Times(1, moment_of(-2 * DAY))},
    )
    who = cast(of[0], [], open_deals=[(1, -DAY, 1, 30 * DAY)] * size)
    # What is recorded is as it is; what is not was drawn.
    drawn = {"amount": vector_of([Decimal(1 if recorded else 9)] * size)}
    found = visits(of[0], played(of, replace(who, open_deals=(opened,) * size, facts=drawn)))
    assert [each[1:] for each in found if each[1] == "offer"] == [("offer", -DAY, 30 * DAY, "sign")] * size
    # A track that is as likely to end on every day does not know how long it has gone on.
    cleared = [each[3] > 0 for each in found if each[1] == "legal/open" and each[3] != NONE]
    assert abs(len(cleared) / size - (1 - np.exp(-1))) < 0.1
    assert all(cleared)


@given(st.integers(0, 1 << 30), st.lists(st.integers(0, 20), min_size=1, max_size=6).map(sorted))
@settings(max_examples=40)
def test_what_could_be_judged_beforehand_comes_out_alike_when_the_machine_judges_it(
    seed: int, comes: list[int]
) -> None:
    of, judge = world(
        {
            "new": stage(
                to("offer", 0.5, (0, 20), action="offer", touch=Job("ae", (0, 5)), agreed=0, wait=(0, 9), granted=0.5),
                to("lost", 0.2, (0, 20), action="lose"),
                to("new", 0.3, (0, 3), action="stay"),
                work=Job("ae", (0, 4)),
                clocks=[Clock("lost", 25, idle=True), Clock("offer", 30)],
            ),
            "offer": stage(to("won", 0.6, (0, 20), action="sign"), to("new", 0.4, (0, 9), action="back")),
        },
        clock_actions=["lose", "offer"],
        pools={"ae": Pool(1)},
        until=200,
        stages={"new": {}, "offer": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
        actions={
            "offer": {"from": "new", "to": "offer", "approval": [{"by": "boss", "when": "amount > 5"}]},
            "lose": {"from": "open", "to": "lost", "requires": ["amount > 2"]},
            "stay": {"from": "new", "to": "new"},
            "back": {"from": "offer", "to": "new"},
            "sign": {"from": "offer", "to": "won", "requires": ["amount > 3"]},
        },
        facts={"amount": "number"},
        roles={"boss": ()},
        clocks=(
            Declared("idle", ("new",), "idle", timedelta(seconds=25), then="lose"),
            Declared("slow", ("new",), "stays", timedelta(seconds=30), then="offer"),
        ),
    )
    amounts = [(seed >> 3 * place) % 8 for place in range(len(comes))]
    signs, loses, clock = 3, 1, of.branches
    barred = [[signs] * (amount <= 3) + [loses, clock] * (amount <= 2) for amount in amounts]
    who = cast(of, comes, seed=seed, barred=barred, needs=[[0] * (amount > 5) for amount in amounts])
    who = replace(who, facts={"amount": vector_of([Decimal(amount) for amount in amounts])})
    plain = replace(of, living=np.zeros_like(of.living))
    nothing = np.zeros_like(who.barred)
    assert told(play(plain, who)) == told(play(of, replace(who, barred=nothing, needs=nothing), judge))
