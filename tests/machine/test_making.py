"""What is made fast is what the constructor makes."""

from dataclasses import fields
from typing import Any

import pytest

from engine.machine.making import make_clause, make_decision, make_verdict
from engine.model.decision import About, Clause, Decision, Move, Result, Verdict


@pytest.mark.parametrize(("noun", "make"), [(Clause, make_clause), (Verdict, make_verdict)])
def test_a_noun_made_fast_equals_one_that_was_constructed(noun: Any, make: Any):
    given = {field.name: field.name for field in fields(noun)}
    assert make(**given) == noun(**given)
    assert hash(make(**given)) == hash(noun(**given))


def test_defaults_are_those_of_the_constructor():
    assert make_clause("ok", holds=True) == Clause("ok", holds=True)
    required = ("a/requires/1", About.REQUIRES, Result.PASSED, "it is so")
    assert make_verdict(*required) == Verdict(*required)


def test_a_decision_must_be_given_what_it_sets_for_no_two_may_share_one_mapping():
    with pytest.raises(TypeError, match="sets"):
        make_decision(allowed=True, move=Move("go"), track="main", from_stage="a", to_stage="b", verdicts=())
    given = {"allowed": True, "move": Move("go"), "track": "main", "from_stage": "a", "to_stage": "b", "verdicts": ()}
    assert make_decision(**given, sets={}) == Decision(**given)  # type: ignore[arg-type]
