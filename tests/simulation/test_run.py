"""Runs of a scenario: the same figures whoever plays them, and what is asked too much of refused before it begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.machine.compile import compile_process
from engine.machine.decide import decide
from engine.model.decision import About, Move
from engine.model.errors import BadValue
from engine.model.scenario import Arrivals, Serving
from engine.report.study import render
from engine.simulation import sizes
from engine.simulation.engines import playing
from engine.simulation.results.outcome import Setup
from engine.simulation.results.refusals import rows_broken, way_of
from engine.simulation.results.sections import study_of
from engine.simulation.run import MOST_RUNS, played, simulate
from tests.simulation.shipped import idle, scenario, setup


def _told(of, **asked):
    return render(study_of(simulate(of, **asked), subject="test"), "json")


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads() -> None:
    first = _told(setup(), runs=5, seed=7, threads=1)

    assert _told(setup(), runs=5, seed=7, threads=3) == first
    assert _told(setup(), runs=5, seed=8) != first


def without_clocks(of: Setup) -> Setup:
    """The same in a process in which no clock acts."""
    return replace(of, machine=compile_process(replace(of.machine.process, clocks=())))


FIRST_COME = without_clocks(
    setup(weeks=5, pools=tuple(replace(pool, serving=Serving.FIRST_COME) for pool in scenario().pools))
)


@pytest.mark.parametrize("of", [setup(weeks=5), FIRST_COME, idle(weeks=5)], ids=["priorities", "first-come", "nobody"])
def test_the_same_seed_gives_the_same_bytes_whatever_engine_can_play_it(of) -> None:
    plan, _, _ = played(of, seed=1, run=0)
    able = [name for name in playing.NAMES if playing.can(plan, name)]
    told = {name: _told(of, runs=3, seed=1, engine=name) for name in able}

    assert "heap" in told
    assert len(set(told.values())) == 1


def test_a_run_is_the_same_alone_and_among_others() -> None:
    outcome = simulate(setup(), runs=4, seed=3)
    _, cast, log = played(setup(), seed=3, run=2)

    assert int(outcome.summaries[2].moved.sum()) == int((log.left >= 0).sum())
    assert int(outcome.summaries[2].came.sum()) == cast.size


def test_an_interruption_keeps_the_runs_done() -> None:
    def stop(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    for threads in (1, 2):
        outcome = simulate(setup(weeks=2), runs=50, seed=1, threads=threads, on_run=stop)

        assert (outcome.done, outcome.runs, outcome.interrupted) == (3, 50, True)
        assert "the 3 runs that were done of 50" in study_of(outcome, subject="").says[0]


def test_interrupted_before_anything_is_done_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.simulation.run.cast_of", stop)

    with pytest.raises(KeyboardInterrupt):
        simulate(setup(weeks=2), runs=5, seed=1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"runs": 0}, "0 runs tell nothing"),
        ({"runs": 1_000_000}, f"1,000,000 runs are more than the {MOST_RUNS:,}"),
        ({"runs": 1, "threads": -1}, "-1 threads cannot be"),
        ({"runs": 1, "engine": "steam"}, "there is no engine 'steam'"),
        ({"runs": 1, "engine": "waves"}, "the engine 'waves' cannot play this scenario: it plays no work of pools"),
    ],
)
def test_what_cannot_be_played_is_refused_before_it_begins(asked: dict, said: str) -> None:
    with pytest.raises(BadValue) as caught:
        simulate(setup(weeks=2), **{"seed": 1, **asked})

    assert str(caught.value).startswith(said)


def test_more_memory_than_the_machine_has_is_refused_with_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "memory", lambda: 8 * 2**30)
    many = setup(weeks=50, arrivals=Arrivals(weekly=1_000_000))

    with pytest.raises(
        BadValue,
        match=r"about 50,000,000 prospects a run need .* GB of memory, and this machine has 8.0 GB, of which 60%",
    ) as caught:
        simulate(many, runs=2, seed=1, threads=2)
    assert "--threads" not in (caught.value.hint or "")
    with pytest.raises(BadValue) as caught:
        simulate(setup(weeks=50, arrivals=Arrivals(weekly=20_000)), runs=4, seed=1, threads=4)
    assert "with --threads 1, not 4 at once" in (caught.value.hint or "")


def test_a_container_has_the_memory_that_it_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for written, left in (("max\n", sizes.memory()), ("1073741824\n", 2**30)):
        (tmp_path / "memory.max").write_text(written)
        monkeypatch.setattr(sizes, "_LIMITS", (tmp_path / "none", tmp_path / "memory.max"))
        assert sizes.memory() == left


def test_refusals_are_told_by_the_requirements_that_the_machine_names() -> None:
    of = setup(weeks=10)
    plan, cast, log = played(of, seed=1, run=0)
    found: dict[int, set[str]] = {row: set() for row in range(log.refused_deal.size)}
    for name, rows in rows_broken(plan, cast, log, machine=of.machine):
        for row in rows.tolist():
            found[row].add(name)

    assert len(found) > 20
    for row, names in found.items():
        assert names == _refused(of, plan, cast, log, row)


def _refused(of, plan, cast, log, row) -> set[str]:
    """As ``decide`` tells it of that deal."""
    from datetime import UTC, datetime

    from engine.model.deal import Deal
    from engine.simulation.casting.facts import value_at

    deal, number = int(log.refused_deal[row]), int(log.refused_way[row])
    way = way_of(plan, of.machine, number)
    assert way is not None
    assert way.action is not None
    facts = {name: value for name, vector in cast.facts.items() if (value := value_at(vector, deal)) is not None}
    then = datetime.fromtimestamp(int(log.refused_at[row]), UTC)
    process = of.machine.process
    stands = Deal("d", process.id, process.version, "", way.source, then, then, then, facts=facts)
    move = Move(way.action.id, to=way.target, reason=plan.ways.reason[number], note="n", role="manager")
    verdicts = decide(of.machine, stands, move, now=then).verdicts
    approvals = {each.requirement for each in verdicts if each.about is About.APPROVAL}
    failed = {each.requirement for each in verdicts if each.result.value in ("failed", "unknown")}
    return approvals & failed if log.refused_denied[row] else failed - approvals


def test_what_waits_and_works_adds_up() -> None:
    outcome = simulate(setup(), runs=3, seed=1)
    for each in outcome.summaries:
        assert (each.worked <= outcome.available).all()
        assert (each.begun + each.waiting <= each.asked).all()
        assert (each.waited_in.sum(axis=1) == each.waited).all()
        assert each.ended.sum() + each.open.sum() == each.came.sum()


def test_twice_as_many_people_do_not_wait_longer() -> None:
    few = simulate(setup(), runs=3, seed=1)
    pools = tuple(replace(pool, people=pool.people * 2) for pool in scenario().pools)
    many = simulate(setup(pools=pools), runs=3, seed=1)

    assert np.sum([each.waited for each in many.summaries]) < np.sum([each.waited for each in few.summaries])
