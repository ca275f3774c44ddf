"""The generated form: nothing a user wrote becomes code."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from engine.conditions import generate
from engine.conditions.parse import read
from engine.model.scope import Scope
from engine.model.syntax import TEXT, YES_NO, FactRef, Literal, Not
from tests.conditions.world import Now, tree_of

WORDS = {"get", "today", "stage", "to", "action", "reason", "note", "days_in_stage", "probability", "role", "track"}
WORDS |= {"done", "count", "since", "reached", "reason_group"}


def _names(function: Callable[..., Any]) -> set[str]:
    return set(function.__code__.co_names)


@pytest.mark.parametrize(
    "text",
    [
        'amount >= 5000 and contact_role in ["champion"] and competitor == "x" and not export_hold',
        'track.legal == "approved" or done("call") or reached("demo") or since("call") > 3d',
        'budget_confirmed and (count("call") > 2 or (signed_on - today) < 3d) and actor.role == "ae"',
        'lower(note).contains("import os") and given(reason) and to == "won" and blank(country)',
        'reason.group == "money" or given(reason.group)',
        "stage in early and probability > 20% and days_in_stage < 5 and action == 'sign' and reason in []",
    ],
)
def test_generated_code_holds_no_text_and_no_number_of_the_users(text: str) -> None:
    made = generate.function(tree_of(text))
    assert _names(made) <= WORDS
    assert set(made.__code__.co_consts) <= {None, True, False}


def test_a_hostile_fact_name_is_only_a_key() -> None:
    name = "x'); import os; os.abort(); ('"
    made = generate.function(Not(FactRef(name, YES_NO)))
    assert made({name: False}, Now()) is True
    assert made({}, Now()) is None


def test_hostile_texts_are_only_compared() -> None:
    scope = Scope(facts={"a": TEXT})
    expression, _ = read('a == "__import__(\'os\').abort()" or a == "\\")\\nraise SystemExit"', scope)
    assert expression is not None
    assert generate.function(expression.tree)({"a": "x"}, Now()) is False


def test_a_word_of_the_situation_that_nobody_knows_is_not_compiled() -> None:
    from engine.model.syntax import ContextRef

    with pytest.raises(KeyError):
        generate.function(ContextRef("__class__", TEXT))


def test_equal_trees_share_one_function() -> None:
    assert generate.function(tree_of("amount > 5")) is generate.function(tree_of("amount  >  5.0"))
    assert generate.function(tree_of("amount > 5")) is not generate.function(tree_of("amount > 6"))


def test_several_trees_become_one_function() -> None:
    trees = [tree_of("amount > 5"), Literal(True, YES_NO), tree_of("amount", expects=None)]
    made = generate.functions(trees)
    assert made({"amount": Decimal(7)}, Now()) == (True, True, Decimal(7))
    assert made({}, Now()) == (None, True, None)
    assert generate.functions([])({}, Now()) == ()
