"""A deal that is played is judged as the machine judges a deal of the journal."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from engine.machine.decide import decide
from engine.model.deal import Deal
from engine.model.decision import About, Move
from engine.simulation.compiling.calendar import seconds_of
from engine.simulation.engines.judging import EXEMPT, Judge
from tests.machine.building import NOW
from tests.machine.worlds import FACTS, LEAVES, OPEN, ROLES, deals
from tests.simulation.living_worlds import world
from tests.simulation.worlds import stage, to

RULES = {f"act{number}": leaf for number, leaf in enumerate(LEAVES)}
PLAN, SELLING = world(
    {source: stage(*(to("won", 1 / len(RULES), 1, action=action, agreed=0) for action in RULES)) for source in OPEN},
    stages={**{each: {"probability": "0.3"} for each in OPEN}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
    actions={
        action: {
            "from": "open",
            "to": "won",
            "requires": [leaf],
            "asks": ["note"],
            "by": ["seller"],
            "reasons": ["g1/r1"],
            "approval": [{"by": "boss", "when": "amount > 1000"}],
        }
        for action, leaf in RULES.items()
    },
    facts=FACTS,
    tracks={"legal": {"stages": {"open": {}, "signed": {}}, "actions": {}}},
    touchpoints=["call"],
    roles=dict.fromkeys(ROLES, ()),
)
PLAN = replace(PLAN, ways=replace(PLAN.ways, reason=("r1",) * PLAN.branches))
JUDGE = Judge(PLAN, SELLING)


@given(deals())
@settings(max_examples=40)
def test_a_verdict_is_that_of_the_machine_and_approvals_apart_nothing_else_is_asked(standing: Deal) -> None:
    standing = replace(standing, stage="s1", grants=())
    moment = seconds_of(NOW)
    for branch in range(len(RULES)):
        move = Move(f"act{branch}", reason="r1", note="simulated", role="seller", actor="simulation")
        decision = decide(SELLING, standing, move, now=NOW)
        others = [each for each in decision.refusals if each.about is not About.APPROVAL]
        assert JUDGE.decision(standing, branch, moment).allowed == (not others)
        assert JUDGE.needs_approval(standing, branch, 0, moment) == (len(others) < len(decision.refusals))
        assert not {each.about for each in others} & EXEMPT
