"""What was simulated from a scenario is fitted by a scenario much like it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.model.scenario import Arrivals, Branch, Form, Gaps, Person, Pool, Scenario, Spread, Standing, Work
from engine.simulation.fit.fit import fit
from engine.simulation.logged.tables import tables_of
from engine.simulation.run import played, setup
from tests.simulation.working import HOUR, OFFICE, process

BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)
WEEKS = timedelta(weeks=26)
DAY = 24 * HOUR
SCENARIO = Scenario(
    id="true",
    process="p",
    horizon=WEEKS,
    arrivals=Arrivals(weekly=40, hours="office", gaps=Gaps.RANDOM),
    stages=(
        Standing(
            "working", (Branch("end-working", "waiting", 1.0),), work=Work("makers", Spread(Form.LOGNORMAL, 4000, 9000))
        ),
        Standing("waiting", (Branch("end-waiting", "won", 1.0),), dwell=Spread(Form.LOGNORMAL, 4 * DAY, 12 * DAY)),
    ),
    hours=(OFFICE,),
    pools=(Pool("makers", (Person("ana"), Person("ben")), "office"),),
)


def test_a_simulated_history_gives_the_scenario_back():
    ready = setup(SCENARIO, process("working", "waiting"), begin=BEGIN)
    plan, cast, log = played(ready, seed=4, run=0)
    tables = tables_of(plan, cast, log, ready.machine)
    found = fit(tables, process("working", "waiting"), as_of=BEGIN + WEEKS).scenario
    working, waiting = found.standing("working"), found.standing("waiting")
    assert [each.days for each in found.hours] == [OFFICE.days]
    assert [(len(pool.people), pool.hours) for pool in found.pools] == [(2, "office")]
    assert (found.arrivals.gaps, found.arrivals.hours) == (Gaps.RANDOM, "office")
    assert found.arrivals.weekly == pytest.approx(40, rel=0.08)
    assert working.work.effort.form is Form.LOGNORMAL
    assert working.work.effort.p50 == pytest.approx(4000, rel=0.08)
    assert working.work.effort.p90 == pytest.approx(9000, rel=0.12)
    assert (waiting.work, waiting.hours) == (None, "")
    assert working.dwell is None
