"""Where a deal stood before: the last open stage, as its entries tell it."""

from __future__ import annotations

import pytest

from engine.machine.decide import decide
from engine.model.deal import Deal, fold
from engine.model.decision import About, Move
from engine.model.entry import Entry, EntryKind
from tests.machine.building import NOW, machine

ENDS = {"won": "won", "lost": "lost"}
SELLING = machine(
    stages={"a": {}, "won": {"ends": "won"}, "b": {}, "lost": {"ends": "lost"}, "c": {}},
    actions={
        "win": {"from": "open", "to": "won", "approval": [{"by": "boss"}]},
        "back": {"from": ["a", "b", "c", "won", "lost"], "to": "previous"},
        "revive": {"from": ["won", "lost"], "to": "earlier"},
        "push": {"from": ["won", "lost"], "to": ["later", "a"]},
    },
    roles={"boss": ()},
)


def standing(*stages: str) -> Deal:
    """A deal that stood in these stages, one after the other."""
    entries = [
        Entry(
            "acme",
            number,
            EntryKind.STARTED if number == 1 else EntryKind.MOVED,
            NOW,
            NOW,
            "selling",
            1,
            "d1",
            to_stage=stage,
            outcome=ENDS.get(stage, ""),
        )
        for number, stage in enumerate(stages, start=1)
    ]
    found = fold(entries)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("stages", "previous"),
    [
        (("a", "b"), "a"),
        (("a", "b", "a"), "b"),
        (("b", "won"), "b"),
        (("b", "won", "lost"), "b"),
        (("b", "won", "c"), "b"),
        (("b", "lost", "won", "c"), "b"),
        (("b", "won", "c", "a"), "c"),
    ],
    ids=str,
)
def test_previous_leads_to_the_last_open_stage(stages: tuple[str, ...], previous: str):
    decision = decide(SELLING, standing(*stages), Move("back"), now=NOW)
    assert (decision.allowed, decision.to_stage) == (True, previous)


@pytest.mark.parametrize("stages", [("a",), ("won", "a"), ("a", "won", "a")], ids=str)
def test_a_deal_that_stood_in_no_other_open_stage_has_nowhere_to_go_back_to(stages: tuple[str, ...]):
    decision = decide(SELLING, standing(*stages), Move("back"), now=NOW)
    assert [verdict.about for verdict in decision.refusals] == [About.TARGET]


@pytest.mark.parametrize("end", ["won", "lost"])
def test_every_open_stage_is_earlier_than_an_end_and_none_is_later(end: str):
    assert all(decide(SELLING, standing("a", end), Move("revive", to=to), now=NOW).allowed for to in "abc")
    assert decide(SELLING, standing("a", end), Move("push"), now=NOW).to_stage == "a"
