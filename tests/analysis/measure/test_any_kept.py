"""Whatever a journal tells, each measure of what it keeps has rows of one form, and no figure that is none."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.measure.built_in.contacts import contacts
from engine.analysis.measure.built_in.deviations import deviations
from engine.analysis.measure.built_in.overrides import overrides
from engine.analysis.measure.built_in.refusals import refusals
from engine.model.study import Estimate
from tests.analysis.measure.lives import BEGIN, DAY, Life, Tried, half, seen

MEASURES = (refusals, overrides, deviations, contacts)
TRIED = st.builds(
    Tried,
    st.sampled_from(["send", "sign", ""]),
    st.sampled_from([1, 2, 2, 30, None]),
    st.sampled_from(["", "new", "offer", "won", "lost"]),
    st.dictionaries(st.sampled_from(["budget", "buyer"]), st.sampled_from(["failed", "unknown", "waived"])),
    st.sampled_from([(), ("champion",)]),
    st.sampled_from(["", "ana"]),
    st.sampled_from(["", "call", "demo"]),
)


@st.composite
def deals(draw):
    # One that is still open is looked at whatever the bounds are.
    found = [Life("open")]
    for number in range(draw(st.integers(1, 4))):
        tries = sorted(draw(st.lists(TRIED, max_size=5)), key=lambda each: each.day or 0)
        found.append(Life(f"d{number}", tuple(tries)))
    return found


def figures(section):
    for row in section.rows:
        assert len(row) == len(section.headings)
        for figure in row:
            each = figure if isinstance(figure, Estimate) else Estimate(figure if isinstance(figure, float) else None)
            yield from (each.value, each.low, each.high, each.beyond)


@settings(max_examples=50)
@given(deals(), st.sampled_from([None, 2, 10]))
def test_no_figure_is_infinite_or_no_number(lives, since):
    view = seen(*lives, since=None if since is None else BEGIN + since * DAY)
    for part in (view, view.of(half(view)), view.of(~half(view))):
        for measure in MEASURES:
            found = measure(part)
            assert all(each is None or math.isfinite(each) for each in figures(found))
            assert found.rows or found.empty


@settings(max_examples=50)
@given(deals())
def test_each_interval_holds_its_figure(lives):
    view = seen(*lives)
    for measure in MEASURES:
        for row in measure(view).rows:
            for each in row:
                if isinstance(each, Estimate) and each.value is not None:
                    assert each.low is None or each.low <= each.value + 1e-9
                    assert each.high is None or each.high >= each.value - 1e-9
