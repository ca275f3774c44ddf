"""What moves were refused for, worked by hand and held to a count of single tries."""

from collections import Counter, defaultdict
from dataclasses import replace

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.judged import judged
from engine.analysis.measure.built_in.refusals import refusals
from engine.model.study import Estimate
from tests.analysis.measure.lives import BEGIN, DAY, Life, Tried, half, rows, seen

FAILED = {"budget": "failed"}
UNKNOWN = {"budget": "unknown"}


def told(*lives, columns=("requirement", "action", "refused", "deals"), **asked):
    return rows(refusals(seen(*lives, **asked)), *columns)


def test_a_refused_move_counts_for_each_requirement_that_it_did_not_meet():
    life = Life("a", (Tried("send", 1, not_met={"budget": "failed", "buyer": "unknown"}), Tried("send", 2, "offer")))
    found = told(life, columns=("requirement", "action", "refused", "deals", "unknown", "share"))
    assert found == [("budget", "send", 1, 1, 0, 0.5), ("buyer", "send", 1, 1, 1, 0.5)]


def test_what_a_move_only_should_meet_and_what_a_move_that_was_made_broke_refuse_nothing():
    life = Life("a", (Tried("send", 1, "offer", FAILED, advised=("champion",)), Tried("sign", 2, "won", UNKNOWN)))
    assert told(life) == []


def test_a_requirement_is_met_at_the_next_try_where_it_no_longer_stands_in_the_way():
    met = Life("a", (Tried("send", 1, not_met=FAILED), Tried("send", 2, not_met={"buyer": "failed"})))
    again = Life("b", (Tried("send", 1, not_met=FAILED), Tried("send", 2, not_met=FAILED), Tried("send", 3, "offer")))
    waived = Life("c", (Tried("send", 1, not_met=FAILED), Tried("send", 2, "offer", {"budget": "waived"})))
    never = Life("d", (Tried("send", 1, not_met=FAILED),))
    found = told(met, again, waived, never, columns=("requirement", "refused", "passed_next", "waiting"))
    assert found[0] == ("budget", 5, 2 / 4, 1)


def test_the_days_run_from_the_first_refusal_to_the_try_at_which_it_was_met():
    twice = (Tried("send", 1, not_met=FAILED), Tried("send", 2, not_met=FAILED))
    waits = [Life(f"d{days}", (*twice, Tried("send", 1 + days, "offer"))) for days in (3, 5, 9)]
    (row,) = refusals(seen(*waits)).rows
    assert isinstance(row[-1], Estimate)
    assert row[-1].value == 5


def test_a_deal_that_closes_first_does_not_shorten_the_wait_of_those_that_came_so_far():
    came = [Life(f"c{at}", (Tried("send", 1, not_met=FAILED), Tried("send", 11 + at, "offer"))) for at in range(3)]
    lost = [Life(f"l{at}", (Tried("send", 1, not_met=FAILED), Tried("lose", 2, "lost"))) for at in range(9)]
    assert told(*came, *lost, columns=("waiting", "p50_days")) == [(0, 11.0)]


def test_only_tries_since_then_and_until_then_are_counted():
    life = Life("a", tuple(Tried("send", day, not_met=FAILED) for day in (1, 20, 40)))
    assert told(life, since=BEGIN + 10 * DAY) == [("budget", "send", 2, 1)]
    assert told(life, since=BEGIN + 10 * DAY, as_of=BEGIN + 30 * DAY) == [("budget", "send", 1, 1)]


def test_without_a_journal_a_sentence_says_why_there_is_nothing():
    found = refusals(seen(Life("a", (Tried("send", 1, "offer"),))))
    assert (found.rows, found.notes) == ((), ())
    assert "journal" in found.empty


def test_a_refused_try_that_is_told_with_the_number_of_its_visit_is_a_try_of_its_own():
    """As a simulation tells it."""
    view = seen(Life("a", (Tried("send", 1, "offer"), Tried("sign", 2, not_met=FAILED), Tried("sign", 3, "won"))))
    verdicts = view.told.tables.verdicts
    place = verdicts.schema.get_field_index("seq")
    numbers = [2 if each == 3 else each for each in verdicts.column(place).to_pylist()]
    numbered = verdicts.set_column(place, verdicts.schema.field(place), pa.array(numbers, pa.int32()))
    tables = replace(view.told.tables, verdicts=numbered)
    again = replace(view, judged=judged(replace(view.told, tables=tables)))
    assert rows(refusals(again), "requirement", "refused", "share", "passed_next") == [("budget", 1, 0.5, 1.0)]


NOT_MET = st.dictionaries(
    st.sampled_from(["budget", "buyer", "terms"]), st.sampled_from(["failed", "unknown", "waived"]), max_size=2
)
TRIES = st.lists(st.tuples(st.sampled_from(["send", "sign"]), st.sampled_from(["", "", "offer"]), NOT_MET), max_size=6)


@st.composite
def lives(draw):
    found = []
    for number in range(draw(st.integers(1, 5))):
        tries = []
        for day, (action, to, not_met) in enumerate(draw(TRIES), 1):
            # A move is refused for something that is not met.
            refused = not to and any(result != "waived" for result in not_met.values())
            tries.append(Tried(action, day, "" if refused else "offer", not_met))
        found.append(Life(f"d{number}", tuple(tries)))
    return found


@given(lives())
def test_counts_are_those_of_going_through_the_tries_one_by_one(given_lives):
    refused, deals, met, again, tries = Counter(), defaultdict(set), Counter(), Counter(), Counter()
    for life in given_lives:
        for place, tried in enumerate(life.tries):
            tries[tried.action] += 1
            following = next((each for each in life.tries[place + 1 :] if each.action == tried.action), None)
            for name, result in tried.not_met.items():
                if tried.to or result == "waived":
                    continue
                key = (name, tried.action)
                refused[key] += 1
                deals[key].add(life.deal)
                again[key] += following is not None
                met[key] += following is not None and name not in following.not_met
    expected = {
        key: (count, len(deals[key]), count / tries[key[1]], met[key] / again[key] if again[key] else None)
        for key, count in refused.items()
    }
    found = told(*given_lives, columns=("requirement", "action", "refused", "deals", "share", "passed_next"))
    assert {row[:2]: row[2:] for row in found} == expected


@given(lives())
def test_groups_add_up_to_the_whole(given_lives):
    view = seen(*given_lives)
    columns = ("requirement", "action", "refused", "deals", "waiting")
    summed: Counter[object] = Counter()
    for mask in (half(view), ~half(view)):
        for row in rows(refusals(view.of(mask)), *columns):
            summed.update({(*row[:2], name): count for name, count in zip(columns[2:], row[2:], strict=True)})
    whole = Counter(
        {
            (*row[:2], name): count
            for row in rows(refusals(view), *columns)
            for name, count in zip(columns[2:], row[2:], strict=True)
        }
    )
    assert summed == whole
