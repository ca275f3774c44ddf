"""Random typed trees, deals with facts missing, and situations, for the laws of the language."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.model.syntax import (
    DATE,
    DURATION,
    MONEY,
    NUMBER,
    PERCENT,
    TEXT,
    YES_NO,
    And,
    Arithmetic,
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
)
from tests.conditions.world import SCOPE, STAGES, Now

STAGE = Type(Kind.CHOICE, STAGES)
ROLE = SCOPE.facts["contact_role"]
REASON = Type(Kind.CHOICE, SCOPE.reasons)
GROUP = Type(Kind.CHOICE, SCOPE.reason_groups)
LEGAL = Type(Kind.CHOICE, SCOPE.tracks["legal"])
TO = Type(Kind.CHOICE, (*STAGES, *SCOPE.tracks["legal"]))

numbers = st.decimals(min_value=-300, max_value=300, places=2, allow_nan=False)
shares = st.decimals(min_value=-1, max_value=2, places=3, allow_nan=False)
texts = st.text(alphabet="aAbZ ß\"'\\\n\u00a0τ", max_size=4)
dates = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31)) | st.just(date(9999, 12, 30))
days = st.integers(-9_999, 9_999).map(lambda n: timedelta(days=n))
durations = days | st.integers(-5000, 5000).map(lambda n: timedelta(minutes=n)) | st.just(timedelta(weeks=9_999_999))


def _facts(of: Type) -> list[Tree]:
    return [FactRef(name, kind) for name, kind in SCOPE.facts.items() if kind == of]


def _of(trees: list[Tree]) -> st.SearchStrategy[Tree]:
    return st.sampled_from(trees)


def _written(values: st.SearchStrategy[Any], of: Type) -> st.SearchStrategy[Tree]:
    return values.map(lambda value: Literal(value, of))


def _joined(operators: str, left: Any, right: Any, of: Type) -> st.SearchStrategy[Tree]:
    return st.builds(Arithmetic, st.sampled_from(operators.split()), left, right, st.just(of))


texts_leaf = _of([*_facts(TEXT), ContextRef("note", TEXT)])
number_literal = _written(numbers, NUMBER)
percent_literal = _written(shares, PERCENT)
choices: list[tuple[Tree, Type]] = [
    (FactRef("contact_role", ROLE), ROLE),
    (ContextRef("stage", STAGE), STAGE),
    (ContextRef("to", TO), TO),
    (ContextRef("reason", REASON), REASON),
    (ContextRef("reason.group", GROUP), GROUP),
    (ContextRef("track.legal", LEGAL), LEGAL),
]


def text_trees() -> st.SearchStrategy[Tree]:
    lowered = texts_leaf.map(lambda tree: Call("lower", (tree,), TEXT))
    return texts_leaf | _written(texts, TEXT) | lowered


def number_trees() -> st.SearchStrategy[Tree]:
    names = st.sampled_from(["call", "email", "qualify"])
    counts = names.map(lambda name: Call("count", (Literal(name, TEXT),), NUMBER))
    sizes = text_trees().map(lambda tree: Call("size", (tree,), NUMBER))
    leaf = _of([*_facts(NUMBER), ContextRef("days_in_stage", NUMBER)]) | number_literal | counts | sizes
    sums = _joined("+ -", leaf, leaf, NUMBER)
    scaled = _joined("*", sums, number_literal, NUMBER) | _joined("*", percent_literal, leaf | sums, NUMBER)
    return leaf | sums | scaled | _joined("+ -", sums, sums | scaled, NUMBER)


def money_trees() -> st.SearchStrategy[Tree]:
    leaf = _of(_facts(MONEY))
    weighted = _joined("*", leaf, st.just(ContextRef("probability", PERCENT)), MONEY)
    scaled = _joined("*", number_literal | percent_literal, leaf, MONEY)
    return leaf | weighted | scaled | _joined("+ -", leaf | scaled, leaf | number_literal, MONEY)


def percent_trees() -> st.SearchStrategy[Tree]:
    leaf = _of([*_facts(PERCENT), ContextRef("probability", PERCENT)]) | percent_literal
    return leaf | _joined("+ -", leaf, leaf, PERCENT)


def date_trees() -> st.SearchStrategy[Tree]:
    leaf = _of([*_facts(DATE), ContextRef("today", DATE)]) | _written(dates, DATE)
    span = _written(days, DURATION) | _of(_facts(DURATION)) | _joined("-", leaf, leaf, DURATION)
    return leaf | _joined("+ -", leaf, span, DATE)


def duration_trees() -> st.SearchStrategy[Tree]:
    since = st.sampled_from(["call", "email"]).map(lambda name: Call("since", (Literal(name, TEXT),), DURATION))
    leaf = _of(_facts(DURATION)) | _written(durations, DURATION) | since
    return leaf | _joined("-", date_trees(), date_trees(), DURATION) | _joined("+ -", leaf, leaf, DURATION)


ORDERED = {
    "numbers": number_trees() | money_trees(),
    "percents": percent_trees(),
    "dates": date_trees(),
    "durations": duration_trees(),
}
LISTS: list[tuple[st.SearchStrategy[Tree], st.SearchStrategy[Any], Type]] = [
    (number_trees() | money_trees(), numbers, NUMBER),
    (percent_trees(), shares, PERCENT),
    (date_trees(), dates, DATE),
    (text_trees(), texts, TEXT),
]


@st.composite
def memberships(draw: st.DrawFn) -> Tree:
    if draw(st.booleans()):
        item, of = draw(st.sampled_from(choices))
        values = draw(st.lists(st.sampled_from(of.choices), max_size=3))
        return In(item, Literal(tuple(values), Type(Kind.LIST, item=of)))
    items, written, of = draw(st.sampled_from(LISTS))
    item = draw(items)
    listed = tuple(draw(st.lists(written, max_size=3)))
    # An empty list takes the type of what is looked for in it.
    return In(item, Literal(listed, Type(Kind.LIST, item=of if listed else item.type)))


@st.composite
def comparisons(draw: st.DrawFn) -> Tree:
    operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
    if operator in ("==", "!=") and draw(st.booleans()):
        item, of = draw(st.sampled_from(choices))
        if draw(st.booleans()):
            return Compare(operator, item, Literal(draw(st.sampled_from(of.choices)), of))
        return Compare(operator, draw(text_trees()), draw(text_trees()))
    trees = ORDERED[draw(st.sampled_from(sorted(ORDERED)))]
    return Compare(operator, draw(trees), draw(trees))


def leaves() -> st.SearchStrategy[Tree]:
    functions = st.sampled_from(["contains", "starts_with", "ends_with"])
    calls = st.builds(lambda name, a, b: Call(name, (a, b), YES_NO), functions, text_trees(), text_trees())
    known = _of([FactRef(name, of) for name, of in SCOPE.facts.items()] + [ContextRef("note", TEXT)])
    asked = st.builds(lambda name, fact: Call(name, (fact,), YES_NO), st.sampled_from(["given", "blank"]), known)
    done = st.sampled_from(["call", "sign"]).map(lambda name: Call("done", (Literal(name, TEXT),), YES_NO))
    reached = st.sampled_from(STAGES).map(lambda name: Call("reached", (Literal(name, TEXT),), YES_NO))
    plain = _of([*_facts(YES_NO), Literal(True, YES_NO), Literal(False, YES_NO)])
    return st.one_of(plain, comparisons(), comparisons(), memberships(), calls, asked, done, reached)


def _group(kind: type[And] | type[Or], parts: list[Tree]) -> Tree:
    flat: list[Tree] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))


def conditions() -> st.SearchStrategy[Tree]:
    """Conditions as the parser makes them: no group directly in one of its own kind."""

    def deeper(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        several = st.lists(inner, min_size=2, max_size=4)
        return st.one_of(
            several.map(lambda parts: _group(And, parts)),
            several.map(lambda parts: _group(Or, parts)),
            inner.map(Not),
            st.builds(Compare, st.sampled_from(["==", "!="]), inner, inner),
        )

    return st.recursive(leaves(), deeper, max_leaves=8)


VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.YES_NO: st.booleans(),
    Kind.NUMBER: numbers,
    Kind.MONEY: numbers,
    Kind.PERCENT: shares,
    Kind.TEXT: texts,
    Kind.DATE: dates,
    Kind.DURATION: durations,
}


@st.composite
def deals(draw: st.DrawFn) -> dict[str, Any]:
    """Facts of a deal, any of them missing."""
    facts = {}
    for name, of in SCOPE.facts.items():
        value = draw(st.none() | (st.sampled_from(of.choices) if of.choices else VALUES[of.kind]))
        if value is not None:
            facts[name] = value
    return facts


def situations() -> st.SearchStrategy[Now]:
    return st.builds(
        Now,
        today=dates,
        stage=st.none() | st.sampled_from(STAGES),
        to=st.none() | st.sampled_from(STAGES),
        reason=st.none() | st.sampled_from(SCOPE.reasons),
        note=st.none() | texts,
        days_in_stage=st.none() | st.integers(0, 60).map(Decimal),
        probability=st.none() | shares,
        role=st.none() | st.sampled_from(SCOPE.roles),
        tracks=st.dictionaries(st.just("legal"), st.sampled_from(LEGAL.choices)),
        counts=st.dictionaries(st.sampled_from(["call", "email", "qualify", "sign"]), st.integers(0, 3)),
        gone=st.dictionaries(st.sampled_from(["call", "email"]), days),
        stages=st.frozensets(st.sampled_from(STAGES)),
    )
