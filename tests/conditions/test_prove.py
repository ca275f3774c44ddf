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
from engine.conditions.parse import read
from engine.conditions.prove import Side, relation
from engine.conditions.prove_short import shortened
from engine.model.change import Proof, Relation
from engine.model.expression import Expression
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.syntax import (
    DATE,
    DURATION,
    MONEY,
    NUMBER,
    TEXT,
    And,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Tree,
    Type,
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
    """What each way to decide says: without the prover, as installed with it, and by the prover alone."""
    found = prove.available()
    with mock.patch.object(prove, "available", return_value=False):
        yield relation(old, new)
    if found:
        yield relation(old, new)
        yield last_resort(old, new)


def last_resort(old: Side, new: Side) -> Proof:
    """What the prover alone says; where it is not installed, what is said without it."""
    if not prove.available():
        return relation(old, new)
    undecided = mock.patch.object(prove_own, "ask", return_value=prove_own.UNDECIDED)
    with undecided, mock.patch.object(prove, "smallest", return_value=None):
        return relation(old, new)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(sides(), st.lists(st.tuples(deals(), situations().map(settled_now)), min_size=6, max_size=6))
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
    assert last_resort(new, old) == replace(
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


S, L, N, SAME, CANNOT = (
    Relation.STRICTER,
    Relation.LOOSER,
    Relation.NEITHER,
    Relation.SAME,
    Relation.UNKNOWN,
)
Told = dict[str, Any] | None
BY_EXAMPLE: list[tuple[str, str, Relation, Told, Told]] = [
    ("amount >= 4000", "amount >= 5000", S, {"amount": Decimal(4999)}, None),
    ("amount >= 5000", "amount >= 4000", L, None, {"amount": Decimal(4999)}),
    ("discount < 10%", "discount <= 10%", L, None, {"discount": Decimal("0.1")}),
    ("amount >= 5000", "amount >= 5000 and budget_confirmed", S, {"amount": Decimal(5000)}, None),
    ("amount >= 5000 and budget_confirmed", "amount >= 5000 or budget_confirmed", L, None, {"amount": Decimal(5000)}),
    ("budget_confirmed", "export_hold", N, {"budget_confirmed": True}, {"export_hold": True}),
    ('contact_role in ["user", "champion"]', 'contact_role == "user"', S, {"contact_role": "champion"}, None),
    ('contact_role != "user"', 'contact_role in ["champion", "economic-buyer"]', SAME, None, None),
    ("not (amount < 5)", "amount >= 5", SAME, None, None),
    ("amount >= 5 or true", "true", SAME, None, None),
    ("amount > 3 or amount <= 3", "given(amount)", SAME, None, None),
    ("amount > 3 or amount <= 3", "true", L, None, {}),
    ("seats > 1 and seats < 3", "seats >= 2 and seats <= 2.5", S, {"seats": Decimal("1.5")}, None),
    ("days_in_stage > 3", "days_in_stage >= 4", SAME, None, None),
    ('done("call")', 'count("call") >= 2', S, {'count("call")': Decimal(1)}, None),
    ('done("call")', 'done("call") and done("email")', S, {'done("call")': True}, None),
    ('since("call") <= 14d', 'since("call") <= 7d', S, {'since("call")': timedelta(days=8)}, None),
    ('stage == "demo"', 'stage == "demo" and reached("demo")', SAME, None, None),
    ('not (reason == "other")', "given(reason)", L, None, {"reason": "other"}),
    (
        "decision_date - today <= 30d",
        "decision_date - today <= 20d",
        S,
        {"decision_date": date(2026, 1, 22), "today": date(2026, 1, 1)},
        None,
    ),
    ('competitor == "acme"', 'lower(competitor) == "acme"', L, None, {"competitor": "ACME"}),
    ('contains(competitor, "acme corp")', 'contains(competitor, "acme")', L, None, {"competitor": "acme"}),
    ("size(competitor) > 3", "size(competitor) > 4", S, {"competitor": "xxxx"}, None),
    ("amount * probability >= 100", "amount * probability >= 50", L, None, {"amount": 199, "probability": 0.5}),
    ("true", "given(competitor)", S, {}, None),
    (
        "amount >= 5 or seats > 3 and (budget > 2 or discount < 5%)",
        "(amount >= 5 or seats > 3) and (amount >= 5 or budget > 2 or discount < 5%)",
        SAME,
        None,
        None,
    ),
    # No decimal number is a third: the prover has a deal in mind that nobody can record.
    ("amount * 3 == 1", "amount * 3 == 1 and seats > 1", CANNOT, None, None),
]


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize(("old", "new", "expected", "refused", "allowed"), BY_EXAMPLE)
def test_a_change_is_told_with_a_small_deal_near_the_edge(
    old: str, new: str, expected: Relation, refused: Told, allowed: Told
) -> None:
    proof = relation(side(old), side(new))
    check(proof, side(old), side(new))
    assert proof.relation is expected
    assert (proof.refused, proof.allowed) == (refused, allowed)


@pytest.mark.usefixtures("mode")
def test_what_a_requirement_is_asked_of_matters_as_much_as_what_it_asks() -> None:
    always, wider = side("amount >= 5000"), side("amount >= 5000", "discount > 10%")
    narrower = side("amount >= 5000", "discount > 20%")
    # A deal without a discount passed before; now nobody knows whether it is asked.
    lost, won = {"amount": Decimal(5000)}, {"discount": Decimal("0.1")}
    assert relation(always, wider) == Proof(N, refused=lost, allowed=won, by="search")
    assert relation(wider, narrower) == Proof(L, allowed={"discount": Decimal("0.11")}, by="search")
    assert relation(side("true", "discount > 10%"), side("true")).relation is L


@pytest.mark.usefixtures("mode")
def test_a_default_changes_what_a_condition_lets_pass() -> None:
    held = {**FACTS, "export_hold": replace(FACTS["export_hold"], default=False)}
    free = side("not export_hold", facts=held)
    found = relation(side("not export_hold"), free)
    assert (found.relation, found.allowed) == (L if prove.available() else CANNOT, {})
    assert relation(free, free) == Proof(SAME, by="form")
    found = relation(by_default("0"), by_default("0.6"))
    assert (found.relation, found.refused) == (S if prove.available() else CANNOT, {})


def graded(at_least: int, hit: Hit = Hit.FIRST) -> Mapping[str, Fact]:
    rows = (Row("A", Expression("", tree_of(f"amount >= {at_least}"))), Row("B"))
    return {**FACTS, "grade": Fact("grade", Type(Kind.CHOICE, ("A", "B")), table=DecisionTable(hit, rows))}


def with_grade(must: str, facts: Mapping[str, Fact]) -> Side:
    expression, findings = read(must, replace(SCOPE, facts={**SCOPE.facts, "grade": facts["grade"].type}))
    assert expression is not None, findings
    return Side(None, expression.tree, facts)


@pytest.mark.usefixtures("mode")
def test_a_change_of_a_decision_table_changes_what_rests_on_it() -> None:
    old, new = with_grade('grade == "A"', graded(4000)), with_grade('grade == "A"', graded(5000))
    assert relation(old, new) == Proof(S, refused={"amount": Decimal(4999)}, by="search")
    assert relation(old, old) == Proof(SAME, by="form")
    assert relation(old, side("amount >= 4000")).relation is SAME
    recorded = {**FACTS, "grade": Fact("grade", Type(Kind.CHOICE, ("A", "B")))}
    found = relation(with_grade('grade == "A"', recorded), new)
    assert (found.relation, found.refused, found.allowed) == (N, {"grade": "A"}, {"amount": Decimal(5000)})


@pytest.mark.usefixtures("mode")
def test_a_deal_may_have_a_choice_that_only_one_version_knows() -> None:
    fewer = {**FACTS, "contact_role": Fact("contact_role", Type(Kind.CHOICE, ("user", "champion")))}
    old, new = side('contact_role != "user"'), side('contact_role == "champion"', facts=fewer)
    assert relation(old, new) == Proof(S, refused={"contact_role": "economic-buyer"}, by="search")


def test_a_fact_that_changed_its_kind_cannot_be_compared() -> None:
    dated = {**FACTS, "amount": Fact("amount", DATE)}
    new = Side(None, Compare("==", FactRef("amount", DATE), ContextRef("today", DATE)), dated)
    assert relation(side("amount > 1"), new) == Proof(CANNOT)
    counted = {**FACTS, "amount": Fact("amount", NUMBER)}
    new = Side(None, Compare(">", FactRef("amount", NUMBER), Literal(Decimal(2), NUMBER)), counted)
    assert relation(side("amount > 1"), new).relation is S
    assert FACTS["amount"].type == MONEY


def by_default(discount: str) -> Side:
    return side("discount < 50%", facts={**FACTS, "discount": replace(FACTS["discount"], default=Decimal(discount))})


def test_the_prover_is_asked_only_where_the_rest_leaves_a_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3", reason="the prover z3 is not installed")
    old, new = by_default("0"), by_default("0.3")
    assert relation(old, new) == Proof(SAME, by="proof")
    assert relation(side("discount < 50%"), side("discount < 40%")).by == "search"
    monkeypatch.setattr(prove, "available", lambda: False)
    assert relation(old, new) == Proof(CANNOT)


def test_a_question_too_hard_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3", reason="the prover z3 is not installed")
    from engine.conditions import prove_z3

    monkeypatch.setattr(prove_z3, "_EFFORT", 1)
    assert relation(by_default("0"), by_default("0.3")) == Proof(CANNOT)


def test_what_is_common_to_both_is_looked_at_once() -> None:
    first, second = tree_of("amount > 5 and seats > 3"), tree_of("not (amount > 5) or seats > 4 and amount > 5")
    assert shortened(first, second) == (first, tree_of("seats > 4"))
    assert shortened(tree_of("export_hold or seats > 3"), tree_of("seats > 3 or budget_confirmed")) == (
        tree_of("export_hold"),
        tree_of("seats > 3 or budget_confirmed"),
    )
