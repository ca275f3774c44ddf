"""A map that says more than a process knows: what a history tells beyond it is kept to be looked at, not refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.history.outline import ends_by_name
from engine.model.map import Map
from engine.model.process import Process, Stage


@dataclass(frozen=True, slots=True)
class Beyond:
    """The map and the process by which a history is read, and what of the map the process does not have.

    Where a deal was handed over to another process is an end there, though none of the ``stages`` that it lacks.
    """

    map: Map
    process: Process
    stages: tuple[str, ...]
    facts: tuple[str, ...]


def beyond(map_: Map, process: Process) -> Beyond:
    """The process with the stages and touchpoints that only the map has, behind its own; the map without other facts.

    What is judged or counted by the process itself must be given that, not the wider one.
    """
    known = {stage.id for stage in process.main.stages}
    extra = {
        stage: title
        for title, stage in (*map_.stages.items(), *((stage, stage) for stage in map_.entered))
        if stage not in known
    }
    over = dict.fromkeys((name for name in process.hand_overs if name in extra), "other")
    ends = {**ends_by_name(extra), **over}
    more = tuple(Stage(stage, title, ends.get(stage, "")) for stage, title in extra.items())
    unknown = tuple(name for name in map_.facts if (fact := process.facts.get(name)) is None or fact.table is not None)
    wider = replace(
        process,
        main=replace(process.main, stages=(*process.main.stages, *more)),
        touchpoints=tuple(dict.fromkeys((*process.touchpoints, *map_.touchpoints.values()))),
    )
    kept = {name: column for name, column in map_.facts.items() if name not in unknown}
    passed_over = tuple(map_.facts[name].column for name in unknown)
    return Beyond(
        replace(map_, facts=kept, ignore=(*map_.ignore, *passed_over)),
        wider,
        tuple(name for name in extra if name not in over),
        unknown,
    )
