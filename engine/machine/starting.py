"""The deals that a move starts in other processes: which, with what, and where nobody can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.conditions.explain import missing
from engine.machine.compile import Machine
from engine.machine.facts import Facts, view, with_tables
from engine.machine.requirements import ready
from engine.machine.situation import DealSituation
from engine.machine.verdicts import make_known
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Result, Verdict
from engine.model.process import Action, Start
from engine.model.rule import Force
from engine.model.syntax import Value


@dataclass(frozen=True, slots=True)
class Starting:
    """A deal to be started: in which process, knowing what. ``id`` is of the requirement that tells what came of it.

    ``unclear``: nobody can say whether it is to be started, so it is not.
    """

    id: str
    process: str
    facts: Facts
    unclear: Verdict | None = None


def startings(machine: Machine, deal: Deal, decision: Decision, *, now: datetime) -> Iterator[Starting]:
    """What an allowed move starts; ``deal`` is the deal once it was made. A ``when`` starts on true only."""
    starts = action_of(machine, decision).starts
    if not starts:
        return
    situation = DealSituation(machine.frame, deal, decision.move, now, decision.to_stage)
    facts = with_tables(view(deal.facts, {}, machine.frame.defaults), situation)
    for number, start in enumerate(starts, start=1):
        id_ = f"{decision.move.action}/starts/{number}"
        applies = ready(start.when).test(facts, situation) if start.when else True
        if applies is None:
            yield Starting(id_, start.process, {}, _unclear(id_, start, facts, situation))
        elif applies is True:
            yield Starting(id_, start.process, _given(start, facts, situation))


def told(starting: Starting, result: Result, says: str, *, needs: str = "") -> Verdict:
    """What came of it. It stands in the way of no move: the deal at hand is not to wait for the next one."""
    return Verdict(starting.id, About.STARTS, result, says, Force.SHOULD, needs=needs)


def action_of(machine: Machine, decision: Decision) -> Action:
    """The variant of the action that a decision is about."""
    variants = machine.routes(decision.move.action).variants
    return next((each for each in variants if each.variant == decision.variant), variants[0])


def _given(start: Start, facts: Facts, situation: DealSituation) -> Facts:
    values: dict[str, Value | None] = {each.fact: ready(each.value).test(facts, situation) for each in start.sets}
    return {name: value for name, value in values.items() if value is not None}


def _unclear(id_: str, start: Start, facts: Facts, situation: DealSituation) -> Verdict:
    lacking = missing(start.when.tree, facts, situation) if start.when else ()
    says = f"a deal of '{start.process}' starts if {start.when.text if start.when else ''}"
    wanted = make_known(lacking)
    return Verdict(id_, About.STARTS, Result.UNKNOWN, says, Force.SHOULD, needs=wanted, missing=lacking)
