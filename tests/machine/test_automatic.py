"""Automatic actions: taken in the order declared, each only on true, never for ever."""

from dataclasses import replace
from decimal import Decimal

from engine.machine.automatic import MOST, following, next_move
from engine.machine.compile import Machine
from engine.model.deal import Deal
from engine.model.decision import Decision
from tests.machine.building import NOW, deal, machine


def moved(before: Deal, decision: Decision) -> Deal:
    return replace(before, stage=decision.to_stage, facts={**before.facts, **decision.sets})


def follow(selling: Machine, standing: Deal) -> list[str]:
    return [each.move.action for each in following(selling, standing, now=NOW, after=moved)]


CHAIN = machine(
    stages={"a": {}, "b": {}, "c": {}, "d": {"to_enter": ["amount > 10"]}},
    actions={
        "by-hand": {"from": "a", "to": "d"},
        "second": {"from": "b", "to": "c", "auto": True, "when": "amount > 5"},
        "first": {"from": "a", "to": "b", "auto": True, "when": "amount > 5", "by": ["boss"]},
        "third": {"from": "c", "to": "d", "auto": True, "when": "amount > 5"},
    },
    facts={"amount": "money"},
    roles={"boss": ()},
)


def test_one_automatic_move_makes_the_next_possible_and_no_role_is_asked():
    assert follow(CHAIN, deal("a", facts={"amount": Decimal(20)})) == ["first", "second", "third"]


def test_what_an_automatic_move_must_meet_it_must_meet():
    assert follow(CHAIN, deal("a", facts={"amount": Decimal(7)})) == ["first", "second"]


def test_an_automatic_action_fires_on_true_and_not_on_unknown():
    assert next_move(CHAIN, deal("a"), now=NOW) is None


def test_the_first_declared_goes_first():
    both = machine(
        stages={"a": {}, "b": {}, "c": {}},
        actions={
            "one": {"from": "a", "to": "c", "auto": True, "when": "ready"},
            "two": {"from": "a", "to": "b", "auto": True, "when": "ready"},
        },
        facts={"ready": "yes-no"},
    )
    assert follow(both, deal("a", facts={"ready": True})) == ["one"]


def test_moves_that_go_round_stop_before_the_circle_closes():
    circle = machine(
        stages={"a": {}, "b": {}},
        actions={
            "there": {"from": "a", "to": "b", "auto": True, "when": "ready"},
            "back": {"from": "b", "to": "a", "auto": True, "when": "ready"},
        },
        facts={"ready": "yes-no"},
    )
    assert follow(circle, deal("a", facts={"ready": True})) == ["there"]


def test_at_most_sixteen_follow():
    counting = machine(
        stages={"a": {}, "b": {}},
        actions={
            "there": {"from": "a", "to": "b", "auto": True, "when": "n >= 0", "sets": {"n": "n + 1"}},
            "back": {"from": "b", "to": "a", "auto": True, "when": "n >= 0", "sets": {"n": "n + 1"}},
        },
        facts={"n": "number"},
    )
    assert len(follow(counting, deal("a", facts={"n": Decimal(0)}))) == MOST == 16
