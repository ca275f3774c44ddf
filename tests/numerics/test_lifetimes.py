"""Forms of times by maximum likelihood, held to scipy."""

import numpy as np
import pytest
from scipy import special, stats

from engine.numerics.lifetimes import gamma_survival, likeliest

FORMS = {
    "lognormal": stats.lognorm(1.2, scale=20),
    "weibull": stats.weibull_min(0.6, scale=30),
    "gamma": stats.gamma(3.0, scale=10),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_and_its_quantiles_are_found_with_ends_unseen_and_starts_missed(form):
    chance = np.random.default_rng(7)
    times = FORMS[form].rvs(3_000, random_state=chance)
    until = chance.uniform(0, 90, 3_000)
    late = chance.uniform(0, 20, 3_000) * (chance.random(3_000) < 0.4)
    seen = np.minimum(times, until) > late
    times, until, late = times[seen], until[seen], late[seen]
    found = likeliest(np.minimum(times, until), times <= until, late)
    assert found.form == form
    for share in (0.25, 0.5, 0.9):
        assert found.quantile(share) == pytest.approx(FORMS[form].ppf(share), rel=0.12)


def test_parameters_are_as_likely_as_those_that_scipy_finds():
    times = FORMS["weibull"].rvs(400, random_state=np.random.default_rng(8))
    found = likeliest(times, np.ones(400, np.bool_), np.zeros(400))
    shape, _, scale = stats.weibull_min.fit(times, floc=0)
    assert (found.shape, found.scale) == (pytest.approx(shape, rel=0.01), pytest.approx(scale, rel=0.01))


@pytest.mark.parametrize("shape", [0.1, 0.9, 1.0, 4.5, 60.0])
def test_the_gamma_survival_is_that_of_scipy(shape):
    times = np.concatenate([[1e-6], np.linspace(0.01, 3 * shape + 30, 200)])
    assert gamma_survival(shape, times) == pytest.approx(special.gammaincc(shape, times), abs=1e-11)
