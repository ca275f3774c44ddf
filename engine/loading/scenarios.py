"""Scenarios: the assumptions under which a process is simulated, read from their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.loading import codes, written
from engine.loading.agree import agree_scenario
from engine.loading.document import Document, read_document
from engine.loading.kinds import is_other
from engine.loading.loaded import Enough, Findings, Loaded
from engine.loading.nodes import Keyed, Node
from engine.loading.scenario_arrivals import arrivals
from engine.loading.scenario_facts import facts, rows
from engine.loading.scenario_hours import hours
from engine.loading.scenario_names import Names, names_of
from engine.loading.scenario_pools import pools
from engine.loading.scenario_stages import standings, work
from engine.loading.scenario_values import length, share, spread
from engine.loading.scenario_ways import check_ways
from engine.loading.schema import schema
from engine.loading.shape import check_shape
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.scenario import LONGEST_HORIZON, Agreeing, Scenario, TrackAssumed, Work

FOLDER = "scenarios"
"""The folder of scenarios, beside the versions of their process."""


def scenario_files(workspace: Path, process_id: str) -> tuple[Path, ...]:
    """The files of the scenarios of a process, in order of name; none where there are none."""
    folder = workspace / "processes" / process_id / FOLDER
    return tuple(sorted(path for path in folder.glob("*.yaml") if not path.name.startswith(".") and path.is_file()))


def load_scenario(path: Path, *, process: Process | None = None) -> Loaded[Scenario]:
    """The scenario in a file. What it names is checked where the ``process`` is given, in the version it names.

    Without a process a branch leads where its ``to`` says, and nowhere where it says nothing. Raises
    ``UnreadableFile`` where there is nothing to read.
    """
    return read_scenario(read_document(path), path, process=process)


def read_scenario(document: Document, path: Path, *, process: Process | None = None) -> Loaded[Scenario]:
    """The scenario in a document that was read from ``path``."""
    found = Findings()
    partial = None
    try:
        found.add(document.findings)
        if document.root and not is_other(document.root, "scenario", found):
            agree_scenario(path, document.root, found)
            check_shape(document.root, schema("scenario"), found)
            partial = _scenario(document.root, process, found)
            if process and not found.any_error:
                check_ways(partial, process, found)
    except Enough:
        partial = None
    told = found.told([document.source] if document.source else [])
    return Loaded(None if found.any_error else partial, told, partial)


def _scenario(root: Node, process: Process | None, found: Findings) -> Scenario:
    open_hours = hours(written.get(root, "hours"), found)
    people = pools(written.get(root, "pools"), names_of(process, open_hours, (), found))
    names = names_of(process, open_hours, people, found)
    drawn = facts(written.get(root, "facts"), names)
    return Scenario(
        id=written.text(written.get(root, "scenario")),
        process=written.text(written.get(root, "process")),
        horizon=_horizon(written.get(root, "horizon"), found),
        arrivals=arrivals(written.get(root, "arrivals"), names, open_hours),
        stages=standings(written.get(root, "stages"), names, track=MAIN),
        version=written.number(written.get(root, "version")) or 0,
        title=written.text(written.get(root, "title")),
        because=written.text(written.get(root, "because")),
        start=_start(written.get(root, "start"), process, found),
        facts=drawn,
        rows=rows(written.get(root, "prospects"), names, drawn),
        touchpoints=_touchpoints(written.get(root, "touchpoints"), names),
        approvals=tuple(_approvals(written.get(root, "approvals"), names)),
        hours=open_hours,
        pools=people,
        tracks=tuple(_tracks(written.get(root, "tracks"), names)),
        at=root.at,
        version_at=getattr(written.get(root, "version"), "at", root.at),
    )


def _horizon(node: Node | None, found: Findings) -> timedelta:
    seconds = length(node)
    if node is None or seconds is None:
        return timedelta(0)
    if seconds < 1:
        found.error(codes.WRONG_FORM, node.at, "the horizon is zero: nothing could happen", "write it like 26w")
    elif seconds > LONGEST_HORIZON.total_seconds():
        message = f"the horizon is longer than {LONGEST_HORIZON.days // 7:,} weeks"
        found.error(codes.WRONG_FORM, node.at, message, "write it like 26w")
        return LONGEST_HORIZON
    return timedelta(seconds=seconds)


def _start(node: Node | None, process: Process | None, found: Findings) -> datetime | None:
    start = written.scalar(node)
    if start is None:
        return None
    try:
        read = datetime.fromisoformat(start.value)
    except ValueError:
        hint = "write it like 2026-12-01 or 2026-12-01T09:00"
        # What is written like no date at all was told by the shape.
        if re.match(r"\d{4}-\d{2}-\d{2}", start.value):
            found.error(codes.WRONG_FORM, start.at, f"'{start.value}' is no day that there is", hint)
        return None
    # What has an offset of its own was told by the shape.
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(process.time_zone) if process else UTC)


def _touchpoints(node: Node | None, names: Names) -> Mapping[str, Work]:
    read: dict[str, Work] = {}
    for key, value in written.named(node):
        names.known(key, names.process.touchpoints if names.process else (), codes.UNKNOWN_TOUCHPOINT, "touchpoint")
        todo = work(value, names)
        if todo:
            read[key.value] = todo
    return read


def _approvals(node: Node | None, names: Names) -> Iterator[Agreeing]:
    for key, value in written.named(node):
        names.known(key, names.process.roles if names.process else (), codes.UNKNOWN_ROLE, "role")
        granted = share(written.get(value, "granted"))
        wait = spread(written.get(value, "wait"), names.found)
        todo = _approving(value, names)
        yield Agreeing(key.value, wait, todo, 1.0 if granted is None else granted, key.at)


def _approving(node: Node, names: Names) -> Work | None:
    """The work of approving; who does it and how long it takes are said together."""
    given = [key for key in ("pool", "effort", "skill") if written.get(node, key) is not None]
    missing = [key for key in ("pool", "effort") if key not in given]
    if not given or not isinstance(node, Keyed):
        return None
    if missing:
        message = f"'{given[0]}' needs '{missing[0]}' beside it"
        names.found.error(codes.MISSING_KEY, node.at_key(given[0]), message, "work is a pool and an effort together")
        return None
    return work(node, names)


def _tracks(node: Node | None, names: Names) -> Iterator[TrackAssumed]:
    side = [track.id for track in names.process.tracks] if names.process else []
    for key, value in written.named(node, words=True):
        if names.known(key, side, codes.UNKNOWN_TRACK, "track"):
            yield TrackAssumed(key.value, standings(written.get(value, "stages"), names, track=key.value), key.at)
