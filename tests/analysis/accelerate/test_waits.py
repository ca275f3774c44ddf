"""How long deals wait for a requirement: hand-made refusals, met later, given up, and never."""

from dataclasses import dataclass, replace

import pytest

from engine.analysis.accelerate.waiting import wait_sections
from engine.analysis.accelerate.waits import waits
from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.model.entry import Entry, EntryKind
from engine.model.expression import Expression
from engine.model.process import Action, Process, Track
from engine.model.rule import Approval, Force, Requirement
from engine.model.syntax import YES_NO, Literal
from engine.tables.build import GrowingTables
from tests.analysis.telling import SALE, day, rows

TRUE = Expression("true", Literal(True, YES_NO))
SIGN = Action(
    "sign",
    ("offer",),
    ("won",),
    requires=(
        Requirement("budget-known", Force.MUST, TRUE, "The budget is known"),
        Requirement("called", Force.SHOULD, TRUE, "They were called"),
    ),
    approvals=(Approval("sign/approval/1", ("boss",), "The boss agrees"),),
)
PROCESS = replace(SALE, main=Track("main", SALE.main.stages, (SIGN,)))


@dataclass(frozen=True)
class Tried:
    """A move tried on a day: what was judged and how, and where it led (empty: it was refused)."""

    day: float
    action: str
    verdicts: str
    to: str = ""


def told(**deals):
    """Deals that begin in ``offer`` on day 0; ``verdicts`` as ``budget-known failed, …``."""
    growing = GrowingTables({})
    for name, tries in deals.items():
        stage, stands, moves = "offer", (1, "", "", "offer", 0.0), []
        for seq, each in enumerate(tries, 2):
            for verdict in filter(None, each.verdicts.split(", ")):
                requirement, result = verdict.split(" ")
                force = "should" if requirement == "called" else "must"
                judged = (each.action, requirement, result, force, "made" if each.to else "refused")
                growing.verdicts.add((name, seq, day(each.day), *judged))
            if each.to:
                moves.append((stands, each.day))
                stands, stage = (seq, each.action, stage, each.to, each.day), each.to
        for (seq, action, before, to, entered), left in [*moves, (stands, None)]:
            ends = (day(entered), None if left is None else day(left), None if left is None else left - entered)
            growing.moves.add((name, seq, "sale", 1, "main", action, before, to, *ends, "", ""))
        outcome = {"won": "won", "lost": "lost"}.get(stage, "")
        closed = day(stands[4]) if outcome else None
        growing.deals.add((name, "sale", 1, day(0), closed, stage, outcome, "", None))
    return journeys(growing.whole(), PROCESS, asked=Asked(as_of=day(100), every_version=True))


def found(journey, section=0, granted=()):
    its = wait_sections(journey, waits(journey, granted))[section]
    columns = (its.headings[0].id, "deals", "passed", "given_up", "still", "total_days")
    return rows(its, *columns), its


def test_a_wait_runs_from_the_first_refusal_to_the_move_that_passed():
    journey = told(
        A=[Tried(2, "sign", "budget-known failed"), Tried(5, "sign", "budget-known unknown"),
           Tried(9, "sign", "budget-known passed", "won")]
    )  # fmt: skip
    figures, section = found(journey)
    assert figures == [("budget-known", 1, 1, 0, 0, 7.0)]
    assert rows(section, "says", "p50_days")[0][0] == "The budget is known"
    assert rows(section, "p50_days")[0][0].value == 7.0


def test_deals_that_close_or_wait_still_are_told_apart():
    journey = told(
        A=[Tried(1, "sign", "budget-known failed"), Tried(4, "lose", "", "lost")],
        B=[Tried(90, "sign", "budget-known failed")],
        C=[Tried(3, "sign", "budget-known passed", "won")],
    )
    assert found(journey)[0] == [("budget-known", 2, 0, 1, 1, 13.0)]


def test_a_requirement_waited_for_twice_is_two_waits_of_one_deal():
    tries = [
        Tried(1, "sign", "budget-known failed"),
        Tried(2, "sign", "budget-known passed", "won"),
        Tried(3, "reopen", "", "offer"),
        Tried(10, "sign", "budget-known failed"),
        Tried(14, "sign", "budget-known passed", "won"),
    ]
    assert found(told(A=tries))[0] == [("budget-known", 1, 2, 0, 0, 5.0)]


def test_the_same_action_done_without_it_ends_the_wait():
    # Its 'when' no longer applied: nothing was judged, and the move was made.
    journey = told(A=[Tried(1, "sign", "budget-known failed"), Tried(6, "sign", "", "won")])
    assert found(journey)[0] == [("budget-known", 1, 1, 0, 0, 5.0)]


def test_what_did_not_refuse_is_no_wait():
    journey = told(
        A=[
            # Wrongly tried, warned of, and made against it all the same.
            Tried(1, "sign", "sign/stage failed, called failed"),
            Tried(2, "sign", "budget-known failed", "won"),
        ]
    )
    assert waits(journey) == ()


def test_a_waived_requirement_was_met():
    journey = told(A=[Tried(1, "sign", "budget-known failed"), Tried(3, "sign", "budget-known waived", "won")])
    assert found(journey)[0] == [("budget-known", 1, 1, 0, 0, 2.0)]


def test_an_approval_is_waited_for_until_it_is_granted():
    journey = told(
        A=[Tried(1, "sign", "sign/approval/1 failed"), Tried(9, "sign", "sign/approval/1 passed", "won")],
        B=[Tried(2, "sign", "sign/approval/1 failed"), Tried(9, "sign", "sign/approval/1 passed", "won")],
    )
    assert found(journey, 1)[0] == [("sign/approval/1", 2, 2, 0, 0, 15.0)]
    assert found(journey)[0] == []
    its = {"kind": EntryKind.APPROVED, "recorded_at": day(4), "process": "sale", "version": 1, "digest": "d"}
    grants = [
        Entry("A", 3, happened_at=day(4), action="sign", approval="sign/approval/1", **its),
        Entry("gone", 3, happened_at=day(4), action="sign", approval="sign/approval/1", **its),
    ]
    assert found(journey, 1, grants)[0] == [("sign/approval/1", 2, 2, 0, 0, 10.0)]


def test_a_wait_ends_with_the_first_try_not_refused_for_it_and_the_longest_stands_first():
    journey = told(
        A=[Tried(1, "sign", "budget-known failed, owner-known failed"),
           Tried(3, "sign", "budget-known passed, owner-known failed"),
           Tried(9, "sign", "budget-known passed, owner-known passed", "won")]
    )  # fmt: skip
    assert found(journey)[0] == [("owner-known", 1, 1, 0, 0, 8.0), ("budget-known", 1, 1, 0, 0, 2.0)]


@pytest.mark.parametrize("section", [0, 1])
def test_where_nothing_was_refused_a_sentence_says_so(section):
    its = wait_sections(told(A=[]), ())[section]
    assert its.rows == ()
    assert its.empty.startswith("No move is told of that was refused for ")


def test_what_a_process_does_not_know_any_more_is_waited_for_too():
    journey = told(A=[Tried(1, "sign", "old-rule failed"), Tried(3, "sign", "old-rule passed", "won")])
    assert isinstance(journey.process, Process)
    assert found(journey)[0] == [("old-rule", 1, 1, 0, 0, 2.0)]
