"""Entries and deals for the tests of the journal, in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.journal.store import Journal
from engine.model.deal import Deal, fold
from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Definition, Entry, EntryKind, definition_digest
from engine.model.rule import Force

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FILES = (("processes/sales/1.yaml", "process: sales\nversion: 1\n"), ("rules/basic/1.yaml", "ruleset: basic\n"))
SALES = Definition("sales", 1, definition_digest(FILES), FILES)
BUDGET = Verdict(
    "budget-known",
    About.TO_ENTER,
    Result.FAILED,
    "The budget is confirmed",
    force=Force.MUST,
    needs="amount at least 5000 (is 100)",
    fix="Ask for the yearly budget.",
    who=("ae", "manager"),
    missing=("amount",),
    rule="basic@1/budget-known",
    clauses=(
        Clause("budget_confirmed", None, (("budget_confirmed", None),)),
        Clause("amount >= 5000", False, (("amount", Decimal(100)), ("signed", True)), depth=2, joined="all"),
    ),
)


def started(deal: str = "acme", **more: Any) -> Entry:
    """The first entry of a deal."""
    first = Entry(deal, 1, EntryKind.STARTED, NOON, NOON, "sales", 1, SALES.digest, to_stage="prospect", actor="ana")
    return replace(first, **more)


def moved(deal: str, sequence: int, **more: Any) -> Entry:
    """A later entry of a deal."""
    when = NOON + timedelta(hours=sequence)
    entry = Entry(deal, sequence, EntryKind.MOVED, when, when, "sales", 1, SALES.digest, action="go", actor="bo")
    return replace(entry, **{"from_stage": "prospect", "to_stage": f"stage-{sequence}", **more})


def story(deal: str = "acme", length: int = 5) -> tuple[Entry, ...]:
    """A deal's life with a bit of everything."""
    kinds = [
        started(deal, facts={"amount": Decimal("9000.50")}, owner="ana", key=f"{deal}-1"),
        moved(deal, 2, touchpoint="call", facts={"contact": "buyer"}, key="second"),
        moved(deal, 3, kind=EntryKind.REFUSED, verdicts=(BUDGET,), note="tried"),
        moved(deal, 4, kind=EntryKind.APPROVED, action="sign", approval="sign/approval/1", role="manager"),
        moved(deal, 5, track="legal", action="submit", to_stage="in-review"),
    ]
    return (*kinds[:length], *(moved(deal, number) for number in range(6, length + 1)))


def deal_of(entries: Sequence[Entry]) -> Deal:
    """The fold of entries."""
    deal = fold(entries)
    assert deal is not None
    return deal


def keep(journal: Journal, entries: Sequence[Entry], definition: Definition = SALES) -> Deal:
    """Append a whole story at once."""
    deal = deal_of(entries)
    journal.append(entries, after=0, deal=deal, definition=definition)
    return deal


def add(journal: Journal, entry: Entry, *, before: Deal | None = None) -> Deal:
    """Append one entry to the deal as it was ``before``, or as it is."""
    before = before or journal.deal(entry.deal)
    assert before is not None
    deal = fold((entry,), before)
    assert deal is not None
    journal.append((entry,), after=before.length, deal=deal)
    return deal
