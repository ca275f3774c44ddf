"""All engines write the same log, byte by byte, whatever the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.numerics.compiled import has_compiler
from engine.simulation import commit, waves
from engine.simulation.commit_loop import play_compiled
from engine.simulation.plan import Cast, Plan
from tests.simulation.worlds import Clock, Job, Pool, Stage, cast, end, plan, stage, to, told

STAGES = ("first", "second", "third")
ENDS = ("won", "lost")
SHARES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(lambda parts: [each / sum(parts) for each in parts])
TIMES = st.sampled_from([0, 1, 7, 60, (0, 90), (30, 4000)])
HOURS = {"day": [(100 * n, 100 * n + 40) for n in range(1, 60)], "few": [(50, 60), (400, 900), (901, 905)]}
CALENDARS = st.sampled_from(["", "day", "few"])


@st.composite
def branches(draw: Any, jobs: Any) -> list[Any]:
    found = []
    for share in draw(SHARES):
        more: dict[str, Any] = {}
        if draw(st.integers(0, 2)) == 0:
            more = {"agreed": draw(st.integers(0, 1)), "granted": draw(st.sampled_from([0.0, 0.5, 1.0]))}
            more |= {"wait": draw(TIMES), "wait_hours": draw(CALENDARS), "approving": draw(jobs)}
        touch = draw(st.one_of(st.none(), TIMES, jobs))
        leads = draw(st.sampled_from(STAGES + ENDS))
        found.append(to(leads, share, draw(TIMES), hours=draw(CALENDARS), touch=touch, **more))
    return found


@st.composite
def plans(draw: Any, *, pools: dict[str, Pool]) -> Plan:
    """Three stages and two ends; where somebody works, no clock runs."""
    stages: dict[str, Stage] = {each: end(each) for each in ENDS}
    jobs = st.none()
    if pools:
        skills = st.sampled_from([(), (), (0,), (1,)])
        jobs = st.none() | st.builds(Job, st.sampled_from(sorted(pools)), TIMES, skills)
    for name in STAGES:
        runs = not pools or draw(st.booleans())
        clocks = [
            Clock(draw(st.sampled_from(STAGES + ENDS)), draw(st.sampled_from([1, 60, 300])), idle=draw(st.booleans()))
            for _ in range(draw(st.integers(0, 2)) if runs else 0)
        ]
        its = st.none() if clocks else jobs
        stages[name] = stage(*draw(branches(its)), work=draw(its), clocks=clocks)
    ordered = {name: stages[name] for name in STAGES + ENDS}
    return plan(ordered, pools=pools, hours=HOURS, until=draw(st.sampled_from([50, 400, 1200])))


@st.composite
def casts(draw: Any, of: Plan) -> Cast:
    comes = sorted(draw(st.lists(st.integers(0, 300) | st.just(40), max_size=12)))
    ways = of.branches + of.alarms.to.size
    opened = []
    for branch in draw(st.lists(st.integers(0, of.branches - 1), max_size=3)):
        standing = int(np.searchsorted(of.ways.first, branch, side="right")) - 1
        opened.append((standing, -draw(st.integers(0, 400)), branch, draw(st.integers(0, 200))))
    some = st.lists(st.integers(0, ways - 1), max_size=3)
    size = len(opened) + len(comes)
    barred, needs = draw(st.lists(some, max_size=size)), draw(st.lists(st.lists(st.integers(0, 1)), max_size=size))
    return cast(of, comes, seed=draw(st.integers(0, 9)), barred=barred, needs=needs, open_deals=opened)


POOLS = {"ae": Pool([(3, "day"), (0, ""), (1, "day")]), "experts": Pool([(1, "few"), (2, "day")]), "all": Pool(2)}


@settings(max_examples=80)
@given(st.data())
def test_without_work_all_engines_write_the_same_log(data: st.DataObject) -> None:
    of = data.draw(plans(pools={}))
    given_cast = data.draw(casts(of))
    expected = told(commit.play(of, given_cast))
    with pytest.MonkeyPatch.context() as patch:
        few = data.draw(st.sampled_from([1, 4]))
        patch.setattr(waves, "FEW", few)
        patch.setattr(waves, "BLOCK", data.draw(st.sampled_from([5, 1 << 15])))
        assert told(waves.play(of, given_cast)) == expected
    if has_compiler():
        assert told(play_compiled(of, given_cast)) == expected


@settings(max_examples=80)
@given(st.data())
def test_with_work_plain_and_compiled_write_the_same_log(data: st.DataObject) -> None:
    of = data.draw(plans(pools=POOLS))
    given_cast = data.draw(casts(of))
    assert of.is_plain
    assert of.is_first_come
    if has_compiler():
        assert told(play_compiled(of, given_cast)) == told(commit.play(of, given_cast))


def test_bits_beyond_a_word_bar_and_ask_like_all_others() -> None:
    many = [to("won", 1 / 80, (0, 50), agreed=70, wait=5, granted=0.5) for _ in range(80)]
    of = plan({"first": stage(*many, clocks=[Clock("lost", 200)]), "won": end("won"), "lost": end("lost")}, until=5000)
    given_cast = cast(of, range(60), barred=[[n, 64 + n % 17] for n in range(60)], needs=[[70], []] * 30)
    assert given_cast.barred.shape == (2, 60)
    expected = commit.play(of, given_cast)
    assert expected.refused_denied.any()
    assert not expected.refused_denied.all()
    assert told(waves.play(of, given_cast)) == told(expected)
    if has_compiler():
        assert told(play_compiled(of, given_cast)) == told(expected)
