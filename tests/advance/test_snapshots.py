"""Exports of where deals stand now, month after month: what happened in between no export saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.model.past import PastDeal, PastMove
from tests.advance.test_many import Archive

DAY = timedelta(days=1)
JAN, FEB, MAR = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path)


def stands(stage: str, when: datetime | None = None, *, row: int = 2) -> PastDeal:
    return PastDeal("D1", (PastMove(stage, when, row=row),), row=row)


def test_a_deal_that_stands_elsewhere_has_moved_since(archive):
    archive.take(stands("talking"), now=JAN, snapshot=True)
    assert archive.take(stands("talking"), now=FEB, snapshot=True).unchanged == 1
    summary = archive.take(stands("won"), now=MAR, snapshot=True)
    assert (summary.continued, summary.conflicts) == (1, ())
    assert [(entry[2], entry[4]) for entry in archive.told()] == [("new", True), ("talking", True), ("won", True)]
    assert archive.take(stands("won"), now=MAR + DAY, snapshot=True).unchanged == 1


def test_a_deal_first_seen_in_the_first_stage_goes_on_where_the_next_export_sees_it(archive):
    archive.take(stands("new", JAN - DAY), now=JAN, snapshot=True)
    assert archive.take(stands("offer", JAN + DAY), now=FEB, snapshot=True).moves == 1
    assert archive.take(stands("offer", JAN + DAY), now=MAR, snapshot=True).unchanged == 1


def test_a_deal_that_went_back_is_told_so(archive):
    archive.take(stands("talking"), now=JAN, snapshot=True)
    archive.take(stands("offer"), now=FEB, snapshot=True)
    archive.take(stands("talking"), now=MAR, snapshot=True)
    assert archive.journal.deal("D1").stage == "talking"
    assert archive.take(stands("talking"), now=MAR + DAY, snapshot=True).unchanged == 1


def test_a_dated_stage_goes_after_what_is_known(archive):
    archive.take(stands("talking", JAN - DAY), now=JAN, snapshot=True)
    archive.take(stands("offer", FEB - DAY), now=FEB, snapshot=True)
    assert [(entry[2], entry[4]) for entry in archive.told()] == [("new", True), ("talking", False), ("offer", False)]


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (stands("talking", JAN - 3 * DAY), "differs in date from what was imported before (entry 2)"),
        (stands("talking"), "differs in date from what was imported before (entry 2)"),
        (
            stands("offer", JAN - 3 * DAY),
            "it happened before the last entry of the deal (2025-12-31 00:00:00 UTC)",
        ),
    ],
)
def test_what_contradicts_an_earlier_export_is_told_and_not_recorded(archive, later, message):
    archive.take(stands("talking", JAN - DAY), now=JAN, snapshot=True)
    summary = archive.take(later, now=FEB, snapshot=True)
    assert [each.message for each in summary.conflicts] == [message]
    assert archive.journal.deal("D1").length == 2


def test_a_deal_that_went_on_in_the_journal_is_not_set_back_by_an_export(archive):
    archive.take(stands("talking"), now=JAN, snapshot=True)
    archive.take(replace(stands("offer", FEB)), now=FEB + DAY, map_id="other", snapshot=True)
    summary = archive.take(stands("lost"), now=MAR, snapshot=True)
    assert [each.message for each in summary.conflicts] == [
        "the deal has gone on in the journal since the last import; it stands in 'offer' there"
    ]
