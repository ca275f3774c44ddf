"""Hand a deal over to another process: judged by the one that it leaves and by the one that it comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.advance.neighbours import Neighbour
from engine.machine.arrival import arrive, kept
from engine.machine.compile import Machine
from engine.machine.decide import may_override
from engine.machine.starting import action_of
from engine.model.deal import Deal
from engine.model.decision import WAIVABLE, About, Decision, Result, Verdict
from engine.model.entry import Entry
from engine.model.names import MAIN
from engine.model.process import Process, role_may
from engine.model.rule import Force


def handed_over(
    machine: Machine,
    deal: Deal,
    decision: Decision,
    there: Neighbour,
    *,
    now: datetime,
    exempt: frozenset[About] = frozenset(),
) -> Decision:
    """The decision on the whole: what stands in the way here, then there, but for what is ``exempt``.

    If it is allowed, ``sets`` are all the facts that the deal keeps, and ``outcome`` is of the stage it comes to.
    """
    process = there.machine.process
    given = decision.sets if decision.allowed else decision.move.facts
    known = kept(machine.process, {**deal.facts, **given}, process, but=action_of(machine, decision).drops)
    stage = decision.to_stage.partition("/")[2]
    arrival = arrive(there.machine, deal, stage, move=decision.move, known=known, now=now, exempt=exempt)
    verdicts = tuple(_of(process.name, each) for each in arrival.verdicts)
    if decision.move.override and may_override(machine, decision.move) and _may_override(process, decision.move.role):
        verdicts = tuple(map(_waived, verdicts))
    verdicts = (*decision.verdicts, *verdicts)
    allowed = all(verdict.stands for verdict in verdicts)
    sets = {**known, **arrival.sets} if allowed else {}
    return replace(decision, allowed=allowed, verdicts=verdicts, sets=sets, outcome=arrival.outcome)


def entry_there(entry: Entry, there: Neighbour) -> Entry:
    """The entry of a move that hands a deal over: it follows the other process from here on."""
    definition = there.definition
    return replace(
        entry,
        track=MAIN,
        process=definition.process,
        version=definition.version,
        digest=definition.digest,
        to_stage=entry.to_stage.partition("/")[2],
    )


def _may_override(process: Process, role: str) -> bool:
    """Nobody waives by the rules of one process what another demands, unless that one lets them too."""
    return process.override_by is not None and role_may(process, role, process.override_by)


def process_there(decision: Decision) -> str:
    """The process that a move leads to."""
    return decision.to_stage.partition("/")[0]


def _of(process: str, verdict: Verdict) -> Verdict:
    """Requirements of two processes may have one id."""
    return replace(verdict, requirement=f"{process}:{verdict.requirement}")


def _waived(verdict: Verdict) -> Verdict:
    is_waivable = verdict.about in WAIVABLE and verdict.force is Force.MUST and verdict.result is not Result.PASSED
    return replace(verdict, result=Result.WAIVED) if is_waivable else verdict
