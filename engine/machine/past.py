"""Many past moves judged as ``judge_past`` judges one, but what passes for the same reasons is told once for all.

A move that meets everything has no evidence of its own here: its verdicts say that it passed, and the facts it rested
on stand in the journal. Whatever is broken or unknown is judged one by one, and told with the values seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, cast

from engine.machine.compile import Machine, Way
from engine.machine.decide import REMEMBERED, sets_of
from engine.machine.facts import NO_FACTS, Facts, check_facts, view
from engine.machine.judge import broken, judge_past, judge_past_start, unknown
from engine.machine.patterns import Quick, quick_of
from engine.machine.situation import DealSituation
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move, Result, Verdict
from engine.model.past import PastMove
from engine.model.process import Process
from engine.model.situation import Situation
from engine.model.syntax import Kind, Value

_UNSEEN = cast("Situation", None)
"""Handed to conditions that look at facts alone."""

_OF_KIND: Mapping[Kind, type] = {
    Kind.YES_NO: bool,
    Kind.NUMBER: Decimal,
    Kind.MONEY: Decimal,
    Kind.PERCENT: Decimal,
    Kind.DATE: date,
    Kind.DURATION: timedelta,
}
"""Kinds whose every value of the type fits."""


class Judged(NamedTuple):
    """A past move judged: the action it was (empty: none), the verdicts, and the facts that it set and stamped.

    ``broken`` are the requirements that it broke, ``unknown`` those of which nobody can say whether it met them.
    """

    action: str
    verdicts: tuple[Verdict, ...]
    sets: Facts
    touchpoint: str
    outcome: str
    broken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Usual:
    """The way that moves between two stages usually go; ``known`` is what came of each pattern of answers."""

    way: Way
    quick: Quick
    known: dict[object, Judged | None] = field(default_factory=dict)


class PastJudge:
    """Judges the past of many deals; remembers what it has seen, and so serves one thread."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._types = _types(machine.process)
        self._fitting: set[tuple[str, Value]] = set()
        self._usual: dict[tuple[str, str], _Usual | None] = {}

    def move(self, deal: Deal, past: PastMove, *, now: datetime) -> Judged:
        """A move of the deal. Raises as ``judge_past``."""
        self._check(past.facts)
        key = (deal.stage, past.to_stage)
        try:
            usual = self._usual[key]
        except KeyError:
            usual = self._usual[key] = self._prepare(*key)
        if usual is None:
            return _told(judge_past(self._machine, deal, past, now=now))
        way, quick, known = usual.way, usual.quick, usual.known
        facts = {**quick.terms.defaults, **deal.facts, **past.facts}
        situation = self._situation(usual, deal, past, now) if quick.terms.situated else _UNSEEN
        pattern = (past.reason, quick.answers(facts, situation))
        try:
            judged = known[pattern]
        except KeyError:
            if len(known) >= REMEMBERED:
                known.clear()
            judged = known[pattern] = _shared(judge_past(self._machine, deal, past, now=now), way)
        if judged is None:
            return _told(judge_past(self._machine, deal, past, now=now))
        if way.sets or way.stamps:
            seen = view(deal.facts, past.facts, self._machine.frame.defaults)
            return judged._replace(sets=sets_of(way, seen, self._situation(usual, deal, past, now)))
        return judged

    def start(self, facts: Facts, *, now: datetime) -> Judged:
        """A start with these facts. Raises as ``judge_past_start``."""
        self._check(facts)
        try:
            usual = self._usual["", ""]
        except KeyError:
            usual = self._usual["", ""] = self._prepare_start()
        if usual is None:
            return _told(judge_past_start(self._machine, facts, now=now))
        pattern = usual.quick.answers({**usual.quick.terms.defaults, **facts}, _UNSEEN)
        try:
            judged = usual.known[pattern]
        except KeyError:
            judged = usual.known[pattern] = _shared(judge_past_start(self._machine, facts, now=now), usual.way)
        return judged or _told(judge_past_start(self._machine, facts, now=now))

    def _check(self, facts: Facts) -> None:
        """Whether these facts may be recorded. Raises as ``check_facts``."""
        for name, value in facts.items():
            if type(value) is not self._types.get(name):
                pair = (name, value)
                if pair not in self._fitting:
                    check_facts(self._machine.process, {name: value})
                    self._remember(pair)

    def _remember(self, pair: tuple[str, Value]) -> None:
        # Choices are few; free texts would fill the memory.
        if self._machine.process.facts[pair[0]].type.kind is Kind.CHOICE:
            self._fitting.add(pair)

    def _situation(self, usual: _Usual, deal: Deal, past: PastMove, now: datetime) -> DealSituation:
        action = usual.way.action.id if usual.way.action else ""
        move = Move(action, past.to_stage, past.reason, past.note, past.actor, "", past.facts)
        return DealSituation(self._machine.frame, deal, move, now, past.to_stage)

    def _prepare(self, source: str, target: str) -> _Usual | None:
        """The first way declared from a stage to a stage; ``None`` where which it is depends on more than these."""
        main = self._machine.process.main
        if main.is_end(source):
            return None
        for routes in self._machine.actions.values():
            here = routes.routes.get(source, ()) if routes.track is main else ()
            for route in here:
                if route.previous or (target in route.targets and len(here) > 1):
                    return None
                if target in route.targets:
                    return self._usual_of(self._machine.way(main, route.action, source, target))
        return None

    def _prepare_start(self) -> _Usual | None:
        main = self._machine.process.main
        usual = self._usual_of(self._machine.way(main, None, "", main.first.id))
        return None if usual and (usual.quick.terms.situated or usual.way.stamps) else usual

    def _usual_of(self, way: Way) -> _Usual | None:
        if way.derives:
            return None
        checks = (check for check, _ in way.past_checks)
        machine = self._machine
        return _Usual(way, quick_of(checks, numbers=machine.numbers, frame=machine.frame, target=way.target))


def _types(process: Process) -> Mapping[str, type]:
    found = {fact.id: _OF_KIND.get(fact.type.kind) for fact in process.facts.values() if fact.table is None}
    return {name: of for name, of in found.items() if of is not None}


def _told(decision: Decision) -> Judged:
    return Judged(
        decision.move.action,
        decision.verdicts,
        decision.sets,
        decision.touchpoint,
        decision.outcome,
        tuple(each.requirement for each in broken(decision)),
        tuple(each.requirement for each in unknown(decision)),
    )


def _shared(decision: Decision, way: Way) -> Judged | None:
    """What all moves of a way with one pattern of answers come to; ``None`` where each has evidence of its own."""
    action = way.action.id if way.action else ""
    if not decision.allowed or decision.move.action != action or not _is_common(decision.verdicts):
        return None
    verdicts = tuple(each if each.about is About.REASON else replace(each, clauses=()) for each in decision.verdicts)
    return _told(decision)._replace(verdicts=verdicts, sets=NO_FACTS)


def _is_common(verdicts: Iterable[Verdict]) -> bool:
    """Whether what is told holds no value of one deal; of a reason nothing but the reason is told."""
    return all(each.result is Result.PASSED or each.about is About.REASON for each in verdicts)
