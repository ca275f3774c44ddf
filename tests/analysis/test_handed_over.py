"""Deals that went on in another process: a journal tells of them what an export of this one tells."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.asked import Asked
from engine.analysis.in_short import left_out_notes
from engine.analysis.journeys import OUTCOMES, Journeys, journeys
from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.syntax import MONEY
from engine.tables.handed_over import told_here
from engine.tables.until import until
from tests.analysis.entered import START, deal, tables

SELLING = Process(
    "selling",
    1,
    Track("main", tuple(Stage(each, ends=ends) for each, ends in (("lead", ""), ("demo", ""), ("won", "won"))), ()),
    facts={"amount": Fact("amount", MONEY)},
)
NOTE = "Handed over to another process, and counted as ended otherwise when they went: {}."


def looked_at(*deals, since=None, at=None, every_version=True):
    asked = Asked("deals", since=since, as_of=at or START + timedelta(days=90), every_version=every_version)
    return journeys(tables(SELLING, *deals), SELLING, asked=asked)


def days_of(told: Journeys):
    """What the deals went through, by name: stages with the days after the start, and how they came out and when."""
    names = told.tables.deals.column("deal").to_pylist()
    start = int(START.timestamp()) * 1_000_000

    def day(at):
        return (int(at) - start) // 86_400_000_000 if at > 0 else None

    return {
        names[row]: (
            [
                (told.stages[told.visits.stage[at]].id, day(told.visits.entered[at]))
                for at in range(told.first[number], told.last[number] + 1)
            ],
            OUTCOMES[told.outcome[number]],
            day(told.closed[number]),
        )
        for number, row in enumerate(told.rows.tolist())
    }


def test_a_deal_handed_over_ended_otherwise_when_it_went():
    told = looked_at(deal("A", "lead", "demo", "renewals:due", "renewals:won"), deal("B", "lead", "demo"))
    assert days_of(told) == {
        "A": ([("lead", 0), ("demo", 1), ("renewals/due", 2)], "other", 2),
        "B": ([("lead", 0), ("demo", 1)], "", None),
    }
    assert left_out_notes(told) == (NOTE.format("1 deal"),)


def test_one_that_came_back_was_away_meanwhile_and_is_what_it_is_now():
    told = looked_at(deal("A", "lead", "renewals:due", "renewals:next", "selling:demo", "won"))
    assert days_of(told) == {"A": ([("lead", 0), ("renewals/due", 1), ("demo", 3), ("won", 4)], "won", 4)}
    assert left_out_notes(told) == ()


def test_one_that_came_back_to_an_end_ended_there():
    told = looked_at(deal("A", "lead", "renewals:due", "selling:won"))
    assert days_of(told) == {"A": ([("lead", 0), ("won", 2)], "won", 2)}


def test_one_that_came_back_and_went_on_ended_when_it_went_last():
    told = looked_at(deal("A", "lead", "renewals:due", "selling:demo", "self-serve:trial", "self-serve:won"))
    assert days_of(told)["A"][1:] == ("other", 3)


def test_as_of_before_it_went_it_was_open():
    away = deal("A", "lead", "demo", "renewals:due")
    assert days_of(looked_at(away, at=START + timedelta(days=1)))["A"][1:] == ("", None)


def test_tables_as_they_stood_before_it_went_tell_it_as_open_here():
    now = tables(SELLING, deal("A", {"amount": Decimal(10)}, "lead", "renewals:due", {"amount": Decimal(300)}))
    then = told_here(until(now, START + timedelta(days=1), ends={}), SELLING)
    assert then.deals.select(["process", "amount"]).to_pylist() == [{"process": "selling", "amount": Decimal(10)}]


def test_since_then_only_those_that_went_later_are_looked_at():
    told = looked_at(
        deal("A", "lead", "renewals:due", "renewals:won"),
        deal("B", "lead", "demo", "renewals:due"),
        since=START + timedelta(days=2),
    )
    assert list(days_of(told)) == ["B"]
    assert left_out_notes(told) == (NOTE.format("1 deal"), "Left out: 1 deal closed before that.")


def test_a_deal_handed_over_is_of_the_version_that_it_last_followed_here():
    gone = [replace(each, version=7 if each.process == "renewals" else 1) for each in deal("A", "lead", "renewals:due")]
    older = [replace(each, version=2 if each.process == "selling" else 1) for each in deal("B", "lead", "renewals:due")]
    assert looked_at(gone, older).version.tolist() == [1, 2]
    told = looked_at(gone, older, every_version=False)
    assert list(days_of(told)) == ["A"]
    assert left_out_notes(told)[1] == "Left out: 1 deal of other versions of the process (this is selling@1)."


def test_who_was_in_touch_after_it_went_is_none_of_this_process():
    found = told_here(tables(SELLING, deal("A", "lead", "@call", "renewals:due", "@mail")), SELLING)
    assert found.touches.column("touchpoint").to_pylist() == ["call"]


def test_what_it_was_worth_when_it_went_is_what_counts_here():
    """What is told of it elsewhere may be in another currency."""
    gone = deal("A", {"amount": Decimal(10)}, "lead", {"amount": Decimal(20)}, "renewals:due", {"amount": Decimal(300)})
    lead = deal("B", "lead", {"amount": Decimal(7)})
    found = told_here(tables(SELLING, gone, lead), SELLING)
    assert found.deals.column("amount").to_pylist() == [Decimal(20), Decimal(7)]
    assert found.facts.column("value").to_pylist() == ["10", "20", "7"]


def test_of_deals_of_other_processes_alone_nothing_is_told():
    assert looked_at(deal("A", "renewals:due", "renewals:won")).count == 0


def test_tables_of_one_process_stay_as_they_are():
    alone = tables(SELLING, deal("A", "lead", "won"))
    assert told_here(alone, SELLING) is alone


PLACES = ("selling:lead", "selling:demo", "renewals:due", "renewals:won", "self-serve:trial")


def exported(name, places):
    """The same deal as an export of the one process tells it, or nothing where it was never there."""
    entries = deal(name, *places)
    kept = []
    for here, its in groupby(entries, key=lambda each: each.process == "selling"):
        if here:
            kept += its
        elif kept:
            first = next(its)
            kept.append(
                replace(first, process="selling", to_stage=f"{first.process}/{first.to_stage}", outcome="other")
            )
    return kept


@given(st.lists(st.lists(st.sampled_from(PLACES), min_size=1, max_size=6), min_size=1, max_size=5))
def test_a_journal_tells_what_an_export_tells(ways):
    journal = looked_at(*(deal(f"D{number}", *way) for number, way in enumerate(ways)))
    lines = (exported(f"D{number}", way) for number, way in enumerate(ways))
    assert days_of(journal) == days_of(looked_at(*filter(None, lines)))
