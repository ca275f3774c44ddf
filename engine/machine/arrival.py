"""A deal that comes over from another process: what it keeps, and what the stage that it comes to asks of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from engine.machine.choose import Case
from engine.machine.compile import Machine
from engine.machine.decide import decision_of, judge_all
from engine.machine.facts import Facts, view, with_tables
from engine.machine.situation import DealSituation
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.syntax import Kind


def arrive(
    machine: Machine,
    deal: Deal,
    stage: str,
    *,
    move: Move,
    known: Facts,
    now: datetime,
    exempt: frozenset[About] = frozenset(),
) -> Decision:
    """Whether a deal of another process may come to a stage: what it asks, what it takes to enter, what always holds.

    ``known`` are the facts that it keeps (see ``kept``); ``sets`` of the decision holds them all, and the stamps of
    the stage. A clock is ``exempt`` from some. Raises ``UnknownName`` where the process has no such stage.
    """
    main = machine.process.main
    if main.stage(stage) is None:
        hint = did_you_mean(stage, (each.id for each in main.stages))
        raise UnknownName(f"{machine.process.name} has no stage '{stage}'", hint=hint)
    way = machine.way(main, None, "", stage)
    # No action of this process: what it asks of movers it does not ask here.
    arriving = Move("", to=stage, reason=move.reason, note=move.note, actor=move.actor, role=move.role, facts=known)
    situation = DealSituation(machine.frame, _newcomer(machine, deal, stage, now), arriving, now, stage)
    seen = view(MappingProxyType({}), known, machine.frame.defaults)
    case = Case(way, with_tables(seen, situation) if way.derives else seen, situation)
    checks = tuple(each for each in way.checks if each[0].about not in exempt)
    return decision_of(machine, case, judge_all(checks, case.facts, situation))


def kept(before: Process, facts: Facts, after: Process, *, but: tuple[str, ...] = ()) -> Facts:
    """The facts that go over: those for which both processes have a fact of one name, type and currency.

    Not those that are left behind knowingly, ``but``.
    """
    shared = {name: value for name, value in facts.items() if name not in but and _is_shared(name, before, after)}
    return MappingProxyType(shared)


def _is_shared(name: str, before: Process, after: Process) -> bool:
    here, there = before.facts.get(name), after.facts.get(name)
    if here is None or there is None or here.type != there.type or there.table is not None:
        return False
    return here.type.kind is not Kind.MONEY or before.currency == after.currency


def _newcomer(machine: Machine, deal: Deal, stage: str, now: datetime) -> Deal:
    return replace(
        deal,
        process=machine.process.id,
        version=machine.process.version,
        stage=stage,
        entered_at=now,
        previous="",
        outcome="",
        facts=MappingProxyType({}),
        tracks=MappingProxyType({}),
        actions=MappingProxyType({}),
        visited=frozenset({stage}),
        grants=(),
    )
