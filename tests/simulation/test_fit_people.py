"""Pools are learnt back from queues that were played, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.model.scenario import Form
from engine.simulation.fit.people import staffed
from engine.simulation.fit.seen import nobody
from tests.simulation.working import BEGIN, HOUR, OFFICE, Visit, in_hours, process, queue, seconds, seen

DAY = 24 * HOUR
NAMES = ("ana", "ben", "cem", "dia")


def worked(count: int, people: int, *, effort: str = "exponential", seed: int = 1, load: float = 0.85):
    """A queue of office workers, whose works last an hour in the mean."""
    dice = np.random.default_rng(seed)
    comes = np.cumsum(dice.exponential(HOUR / people / load, count)).astype(int)
    lasts = {
        "exponential": lambda: dice.exponential(HOUR, count),
        "always": lambda: np.full(count, HOUR),
    }[effort]().astype(int) + 1
    return queue(comes.tolist(), lasts.tolist(), NAMES[:people])


def of_office(count: int, people: int, **how):
    works = worked(count, people, **how)
    came, done = in_hours(each[0] for each in works), in_hours(each[1] for each in works)
    return [Visit(f"d{n}", "working", came[n], done[n], works[n][2]) for n in range(count)]


def in_hand(count: int, *, seed: int = 3, days: float = 9.0):
    """Deals that wait for customers; people have many of them at once."""
    dice = np.random.default_rng(seed)
    comes = seconds(BEGIN) + np.cumsum(dice.exponential(3 * HOUR, count)).astype(int)
    lasts = dice.lognormal(np.log(days * 86_400), 0.8, count).astype(int)
    return [
        Visit(f"d{n}", "working", int(comes[n]), int(comes[n] + lasts[n]), NAMES[int(dice.integers(3))])
        for n in range(count)
    ]


@pytest.mark.parametrize("people", [1, 2, 4])
def test_people_hours_and_efforts_are_learnt_back_from_a_queue(people):
    found = staffed(seen(process("working", by={"working": "maker"}), of_office(700, people, seed=people)))
    assert [(pool.id, len(pool.people), pool.hours) for pool in found.pools] == [("maker", people, "office")]
    assert [each.days for each in found.hours] == [OFFICE.days]
    hours, work = found.of_stage["main", "working"]
    assert (hours, work.pool, work.effort.form) == ("", "maker", Form.EXPONENTIAL)
    assert work.effort.p50 == pytest.approx(HOUR * np.log(2), rel=0.1)
    assert not found.spent[0].any()


def test_work_that_always_takes_the_same_time_is_told_by_that_alone():
    quiet = of_office(80, 1, effort="always", load=0.4)
    found = staffed(seen(process("working"), quiet))
    assert found.of_stage["main", "working"][1].effort.form is Form.CONSTANT
    assert found.of_stage["main", "working"][1].effort.p50 == pytest.approx(HOUR, abs=2)


def test_people_who_have_much_in_hand_at_once_are_no_pool():
    whole = seen(process("working"), in_hand(600))
    found = staffed(whole)
    assert found.pools == ()
    assert found.of_stage == {}
    assert (found.spent[0] == nobody(whole).spent[0]).all()
    assert "no pool is assumed" in found.notes[-1]


def test_without_names_there_are_no_people_but_hours_all_the_same():
    nobody_named = [each._replace(who="") for each in of_office(300, 2)]
    found = staffed(seen(process("working"), nobody_named))
    assert found.pools == ()
    assert found.of_stage == {("main", "working"): ("office", None)}
    assert "nobody is named" in found.notes[-1]


def test_dates_without_a_time_of_day_tell_of_no_queue():
    ends = np.array([[each.entered, each.left] for each in of_office(500, 2)])
    days = (ends + HOUR) // DAY * DAY - HOUR
    told = [
        each._replace(entered=int(one), left=int(other))
        for each, (one, other) in zip(of_office(500, 2), days, strict=True)
    ]
    assert staffed(seen(process("working"), told)).pools == ()


def test_waiting_for_customers_stays_time_that_passes_beside_the_work_of_the_same_people():
    works = of_office(500, 2)
    waits = [each._replace(stage="waiting") for each in in_hand(500)]
    both = []
    for work, wait in zip(works, waits, strict=True):
        who = NAMES[int(work.deal[1:]) % 2]
        both += [work, Visit(work.deal, "waiting", work.left, work.left + wait.left - wait.entered, who)]
    found = staffed(seen(process("working", "waiting"), both))
    assert set(found.of_stage) == {("main", "working")}
    assert [len(pool.people) for pool in found.pools] == [2]


def test_people_who_work_around_the_clock_have_no_hours():
    works = worked(600, 2)
    since = seconds(BEGIN)
    visits = [Visit(f"d{n}", "working", since + a, since + b, who) for n, (a, b, who) in enumerate(works)]
    found = staffed(seen(process("working"), visits))
    assert found.hours == ()
    assert [(len(pool.people), pool.hours) for pool in found.pools] == [(2, "")]


def test_a_skill_is_told_where_some_never_do_what_others_do():
    dice = np.random.default_rng(5)
    free = {"ana": 0, "ben": 0, "cem": 0}
    visits = []
    for number, came in enumerate(np.cumsum(dice.exponential(HOUR / 2.2, 600)).astype(int).tolist()):
        stage = "easy" if dice.random() < 0.7 else "hard"
        able = sorted(free if stage == "easy" else ("ana", "ben"), key=lambda each: (max(free[each], came), each))
        done = max(free[able[0]], came) + int(dice.exponential(HOUR)) + 1
        free[able[0]] = done
        visits.append((number, stage, came, done, able[0]))
    came, done = in_hours(each[2] for each in visits), in_hours(each[3] for each in visits)
    told = [Visit(f"d{n}", stage, came[n], done[n], who) for n, stage, _, _, who in visits]
    found = staffed(seen(process("easy", "hard"), told))
    assert {person.name: person.skills for person in found.pools[0].people} == {
        "ana": ("hard",),
        "ben": ("hard",),
        "cem": (),
    }
    assert found.of_stage["main", "hard"][1].skill == "hard"
    assert found.of_stage["main", "easy"][1].skill == ""


def test_who_left_long_ago_is_not_counted():
    visits = of_office(700, 3)
    line = sorted(each.left for each in visits)[300]
    stays = [v._replace(who="ana") if v.who == "cem" and v.left > line else v for v in visits]
    found = staffed(seen(process("working"), stays))
    assert [len(pool.people) for pool in found.pools] in ([2], [])


def test_a_stage_that_passes_in_hours_is_told_in_hours_and_its_age_too():
    dice = np.random.default_rng(8)
    came = np.cumsum(dice.exponential(HOUR, 400)).astype(int)
    lasts = dice.exponential(20 * HOUR, 400).astype(int)
    entered, left = in_hours(came), in_hours(came + lasts)
    visits = [Visit(f"d{n}", "working", entered[n], left[n], NAMES[int(dice.integers(3))]) for n in range(400)]
    whole = seen(process("working"), visits)
    found = staffed(replace(whole, since=entered[200]))
    assert found.pools == ()
    assert found.of_stage == {("main", "working"): ("office", None)}
    stood = whole.main.dated
    assert found.spent[0][stood].tolist() == lasts.tolist()
    assert found.begun[0][stood].tolist() == np.maximum(came[200] - came, 0).tolist()
