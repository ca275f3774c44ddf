"""Past moves, of the journal or of a file, judged again by a version: for ``replay`` and ``diff --history``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.histories import told_deals
from engine.commands.options import Where
from engine.commands.source import named_process, open_journal, process_of
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.model.process import Process
    from engine.model.study import Study


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day (in UTC) of the moves that are looked at; ``None``: from the first, to the last."""

    since: date | None = None
    until: date | None = None


def replay_journal(
    new: str,
    where: Where,
    period: Period,
    *,
    process_name: str | None = None,
    map_name: str | None = None,
    at: datetime | None = None,
) -> Study:
    """The moves of the journal judged by the version ``new``. Raises as ``told_deals``."""
    from engine.versions.replay import Told, replay

    if process_name is not None:
        raise BadValue(
            "--process says by which version a FILE was made, and no FILE is given",
            hint="leave it out: the journal knows the version of each move",
        )
    history = told_deals(where, None, map_name=map_name, process_name=new, at=at)
    return replay(
        history.tables,
        history.process,
        versions_in_journal(where, history.process.id),
        told=Told.JOURNAL,
        subject=history.subject,
        as_of=history.as_of,
        since=period.since,
        until=period.until,
        asked=_asked(period),
    )


def replay_file(
    new: str,
    where: Where,
    period: Period,
    *,
    file: Path,
    process_name: str | None = None,
    map_name: str | None = None,
    at: datetime | None = None,
) -> Study:
    """The moves of a file judged by the version ``new``; ``process_name`` is the version that they were made by.

    Without it that is what the map says or, without a map, ``new`` itself. Raises as ``told_deals``.
    """
    from engine.versions.replay import Told, replay

    process = named_process(new, where).process
    made_by = process_name or (None if map_name else new)
    history = told_deals(where, file, map_name=map_name, process_name=made_by, at=at)
    old = history.process
    if old.id != process.id:
        raise BadValue(
            f"these deals went through '{old.id}', and {process.name} is a version of another process",
            hint=f"name a version of {old.id}, or say with --process which version of {process.id} they were made by",
        )
    return replay(
        history.tables,
        process,
        {old.version: old},
        told=Told.FILE,
        subject=history.subject,
        as_of=history.as_of,
        since=period.since,
        until=period.until,
        asked=_asked(period),
    )


def versions_in_journal(where: Where, process: str) -> Mapping[int, Process]:
    """The versions of a process by which the journal's deals were made, by number; of two texts the later kept."""
    with open_journal(where, read_only=True) as journal:
        read = process_of(journal)
        kept = [read(each.digest) for each in journal.definitions() if each.process == process]
    return {each.version: each for each in kept}


def _asked(period: Period) -> tuple[tuple[str, date | None], ...]:
    return (("since", period.since), ("until", period.until))
