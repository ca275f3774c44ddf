"""What a scenario assumes of facts, told in another version's words, and which facts that version needs besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.model.process import Process, Stage
from engine.model.rule import Ask, Force, Requirement
from engine.model.scenario import FactDrawn, FactRows, Scenario
from engine.model.syntax import Kind, Value, facts_read
from engine.versions.became import Became
from engine.versions.saying import in_a_copy, named


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of new prospects by their new names, and what was left out."""

    drawn: tuple[FactDrawn, ...]
    rows: FactRows | None
    notes: tuple[str, ...]

    @property
    def known(self) -> frozenset[str]:
        """The facts of which something is assumed."""
        return frozenset(each.fact for each in self.drawn) | frozenset(self.rows.facts if self.rows else ())


def facts_carried(scenario: Scenario, old: Process, new: Process, names: Became) -> Facts:
    """The facts that a scenario draws, by the names of ``new``; those that it cannot hold are left out."""
    notes: list[str] = []
    drawn: list[FactDrawn] = []
    for each in scenario.facts:
        why = _unfit(each.fact, (value for value, _ in each.choices), old, new, names)
        if why:
            notes.append(why)
            continue
        drawn.append(replace(each, fact=names.fact(each.fact)))
    rows, why_not = _rows(scenario.rows, old, new, names)
    return Facts(tuple(drawn), rows, (*notes, *why_not))


def no_fact_lacks(scenario: Scenario, facts: Facts, old: Process, new: Process, names: Became) -> None:
    """Raises ``BadValue`` where a move that the scenario tries would always be refused for a fact only ``new`` has.

    ``scenario`` is already told in the words of ``new``.
    """
    before = {names.fact(fact) for fact in old.facts}
    for fact, what in _needed(scenario, new):
        declared = new.facts.get(fact)
        if declared is None or fact in before or fact in facts.known or fact in _given_by_moves(new):
            continue
        if declared.default is None and declared.table is None:
            raise BadValue(
                f"{new.name} needs the fact '{fact}' for {what}, and a scenario told for {old.name} cannot say how it "
                "falls: every such move would be refused",
                hint=in_a_copy(new.name, f"the fact {fact}"),
            )


def _unfit(fact: str, values: Iterable[Value | None], old: Process, new: Process, names: Became) -> str:
    """Why what was assumed of a fact cannot be of the other version's; empty where it can."""
    was, now = old.facts.get(fact), new.facts.get(names.fact(fact))
    if now is None or now.table is not None:
        return f"'{fact}' is no fact of {new.name}: it is not drawn there"
    if was is not None and was.type.kind is not now.type.kind:
        return f"'{now.id}' is a {now.type} in {new.name}, no {was.type}: it is not drawn there"
    gone = [str(each) for each in values if each is not None and not _is_choice(each, now.type.choices)]
    if now.type.kind is Kind.CHOICE and gone:
        return f"'{now.id}' cannot be {named(gone)} in {new.name}: it is not drawn there"
    return ""


def _is_choice(value: Value, choices: Sequence[str]) -> bool:
    return not choices or value in choices


def _rows(rows: FactRows | None, old: Process, new: Process, names: Became) -> tuple[FactRows | None, tuple[str, ...]]:
    if rows is None:
        return None, ()
    unfit = [_unfit(fact, (row[at] for row in rows.rows), old, new, names) for at, fact in enumerate(rows.facts)]
    kept = [at for at, why in enumerate(unfit) if not why]
    notes = tuple(why for why in unfit if why)
    if not kept:
        return None, notes
    facts = tuple(names.fact(rows.facts[at]) for at in kept)
    return replace(rows, facts=facts, rows=tuple(tuple(row[at] for at in kept) for row in rows.rows)), notes


def _given_by_moves(process: Process) -> set[str]:
    """Facts that moves set by themselves: nobody has to know them before."""
    stamped = {each.fact for track in process.all_tracks() for stage in track.stages for each in stage.stamps}
    return stamped | {each.fact for track in process.all_tracks() for action in track.actions for each in action.sets}


def _needed(scenario: Scenario, process: Process) -> Iterator[tuple[str, str]]:
    """Facts without which a move that the scenario tries is refused, and of what they are needed."""
    tried = [(process.main, standing) for standing in scenario.stages]
    sides = ((process.track(each.track), each.stages) for each in scenario.tracks)
    tried += [(track, standing) for track, standings in sides if track for standing in standings]
    yield from _of_stage(process.main.first, "the first stage")
    for track, standing in tried:
        here = track.stage(standing.stage)
        for branch in standing.branches:
            what = f"'{branch.action}'"
            for action in (each for each in track.variants(branch.action) if standing.stage in each.sources):
                yield from _asked(action.asks, what)
                yield from _required((*action.requires, *track.always), what)
            there = track.stage(branch.to)
            if there is not None:
                yield from _of_stage(there, what)
            if here is not None and there is not None and track.id == MAIN and _is_later(process, here, there):
                yield from _required(here.to_pass, what)


def _is_later(process: Process, here: Stage, there: Stage) -> bool:
    if there.ends:
        return there.ends == "won"
    order = [stage.id for stage in process.main.stages]
    return order.index(there.id) > order.index(here.id)


def _of_stage(stage: Stage, what: str) -> Iterator[tuple[str, str]]:
    yield from _asked(stage.asks, what)
    yield from _required(stage.to_enter, what)


def _asked(asks: Iterable[Ask], what: str) -> Iterator[tuple[str, str]]:
    yield from ((ask.fact, what) for ask in asks if ask.when is None)


def _required(requirements: Iterable[Requirement], what: str) -> Iterator[tuple[str, str]]:
    for each in requirements:
        if each.force is Force.MUST and each.when is None:
            yield from ((fact, what) for fact in sorted(facts_read(each.condition.tree)))
