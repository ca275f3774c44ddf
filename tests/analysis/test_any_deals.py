"""A review of whatever deals there are answers, and its figures agree with each other."""

from collections import Counter
from contextlib import suppress
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.accelerate.accelerate import accelerate
from engine.analysis.asked import Asked
from engine.analysis.review.review import review
from engine.model.errors import BadValue
from engine.model.study import Estimate
from tests.analysis.telling import SALE, day, deal, rows, section, tables

times = st.one_of(st.none(), st.integers(0, 30).map(lambda quarter: quarter / 4))
visits = st.lists(
    st.tuples(st.sampled_from(["new", "demo", "offer", "won", "lost", "gone", "elsewhere"]), times),
    min_size=1,
    max_size=7,
)
touched = st.lists(st.tuples(st.sampled_from(["call", "mail"]), st.integers(0, 8)), max_size=4)
facts = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from([("segment", "large"), ("amount", "12.5"), ("urgent", "true"), ("trial", "9d")]),
    ),
    max_size=3,
)
deals = st.lists(st.tuples(visits, touched, facts, st.sampled_from(["", "ana", "ben"])), max_size=25)


def told(drawn):
    return [
        deal(
            f"D{number}",
            _in_order(visits_),
            touches=", ".join(f"{kind} {when}" for kind, when in touched_),
            facts=tuple((seq, name, value) for seq, (name, value) in facts_),
            owner=owner,
        )
        for number, (visits_, touched_, facts_, owner) in enumerate(drawn)
    ]


def _in_order(drawn):
    dated = iter(sorted(when for _, when in drawn if when is not None))
    return ", ".join(stage if when is None else f"{stage} {next(dated)}" for stage, when in drawn)


@given(deals.filter(len))
@settings(max_examples=150, deadline=None)
def test_a_review_answers_and_its_counts_add_up(drawn):
    study = review(tables(*told(drawn)), SALE, asked=Asked(by="owner"))
    counts = dict(rows(section(study, "overview"), "outcome", "deals"))
    assert counts.pop("all", 0) == sum(counts.values()) == len(drawn)
    grouped = rows(section(study, "groups"), "won", "lost", "other", "open")
    assert sum(sum(row) for row in grouped) == len(drawn)
    for name, outcome in (("won", "won"), ("lost", "lost"), ("other", "ended otherwise")):
        assert sum(row[0] for row in rows(section(study, f"steps-{name}"), "deals")) == counts.get(outcome, 0)
    if study.flow is not None:
        into = Counter()
        for edge in study.flow.edges:
            into[edge.to_stage] += edge.moves
        assert into == {node.stage: node.visits for node in study.flow.nodes}


@given(deals, st.integers(0, 8), st.integers(0, 8))
@settings(max_examples=150, deadline=None)
def test_bounds_are_answered_or_refused_with_a_reason(drawn, since, until):
    sections = ()
    with suppress(BadValue):
        sections = review(tables(*told(drawn)), SALE, asked=Asked(since=day(since), as_of=day(until))).sections
    estimates = [each for part in sections for row in part.rows for each in row if isinstance(each, Estimate)]
    ordered = [each for each in estimates if None not in (each.value, each.low, each.high)]
    assert all(each.low <= each.value + 1e-9 and each.value <= each.high + 1e-9 for each in ordered)


@given(deals, st.integers(0, 8), st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_where_time_can_be_won_is_answered_in_numbers_or_refused(drawn, since, until):
    sections = ()
    with suppress(BadValue):
        sections = accelerate(tables(*told(drawn)), SALE, asked=Asked(since=day(since), as_of=day(until))).sections
    figures = [each for part in sections for row in part.rows for each in row]
    estimates = [each for each in figures if isinstance(each, Estimate)]
    numbers = [each for figure in estimates for each in (figure.value, figure.low, figure.high) if each is not None]
    assert all(map(isfinite, (*numbers, *(each for each in figures if isinstance(each, float)))))
