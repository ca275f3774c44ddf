"""All that a version asks of moves: its requirements and asks, each with the place that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from engine.model.names import MAIN
from engine.model.place import Place
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Ask, Force, Requirement
from engine.model.syntax import TEXT, YES_NO, Call, ContextRef, FactRef, Kind, Not, Tree
from engine.versions.relating import REASON
from engine.versions.saying import sentence, written


class Kept(Enum):
    """Where a requirement stands."""

    TO_ENTER = "to_enter"
    TO_PASS = "to_pass"
    REQUIRES = "requires"
    ALWAYS = "always"
    STAGE_ASKS = "stage asks"
    ACTION_ASKS = "asks"


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One requirement where it stands, or one fact that is asked for.

    ``owner`` is its stage or action, empty for ``always``. ``name`` is the rule's, without its version, or the fact
    asked for; empty for what is written out. ``when`` and ``must`` are in the words of the later version. ``known`` are
    words of the situation that are known wherever it is judged. ``variant`` is that of an action written as a list.
    """

    track: str
    kept: Kept
    owner: str
    thing: str
    name: str
    says: str
    fix: str
    force: Force
    when: Tree | None
    must: Tree
    text: str
    at: Place
    known: tuple[str, ...] = ()
    variant: int = 0

    @property
    def is_ask(self) -> bool:
        """Whether it only asks for a fact to be known."""
        return self.kept in (Kept.STAGE_ASKS, Kept.ACTION_ASKS)


Worded = Callable[[Tree], Tree]
"""Brings a condition into the words of the later version."""


def of_stage(track: str, stage: Stage, process: Process, worded: Worded) -> Iterator[Demand]:
    """What it takes to enter a stage and to pass it, and what it asks for."""
    yield from _required(track, Kept.TO_ENTER, stage.id, stage.to_enter, worded)
    yield from _required(track, Kept.TO_PASS, stage.id, stage.to_pass, worded)
    yield from _asked(track, Kept.STAGE_ASKS, stage.id, stage.asks, process, worded)


def of_action(track: str, action: Action, process: Process, worded: Worded) -> Iterator[Demand]:
    """What one variant of an action requires and asks for."""
    known = (REASON,) if action.reasons else ()
    found = [*_required(track, Kept.REQUIRES, action.id, action.requires, worded)]
    found += _asked(track, Kept.ACTION_ASKS, action.id, action.asks, process, worded)
    if not known and not action.variant:
        return iter(found)
    return (replace(one, known=known, variant=action.variant) for one in found)


def of_track(track: Track, worded: Worded) -> Iterator[Demand]:
    """What every move of a track needs."""
    yield from _required(track.id, Kept.ALWAYS, "", track.always, worded)


def _required(
    track: str, kept: Kept, owner: str, requirements: Iterable[Requirement], worded: Worded
) -> Iterator[Demand]:
    holder = owner if track == MAIN else "/".join(filter(None, (track, owner)))
    for one in requirements:
        thing = f"{holder}/{kept.value}/{one.id}" if one.rule else one.id
        if not one.rule and track != MAIN and owner:
            thing = f"{track}/{one.id}"
        yield Demand(
            track,
            kept,
            owner,
            thing.removeprefix("/"),
            _without_version(one.rule),
            sentence(one.says) or written(one.condition),
            one.fix,
            one.force,
            worded(one.when.tree) if one.when else None,
            worded(one.condition.tree),
            _text(one),
            one.at,
        )


def _asked(
    track: str, kept: Kept, owner: str, asks: Iterable[Ask], process: Process, worded: Worded
) -> Iterator[Demand]:
    holder = owner if track == MAIN else f"{track}/{owner}"
    for one in asks:
        when = worded(one.when.tree) if one.when else None
        yield Demand(
            track,
            kept,
            owner,
            f"{holder}/asks/{one.fact}",
            _fact_of(worded(_known(one.fact, process))),
            "a note" if one.fact == "note" else f"'{one.fact}'",
            "",
            Force.MUST,
            when,
            worded(_known(one.fact, process)),
            f"{one.fact}: {written(one.when)}" if one.when else one.fact,
            one.at,
        )


def _without_version(rule: str) -> str:
    """``qualification/budget-known`` of ``qualification@1/budget-known``."""
    holder, _, name = rule.partition("/")
    return f"{holder.partition('@')[0]}/{name}" if rule else ""


def _text(one: Requirement) -> str:
    when = f"when {written(one.when)}: " if one.when else ""
    return f"{when}{one.force.value} {written(one.condition)}"


def _known(fact: str, process: Process) -> Tree:
    """That a fact is known; a text of nothing but blanks tells nothing."""
    if fact == "note":
        return Not(Call("blank", (ContextRef("note", TEXT),), YES_NO))
    declared = process.facts.get(fact)
    of = declared.type if declared else YES_NO
    if of.kind is Kind.TEXT:
        return Not(Call("blank", (FactRef(fact, of),), YES_NO))
    return Call("given", (FactRef(fact, of),), YES_NO)


def _fact_of(known: Tree) -> str:
    call = known.part if isinstance(known, Not) else known
    argument = call.arguments[0] if isinstance(call, Call) else call
    return argument.name if isinstance(argument, (FactRef, ContextRef)) else ""
