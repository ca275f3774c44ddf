"""Which requirements stood in the way of the attempts that the rules refused in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.machine.columns import Past
from engine.machine.compile import Machine, Way
from engine.machine.refusing import refusing
from engine.machine.requirements import NOTE, Check, Condition
from engine.machine.vectorised import truth
from engine.machine.vectors import Bools, Inexact, Texts, Truth, Vector, rows_of
from engine.model.decision import About
from engine.model.rule import Force
from engine.model.syntax import facts_read
from engine.simulation.casting.columns import NOTE_GIVEN, Attempting, People, with_default
from engine.simulation.log import Log
from engine.simulation.plan import Cast, Plan

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
            yield from (
                (name, rows[at]) for name, at in _of_way(plan, cast, log.refused_deal[rows], way, number, machine)
            )
        denied = np.flatnonzero(here & log.refused_denied)
        approvals = [check.id for check, _ in way.checks if check.about is About.APPROVAL]
        if denied.size and approvals:
            yield OR.join(approvals), denied


def told(machine: Machine) -> Mapping[str, str]:
    """What each requirement says, by its id, as far as a simulation came to it."""
    return {check.id: check.says for way in machine.ways.values() for check, _ in way.checks}


def _of_way(
    plan: Plan, cast: Cast, deals: npt.NDArray[Any], way: Way, number: int, machine: Machine
) -> Iterator[tuple[str, Rows]]:
    asking = [
        check
        for check, _ in way.checks
        if check.force is Force.MUST and check.about not in _ELSEWHERE and check.asks != NOTE
    ]
    words = _words(plan, machine, way, number)
    if number >= plan.living.size or plan.living[number]:
        changing = {fact for each in machine.ways.values() for fact, _ in (*each.sets, *each.stamps)}
        yield from _among(asking, _Later(machine, cast, deals, words, way.source), changing)
        return
    facts = {name: rows_of(vector, deals) for name, vector in cast.facts.items() if vector is not None}
    people = People(machine, deals.size, facts, cast.comes[deals])
    for check in asking:
        refused = refusing(replace(check, asking=False), Attempting(people, way.source, words, {}))
        if refused is not None and refused.any():
            yield check.id, np.flatnonzero(refused)


def _among(asking: Sequence[Check], later: _Later, changing: Set[str]) -> Iterator[tuple[str, Rows]]:
    """Those that refused for what a deal came with; where none did, one of those that look at what came after."""
    unsure: list[str] = []
    left = np.ones(later.rows.size, np.bool_)
    for check in asking:
        try:
            if any(changing & facts_read(tree) for tree in check.trees):
                raise Inexact
            refused = _refused(check, later)
        except Inexact:
            unsure.append(check.id)
            continue
        if refused.any():
            left &= ~refused
            yield check.id, np.flatnonzero(refused)
    if unsure and left.any():
        yield OR.join(unsure), np.flatnonzero(left)


def _refused(check: Check, asked: _Later) -> Bools:
    holds = _truth(check.condition, asked)
    if check.when is None:
        return ~holds.yes
    applies = _truth(check.when, asked)
    # What is asked for and known is well, whether or not it had to be; a requirement must first be known to apply.
    refused: Bools = ~applies.no & ~(holds.yes if check.about is About.ASKS else applies.yes & holds.yes)
    return refused


def _truth(condition: Condition | None, asked: _Later) -> Truth:
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


def _words(plan: Plan, machine: Machine, way: Way, number: int) -> dict[str, str]:
    """What is told of the attempt: a reason where there are any, and a note."""
    reasons = (*plan.ways.reason, *plan.alarms.reason)
    reason = reasons[number] if number < len(reasons) else ""
    action = way.action.id if way.action else ""
    group = machine.frame.reason_groups.get((action, reason), "")
    found = {"to": way.target, "action": action, "reason": reason, "reason.group": group, "note": NOTE_GIVEN}
    return {name: word for name, word in found.items() if word}


@dataclass(frozen=True, slots=True, eq=False)
class _Later:
    """Deals refused on one way as far as what they came with tells; one refused twice stands there twice.

    Nobody kept what had happened to them by then: whatever looks at that raises ``Inexact``.
    """

    machine: Machine
    cast: Cast
    rows: npt.NDArray[Any]
    words: Mapping[str, str | Texts]
    stage: str

    @property
    def columns(self) -> _Later:
        """The columns are its own."""
        return self

    @property
    def now(self) -> npt.NDArray[np.int64]:
        """When each was refused is not looked at."""
        raise Inexact

    def fact(self, name: str) -> Vector | None:
        """The column of a fact, or its default."""
        found: Vector | None = self.cast.facts.get(name)
        default = self.machine.frame.defaults.get(name)
        return found if default is None else with_default(found, default, size=self.cast.size)

    def track(self, name: str) -> Texts:
        """The stage in a track is not kept."""
        raise Inexact(name)

    def entered(self) -> npt.NDArray[np.int64]:
        """Nor when a stage was entered."""
        raise Inexact

    def past(self, name: str) -> Past:
        """Nor what had been done before."""
        raise Inexact(name)

    def reached(self, stage: str) -> Truth:
        """Nor which stages were reached."""
        raise Inexact(stage)
