"""How a requirement lies to the one before it: no answer that any deal contradicts, with the prover and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.conditions import prove, prove_own
from engine.conditions.decision_table import derive
from engine.conditions.evaluate import evaluate
from engine.conditions.imagine import Imagined, imagined
from engine.conditions.prove import Side, relation
from engine.model.change import Proof, Relation
from engine.model.expression import Expression
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.syntax import (
    DURATION,
    NUMBER,
    TEXT,
    And,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Literal,
    Not,
    Or,
    Tree,
    Value,
)
from tests.conditions.random_trees import conditions, deals, leaves, situations
from tests.conditions.world import SCOPE, Now, tree_of

FACTS = {name: Fact(name, of) for name, of in SCOPE.facts.items()}
MIRROR = {Relation.STRICTER: Relation.LOOSER, Relation.LOOSER: Relation.STRICTER}
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MODES = ["with the prover", "without it"]


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to be installed."""
    if request.param == "with the prover":
        pytest.importorskip("z3", reason="the prover z3 is not installed")
    else:
        monkeypatch.setattr(prove, "available", lambda: False)
    return str(request.param)


def side(must: str, when: str = "", facts: Mapping[str, Fact] = FACTS) -> Side:
    return Side(tree_of(when) if when else None, tree_of(must), facts)


def passes(which: Side, facts: Mapping[str, Value], situation: Any) -> bool:
    """What the words say: not asked, or asked and met."""
    full = derive(which.facts, facts, situation)
    asked = True if which.when is None else evaluate(which.when, full, situation)
    return asked is False or (asked is True and evaluate(which.must, full, situation) is True)


def deal(told: Mapping[str, Value]) -> tuple[Mapping[str, Value], Imagined]:
    """The deal that a proof names."""
    values: dict[Tree, Value] = {}
    for name, value in told.items():
        if "(" in name:
            function, _, rest = name.partition("(")
            of = "count" if function == "done" else function
            number: Value = Decimal(1) if function == "done" else value
            values[Call(of, (Literal(rest[1:-2], TEXT),), DURATION if of == "since" else NUMBER)] = number
        else:
            fact = name in SCOPE.facts or name in ("grade", "score", "hold")
            values[FactRef(name, TEXT) if fact else ContextRef(name, TEXT)] = value
    reached = {str(c.arguments[0].value) for c in values if isinstance(c, Call) and c.function == "reached"}  # type: ignore[union-attr]
    return imagined(values, frozenset(reached))


def check(proof: Proof, old: Side, new: Side) -> None:
    """The deals named are what they are said to be, and are there exactly where they must be."""
    if proof.refused is not None:
        assert passes(old, *deal(proof.refused))
        assert not passes(new, *deal(proof.refused))
    if proof.allowed is not None:
        assert passes(new, *deal(proof.allowed))
        assert not passes(old, *deal(proof.allowed))
    if proof.relation is not Relation.UNKNOWN:
        found = (proof.refused is not None, proof.allowed is not None)
        assert found == (
            proof.relation in (Relation.STRICTER, Relation.NEITHER),
            proof.relation in (Relation.LOOSER, Relation.NEITHER),
        )


def contradicts(proof: Proof, before: bool, after: bool) -> bool:
    """Whether a deal that passed and passes so shows the relation to be wrong."""
    lost, won = before and not after, after and not before
    return (lost and proof.relation in (Relation.SAME, Relation.LOOSER)) or (
        won and proof.relation in (Relation.SAME, Relation.STRICTER)
    )


