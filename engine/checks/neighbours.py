"""Other processes that deals go on in, or that new deals are started in: are they there, and what comes along?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.checks.starting_each_other import start_without_end
from engine.conditions.problem import Problem
from engine.conditions.types import settled
from engine.model.expression import Assignment
from engine.model.finding import Finding, Severity
from engine.model.names import did_you_mean
from engine.model.process import Action, Process, Start, Transfer
from engine.model.rule import Fact
from engine.model.syntax import Kind, Literal

_WRITE_IT = "write it below processes/ of this workspace"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The processes of a workspace: all their names, and the latest version of each; none where it has errors."""

    names: tuple[str, ...]
    latest: Callable[[str], Process | None]


def check_neighbours(process: Process, neighbours: Neighbours) -> Iterator[Finding]:
    """P191 to P194: transfers and starts that lead nowhere, what they lose, and starts without end."""
    for action in (action for track in process.all_tracks() for action in track.actions):
        if action.transfer is not None:
            yield from _transfer(process, action, action.transfer, neighbours)
        for start in action.starts:
            yield from _start(process, start, neighbours)
    yield from start_without_end(process, neighbours.latest)


def entries_of(process: Process, others: Iterable[Process]) -> frozenset[str]:
    """The stages of a process that others hand their deals over to."""
    transfers = (action.transfer for other in others for action in other.main.actions if action.transfer)
    named = {transfer.stage for transfer in transfers if transfer.process == process.id}
    return frozenset(stage.id for stage in process.main.stages if stage.id in named)


def _latest(process: Process, name: str, neighbours: Neighbours) -> Process | None:
    return process if name == process.id else neighbours.latest(name)


def _transfer(process: Process, action: Action, transfer: Transfer, neighbours: Neighbours) -> Iterator[Finding]:
    if transfer.process not in neighbours.names and transfer.process != process.id:
        message = f"'{action.id}' leads to the process '{transfer.process}', which does not exist"
        yield Finding("P191", transfer.at, message, did_you_mean(transfer.process, neighbours.names) or _WRITE_IT)
        return
    other = _latest(process, transfer.process, neighbours)
    if other is None:
        return
    stages = [stage.id for stage in other.main.stages]
    if transfer.stage not in stages:
        message = f"'{action.id}' leads to stage '{transfer.stage}', which {other.name} does not have"
        yield Finding("P191", transfer.at, message, did_you_mean(transfer.stage, stages, most=12))
        return
    yield from _lost(process, action, transfer, other)
    yield from _asked_there(process, action, transfer, other)


def _lost(process: Process, action: Action, transfer: Transfer, other: Process) -> Iterator[Finding]:
    """P192: what is known here and not there. What a table reckons is reckoned there anew, or is not needed."""
    recorded = [fact for fact in process.facts.values() if fact.table is None and fact.id not in action.drops]
    missing = [f"'{fact.id}'" for fact in recorded if fact.id not in other.facts]
    changed = [_changed(process, fact, other) for fact in recorded if fact.id in other.facts]
    told = [f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not known there"] if missing else []
    told += [text for text in changed if text]
    if told:
        message = f"'{action.id}' loses facts on the way to {other.name}: {'; '.join(told)}"
        hint = f"declare them in {other.id} with the same type, or list them here under 'drops'"
        yield Finding("P192", transfer.at, message, hint, Severity.WARNING)


def _asked_there(process: Process, action: Action, transfer: Transfer, other: Process) -> Iterator[Finding]:
    """P192: what the stage there asks for, and no deal brings along."""
    stage = other.main.stage(transfer.stage)
    for ask in stage.asks if stage else ():
        fact, here = other.facts.get(ask.fact), process.facts.get(ask.fact)
        comes = (
            here is not None
            and here.id not in action.drops
            and here.table is None
            and fact is not None
            and here.type == fact.type
        )
        if fact is not None and ask.when is None and not comes and _is_unknown_at_first(fact):
            message = (
                f"no deal gets there: '{transfer.stage}' of {other.name} asks for '{fact.id}', which none brings along"
            )
            hint = f"declare '{fact.id}' here with the type that it has there, or ask for it in a later stage there"
            yield Finding("P192", transfer.at, message, hint)


def _changed(process: Process, fact: Fact, other: Process) -> str:
    """Why a fact does not stay what it is there; empty where it does."""
    there = other.facts[fact.id]
    if there.table is not None:
        return f"'{fact.id}' is reckoned there, never recorded"
    if there.type == fact.type:
        if fact.type.kind is Kind.MONEY and process.currency != other.currency:
            return f"'{fact.id}' is in {_currency(process)} here and in {_currency(other)} there"
        return ""
    if there.type.kind is fact.type.kind is Kind.CHOICE:
        return f"'{fact.id}' has other choices there"
    return f"'{fact.id}' is of type {fact.type} here and {there.type} there"


def _currency(process: Process) -> str:
    return process.currency or "no currency"


def _start(process: Process, start: Start, neighbours: Neighbours) -> Iterator[Finding]:
    """P193: a start in a process that does not exist, with facts that it lacks, or without those it asks for."""
    if start.process not in neighbours.names and start.process != process.id:
        message = f"a deal is started in the process '{start.process}', which does not exist"
        yield Finding("P193", start.at, message, did_you_mean(start.process, neighbours.names) or _WRITE_IT)
        return
    other = _latest(process, start.process, neighbours)
    if other is None:
        return
    yield from (finding for value in start.sets if (finding := _misfit(process, value, other)) is not None)
    missing = _missing(start, other)
    if missing:
        listed = " and ".join(f"'{fact}'" for fact in missing)
        message = f"no deal can be started in {other.name}: its first stage asks for {listed}, which is not set"
        hint = f"write 'sets: {{{missing[0]}: …}}', or ask for it in a later stage there"
        yield Finding("P193", start.at, message, hint)


def _misfit(process: Process, value: Assignment, other: Process) -> Finding | None:
    """Why the other process does not take the value."""
    fact = other.facts.get(value.fact)
    if fact is None:
        message = f"'{value.fact}' is set, which {other.name} does not have"
        return Finding("P193", value.at, message, did_you_mean(value.fact, other.facts))
    if fact.table is not None:
        message = f"'{value.fact}' is set, which {other.name} reckons by a table"
        return Finding("P193", value.at, message, "give the facts that the table reads")
    found = settled(value.value.tree, fact.type, f"value of '{value.fact}' in {other.name}")
    if isinstance(found, Problem):
        # One choice may have values that the other lacks; whether this deal has one of them nobody can tell.
        unsure = value.value.tree.type.kind is fact.type.kind and not isinstance(value.value.tree, Literal)
        severity = Severity.WARNING if unsure else Severity.ERROR
        return Finding("P193", value.at, found.message, found.hint, severity)
    if value.value.tree.type.kind is fact.type.kind is Kind.MONEY and process.currency != other.currency:
        message = f"'{value.fact}' is set in {_currency(process)}, and {other.name} reckons in {_currency(other)}"
        return Finding("P193", value.at, message, "set a number that was converted", Severity.WARNING)
    return None


def _missing(start: Start, other: Process) -> list[str]:
    given = {value.fact for value in start.sets}
    asked = [ask.fact for ask in other.main.first.asks if ask.when is None and ask.fact in other.facts]
    return [name for name in asked if name not in given and _is_unknown_at_first(other.facts[name])]


def _is_unknown_at_first(fact: Fact) -> bool:
    return fact.default is None and fact.table is None
