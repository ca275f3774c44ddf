"""The form of a spread is told from what was drawn from it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.model.scenario import Form
from engine.simulation.fit.efforts import spread_of

DICE = np.random.default_rng(11)


@pytest.mark.parametrize(
    ("form", "values", "p50", "p90"),
    [
        (Form.LOGNORMAL, 600 * np.exp(0.7 * DICE.standard_normal(2000)), 600, 600 * np.exp(0.7 * 1.28155)),
        (Form.WEIBULL, 900 * DICE.weibull(2.5, 2000), 900 * np.log(2) ** 0.4, 900 * np.log(10) ** 0.4),
        (Form.EXPONENTIAL, DICE.exponential(1800, 2000), 1800 * np.log(2), 0),
        (Form.CONSTANT, np.full(50, 1200.0), 1200, 0),
    ],
    ids=lambda each: each.value if isinstance(each, Form) else "",
)
def test_a_named_form_is_told_with_its_quantiles(form, values, p50, p90):
    found = spread_of(values)
    assert found.form is form
    assert found.p50 == pytest.approx(p50, rel=0.06)
    assert found.p90 == pytest.approx(p90, rel=0.08)


def test_what_has_no_name_is_told_by_its_quantiles():
    two = np.concatenate([DICE.normal(300, 20, 500), DICE.normal(3000, 100, 500)])
    found = spread_of(two)
    assert found.form is Form.QUANTILES
    assert [share for share, _ in found.quantiles][:: len(found.quantiles) - 1] == [0, 1]
    assert np.interp(0.25, *zip(*found.quantiles, strict=True)) == pytest.approx(300, rel=0.05)


def test_few_values_still_have_a_spread():
    assert spread_of(np.array([60.0])).form is Form.CONSTANT
    assert spread_of(np.array([60.0, 600.0, 900.0])).form is Form.LOGNORMAL