@st.composite
def changed(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A condition, and what someone may make of it: mostly a small change."""
    old, other = draw(conditions()), draw(conditions())
    parts = old.parts if isinstance(old, (And, Or)) else (old,)
    joined = type(old) if isinstance(old, (And, Or)) else And
    made = draw(st.sampled_from(["another", "added", "or", "removed", "shifted", "denied", "guarded"]))
    new: Tree = other
    if made == "added":
        new = And((old, other))
    elif made == "or":
        new = Or((old, other))
    elif made == "removed" and len(parts) > 1:
        new = joined(parts[1:]) if len(parts) > 2 else parts[1]
    elif made == "shifted":
        new = shifted(old, draw(st.sampled_from([Decimal(1), Decimal("-0.5")])))
    elif made == "denied":
        new = joined((Not(Not(parts[0])), *parts[1:])) if len(parts) > 1 else Not(old)
    elif made == "guarded":
        new = Or((Not(other), And((other, old))))
    return old, new


def shifted(tree: Tree, by: Decimal) -> Tree:
    """The tree with each written number moved."""
    match tree:
        case Compare(left=left, right=Literal(value=Decimal() as value) as right):
            return replace(tree, left=left, right=replace(right, value=value + by))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(shifted(part, by) for part in parts))
        case Not(part=part):
            return Not(shifted(part, by))
        case In(options=Literal(value=tuple() as value) as options) if len(value) > 1:
            return replace(tree, options=replace(options, value=value[1:]))
    return tree


def settled_now(now: Now) -> Now:
    """The situation made one that can be: what was done has a last time, the present stage was reached."""
    past = {name: abs(now.gone.get(name, timedelta(days=1))) for name, times in now.counts.items() if times}
    share = now.probability if now.probability is None else min(max(now.probability, Decimal(0)), Decimal(1))
    stages = now.stages | ({now.stage} if now.stage else frozenset())
    return replace(now, gone=past, probability=share, stages=stages)


@st.composite
def declared(draw: st.DrawFn) -> Mapping[str, Fact]:
    """The facts, some with a default or a table of their own."""
    found = dict(FACTS)
    defaults: dict[str, Value] = {
        "export_hold": draw(st.booleans()),
        "discount": Decimal("0.1"),
        "contact_role": "user",
        "competitor": "ab",
        "signed_on": date(2026, 5, 1),
    }
    for name in draw(st.lists(st.sampled_from(sorted(defaults)), max_size=2, unique=True)):
        found[name] = replace(found[name], default=defaults[name])
    results: dict[str, tuple[Value, ...]] = {
        "contact_role": ("user", "champion", "user"),
        "seats": (Decimal(1), Decimal("2.5"), Decimal(-3)),
        "wait": (timedelta(days=2), timedelta(hours=5), timedelta(days=-1)),
        "budget_confirmed": (True, False, True),
    }
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(results)))
        hits = [Hit.FIRST, Hit.UNIQUE, *([Hit.SUM] if name in ("seats", "wait") else [])]
        found[name] = replace(found[name], table=draw(tables(hits, results[name])))
    return found


@st.composite
def tables(draw: st.DrawFn, hits: list[Hit], results: tuple[Value, ...]) -> DecisionTable:
    rows = [Row(value, Expression("", draw(leaves()))) for value in results[: draw(st.integers(1, 3))]]
    last = [Row(results[0])] if draw(st.booleans()) else []
    return DecisionTable(draw(st.sampled_from(hits)), (*rows, *last))


@st.composite
def sides(draw: st.DrawFn) -> tuple[Side, Side]:
    old, new = draw(changed())
    when = draw(st.none() | leaves())
    facts = draw(declared())
    later = draw(st.just(facts) | declared())
    return Side(when, old, facts), Side(draw(st.just(when) | st.none() | leaves()), new, later)


def proofs(old: Side, new: Side) -> Iterator[Proof]:
    """What each way to decide says: as installed with the prover, without it, and by the prover alone."""
    found = prove.available()
    with mock.patch.object(prove, "available", return_value=False):
        yield relation(old, new)
    if found:
        yield relation(old, new)
        undecided = mock.patch.object(prove_own, "ask", return_value=prove_own.UNDECIDED)
        with undecided, mock.patch.object(prove, "smallest", return_value=None):
            yield relation(old, new)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(sides(), st.lists(st.tuples(deals(), situations().map(settled_now)), min_size=8, max_size=8))
def test_no_relation_is_contradicted_by_a_deal_nor_by_another_way_to_decide(
    pair: tuple[Side, Side], world: list[tuple[dict[str, Any], Now]]
) -> None:
    old, new = pair
    found = list(proofs(old, new))
    for proof in found:
        check(proof, old, new)
        assert not any(contradicts(proof, passes(old, *deal), passes(new, *deal)) for deal in world)
    assert len({proof.relation for proof in found} - {Relation.UNKNOWN}) <= 1
    back = MIRROR.get(found[-1].relation, found[-1].relation)
    assert list(proofs(new, old))[-1] == replace(
        found[-1], relation=back, refused=found[-1].allowed, allowed=found[-1].refused
    )


@quick
@given(conditions())
def test_a_condition_is_the_same_as_itself_in_another_order(tree: Tree) -> None:
    turned = turned_round(Not(Not(tree)))
    for new in (tree, turned):
        assert relation(Side(None, tree, FACTS), Side(None, new, FACTS)) == Proof(Relation.SAME, by="form")


def turned_round(tree: Tree) -> Tree:
    match tree:
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(turned_round(part) for part in reversed(parts)))
        case Not(part=part):
            return Not(turned_round(part))
    return tree
