"""What ``conform`` finds: skips, unasked moves and failed requirements, counted and deal by deal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.conform.conform import conform, conform_deal, fitness
from engine.model.errors import BadValue, UnknownName
from engine.model.process import Process
from engine.model.study import Study
from tests.analysis.entered import AS_OF, column, deal, rows, tables
from tests.analysis.worlds import STAGES, entered, machines
from tests.machine.building import process

SELLING = process(
    stages={
        "lead": {},
        "demo": {},
        "offer": {"to_enter": [{"must": "amount >= 1000", "says": "It is worth an offer"}]},
        "won": {"ends": "won"},
        "lost": {"ends": "lost"},
    },
    actions={
        "show": {"from": "lead", "to": "demo"},
        "quote": {
            "from": "demo",
            "to": "offer",
            "touchpoint": "call",
            "requires": [{"must": 'done("call")', "says": "There was a call"}],
        },
        "sign": {"from": "offer", "to": "won", "sets": {"signed": "today"}, "requires": [{"must": "given(signed)"}]},
        "lose": {"from": "open", "to": "lost"},
    },
    facts={"amount": "money", "signed": "date"},
    touchpoints=["call"],
    tracks={"legal": {"stages": {"new": {}, "ok": {}}, "actions": {"approve": {"from": "new", "to": "ok"}}}},
)


def held(*deals: list[object], of: Process = SELLING, since: date | None = None) -> Study:
    return conform(tables(of, *deals), of, subject="deals", as_of=AS_OF, since=since)  # type: ignore[arg-type]


def verdict(requirement: str, *told: object) -> str:
    """How one requirement came out for one deal."""
    found = {row["requirement"]: row for row in rows(held(deal("D", *told)), "requirements")}  # type: ignore[arg-type]
    (said,) = (name for name in ("failed", "unknown", "passed") if found[requirement][f"{name}_moves"])
    return said


def test_deals_are_counted_by_outcome_with_their_fitness() -> None:
    study = held(
        deal("D1", "lead", "demo", "offer", "won", amount=2000),
        deal("D2", "lead", "offer", "won", amount=3000),
        deal("D3", "lead", "demo"),
    )
    assert column(study, "fit", "outcome", "deals", "perfect_deals", "money", "perfect_money") == [
        ("all", 3, 2, 5000, 2000),
        ("won", 2, 1, 5000, 2000),
        ("open", 1, 1, None, None),
    ]
    # A shortest way is to lose a lead: 2 of D1's 4 moves and as many of D2's 3 are added to them; D3 is open.
    assert fitness(study) == pytest.approx(1 - 1 / (6 + 5 + 2))


def test_variants_are_told_against_the_process() -> None:
    study = held(deal("D1", "lead", "offer", "won"), deal("D2", "lead", "lost"), deal("D3", "lead", "lost"))
    assert column(study, "variants", "stages", "cost", "alignment", "deals") == [
        ("lead > lost", 0, "as the process has it", 2),
        ("lead > offer > won", 1, "skipped demo (show)", 1),
    ]


def test_a_skipped_action_is_counted_with_its_deals_and_money() -> None:
    study = held(
        deal("D1", "lead", "offer", "won", amount=10), deal("D2", "lead", "offer", "lost", amount=5), deal("D3", "lead")
    )
    (row,) = rows(study, "skipped")
    assert row == {
        "stage": "demo",
        "actions": "show",
        "times": 2,
        "deals": 2,
        "share": pytest.approx(2 / 3),
        "won": 1,
        "lost": 1,
        "ended_otherwise": 0,
        "open": 0,
        "money": Decimal(15),
    }


def test_an_unasked_move_is_told_with_where_it_came_from() -> None:
    study = held(deal("D1", "lead", "demo", "lead", "demo", "lost"), deal("D2", "lead", "pilot", "lost"))
    assert column(study, "unasked", "from_stage", "stage", "known_stage", "times") == [
        ("lead", "demo", "yes", 1),
        ("demo", "lead", "yes", 1),
        ("lead", "pilot", "no", 1),
    ]
    assert "selling@1 has no stage 'pilot' (1 move): to enter one is unasked" in " ".join(study.notes)


def test_side_tracks_are_held_to_their_stages() -> None:
    study = held(deal("D1", "lead", "legal/ok", "legal/new", "lost"))
    assert column(study, "unasked", "from_stage", "stage") == [("ok", "legal/new")]
    assert column(study, "variants", "stages") == ["lead > lost; legal: ok > new"]


@pytest.mark.parametrize(
    ("told", "came_out"),
    [
        (["lead", {"amount": Decimal(1000)}, "demo", "offer"], "passed"),
        (["lead", {"amount": Decimal(999)}, "demo", "offer"], "failed"),
        (["lead", "demo", "offer", {"amount": Decimal(1000)}], "unknown"),
        (["lead", {"amount": Decimal(999)}, "demo", "offer", {"amount": Decimal(1000)}], "failed"),
    ],
)
def test_a_move_is_judged_with_the_facts_known_then(told: list[object], came_out: str) -> None:
    assert verdict("offer/to_enter/1", *told) == came_out


@pytest.mark.parametrize(
    ("told", "came_out"),
    [
        (["lead", "@call", "demo", "offer"], "passed"),
        (["lead", "demo", "@call", "offer"], "passed"),
        (["lead", "demo", "offer", "@call"], "failed"),
    ],
)
def test_a_touchpoint_counts_from_when_it_was(told: list[object], came_out: str) -> None:
    assert verdict("quote/requires/1", *told) == came_out


def test_the_touchpoint_that_a_move_is_itself_counts_after_it() -> None:
    told = deal("D", "lead", "demo", "offer", "demo", "offer")
    calling = [*told[:2], replace(told[2], action="quote", touchpoint="call"), *told[3:]]
    found = {row["requirement"]: row for row in rows(held(calling), "requirements")}
    assert [found["quote/requires/1"][name] for name in ("failed_moves", "passed_moves")] == [1, 1]
    # A file tells no actions: the same holds for the action that the move must have been.
    assert column(held(told), "requirements", "requirement", "failed_moves", "passed_moves")[0] == (
        ("quote/requires/1", 1, 1)
    )


def test_what_an_action_sets_was_not_known_before_it() -> None:
    deals = deal("D", "lead", "demo", "offer", "won")
    set_by_it = [*deals[:3], replace(deals[3], facts={"signed": date(2026, 1, 4)})]
    study = held(set_by_it)  # type: ignore[arg-type]
    (row,) = (row for row in rows(study, "requirements") if row["requirement"] == "sign/requires/1")
    assert (row["passed_moves"], row["failed_moves"]) == (0, 1)


def test_the_deals_behind_each_number_come_worst_first() -> None:
    study = held(
        deal("D1", "lead", "demo", "lost", owner="ana", amount=10),
        deal("D2", "lead", "offer", "won", amount=20),
        deal("D3", "lead", "@call", "demo", "offer", "lost", amount=30),
    )
    assert column(study, "deals", "deal", "cost", "skipped", "unasked", "failed") == [
        ("D2", 1, "demo (show)", "", "offer/to_enter/1, sign/requires/1"),
        ("D3", 0, "", "", "offer/to_enter/1"),
        ("D1", 0, "", "", ""),
    ]
    assert [section.shown for section in study.sections if section.id == "deals"] == [2]
    assert "2 deals made a move that a requirement would have refused" in study.says[0]


def test_deals_of_other_processes_are_left_out_and_counted() -> None:
    study = held(deal("D1", "lead", "lost"), deal("X1", "renewals:due"), deal("X2", "renewals:due"))
    assert column(study, "fit", "deals")[0] == 1
    assert "Left out: 2 deals of other processes." in study.notes


def test_a_deal_handed_over_ends_there_and_starts_where_it_arrives() -> None:
    here = held(deal("D1", "lead", "renewals:due", "renewals:won"))
    assert column(here, "deals", "outcome", "unasked") == [("handed over", "renewals/due after lead")]
    arrived = held(deal("D2", "renewals:due", "selling:demo", "lost"))
    assert column(arrived, "variants", "stages", "cost") == [("demo > lost", 0)]


def test_only_deals_that_ended_since_then_and_open_ones_are_looked_at() -> None:
    early = [replace(entry, happened_at=entry.happened_at - timedelta(days=9)) for entry in deal("D2", "lead", "lost")]
    study = held(
        deal("D1", "lead", "lost"), early, deal("D3", "lead", "?lost"), deal("D4", "?lead"), since=date(2026, 1, 1)
    )
    assert column(study, "deals", "deal") == ["D1", "D4"]
    assert "Left out: 1 deal that ended before 2026-01-01, and 1 of which nobody knows when they ended." in study.notes


def test_a_value_that_does_not_fit_its_type_counts_as_unknown() -> None:
    told = deal("D1", "lead", {"amount": "plenty"}, "demo", "offer")
    study = held(told)  # type: ignore[arg-type]
    assert any("Taken as unknown: 1 value of facts" in note for note in study.notes)
    assert column(study, "requirements", "requirement", "unknown_moves")[1] == ("offer/to_enter/1", 1)


@given(machines(), st.lists(entered(*STAGES).map(lambda each: ("a", *each)), min_size=1, max_size=6))
@settings(deadline=None)
def test_what_is_skipped_and_unasked_adds_up_to_the_costs(of: object, paths: list[tuple[str, ...]]) -> None:
    study = held(*(deal(f"D{n}", *path) for n, path in enumerate(paths)), of=of.process)  # type: ignore[attr-defined]
    told = sum(column(study, "skipped", "times")) + sum(column(study, "unasked", "times"))
    assert told == sum(column(study, "deals", "cost"))
    assert column(study, "fit", "perfect_deals")[0] == column(study, "deals", "cost").count(0)


def test_one_deal_is_told_step_by_step() -> None:
    told = tables(SELLING, deal("D1", "lead", "offer", "lead", "lost", owner="ana", amount=10))
    study = conform_deal(told, SELLING, deal="D1", subject="deals", as_of=AS_OF)
    assert column(study, "steps", "stage", "step", "actions", "failed") == [
        ("lead", "as the process has it", "", ""),
        ("demo", "skipped", "show", ""),
        ("offer", "as the process has it", "quote", "offer/to_enter/1"),
        ("lead", "unasked", "", ""),
        ("lost", "as the process has it", "lose", ""),
    ]
    assert column(study, "requirements", "stage", "requirement", "verdict") == [("offer", "offer/to_enter/1", "failed")]
    assert study.says[0].startswith("lost, owner ana; fitness")


def test_a_deal_that_is_not_there_is_an_error_with_a_hint() -> None:
    with pytest.raises(UnknownName, match="no deal of selling is called 'D11'") as caught:
        conform_deal(tables(SELLING, deal("D1", "lead")), SELLING, deal="D11", subject="", as_of=AS_OF)
    assert "D1" in caught.value.hint


@pytest.mark.parametrize(
    ("told", "since", "message"),
    [
        ([deal("X", "renewals:due")], None, "there is no deal of selling: it has 1 of other processes"),
        (
            [deal("D", "lead", "lost")],
            date(2027, 1, 1),
            "of 1 deal of selling none is open or known to have ended",
        ),
        ([], None, "there is no deal of selling"),
    ],
)
def test_no_deal_at_all_is_an_error(told: list[list[object]], since: date | None, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        held(*told, since=since)
