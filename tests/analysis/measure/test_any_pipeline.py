"""The pipeline of whatever deals there are answers, its counts add up, and no figure lies outside its interval."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.journeys import OPEN
from engine.analysis.measure.built_in.ageing import ageing
from engine.analysis.measure.built_in.chances import chances
from engine.analysis.measure.built_in.pipeline import pipeline
from engine.analysis.measure.built_in.slippage import slippage
from engine.analysis.measure.built_in.stuck import stuck
from engine.model.errors import BadValue
from engine.model.study import Estimate
from tests.analysis import telling
from tests.analysis.measure.piped import process, rows, seen
from tests.analysis.telling import day, deal
from tests.analysis.test_any_deals import _in_order, visits

SALE = process("""\
facts: {amount: {type: money}, segment: {type: choice, of: [small, large]}, due: {type: date}}
stages:
  new:   {probability: 10%, target: 1d, alert: {after: 2d, unless: segment == "large" or due >= today}}
  demo:  {alert: 1d}
  offer: {probability: 80%}
  won:   {ends: won}
  lost:  {ends: lost}
  gone:  {ends: other}
actions: {go: {from: open, to: later}, win: {from: open, to: won}, lose: {from: open, to: lost, reasons: {x: X}}}
""")
FACTS = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from((("segment", "large"), ("due", "2026-01-03"), ("due", "2026-01-07"), ("due", "soon"))),
    ),
    max_size=3,
)
DEALS = st.lists(st.tuples(visits, FACTS, st.sampled_from((None, -5, 0, 10, 10**17))), min_size=1, max_size=12)


def told(drawn):
    return telling.tables(
        *(
            deal(f"D{n:02}", _in_order(its), facts=tuple((at, *fact) for at, fact in facts), amount=amount)
            for n, (its, facts, amount) in enumerate(drawn)
        )
    )


@given(DEALS, st.none() | st.integers(0, 6), st.integers(3, 9), st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_deals_there_are_every_measure_answers(drawn, since, until, data):
    try:
        view = seen(told(drawn), SALE, since=None if since is None else day(since), until=day(until))
    except BadValue:
        return
    for its in (
        view,
        view.of(np.array(data.draw(st.lists(st.booleans(), min_size=view.told.count, max_size=view.told.count)), bool)),
    ):
        sections = [of(its) for of in (pipeline, chances, ageing, stuck, slippage)]
        assert all(len(row) == len(section.headings) for section in sections for row in section.rows)
        figures = [figure for section in sections for row in section.rows for figure in row]
        assert all(math.isfinite(each) for figure in figures for each in parts(figure))
        assert all(is_inside(figure) for figure in figures if isinstance(figure, Estimate))
        open_deals = int((its.told.outcome == OPEN).sum())
        counted = [
            sum(each["deals"] for each in rows(found) if each["stage"] != "all") for found in (sections[0], sections[2])
        ]
        assert counted == [open_deals, open_deals]
        for each in rows(sections[1]):
            chance = each["won_share"].value if each["won_share"] else 0.0
            assert -1e-9 <= chance + (each["undecided"] or 0.0) <= 1 + 1e-9


def parts(figure):
    whole = (figure.value, figure.low, figure.high, figure.beyond) if isinstance(figure, Estimate) else (figure,)
    return [float(each) for each in whole if isinstance(each, (int, float)) or hasattr(each, "scaleb")]


def is_inside(estimate):
    value, hair = estimate.value, 1e-9 * max(1.0, abs(estimate.value or 0.0))
    low, high = (value if each is None else each for each in (estimate.low, estimate.high))
    return value is None or low - hair <= value <= high + hair
