"""Facts that a stage asks of those who enter it, and that the process gives only to those who are in."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.graph import leads_to, moves
from engine.conditions.compare import satisfiable
from engine.machine.tracks import reaching
from engine.model.finding import Finding, Severity
from engine.model.place import Place
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Force
from engine.model.syntax import YES_NO, Call, FactRef, Not, Tree, facts_read


def given_only_inside(process: Process) -> Iterator[Finding]:
    """P121: a fact needed to enter a stage that only the stage, or what comes after it, sets or stamps.

    It can still be recorded by hand, so this warns.
    """
    for stage in process.main.stages[1:]:
        for fact, at in _needed(process, stage):
            givers = _givers(process, fact)
            if givers and not _given_before(process, fact, stage):
                message = f"stage '{stage.id}' needs '{fact}' to be entered, and only {givers} gives it, too late"
                hint = f"ask for '{fact}' in a later stage, or give it by an action that leads to '{stage.id}'"
                yield Finding("P121", at, message, hint, Severity.WARNING)


def _needed(process: Process, stage: Stage) -> Iterator[tuple[str, Place]]:
    """Facts without which nobody enters, and where that is said."""
    told: set[str] = set()
    for ask in stage.asks:
        if ask.when is None and ask.fact in process.facts and ask.fact not in told:
            told.add(ask.fact)
            yield ask.fact, ask.at
    for requirement in stage.to_enter:
        if requirement.force is Force.SHOULD or requirement.when is not None:
            continue
        for fact in sorted(facts_read(requirement.condition.tree) - told):
            if _is_given_somewhere(process, fact) and _must_be_known(process, fact, requirement.condition.tree):
                told.add(fact)
                yield fact, requirement.condition.at


def _must_be_known(process: Process, fact: str, tree: Tree) -> bool:
    declared = process.facts.get(fact)
    if declared is None or declared.default is not None or declared.table is not None:
        return False
    unknown = Not(Call("given", (FactRef(fact, declared.type),), YES_NO))
    return satisfiable(tree, unknown, facts=process.facts) is False


def _is_given_somewhere(process: Process, fact: str) -> bool:
    return bool(_givers(process, fact))


def _givers(process: Process, fact: str) -> str:
    """What sets or stamps the fact, named."""
    names = [f"stage '{s.id}'" for s in process.main.stages if any(value.fact == fact for value in s.stamps)]
    for track in process.all_tracks():
        names += [f"'{a.id}'" for a in track.actions if any(value.fact == fact for value in a.sets)]
    return " or ".join(dict.fromkeys(names))


def _given_before(process: Process, fact: str, stage: Stage) -> bool:
    """Whether the fact can be set or stamped without the stage ever having been entered."""
    main = process.main
    reached = moves(main).reach([main.first.id], around=stage.id)
    over = reaching(main)
    if any(value.fact == fact for s in main.stages if s is not stage and reached & over[s.id] for value in s.stamps):
        return True
    for track in process.tracks:
        if any(value.fact == fact for action in track.actions for value in action.sets):
            return True
    setting = [action for action in main.actions if any(value.fact == fact for value in action.sets)]
    return any(_elsewhere(main, action, stage) & reached for action in setting)


def _elsewhere(main: Track, action: Action, stage: Stage) -> set[str]:
    """The stages from which the action leads elsewhere than into the stage: what it sets is there too late."""
    return {source for source in action.sources if set(leads_to(main, action, source)) - {stage.id}}
