"""Laws that hold for every condition and every deal, tried on random ones."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.conditions import explain, generate
from engine.conditions.evaluate import evaluate
from engine.conditions.parse import LONGEST, read
from engine.conditions.unparse import unparse
from engine.model.syntax import And, Kind, Not, Or, Tree, facts_read
from tests.conditions.random_trees import (
    ORDERED,
    conditions,
    date_trees,
    deals,
    duration_trees,
    money_trees,
    number_trees,
    percent_trees,
    situations,
    text_trees,
)
from tests.conditions.world import SCOPE, Now

values = st.one_of(
    number_trees(), money_trees(), percent_trees(), date_trees(), duration_trees(), text_trees(), conditions()
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@many
@given(values, deals(), situations())
def test_the_generated_function_gives_what_evaluation_gives(tree: Tree, facts: dict[str, Any], now: Now) -> None:
    expected = evaluate(tree, facts, now)
    generated = generate.function(tree)(facts, now)
    assert generated == expected
    assert type(generated) is type(expected)


@many
@given(st.lists(values, max_size=5), deals(), situations())
def test_several_trees_in_one_function_give_what_each_gives(trees: list[Tree], facts: dict[str, Any], now: Now) -> None:
    assert generate.functions(trees)(facts, now) == tuple(evaluate(tree, facts, now) for tree in trees)


@many
@given(values)
def test_reading_what_was_written_gives_the_same_tree(tree: Tree) -> None:
    text = unparse(tree)
    expression, findings = read(text, SCOPE, expects=None)
    assert expression is not None, (text, findings)
    assert expression.tree == tree
    assert len(text) < LONGEST


@many
@given(conditions(), deals(), situations())
def test_a_condition_is_unknown_only_for_want_of_what_is_missing(tree: Tree, facts: dict[str, Any], now: Now) -> None:
    missing = explain.missing(tree, facts, now)
    assert evaluate(tree, facts, now) is None or not missing
    assert not set(missing) & set(facts)
    assert set(missing) <= facts_read(tree) | {"to", "reason", "note"}


@many
@given(conditions(), deals(), situations())
def test_clauses_joined_again_give_the_outcome(tree: Tree, facts: dict[str, Any], now: Now) -> None:
    told = list(explain.clauses(tree, facts, now))
    assert told[0].holds == evaluate(tree, facts, now)
    assert _rejoined(told, 0)[0] == told[0].holds


def _rejoined(told: list[Any], depth: int) -> tuple[bool | None, int]:
    """The outcome of the clause at the front, from its leaves alone; and how many clauses it took."""
    first = told[0]
    assert first.depth == depth
    if not first.joined:
        return first.holds, 1
    parts, taken = [], 1
    while taken < len(told) and told[taken].depth > depth:
        holds, length = _rejoined(told[taken:], depth + 1)
        parts.append(holds)
        taken += length
    decides = first.joined == "any"
    if decides in parts:
        return decides, taken
    return (None if None in parts else not decides), taken


@many
@given(conditions(), deals(), situations())
def test_something_is_needed_exactly_where_a_condition_does_not_hold(
    tree: Tree, facts: dict[str, Any], now: Now
) -> None:
    assert bool(explain.needs(tree, facts, now)) is (evaluate(tree, facts, now) is not True)


@many
@given(conditions(), deals(), situations())
def test_not_of_a_group_is_the_group_of_nots(tree: Tree, facts: dict[str, Any], now: Now) -> None:
    parts = (tree, Not(tree))
    turned = Or(tuple(Not(part) for part in parts))
    assert evaluate(Not(And(parts)), facts, now) == evaluate(turned, facts, now)


@many
@given(conditions(), deals(), situations(), st.sampled_from(sorted(SCOPE.facts)))
def test_learning_a_fact_never_changes_what_was_already_known(
    tree: Tree, facts: dict[str, Any], now: Now, forgotten: str
) -> None:
    if any(name in unparse(tree) for name in ("given", "blank")):
        return  # these two ask about the unknown itself
    before = evaluate(tree, {name: value for name, value in facts.items() if name != forgotten}, now)
    assert before is None or evaluate(tree, facts, now) == before


def test_the_random_trees_cover_every_kind_that_has_an_order() -> None:
    assert set(ORDERED) == {"numbers", "percents", "dates", "durations"}
    assert Kind.LIST not in {kind.kind for kind in SCOPE.facts.values()}
