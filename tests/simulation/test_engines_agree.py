"""All engines write the same log, byte by byte, whatever the plan."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.numerics.compiled import has_compiler
from engine.simulation.engines import commit, waves
from engine.simulation.engines.commit_loop import play_compiled
from engine.simulation.plan import AGAIN, Cast, Plan
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


def test_where_rows_are_more_than_was_reckoned_with_the_loop_runs_again_with_more_room() -> None:
    job = Job("ae", 1)
    round_about = {"first": stage(to("second", 1, 1), work=job), "second": stage(to("first", 1, 0), to("won", 0, 0))}
    of = plan({**round_about, "won": end("won")}, pools={"ae": Pool(1)}, until=2000 * AGAIN)
    given_cast = cast(of, [0, 5], barred=[[], [0]])
    expected = commit.play(of, given_cast)
    assert min(expected.deal.size, expected.refused_at.size, expected.asked.size) > 4 * given_cast.size + 64
    if has_compiler():
        assert told(play_compiled(of, given_cast)) == told(expected)
