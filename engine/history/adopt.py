"""A proposed map made to fit: to the stages of a process, or a preset to the columns of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.history.facts_alike import facts_alike
from engine.history.propose import propose, written
from engine.history.read import read
from engine.history.sheets import columns_in
from engine.history.stage_order import end_by_name
from engine.model.errors import UnreadableFile
from engine.model.map import Map, Shape
from engine.model.names import did_you_mean, nearest
from engine.model.process import Process
from engine.model.proposal import Proposal


def adopted(proposal: Proposal, process: Process) -> Proposal:
    """The proposal for a process: its stages are those of the process that are called alike, its facts likewise."""
    unsure = {line for line in proposal.unsure if not line.startswith(("ends", "touchpoints"))}
    because = {line: why for line, why in proposal.because.items() if not line.startswith("ends")}
    map_ = proposal.map
    stages: dict[str, str] = {}
    for name in map_.stages:
        found, why = _stage_of(name, map_, process)
        stages[name] = found
        if why:
            because[f"stages/{name}"] = why
            unsure.add(f"stages/{name}")
    turned = {stage: stages[name] for name, stage in map_.stages.items()}
    facts, doubts = facts_alike(map_, process)
    touchpoints = {name: each for name, each in map_.touchpoints.items() if each in process.touchpoints}
    strange = tuple(name for name in map_.touchpoints if name not in touchpoints)
    if strange:
        because["leave_out"] = f"{process.name} has no such touchpoint: {', '.join(strange[:6])}"
        unsure.add("leave_out")
    read_now = {each.column for each in facts.values()}
    passed = (*map_.ignore, *(each.column for each in map_.facts.values()))
    new = replace(
        map_,
        process=process.name,
        stages=stages,
        ends={},
        entered={turned[stage]: column for stage, column in map_.entered.items()},
        touchpoints=touchpoints,
        leave_out=(*map_.leave_out, *strange),
        facts=facts,
        ignore=tuple(dict.fromkeys(column for column in passed if column not in read_now)),
    )
    says = tuple(said for said in proposal.says if "under 'ends'" not in said)
    return Proposal(new, {**because, **doubts}, frozenset({*unsure, *doubts}), says)


def _stage_of(name: str, map_: Map, process: Process) -> tuple[str, str]:
    """The stage of the process that is called alike, or an end of the same kind; and why that is to be checked."""
    stage = map_.stages[name]
    known = {each.id: each.id for each in process.main.stages}
    known |= {each.title.lower(): each.id for each in process.main.stages if each.title}
    found = known.get(stage) or known.get(name.lower())
    if found:
        return found, ""
    kind = map_.ends.get(stage) or end_by_name(name)
    ends = [each.id for each in process.main.stages if kind and each.ends == kind]
    if ends:
        return ends[0], "" if len(ends) == 1 else f"an end that is {kind}, as are {', '.join(ends)}"
    near = known.get(nearest(stage, known))
    if near:
        return near, f"{process.name} has no stage called so; '{near}' is the nearest"
    called = ", ".join(each.id for each in process.main.stages)
    return process.main.first.id, f"no stage of {process.name} is called so; its stages: {called}"[:200]


def from_preset(map_: Map, path: Path, process: Process | None) -> Proposal:
    """A preset as the map of a file. Raises ``UnreadableFile`` where the file lacks a column it cannot do without."""
    columns = columns_in(path)
    needed = (map_.deal, map_.happened, map_.property, map_.value)
    needed = (*needed, *(() if map_.shape is Shape.CHANGES else (map_.stage,)))
    for name in needed:
        if name and name not in columns:
            raise UnreadableFile(
                f"'{path}' is no file for the preset '{map_.id}': it has no column '{name}'",
                hint=did_you_mean(name, columns, most=20) or "leave --preset out to have one proposed",
            )
    proposal = _filled(Proposal(_within(map_, columns), says=(f"from the preset {map_.id}",)), path)
    return adopted(proposal, process) if process else proposal


def _filled(preset: Proposal, path: Path) -> Proposal:
    """With how this file is written, and the stages that it holds in the order in which deals reached them."""
    form = written(path)
    map_ = replace(
        preset.map,
        encoding=form.map.encoding,
        delimiter=form.map.delimiter,
        decimal=form.map.decimal,
        thousands=form.map.thousands,
        dates=form.map.dates,
    )
    filled = Proposal(map_, form.because, form.unsure, (*preset.says, *form.says))
    return filled if map_.stages else _staged(filled, path)


def _staged(proposal: Proposal, path: Path) -> Proposal:
    map_ = proposal.map
    found = _proposed_alike(map_, path)
    if found is not None:
        lines = {line: why for line, why in found.because.items() if line.startswith(("stages", "ends"))}
        map_ = replace(map_, stages=found.map.stages, ends=found.map.ends)
        unsure = proposal.unsure | {line for line in found.unsure if line in lines}
        return Proposal(map_, {**proposal.because, **lines}, unsure, proposal.says)
    export = read(path, map_)
    ends = {stage.id: stage.ends for stage in export.process.main.stages if stage.ends}
    says = tuple(
        f"no end is {kind}: name it under 'ends', or no deal will count as {kind}"
        for kind in ("won", "lost")
        if kind not in ends.values()
    )
    because = {**proposal.because, "stages": "in the order in which deals mostly reached them"}
    return Proposal(
        replace(map_, stages=export.map.stages, ends=ends),
        because,
        proposal.unsure | {"stages"},
        (*proposal.says, *says),
    )


def _proposed_alike(map_: Map, path: Path) -> Proposal | None:
    """The proposal for the file, where it takes the same columns for the same: it may know more of the stages."""
    try:
        found = propose(path)
    except UnreadableFile:
        return None
    alike = (found.map.shape, found.map.deal, found.map.stage) == (map_.shape, map_.deal, map_.stage)
    return found if alike and found.map.stages and map_.outcome is None else None


def _within(map_: Map, columns: tuple[str, ...]) -> Map:
    """Without what names a column that the file has not."""
    if map_.shape is not Shape.CHANGES:
        kept = {fact: each for fact, each in map_.facts.items() if each.column in columns}
        owner = map_.owner if map_.owner in columns else None
        map_ = replace(map_, facts=kept, owner=owner)
    return replace(
        map_,
        before=map_.before if map_.before in columns else None,
        actor=map_.actor if map_.actor in columns else None,
        note=map_.note if map_.note in columns else None,
        ignore=tuple(name for name in map_.ignore if name in columns),
    )
