"""A scenario told for one version, in the words of another: to simulate both with the same assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.scenario import Pool, Scenario, Serving, TrackAssumed
from engine.versions.became import Became, became
from engine.versions.scenario_facts import facts_carried, no_fact_lacks
from engine.versions.scenario_stages import standings, words


@dataclass(frozen=True, slots=True)
class Carried:
    """The scenario in the other version's words; ``notes`` are sentences on what could not be brought along."""

    scenario: Scenario
    notes: tuple[str, ...] = ()


def carried(scenario: Scenario, old: Process, new: Process, between: Iterable[Process] = ()) -> Carried:
    """A scenario that uses the names of ``old``, by those of ``new``, which may be the earlier version.

    Stages, actions, facts and reasons are called what became of them (``follows``; ``between`` are the versions between
    both). Branches that lead nowhere any more are left out and the others of the stage scaled up. Raises ``BadValue``
    where the version needs assumptions that the scenario cannot hold: of a stage that deals come to, or of a fact.
    """
    if old.version == new.version:
        return Carried(replace(scenario, version=new.version))
    names = became(old, new, between)
    main = words(old, new, names, old.main.id)
    stages, notes = standings(scenario.stages, main) if main else ((), ())
    facts = facts_carried(scenario, old, new, names)
    tracks, tracks_notes = _tracks(scenario, old, new, names)
    told = replace(
        scenario,
        version=new.version,
        stages=stages,
        facts=facts.drawn,
        rows=facts.rows,
        touchpoints={name: work for name, work in scenario.touchpoints.items() if name in new.touchpoints},
        approvals=tuple(each for each in scenario.approvals if each.role in new.roles),
        pools=tuple(_pool(pool, new, names) for pool in scenario.pools),
        tracks=tracks,
        luck=_luck(scenario, old, new, names),
    )
    beside = (*_pools_notes(scenario, told, new), *_gone(scenario, new))
    no_fact_lacks(told, facts, old, new, names)
    return Carried(told, (*notes, *tracks_notes, *facts.notes, *beside))


def _luck(scenario: Scenario, old: Process, new: Process, names: Became) -> dict[str, str]:
    """What is called otherwise keeps the luck it has in the scenario's own words; of a split stage the first part."""
    found: dict[str, str] = {}
    for stage in old.main.stages:
        targets = [to for to in names.stage(stage.id) if new.main.stage(to)]
        # A name that the version uses for something else has its own luck.
        if targets and targets[0] != stage.id and new.main.stage(stage.id) is None:
            found.setdefault(f"{MAIN}/{targets[0]}", f"{MAIN}/{stage.id}")
    for fact in old.facts:
        if names.fact(fact) != fact and fact not in new.facts:
            found.setdefault(f"facts/{names.fact(fact)}", f"facts/{fact}")
    here = {action.id for track in new.all_tracks() for action in track.actions}
    for action in dict.fromkeys(action.id for track in old.all_tracks() for action in track.actions):
        if names.action(action) != action and action not in here:
            found.setdefault(f"actions/{names.action(action)}", f"actions/{action}")
    return {name: scenario.luck.get(was, was) for name, was in found.items()}


def _tracks(
    scenario: Scenario, old: Process, new: Process, names: Became
) -> tuple[tuple[TrackAssumed, ...], tuple[str, ...]]:
    found: list[TrackAssumed] = []
    notes: list[str] = []
    for each in scenario.tracks:
        said = words(old, new, names, each.track)
        if said is None:
            notes.append(f"'{each.track}' is no track of {new.name}: what was assumed of it is left out")
            continue
        stages, told = standings(each.stages, said)
        found.append(replace(each, stages=stages))
        notes += told
    return tuple(found), tuple(notes)


def _pool(pool: Pool, new: Process, names: Became) -> Pool:
    stages = tuple(to for stage in pool.stages for to in names.stage(stage) if new.main.stage(to))
    fact = names.fact(pool.fact) if pool.fact else ""
    if pool.serving is Serving.BY_FACT and fact not in new.facts:
        return replace(pool, serving=Serving.FIRST_COME, fact="")
    return replace(pool, fact=fact, stages=tuple(dict.fromkeys(stages)))


def _pools_notes(scenario: Scenario, told: Scenario, new: Process) -> list[str]:
    return [
        f"'{before.fact}' is no fact of {new.name}: the pool '{before.id}' serves who waits longest first"
        for before, now in zip(scenario.pools, told.pools, strict=True)
        if before.serving is not now.serving
    ]


def _gone(scenario: Scenario, new: Process) -> list[str]:
    """What is said of touchpoints and approvals that the version does not have."""
    touchpoints = [name for name in scenario.touchpoints if name not in new.touchpoints]
    roles = [each.role for each in scenario.approvals if each.role not in new.roles]
    return [
        *(f"'{name}' is no touchpoint of {new.name}: its effort is left out" for name in touchpoints),
        *(f"'{role}' is no role of {new.name}: what was assumed of its approvals is left out" for role in roles),
    ]
