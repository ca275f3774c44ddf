"""Alignments cost what the slow way costs, whichever way they are reckoned, and are what they are told to be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from engine.numerics import alignment as aligning
from engine.numerics.alignment import Kind, Step, alignment, can_end, compiled_costs, costs, plain_costs, shortest
from engine.numerics.automaton import automaton, ending_anywhere
from engine.numerics.compiled import has_compiler
from tests.numerics.random_automata import Task, cost_of, dijkstra, tasks

LINE = automaton([(0, 0, 1), (1, 1, 2), (2, 2, 3)], states=4, labels=3, initial=0, finals=[3])
needs_compiler = pytest.mark.skipif(not has_compiler(), reason="numba is not installed")


@given(tasks())
def test_costs_are_those_of_the_slow_way(task: Task) -> None:
    assert plain_costs(*task).tolist() == [dijkstra(task.automaton, each) for each in task.sequences]


@needs_compiler
@given(tasks())
@settings(deadline=None)
def test_the_compiler_gives_the_same_costs(task: Task) -> None:
    assert compiled_costs(*task).tolist() == plain_costs(*task).tolist()


@given(tasks())
def test_an_alignment_told_in_full_costs_what_was_said(task: Task) -> None:
    told = [cost_of(task.automaton, each, alignment(task.automaton, each)) for each in task.sequences]
    assert told == plain_costs(*task).tolist()


@given(tasks())
def test_what_still_goes_on_may_stand_anywhere(task: Task) -> None:
    still_open = ending_anywhere(task.automaton)
    assert costs(still_open, task.sequences).tolist() == [dijkstra(still_open, each) for each in task.sequences]


@given(tasks())
def test_the_shortest_way_is_the_cost_of_an_empty_sequence(task: Task) -> None:
    assert shortest(task.automaton) == dijkstra(task.automaton, [])


@given(tasks())
def test_rows_that_were_forgotten_change_nothing(task: Task) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aligning, "_KEPT", 1)
        forgetful = plain_costs(*task)
    assert forgetful.tolist() == plain_costs(*task).tolist()


def test_a_step_left_out_is_a_move_of_the_model() -> None:
    steps = (Step(Kind.BOTH, 0, 0), Step(Kind.MODEL, -1, 1), Step(Kind.BOTH, 1, 2))
    assert alignment(LINE, [0, 2]) == steps


def test_a_label_that_the_automaton_has_not_is_a_move_of_the_log() -> None:
    steps = (Step(Kind.BOTH, 0, 0), Step(Kind.LOG, 1, -1), Step(Kind.BOTH, 2, 1), Step(Kind.BOTH, 3, 2))
    assert alignment(LINE, [0, 3, 1, 2]) == steps


def test_of_alignments_that_cost_the_same_it_is_always_the_same_one() -> None:
    two = automaton([(0, 0, 1), (0, 1, 1), (1, 2, 2)], states=3, labels=3, initial=0, finals=[2])
    assert alignment(two, [2]) == (Step(Kind.MODEL, -1, 0), Step(Kind.BOTH, 0, 2))


@needs_compiler
def test_much_work_is_given_to_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(aligning, "WORTH_COMPILING", 12)
    monkeypatch.setattr(aligning, "compiled_costs", lambda *args: asked.append(args))
    costs(LINE, [[0, 1]])
    assert asked == []
    costs(LINE, [[0, 1, 2]])
    assert len(asked) == 1


def test_nothing_is_asked_where_there_is_nothing() -> None:
    assert costs(LINE, []).tolist() == []


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(shortest, id="shortest"),
        pytest.param(lambda of: alignment(of, [0]), id="alignment"),
        pytest.param(lambda of: plain_costs(of, [[0]]), id="plain"),
        pytest.param(lambda of: compiled_costs(of, [[0]]), id="compiled", marks=needs_compiler),
    ],
)
def test_an_end_that_nothing_leads_to_is_an_error(ask: object) -> None:
    cut = automaton([(0, 0, 1)], states=3, labels=1, initial=0, finals=[2])
    assert not can_end(cut)
    with pytest.raises(ValueError, match="no end of the automaton can be reached"):
        ask(cut)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"edges": [(0, 3, 1)]}, "a label that the automaton has not"),
        ({"edges": [(0, 0, 7)]}, "lies outside"),
        ({"finals": [9]}, "lies outside"),
        ({"weights": [0]}, "a move of the model weighs 1 to"),
        ({"weights": [1, 1]}, "a weight for each edge"),
        ({"log_weights": [1, -1]}, "a move of the log weighs 0 to"),
    ],
)
def test_an_automaton_that_cannot_be_is_an_error(wrong: dict[str, object], message: str) -> None:
    right: dict[str, object] = {"edges": [(0, 0, 1)], "states": 2, "labels": 1, "initial": 0, "finals": [1]}
    with pytest.raises(ValueError, match=message):
        automaton(**{**right, **wrong})  # type: ignore[arg-type]
