"""All engines write the same log, byte by byte, whatever the plan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.numerics.compiled import has_compiler
from engine.simulation.engines import commit, commit_loop, heap, heap_loop, waves
from engine.simulation.engines.commit_loop import play_compiled
from engine.simulation.plan import Cast, Plan
from tests.simulation.random_worlds import worlds
from tests.simulation.worlds import Clock, Job, Pool, cast, end, plan, stage, to, told


@given(worlds(works=False, clocks=True), st.sampled_from([1, 3]), st.sampled_from([4, 1 << 15]))
@settings(max_examples=60)
def test_without_work_all_engines_write_the_same_log(world: tuple[Plan, Cast], few: int, block: int) -> None:
    expected = told(commit.play(*world))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waves, "FEW", few)
        patch.setattr(waves, "BLOCK", block)
        assert told(waves.play(*world)) == expected
    if has_compiler():
        assert told(play_compiled(*world)) == expected


@given(worlds(works=True, clocks=False))
@settings(max_examples=60)
def test_with_work_plain_and_compiled_write_the_same_log(world: tuple[Plan, Cast]) -> None:
    if has_compiler():
        assert told(play_compiled(*world)) == told(commit.play(*world))


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


def test_what_takes_no_time_and_is_refused_is_tried_again_an_hour_later_whichever_engine() -> None:
    of = plan(
        {
            "new": stage(to("offer", 1.0, 0), clocks=[Clock("lost", 3 * 3600 + 5)]),
            "offer": stage(to("won", 0.7, 0), to("new", 0.3, 0)),
            "won": end("won"),
            "lost": end("lost"),
        },
        until=8 * 3600,
    )
    who = cast(of, range(60), barred=[[0], [1], []] * 20)
    log = commit.play(of, who)
    assert log.refused_at[log.refused_deal == 0].tolist() == [0, 3600, 7200, 10800]
    refused = log.refused_at[log.refused_way == 1]
    assert refused.size > 20
    for few in (1, 100):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(waves, "FEW", few)
            assert told(waves.play(of, who)) == told(log)
    assert told(heap.play(of, who)) == told(log)
    with pytest.MonkeyPatch.context() as patched, np.errstate(over="ignore"):
        patched.setattr(commit_loop, "compiled", lambda loop: loop)
        patched.setattr(heap_loop, "compiled", lambda loop: loop)
        assert told(commit_loop.play_compiled(of, who)) == told(heap_loop.play_compiled(of, who)) == told(log)


def test_where_rows_are_more_than_was_reckoned_with_the_loop_runs_again_with_more_room() -> None:
    job = Job("ae", 1)
    round_about = {"first": stage(to("second", 1, 1), work=job), "second": stage(to("first", 1, 1), to("won", 0, 0))}
    of = plan({**round_about, "won": end("won")}, pools={"ae": Pool(1)}, until=2000)
    given_cast = cast(of, [0, 5], barred=[[], [0]])
    expected = commit.play(of, given_cast)
    assert min(expected.deal.size, expected.refused_at.size, expected.asked.size) > 4 * given_cast.size + 64
    if has_compiler():
        assert told(play_compiled(of, given_cast)) == told(expected)
