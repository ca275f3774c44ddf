"""Dates that were moved while deals were open, and closes that came after them: against what is counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.measure.built_in.slippage import slippage
from tests.analysis import telling
from tests.analysis.measure.piped import column, figures, process, row, rows, seen
from tests.analysis.telling import START, day, deal

SALE = process("""\
facts:
  due:       {type: date, title: Expected close}
  trial_end: {type: date}
  met_on:    {type: date}
stages: {new: {}, demo: {stamps: {met_on: today}}, won: {ends: won}, lost: {ends: lost}}
actions: {go: {from: new, to: demo}, win: {from: open, to: won}, lose: {from: open, to: lost, reasons: {x: X}}}
""")
BERLIN = replace(SALE, time_zone="Europe/Berlin")


def named(*days, fact="due", first=1):
    """The fact told again and again, with one entry after the other."""
    return tuple((first + n, fact, f"{(START + timedelta(days=each)).date()}") for n, each in enumerate(days))


def looked_at(*deals, until=100.0, of=SALE):
    return slippage(seen(telling.tables(*deals), of, until=day(until)))


def of_due(section):
    return row(section, "Expected close")


def test_dates_that_were_moved_are_counted_each_way():
    section = looked_at(
        deal("A", "new 0", facts=named(10, 20, 20, 15)),
        deal("B", "new 0", facts=named(30, 40)),
        deal("C", "new 0", facts=named(50)),
        deal("D", "new 0"),
    )
    assert figures(of_due(section), "deals", "moved", "later", "earlier") == [3, 2, 2, 1]
    assert figures(of_due(section), "moved_days", "closed", "open", "overdue") == [7.5, 0, 3, 3]


def test_closes_are_held_against_the_date_first_and_last_named():
    section = looked_at(
        deal("A", "new 0, won 12", facts=((1, "due", "2026-01-11"),)),
        deal("B", "new 0, lost 60", facts=((1, "due", "2026-02-20"),)),
        deal("C", "new 0, demo 5, won 40", facts=((1, "due", "2026-01-31"), (2, "due", "2026-02-15"))),
    )
    found = of_due(section)
    assert figures(found, "closed", "late_first_days", "late_last_days", "open") == [3, 10, 2, 0]
    assert found["after_first"].value == 1
    assert found["after_last"].value == 2 / 3
    assert found["after_last"].low < 2 / 3 < found["after_last"].high


def test_what_is_told_with_the_close_foretells_nothing():
    section = looked_at(deal("A", "new 0, won 12", facts=((2, "due", "2026-01-11"),)))
    assert (section.rows, section.empty) == ((), "No fact that is a date was recorded of an open deal.")


def test_a_date_that_the_process_writes_down_by_itself_is_named_and_left_out():
    section = looked_at(deal("A", "new 0, demo 4", facts=(*named(30), *named(4, fact="met_on", first=2))))
    assert column(section, "fact") == ["Expected close"]
    assert section.notes[-1].endswith("writes them down by itself: met_on.")


def test_a_date_that_never_lies_ahead_foretells_nothing_and_is_named():
    section = looked_at(deal("A", "new 3", facts=(*named(3), *named(2, fact="trial_end"))), deal("B", "new 0, won 9"))
    assert section.rows == ()
    some = looked_at(deal("A", "new 3", facts=(*named(30), *named(2, fact="trial_end", first=2))))
    assert column(some, "fact") == ["Expected close"]
    assert some.notes[-1] == "Not told here, since it never lies after the start of a deal: trial_end."


def test_days_are_those_where_the_process_is_at_home():
    # Half past eleven in the evening of UTC is the next day in Berlin.
    late = deal("A", f"new 0, won {9 + 23.5 / 24}", facts=((1, "due", "2026-01-10"),))
    assert of_due(looked_at(late))["late_first_days"].value == 0
    assert of_due(looked_at(late, of=BERLIN))["late_first_days"].value == 1
    still_open = deal("B", "new 0", facts=((1, "due", "2026-01-10"),))
    assert of_due(looked_at(still_open, until=9 + 23.5 / 24))["overdue"] == 0
    assert of_due(looked_at(still_open, until=9 + 23.5 / 24, of=BERLIN))["overdue"] == 1


def test_a_value_that_is_no_date_is_as_good_as_none():
    assert looked_at(deal("A", "new 0", facts=((1, "due", "soon"),))).rows == ()


def test_a_deal_opened_again_is_open_until_it_closes_at_last():
    section = looked_at(deal("A", "new 0, lost 5, demo 9, won 20", facts=((3, "due", "2026-01-16"),)))
    assert figures(of_due(section), "closed", "late_first_days") == [1, 5]


VISITS = ("new 0", "new 0, demo 9", "new 0, demo 1, demo 2, demo 3, won 30", "new 5, demo 6, new 7, demo 8, lost 9")
NAMED = st.lists(st.tuples(st.sampled_from(("due", "trial_end")), st.integers(6, 60)), max_size=4)
DEALS = st.lists(st.tuples(st.sampled_from(VISITS), NAMED), min_size=1, max_size=8)


@given(DEALS, st.data())
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_a_plain_loop_and_groups_add_up(told, data):
    deals = [deal(f"D{place}", visits, facts=told_of(dates)) for place, (visits, dates) in enumerate(told)]
    view = seen(telling.tables(*deals), SALE, until=day(100))
    assert counted(slippage(view)) == {fact: by_hand(deals, fact) for fact in FACTS if by_hand(deals, fact)[0]}
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(deals), max_size=len(deals))))
    parts = [counted(slippage(view.of(mask))) for mask in (chosen, ~chosen)]
    for fact, counts in counted(slippage(view)).items():
        assert counts == [sum(column) for column in zip(*(part.get(fact, [0, 0, 0]) for part in parts), strict=True)]


FACTS = {"due": "Expected close", "trial_end": "trial_end"}


def told_of(dates):
    """One entry for each; all of them before the deals above have closed."""
    return tuple(each for place, (fact, at) in enumerate(dates, 1) for each in named(at, fact=fact, first=place))


def by_hand(deals, fact):
    values = [[value for _, name, value in each.facts if name == fact] for each in deals]
    steps = [step for each in values for step in pairwise(each)]
    return [sum(map(bool, values)), sum(a < b for a, b in steps), sum(a > b for a, b in steps)]


def counted(section):
    ids = {title: fact for fact, title in FACTS.items()}
    return {ids[each["fact"]]: figures(each, "deals", "later", "earlier") for each in rows(section)}
