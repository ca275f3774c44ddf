"""Deals that already happened, judged and journalled in bulk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advance.imported import ImportSummary
from engine.advance.many import import_past
from engine.journal.connect import connect
from engine.journal.forget import forget
from engine.journal.verify import verify
from engine.loading.processes import load_process
from engine.model.deal import fold
from engine.model.decision import Result
from engine.model.entry import Entry, EntryKind
from engine.model.past import PastDeal, PastMove
from tests.advance.desk import Desk

NOW = datetime(2026, 6, 1, tzinfo=UTC)

TEXT = """
process: sale
version: 1
roles: {rep: []}
by: [rep]
facts:
  amount: {type: money}
  city: {type: text}
  offered_on: {type: date}
stages:
  new: {asks: [amount]}
  talking: {}
  offer:
    stamps: {offered_on: today}
    to_enter: [{must: amount >= 1000, says: It is worth an offer}]
  won: {ends: won}
  lost: {ends: lost}
actions:
  talk: {from: new, to: talking}
  send: {from: [new, talking], to: offer, touchpoint: email}
  win: {from: offer, to: won, requires: [{should: given(city), says: The city is known}]}
  lose: {from: open, to: lost, asks: [note], reasons: {price: Too dear}}
touchpoints: [email]
"""


class Archive:
    """A journal in memory, and the process that its history goes into."""

    def __init__(self, folder: Path) -> None:
        path = folder / "processes" / "sale" / "1.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT)
        loaded = load_process(path)
        assert loaded.value is not None, loaded.findings
        assert loaded.definition is not None
        self.process, self.definition = loaded.value, loaded.definition
        self.journal = connect(":memory:")

    def take(self, *deals: PastDeal, now: datetime = NOW, map_id: str = "crm", **how) -> ImportSummary:
        return import_past(self.journal, self.process, self.definition, deals, now=now, map_id=map_id, **how)

    def told(self, deal: str = "D1") -> list[tuple]:
        return [
            (entry.kind.value, entry.action, entry.to_stage, (entry.happened_at - at(0)).days, entry.undated)
            for entry in self.journal.entries(deal)
        ]

    def entry(self, sequence: int, deal: str = "D1") -> Entry:
        return self.journal.entries(deal)[sequence - 1]


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path)


def at(days: float) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)


def move(stage: str, days: float | None, *, row: int = 2, **rest) -> PastMove:
    return PastMove(stage, None if days is None else at(days), row=row, **rest)


def deal(*moves: PastMove, name: str = "D1", **rest) -> PastDeal:
    return PastDeal(name, moves, row=moves[0].row, **rest)


AMOUNT = {"amount": Decimal(5000)}
USUAL = deal(move("new", 0), move("offer", 3), move("won", 9), facts=AMOUNT, owner="ana")


def test_a_deal_is_recorded_as_it_happened(archive):
    summary = archive.take(USUAL)
    assert archive.told() == [
        ("started", "", "new", 0, False),
        ("moved", "send", "offer", 3, False),
        ("moved", "win", "won", 9, False),
    ]
    assert (summary.deals, summary.moves, summary.entries, summary.deviating) == (1, 2, 3, 0)
    found = archive.journal.deal("D1")
    assert (found.stage, found.outcome, found.closed_at, found.owner) == ("won", "won", at(9), "ana")
    assert found == fold(archive.journal.entries("D1"))
    assert verify(archive.journal) == ()


def test_the_recording_says_when_it_was_and_under_which_definition(archive):
    archive.take(USUAL)
    assert {(entry.recorded_at, entry.digest) for entry in archive.journal.entries("D1")} == {
        (NOW, archive.definition.digest)
    }
    assert archive.journal.definition(archive.definition.digest) == archive.definition


def test_a_deal_first_seen_later_starts_in_the_first_stage_undated(archive):
    summary = archive.take(deal(move("offer", 3), facts=AMOUNT))
    assert archive.told() == [("started", "", "new", 3, True), ("moved", "send", "offer", 3, False)]
    assert archive.entry(1).verdicts == ()
    assert summary.undated == 1


def test_a_move_without_a_date_is_told_with_the_next_time_known(archive):
    archive.take(deal(move("new", 0), move("talking", None), move("offer", 5), facts=AMOUNT))
    assert archive.told()[1] == ("moved", "talk", "talking", 5, True)


def test_a_last_move_without_a_date_is_told_with_the_time_of_the_import(archive):
    archive.take(deal(move("new", None), facts=AMOUNT))
    assert archive.entry(1).happened_at == NOW
    assert archive.entry(1).undated


def test_a_dated_move_sets_and_stamps_and_an_undated_one_does_not(archive):
    archive.take(
        deal(move("new", 0), move("offer", 3), facts=AMOUNT),
        deal(move("new", 0), move("offer", None), move("won", 4), facts=AMOUNT, name="D2"),
    )
    assert archive.entry(2).facts == {"offered_on": date(2026, 1, 4)}
    assert archive.entry(2, "D2").facts == {}


def test_a_move_that_breaks_a_requirement_is_deviating_and_says_which(archive):
    summary = archive.take(deal(move("new", 0), move("offer", 3), facts={"amount": Decimal(10)}))
    entry = archive.entry(2)
    assert entry.deviating
    assert [each.requirement for each in entry.verdicts if each.result is Result.FAILED] == ["offer/to_enter/1"]
    assert (summary.deviating, summary.broken) == (1, {"offer/to_enter/1": 1})
    assert archive.journal.deal("D1").stage == "offer"


def test_a_move_that_no_action_explains_is_deviating(archive):
    summary = archive.take(deal(move("new", 0), move("won", 3), move("lost", 4), facts=AMOUNT))
    assert [(entry.action, entry.deviating) for entry in archive.journal.entries("D1")] == [
        ("", False),
        ("", True),
        ("", True),
    ]
    assert summary.broken == {"won/stage": 1, "lost/stage": 1}


def test_what_was_not_yet_known_is_unknown_and_not_deviating(archive):
    summary = archive.take(deal(move("new", 0), move("offer", 3), late=AMOUNT))
    assert (summary.deviating, summary.unclear) == (0, 2)
    assert summary.unknown == {"new/asks/amount": 1, "offer/to_enter/1": 1}
    assert [entry.deviating for entry in archive.journal.entries("D1")] == [False, False, False]


def test_what_an_export_does_not_tell_of_the_mover_is_not_held_against_the_move(archive):
    summary = archive.take(deal(move("new", 0), move("lost", 3), facts=AMOUNT))
    assert (summary.deviating, summary.unknown) == (0, {"lose/reason": 1})


def test_facts_that_nobody_can_date_are_recorded_last(archive):
    archive.take(replace(USUAL, late={"city": "Ulm"}), actor="ops")
    last = archive.entry(4)
    assert (last.kind, last.facts, last.undated, last.happened_at) == (EntryKind.RECORDED, {"city": "Ulm"}, True, at(9))
    assert (last.actor, archive.entry(2).actor) == ("ops", "")


def test_facts_of_a_row_are_known_with_its_move(archive):
    archive.take(deal(move("new", 0, facts=AMOUNT), move("offer", 3, facts={"amount": Decimal(900)}, actor="bo")))
    entry = archive.entry(2)
    assert (entry.facts["amount"], entry.actor, entry.deviating) == (Decimal(900), "bo", True)
    assert archive.journal.deal("D1").facts["amount"] == Decimal(900)


def test_a_row_in_the_same_stage_records_its_facts_and_is_no_move(archive):
    rows = (move("new", 0), move("new", 1, facts={"city": "Ulm"}), move("new", 2))
    summary = archive.take(deal(*rows, facts=AMOUNT))
    assert archive.told() == [("started", "", "new", 0, False), ("recorded", "", "", 1, False)]
    assert (summary.moves, summary.repeated_rows) == (0, 1)


def test_a_second_import_of_the_same_deals_adds_nothing(archive):
    deals = (
        replace(USUAL, late={"city": "Ulm"}),
        deal(move("offer", None), name="D2"),
        deal(move("new", 0), move("new", 1, facts=AMOUNT), name="D3"),
    )
    archive.take(*deals)
    before = tuple(archive.journal.all_entries())
    summary = archive.take(*deals, now=NOW + timedelta(days=3))
    assert tuple(archive.journal.all_entries()) == before
    assert (summary.deals, summary.unchanged, summary.entries, summary.is_whole) == (0, 3, 0, True)


def test_a_later_export_adds_only_what_is_new(archive):
    archive.take(deal(move("new", 0), move("talking", 1), facts=AMOUNT))
    summary = archive.take(
        deal(move("new", 0), move("talking", 1), move("offer", 4), facts=AMOUNT), USUAL_2, now=NOW + timedelta(days=1)
    )
    assert [told[2] for told in archive.told()] == ["new", "talking", "offer"]
    assert (summary.deals, summary.continued, summary.entries) == (1, 1, 4)
    assert archive.entry(3).recorded_at == NOW + timedelta(days=1)
    assert verify(archive.journal) == ()


USUAL_2 = replace(USUAL, id="D2")


def test_a_later_export_tells_what_changed_of_facts_that_nobody_can_date(archive):
    archive.take(replace(USUAL, late={"city": "Ulm"}))
    summary = archive.take(replace(USUAL, late={"city": "Bonn"}, owner="bo"))
    assert (summary.continued, summary.entries) == (1, 1)
    last = archive.entry(5)
    assert (last.facts, last.owner, archive.journal.deal("D1").owner) == ({"city": "Bonn"}, "bo", "bo")
    assert archive.take(replace(USUAL, late={"city": "Bonn"}, owner="bo")).unchanged == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            deal(move("new", 0), move("offer", 4), move("won", 9), facts=AMOUNT),
            "differs in date from what was imported before (entry 2)",
        ),
        (
            deal(move("new", 0), move("talking", 3), move("won", 9), facts=AMOUNT),
            "differs in path from what was imported before (entry 2)",
        ),
        (
            deal(move("new", 0), move("offer", 3), move("won", 9), facts={"amount": Decimal(1)}),
            "differs in facts from what was imported before (entry 1)",
        ),
        (
            deal(move("new", 0), move("offer", 3, actor="bo"), move("won", 9), facts=AMOUNT),
            "differs in actor from what was imported before (entry 2)",
        ),
        (deal(move("new", 0), move("offer", 3), facts=AMOUNT), "the export no longer tells what entry 3 recorded"),
        (
            deal(move("offer", 4), move("won", 9), facts=AMOUNT),
            "it happened before the last entry of the deal (2026-01-10 00:00:00 UTC)",
        ),
    ],
)
def test_a_past_that_changed_is_reported_and_nothing_is_recorded(archive, changed, message):
    archive.take(USUAL)
    summary = archive.take(changed)
    assert [(each.deal, each.message) for each in summary.conflicts] == [("D1", message)]
    assert (summary.conflicting_deals, summary.entries, summary.is_whole) == (1, 0, False)
    assert len(archive.journal.entries("D1")) == 3


def test_a_file_of_later_rows_goes_on_where_they_begin(archive):
    archive.take(deal(move("new", 0), move("talking", 2), facts=AMOUNT))
    later = deal(move("talking", 2), move("offer", 3), move("won", 9))
    assert archive.take(later).moves == 2
    assert archive.take(deal(move("offer", 3), move("won", 9))).unchanged == 1
    assert archive.take(deal(move("won", 9), move("lost", 11))).moves == 1
    assert [entry[2] for entry in archive.told()] == ["new", "talking", "offer", "won", "lost"]
    assert archive.take(deal(move("lost", 12))).conflicts[0].message.startswith("differs in date")


def test_what_went_on_after_a_start_by_hand_is_imported_once():
    desk = Desk()
    desk.start("D1")
    one, two = (PastMove("unqualified", desk.at + timedelta(days=days), row=2) for days in (1, 2))
    take = partial(import_past, desk.journal, desk.process, desk.definition, now=NOW, map_id="crm")
    assert take([PastDeal("D1", (one,), row=2)]).continued == 1
    assert take([PastDeal("D1", (one,), row=2)]).unchanged == 1
    assert take([PastDeal("D1", (one, replace(two, to_stage="prospect")), row=2)]).continued == 1
    again = take([PastDeal("D1", (one,), row=2)], map_id="other").conflicts
    assert [each.message for each in again] == [
        "this move is in the journal already (entry 2), and not by an import with this map"
    ]


def test_a_move_before_the_last_entry_is_reported(archive):
    archive.take(deal(move("new", 0), move("talking", 5), facts=AMOUNT))
    archive.take(deal(move("new", 0), move("talking", 5), facts=AMOUNT, late={"city": "Ulm"}))
    summary = archive.take(
        deal(move("talking", 1, row=7), move("offer", 2, row=8), facts=AMOUNT, name="D1"), map_id="other"
    )
    assert [(each.row, each.message) for each in summary.conflicts] == [
        (7, "it happened before the last entry of the deal (2026-01-06 00:00:00 UTC)")
    ]


def test_history_goes_after_the_last_entry_of_a_deal_that_someone_started(tmp_path):
    desk = Desk()
    desk.start("D1")
    day = desk.at + timedelta(days=1)
    past = PastDeal("D1", (PastMove("unqualified", day, row=2),), row=2)
    summary = import_past(desk.journal, desk.process, desk.definition, [past], now=NOW, map_id="crm")
    assert (summary.continued, summary.conflicts) == (1, ())
    assert desk.journal.deal("D1").stage == "unqualified"


def test_a_start_that_another_map_brought_in_is_told_with_its_map(archive):
    archive.take(USUAL)
    assert [each.message for each in archive.take(USUAL, map_id="crm3").conflicts] == [
        "a deal of this name was started in the journal already, by an import with the map 'crm'; "
        "change that map where this is the same export, and use it"
    ]


def test_a_start_of_a_deal_that_someone_started_is_reported(tmp_path):
    desk = Desk()
    desk.start("D1")
    past = PastDeal("D1", (PastMove("prospect", desk.at + timedelta(days=1), row=4),), row=4)
    summary = import_past(desk.journal, desk.process, desk.definition, [past], now=NOW, map_id="crm")
    assert [(each.row, each.message) for each in summary.conflicts] == [
        (4, "a deal of this name was started in the journal already")
    ]


def test_a_move_in_the_future_is_reported_and_the_other_deals_go_in(archive):
    summary = archive.take(deal(move("new", 0), move("offer", 900, row=3), facts=AMOUNT), USUAL_2)
    assert [(each.deal, each.row, each.message) for each in summary.conflicts] == [
        ("D1", 3, "2028-06-19 00:00:00 UTC is in the future")
    ]
    assert archive.journal.deal("D1") is None
    assert archive.journal.deal("D2").stage == "won"


def test_a_forgotten_deal_takes_no_history(archive):
    archive.take(USUAL)
    forget(archive.journal, "D1")
    summary = archive.take(USUAL)
    assert [each.message for each in summary.conflicts] == ["the deal was forgotten; it takes no more entries"]


def test_a_deal_of_another_version_takes_nothing_new(archive):
    archive.take(deal(move("new", 0), facts=AMOUNT))
    archive.definition = replace(archive.definition, version=2, digest="f" * 64)
    assert archive.take(deal(move("new", 0), facts=AMOUNT)).unchanged == 1
    summary = archive.take(deal(move("new", 0), move("offer", 2), facts=AMOUNT))
    assert [each.message for each in summary.conflicts] == [
        "the deal follows sale@1, and the map is for sale@2; "
        "import it with a map for sale@1, or first bring it over: 'stagewright plan sale@2'"
    ]
    assert len(archive.journal.entries("D1")) == 1


def test_under_strict_nothing_of_a_deviating_deal_is_recorded(archive):
    summary = archive.take(
        deal(move("new", 0), move("offer", 3), move("lost", 5), move("won", 9, row=5), facts=AMOUNT),
        USUAL_2,
        strict=True,
    )
    assert [(each.deal, each.row, each.message) for each in summary.refused] == [
        ("D1", 5, "the move from 'lost' to 'won' would have been refused: won/stage")
    ]
    assert (summary.deals, summary.deviating, summary.is_whole) == (1, 0, False)
    assert archive.journal.deal("D1") is None


def test_progress_is_told_deal_by_deal_of_some_hundred(archive):
    seen: list[int] = []
    archive.take(*(replace(USUAL, id=f"D{number}") for number in range(1001)), progress=seen.append)
    assert seen == [500, 1000, 1001]


def test_no_deals_make_no_entries(archive):
    assert archive.take() == ImportSummary()


STAGES = st.sampled_from(["new", "talking", "offer", "won", "lost"])
PASTS = st.lists(
    st.tuples(STAGES, st.none() | st.integers(0, 20), st.sampled_from([None, 10, 5000])), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PASTS, max_size=4), st.integers(0, 4))
def test_whatever_happened_is_the_fold_of_its_entries_and_imported_once(tmp_path_factory, pasts, cut):
    archive = Archive(tmp_path_factory.getbasetemp() / "law")
    deals = [_past(f"D{number}", moves) for number, moves in enumerate(pasts)]
    first = archive.take(
        *(replace(each, moves=each.moves[: len(each.moves) - cut] or each.moves[:1]) for each in deals)
    )
    archive.take(*deals)
    again = archive.take(*deals, now=NOW + timedelta(days=1))
    assert again.entries == 0
    assert first.deals == len(deals)
    for each in deals:
        entries = archive.journal.entries(each.id)
        assert archive.journal.deal(each.id) == fold(entries)
        assert [entry.happened_at for entry in entries] == sorted(entry.happened_at for entry in entries)
    assert verify(archive.journal) == ()


def _past(name: str, moves: list[tuple]) -> PastDeal:
    days = sorted(day for _, day, _ in moves if day is not None)
    told = []
    for row, (stage, day, amount) in enumerate(moves, start=2):
        when = None if day is None else at(days.pop(0))
        told.append(PastMove(stage, when, facts={} if amount is None else {"amount": Decimal(amount)}, row=row))
    return PastDeal(name, tuple(told), row=2)
