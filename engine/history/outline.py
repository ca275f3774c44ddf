"""A history for which no process was written yet, to the bare process that it shows: stages, ends, kinds of facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from types import MappingProxyType

from engine.history.sheet import Sheet
from engine.model.map import Column, Map, Shape
from engine.model.names import DASH_ID, MAIN, RESERVED
from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.syntax import MONEY, TEXT, Kind, Type

VERSION = 1
"""The version of a bare process: none was ever written."""

_WON = re.compile(r"(closed|deal|opportunity)?[ _-]*(won|win|gewonnen|gagn[ée]e?|ganad[oa])\Z", re.IGNORECASE)
_LOST = re.compile(r"(closed|deal|opportunity)?[ _-]*(lost|loss|verloren|perdue?|perdid[oa])\Z", re.IGNORECASE)
_MOST_STAGES = 500


def outline(map_: Map, sheet: Sheet) -> tuple[Map, Process]:
    """The bare process that a map without a process and the data show, and the map with every stage it leads to.

    Stages stand in the order of the map or, where it names none, as they appear; an end is what the map calls so or,
    where it calls none so, what is named as one ("Closed Won").
    """
    stages = map_.stages or _stages_in(map_, sheet)
    titles: dict[str, str] = {}
    for title, stage in stages.items():
        titles.setdefault(stage, title)
    for stage in map_.entered:
        titles.setdefault(stage, stage)
    ends = map_.ends or ends_by_name(titles)
    whole = replace(map_, stages=stages)
    process = Process(
        id=map_.id,
        version=VERSION,
        main=Track(MAIN, tuple(Stage(stage, title, ends.get(stage, "")) for stage, title in titles.items()), ()),
        title=map_.title,
        time_zone=map_.time_zone or "UTC",
        currency=map_.currency,
        touchpoints=tuple(dict.fromkeys(map_.touchpoints.values())),
        facts=MappingProxyType({name: Fact(name, _type(name, column)) for name, column in map_.facts.items()}),
    )
    return whole, process


def stage_id(name: str, taken: Iterable[str] = ()) -> str:
    """An id for a name of the export: lower case letters, digits and ``-``, unlike those already taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unnamed"
    if not DASH_ID.match(plain) or plain in RESERVED:
        plain = f"stage-{plain}"
    known = set(taken)
    number = 2
    found = plain
    while found in known:
        found, number = f"{plain}-{number}", number + 1
    return found


def _stages_in(map_: Map, sheet: Sheet) -> Mapping[str, str]:
    """Every name in the column of the stage that the map calls nothing else."""
    found: dict[str, str] = {}
    for name in sheet.columns[map_.stage].each_text():
        if name and not _is_something_else(name, map_):
            found[name] = stage_id(name, found.values())
            if len(found) >= _MOST_STAGES:
                break
    return found


def _is_something_else(name: str, map_: Map) -> bool:
    patterns = (*map_.touchpoints, *map_.leave_out) if map_.shape is Shape.EVENTS else ()
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def ends_by_name(titles: Mapping[str, str]) -> dict[str, str]:
    """The stages whose titles say that they are ends, and which ("Closed Won")."""
    found = {}
    for stage, title in titles.items():
        if _WON.match(title.strip()):
            found[stage] = "won"
        elif _LOST.match(title.strip()):
            found[stage] = "lost"
    return found


def _type(name: str, column: Column) -> Type:
    if column.type:
        return Type(Kind(column.type))
    return MONEY if name == "amount" else TEXT
