"""The tables as they stood at a moment."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.model.syntax import DATE, DURATION, TEXT, YES_NO
from engine.tables.build import GrowingTables
from engine.tables.until import last_time, until

ENDS = {"won": "won", "lost": "lost"}
DAY = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(10)]


def visit(deal, seq, stages, entered, left):
    dwell = float((left - entered).days) if left and entered else None
    return (deal, seq, "sale", 1, "main", "", *stages, entered, left, dwell, "", "")


def tables():
    growing = GrowingTables({})
    growing.deals.add(("D1", "sale", 1, DAY[1], DAY[5], "won", "won", "", None))
    growing.deals.add(("D2", "sale", 1, DAY[4], None, "new", "", "", None))
    growing.deals.add(("D3", "sale", 1, None, None, "new", "", "", None))
    growing.moves.add(visit("D1", 1, ("", "new"), DAY[1], DAY[3]))
    growing.moves.add(visit("D1", 2, ("new", "offer"), DAY[3], DAY[5]))
    growing.moves.add(visit("D1", 3, ("offer", "won"), DAY[5], None))
    growing.moves.add(visit("D2", 1, ("", "new"), DAY[4], None))
    growing.moves.add(visit("D3", 1, ("", "new"), None, None))
    growing.touches.add(("D1", DAY[2], "call", "new", ""))
    growing.touches.add(("D1", DAY[4], "call", "offer", ""))
    growing.facts.add(("D1", 1, None, "city", "Rome"))
    growing.facts.add(("D1", 3, DAY[5], "amount", "5"))
    return growing.whole()


def test_what_happened_later_is_taken_out_and_what_it_ended_is_open_again():
    then = until(tables(), DAY[3], ends=ENDS)
    assert [(row["deal"], row["stage"], row["outcome"], row["closed_at"]) for row in then.deals.to_pylist()] == [
        ("D1", "offer", "", None),
        ("D3", "new", "", None),
    ]
    assert [(row["deal"], row["seq"], row["left_at"] is None, row["dwell_days"]) for row in then.moves.to_pylist()] == [
        ("D1", 1, False, 2.0),
        ("D1", 2, True, None),
        ("D3", 1, True, None),
    ]
    assert then.touches.num_rows == 1
    assert then.facts.column("fact").to_pylist() == ["city"]


def test_a_fact_learnt_later_is_what_it_was_before(tmp_path):
    kinds = {"city": TEXT, "signed": DATE, "partner": YES_NO, "wait": DURATION}
    growing = GrowingTables(kinds)
    growing.deals.add(
        ("D1", "sale", 1, DAY[1], None, "new", "", "", Decimal(7), "Bonn", True, date(2026, 1, 2), timedelta(days=2))
    )
    growing.moves.add(visit("D1", 1, ("", "new"), DAY[1], None))
    for seq, when, fact, value in [
        (1, DAY[1], "amount", "5"),
        (2, DAY[5], "amount", "7"),
        (1, DAY[1], "city", "Rome"),
        (2, DAY[5], "city", "Bonn"),
        (2, DAY[5], "partner", "true"),
        (1, DAY[1], "signed", "2026-01-01"),
        (2, DAY[5], "signed", "2026-01-02"),
        (1, DAY[1], "wait", "1d"),
        (2, DAY[5], "wait", "2d"),
    ]:
        growing.facts.add(("D1", seq, when, fact, value))
    (then,) = until(growing.whole(), DAY[3], ends=ENDS).deals.to_pylist()
    assert (then["amount"], then["city"], then["partner"], then["signed"], then["wait"]) == (
        Decimal(5),
        "Rome",
        None,
        date(2026, 1, 1),
        timedelta(days=1),
    )


def test_at_the_last_time_nothing_changes():
    found = last_time(tables())
    assert found == DAY[5]
    then = until(tables(), found, ends=ENDS)
    assert sorted(map(str, then.deals.to_pylist())) == sorted(map(str, tables().deals.to_pylist()))
    assert then.moves.equals(tables().moves)


def test_between_a_close_and_a_re_opening_the_deal_is_closed():
    growing = GrowingTables({})
    growing.deals.add(("D1", "sale", 1, DAY[0], DAY[6], "won", "won", "", None))
    stages = ["", "new", "lost", "new", "won"]
    for seq, day in enumerate([0, 1, 4, 6], start=1):
        growing.moves.add(visit("D1", seq, (stages[seq - 1], stages[seq]), DAY[day], None))
    (then,) = until(growing.whole(), DAY[2], ends=ENDS).deals.to_pylist()
    assert (then["stage"], then["outcome"], then["closed_at"]) == ("lost", "lost", DAY[1].replace(tzinfo=None))


def test_what_nobody_dated_but_came_after_what_was_later_is_taken_out():
    growing = GrowingTables({})
    growing.deals.add(("D1", "sale", 1, DAY[0], None, "won", "won", "", None))
    growing.moves.add(visit("D1", 1, ("", "new"), DAY[0], DAY[5]))
    growing.moves.add(visit("D1", 2, ("new", "offer"), DAY[5], DAY[5]))
    growing.moves.add(visit("D1", 3, ("offer", "won"), None, None))
    then = until(growing.whole(), DAY[2], ends=ENDS)
    assert [(row["stage"], row["outcome"]) for row in then.deals.to_pylist()] == [("new", "")]
    assert then.moves.column("to_stage").to_pylist() == ["new"]


def test_where_nothing_is_dated_there_is_no_last_time():
    assert last_time(GrowingTables({}).whole()) is None
