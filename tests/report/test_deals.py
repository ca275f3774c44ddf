from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.model.deal import fold
from engine.report import deals, formats
from tests.report.golden import golden
from tests.report.samples import DIGEST, ENTRIES, PROCESS, at

OPEN = fold(ENTRIES[:4])
WON = fold(ENTRIES)
assert OPEN is not None
assert WON is not None
PROCESSES = {DIGEST: PROCESS}


def test_deals_look_as_they_should() -> None:
    found = (WON, replace(OPEN, id="acme-2"), replace(OPEN, id="acme-3", digest="?", owner=""))
    table = deals.table(found, PROCESSES, now=at(25, 8, 4), facts=("amount", "competitor"))

    golden("deals.txt", formats.render(table, "text", width=160))


def test_a_deal_is_late_past_target_and_past_alert() -> None:
    ages = (timedelta(days=10), timedelta(days=10, minutes=1), timedelta(days=30, minutes=1))
    late = [deals.table((OPEN,), PROCESSES, now=OPEN.entered_at + age).rows[0][8] for age in ages]

    assert late == ["", "target", "alert"]


def test_a_closed_deal_is_never_late() -> None:
    assert deals.table((WON,), PROCESSES, now=at(1, 8, 12)).rows[0][8] == ""


def test_deals_to_look_over_fit_a_line() -> None:
    zones = deals.zones((OPEN, WON), PROCESSES)
    table = deals.brief(deals.table((OPEN, WON), PROCESSES, now=at(25, 8, 4)), zones)
    lines = formats.render(table, "text", width=100).splitlines()
    assert lines[0].split()[:3] == ["deal", "process", "stage"]
    assert "inside-sales@2" in lines[1]
