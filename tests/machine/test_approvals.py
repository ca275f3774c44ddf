"""An approval lasts while nothing that it rests on changes, as the entries of a deal tell it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.machine.decide import decide
from engine.model.deal import fold
from engine.model.decision import Decision, Move
from engine.model.entry import Entry, EntryKind
from tests.machine.building import NOW, machine

SELLING = machine(
    stages={"a": {}, "won": {"ends": "won"}},
    actions={"win": {"from": "a", "to": "won", "approval": [{"by": "boss", "when": "discount > 15% or credit < 5%"}]}},
    facts={"discount": "percent", "credit": {"type": "percent", "default": "0%"}, "amount": "money"},
    roles={"boss": ()},
)
FIFTH, THIRD = Decimal("0.2"), Decimal("0.3")


def won_after(*recorded: dict[str, Decimal]) -> Decision:
    """The verdict on winning once these facts were recorded, in this order, after the approval."""
    entries = [
        happened(1, EntryKind.STARTED, to_stage="a", facts={"discount": FIFTH, "amount": Decimal(1)}),
        happened(2, EntryKind.APPROVED, action="win", approval="win/approval/1", actor="mia", role="boss"),
        *(happened(n, EntryKind.RECORDED, facts=facts) for n, facts in enumerate(recorded, start=3)),
    ]
    standing = fold(entries)
    assert standing is not None
    return decide(SELLING, standing, Move("win", actor="ana"), now=NOW)


def happened(number: int, kind: EntryKind, **rest: object) -> Entry:
    return Entry(
        deal="acme",
        sequence=number,
        kind=kind,
        process="selling",
        version=1,
        digest="",
        recorded_at=NOW,
        happened_at=NOW,
        **rest,
    )  # type: ignore[arg-type]


def test_an_approval_counts_while_nothing_has_changed():
    assert won_after().allowed


@pytest.mark.parametrize("back", [FIFTH, Decimal("0.20")])
def test_a_fact_that_changes_and_changes_back_has_voided_the_approval(back: Decimal):
    decision = won_after({"discount": THIRD}, {"discount": back})
    assert "discount has changed since, and changed back" in decision.refusals[0].needs


def test_a_default_that_is_changed_and_comes_back_has_voided_the_approval():
    assert not won_after({"credit": FIFTH}, {"credit": Decimal(0)}).allowed


@pytest.mark.parametrize(
    "recorded", [{"discount": Decimal("0.200")}, {"amount": Decimal(2)}, {"credit": Decimal(0)}], ids=str
)
def test_what_stays_as_it_was_and_what_nobody_approved_void_nothing(recorded: dict[str, Decimal]):
    assert won_after(recorded).allowed
