from __future__ import annotations

from dataclasses import replace

from engine.model.alarm import Alarm, AlarmKind
from engine.model.deal import Deal, fold
from engine.model.entry import Entry, EntryKind
from engine.model.ticked import Came, Ticked
from engine.report import ticked
from engine.report.formats import render
from tests.report.golden import golden
from tests.report.samples import BUDGET_FAILED, ENTRIES, at, entry


def standing() -> Deal:
    deal = fold(ENTRIES[:4])
    assert deal is not None
    return deal


def alarm(kind: AlarmKind) -> Alarm:
    return Alarm("stale", kind, at(9, 14))


def rung(came: Came, *entries: Entry, problem: str = "") -> Ticked:
    return Ticked(standing(), came, "stale", at(20), entries, problem)


LOST = entry(
    5, EntryKind.MOVED, at(30), action="lose", from_stage="demo", to_stage="lost", outcome="lost", reason="no-decision"
)
RUNG = (
    rung(Came.WARNED, entry(5, EntryKind.WARNED, at(30), alarm=alarm(AlarmKind.WARN))),
    rung(Came.PASSED, entry(5, EntryKind.WARNED, at(30), alarm=alarm(AlarmKind.ACT))),
    rung(Came.MOVED, replace(LOST, alarm=alarm(AlarmKind.ACT)), replace(LOST, action="tidy-up", to_stage="archived")),
    rung(Came.REFUSED, replace(LOST, kind=EntryKind.REFUSED, verdicts=(BUDGET_FAILED,))),
    rung(Came.BUSY),
    Ticked(standing(), Came.AHEAD, "", None, (), ""),
    Ticked(standing(), Came.FAILED, "", None, (), "the definition of inside-sales@2 in the journal no longer reads"),
)


def test_what_clocks_did_is_told_in_a_line_each() -> None:
    golden("tick.txt", ticked.text(RUNG, done=True))


def test_a_tick_that_stopped_says_that_it_is_to_be_run_again() -> None:
    told = ticked.text(RUNG[:1], done=False)
    assert told.endswith("\n1 warned; then it stopped: run it again\n")


def test_nothing_due_is_said_so() -> None:
    assert ticked.text((), done=True) == "nothing was due\n"


def test_programs_get_a_row_each_and_the_sum() -> None:
    golden("tick.json", render(ticked.table(RUNG, done=True), "json"))
