"""Loan applications that others simulated: their people, hours and efforts are found in when they were done."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from benchmarks.loanapp.history import tasks_in, told
from engine.model.scenario import Form, Gaps
from engine.simulation.fit.arrivals import arrived
from engine.simulation.fit.people import staffed
from engine.simulation.fit.reading import seen_in

LOG = Path(__file__).parents[3] / "shared" / "data" / "loanapp" / "LoanApp_simplified_train.csv.gz"
CASES = 200


@pytest.mark.skipif(not LOG.exists(), reason="the logs of others are not here")
def test_the_people_of_a_loan_office_are_found():
    tasks = {case: its for case, its in tasks_in(LOG).items() if case < CASES}
    tables, process = told(tasks)
    seen = seen_in(tables, process, as_of=max(task.done for its in tasks.values() for task in its))
    found, arrivals = staffed(seen), arrived(seen).value
    works = {stage: work for (_, stage), (_, work) in found.of_stage.items() if work is not None}
    people = {pool.id: (len(pool.people), pool.hours) for pool in found.pools}
    assert (
        people.items()
        >= {
            "clerk": (8, "office"),
            "aml-investigator": (2, "office"),
            "appraiser": (2, "office"),
            "loan-officer": (4, "office"),
        }.items()
    )
    assert [dict(each.days) for each in found.hours] == [dict.fromkeys(range(5), ((time(6), time(14)),))]
    assert (works["assessing"].effort.form, works["assessing"].effort.p50) == (Form.CONSTANT, 1200)
    assert (works["rejecting"].effort.form, works["rejecting"].effort.p50) == (Form.CONSTANT, 600)
    assert found.of_stage.keys().isdisjoint({("main", "offered"), ("main", "turned-down"), ("main", "checks")})
    assert (arrivals.gaps, arrivals.weekly, arrivals.hours) == (Gaps.EVEN, 80, "office")
