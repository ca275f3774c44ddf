"""Which requirements stood in the way of the attempts that the rules refused in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.machine.columns import Past
from engine.machine.compile import Machine, Way
from engine.machine.requirements import NOTE, Check, Condition
from engine.machine.vectorised import truth
from engine.machine.vectors import Bools, Inexact, Texts, Truth, Vector, rows_of, vector_of
from engine.model.decision import About
from engine.model.rule import Force
from engine.simulation.plan import Cast, Log, Plan

Rows = npt.NDArray[np.intp]
OR = " or "
_ELSEWHERE = frozenset({About.ROLE, About.REASON, About.APPROVAL})
"""Roles and reasons are always given; an approval that was denied is told apart."""


def broken(plan: Plan, cast: Cast, log: Log, *, machine: Machine) -> Mapping[str, int]:
    """How often each requirement refused, by its id; one attempt may break several.

    A requirement that looks at more than facts can only be told where no other could have refused: else the ids of
    those that may have are joined by ``OR``.
    """
    found: Counter[str] = Counter()
    for name, rows in rows_broken(plan, cast, log, machine=machine):
        found[name] += rows.size
    return dict(sorted(found.items()))


def rows_broken(plan: Plan, cast: Cast, log: Log, *, machine: Machine) -> Iterator[tuple[str, Rows]]:
    """The same with the rows of the refusals that each requirement explains; what nobody approved too."""
    for number in np.unique(log.refused_way).tolist():
        way = way_of(plan, machine, number)
        if way is None:
            continue
        here = log.refused_way == number
        rows = np.flatnonzero(here & ~log.refused_denied)
        if rows.size:
            asked = _Asked(_Prospects(machine, cast), log.refused_deal[rows], _words(plan, way, number), way.source)
            yield from ((name, rows[at]) for name, at in _of_way(way, asked))
        denied = np.flatnonzero(here & log.refused_denied)
        approvals = [check.id for check, _ in way.checks if check.about is About.APPROVAL]
        if denied.size and approvals:
            yield OR.join(approvals), denied


def told(machine: Machine) -> Mapping[str, str]:
    """What each requirement says, by its id, as far as a simulation came to it."""
    return {check.id: check.says for way in machine.ways.values() for check, _ in way.checks}


def _of_way(way: Way, asked: _Asked) -> Iterator[tuple[str, Rows]]:
    unsure: list[str] = []
    left = np.ones(asked.rows.size, np.bool_)
    for check, _ in way.checks:
        if check.force is not Force.MUST or check.about in _ELSEWHERE or check.asks == NOTE:
            continue
        try:
            refused = _refused(check, asked)
        except Inexact:
            unsure.append(check.id)
            continue
        if refused.any():
            left &= ~refused
            yield check.id, np.flatnonzero(refused)
    if unsure and left.any():
        yield OR.join(unsure), np.flatnonzero(left)


def _refused(check: Check, asked: _Asked) -> Bools:
    holds = _truth(check.condition, asked)
    if check.when is None:
        return ~holds.yes
    applies = _truth(check.when, asked)
    # What is asked for and known is well, whether or not it had to be; a requirement must first be known to apply.
    refused: Bools = ~applies.no & ~(holds.yes if check.about is About.ASKS else applies.yes & holds.yes)
    return refused


def _truth(condition: Condition | None, asked: _Asked) -> Truth:
    if condition is None:
        raise Inexact
    found = truth(condition.tree, asked)
    shape = (asked.rows.size,)
    return Truth(np.broadcast_to(found.yes, shape), np.broadcast_to(found.no, shape))


def way_of(plan: Plan, machine: Machine, number: int) -> Way | None:
    """The way of the machine that a branch or a clock is; ``None`` where the process has none such."""
    source, action, target = _named(plan, number)
    routes = machine.actions.get(action)
    if routes is None:
        return None
    for stage, here in routes.routes.items():
        for route in here if source in ("", stage) else ():
            if target in route.targets:
                return machine.way(routes.track, route.action, stage, target)
    return None


def _named(plan: Plan, number: int) -> tuple[str, str, str]:
    """The stage, the action and the stage it leads to; an automatic action is taken from any stage it can be."""
    action, to = plan.led(number)
    clock = number - plan.branches
    if clock >= plan.alarms.to.size:
        return "", plan.actions[action], plan.stages[to][1]
    first = plan.ways.first if clock < 0 else plan.alarms.first
    source = int(np.searchsorted(first, number if clock < 0 else clock, "right")) - 1
    return plan.stages[source][1], plan.actions[action], plan.stages[to][1]


def _words(plan: Plan, way: Way, number: int) -> Mapping[str, str | Texts]:
    """What is told of the attempt: role and note are always given, and nothing looks at who it was."""
    clock = number - plan.branches
    reason = plan.ways.reason[number] if clock < 0 else plan.alarms.reason[clock]
    found = {"to": way.target, "action": way.action.id if way.action else ""}
    return {**found, "reason": reason} if reason else found


@dataclass(frozen=True, slots=True, eq=False)
class _Prospects:
    """Those of a run as columns of their facts; they have no past that columns know of."""

    machine: Machine
    cast: Cast

    def fact(self, name: str) -> Vector | None:
        """The column of a fact, or its default."""
        found: Vector | None = self.cast.facts.get(name)
        default = self.machine.frame.defaults.get(name)
        alike = vector_of([default]) if found is None and default is not None else None
        return found if alike is None else rows_of(alike, np.zeros(self.cast.size, np.int64))

    def track(self, name: str) -> Texts:  # noqa: ARG002 - as conditions ask
        """No stage of a track is known before."""
        raise Inexact

    def entered(self) -> npt.NDArray[np.int64]:
        """Nor when a stage was entered."""
        raise Inexact

    def past(self, name: str) -> Past:  # noqa: ARG002 - as conditions ask
        """Nor what was done before."""
        raise Inexact

    def reached(self, stage: str) -> Truth:  # noqa: ARG002 - as conditions ask
        """Nor which stages were reached."""
        raise Inexact


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The deals refused on one way; a deal refused twice stands there twice."""

    columns: _Prospects
    rows: npt.NDArray[Any]
    words: Mapping[str, str | Texts]
    stage: str

    @property
    def now(self) -> npt.NDArray[np.int64]:
        """Nobody kept when: what looks at the time is not told from columns."""
        raise Inexact
