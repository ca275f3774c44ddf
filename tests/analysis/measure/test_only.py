"""Which measures are told: those that are named, of declared ones row by row."""

from dataclasses import replace

import pytest

from engine.analysis.measure.only import named
from engine.analysis.measure.sections import MEASURES, Measure
from engine.model.errors import UnknownName
from engine.model.process import Metric
from engine.model.study import Heading, Section
from tests.analysis.telling import SALE

PROCESS = replace(SALE, metrics=(Metric("win_rate", "ratio"), Metric("cycle_time", "elapsed")))
ROWS = (("win_rate", 1), ("cycle_time.p50", 2), ("cycle_time.p90", 3))


def declared(_view):
    return Section("metrics", "Metrics", (Heading("metric", "Measure"), Heading("value", "Value")), ROWS)


ALL = (*MEASURES, Measure("metrics", declared))


def test_all_are_told_where_none_is_named():
    assert named(ALL, PROCESS, ()) == ALL


def test_of_declared_measures_those_that_are_named_are_told():
    outcomes, its = named(ALL, PROCESS, ("cycle_time", "outcomes"))
    assert (outcomes.id, its.id) == ("outcomes", "metrics")
    assert its.of(None).rows == ROWS[1:]


def test_all_declared_measures_are_told_where_their_section_is_named():
    (its,) = named(ALL, PROCESS, ("metrics", "win_rate"))
    assert its.of(None).rows == ROWS


@pytest.mark.parametrize(
    ("name", "hint"), [("win_rte", "did you mean 'win_rate'?"), ("dwel", "did you mean 'dwell'?"), ("x", "known: ")]
)
def test_what_is_not_there_is_told_with_what_is_meant(name, hint):
    with pytest.raises(UnknownName, match=f"there is no measure '{name}'") as caught:
        named(ALL, PROCESS, (name,))
    assert caught.value.hint.startswith(hint)
