"""Every expression of a process or a rule set, with what it is there for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from engine.model.expression import Assignment, Expression
from engine.model.process import Action, MetricPart, Process, Stage
from engine.model.rule import Ask, Fact, Force, Requirement, RuleSet
from engine.model.syntax import Kind


class Purpose(Enum):
    """What an expression decides: whether a requirement is met, whether something applies, or a value."""

    MUST = "must"
    SHOULD = "should"
    WHEN = "when"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Use:
    """An expression and its purpose; ``of`` names what it belongs to."""

    expression: Expression
    purpose: Purpose
    of: str


def uses(process: Process) -> Iterator[Use]:
    """All expressions of the process, as they are declared; those of named rules wherever they are used."""
    yield from of_facts(process.facts)
    for track in process.all_tracks():
        for stage in track.stages:
            yield from _of_stage(stage)
        for action in track.actions:
            yield from _of_action(action)
        yield from of_requirements(track.always)
    for clock in process.clocks:
        yield from when(clock.when, f"clock '{clock.id}'")
    for metric in process.metrics:
        yield from _of_parts(metric.parts.values(), f"metric '{metric.id}'")


def uses_of_rules(rule_set: RuleSet) -> Iterator[Use]:
    """All expressions of a rule set."""
    yield from of_facts(rule_set.facts)
    for rule in rule_set.rules.values():
        yield from of_requirements([rule.requirement])


def of_requirements(requirements: Iterable[Requirement]) -> Iterator[Use]:
    """Conditions of requirements, and when they apply."""
    for requirement in requirements:
        name = f"'{requirement.id}'"
        yield from when(requirement.when, name)
        purpose = Purpose.MUST if requirement.force is Force.MUST else Purpose.SHOULD
        yield Use(requirement.condition, purpose, name)


def of_facts(facts: Mapping[str, Fact]) -> Iterator[Use]:
    """Rows of decision tables."""
    for fact in facts.values():
        for row in fact.table.rows if fact.table else ():
            yield from when(row.when, f"a row of '{fact.id}'")


def _of_stage(stage: Stage) -> Iterator[Use]:
    name = f"stage '{stage.id}'"
    yield from when(stage.unless, f"the 'unless' of the alert of '{stage.id}'")
    yield from _of_asks(stage.asks, stage.id)
    yield from _of_values(stage.stamps, name)
    yield from of_requirements(stage.to_enter)
    yield from of_requirements(stage.to_pass)


def _of_action(action: Action) -> Iterator[Use]:
    name = f"action '{action.id}'"
    yield from when(action.when, name)
    yield from _of_asks(action.asks, action.id)
    yield from of_requirements(action.requires)
    for approval in action.approvals:
        yield from when(approval.when, f"'{approval.id}'")
    yield from _of_values(action.sets, name)
    for start in action.starts:
        yield from when(start.when, f"the start of '{start.process}'")
        yield from _of_values(start.sets, name)


def _of_asks(asks: Iterable[Ask], owner: str) -> Iterator[Use]:
    for ask in asks:
        yield from when(ask.when, f"'{owner}/asks/{ask.fact}'")


def _of_values(values: Iterable[Assignment], name: str) -> Iterator[Use]:
    for value in values:
        yield Use(value.value, Purpose.VALUE, name)


def _of_parts(parts: Iterable[MetricPart], name: str) -> Iterator[Use]:
    for part in parts:
        if isinstance(part, Expression):
            is_condition = part.tree.type.kind is Kind.YES_NO
            yield Use(part, Purpose.WHEN if is_condition else Purpose.VALUE, name)
        elif isinstance(part, Mapping):
            yield from _of_parts(part.values(), name)


def when(expression: Expression | None, name: str) -> Iterator[Use]:
    """The condition on which something applies, where there is one."""
    if expression is not None:
        yield Use(expression, Purpose.WHEN, name)
