"""Past moves, of the journal or of a file, judged again by a version: for ``replay`` and ``diff --history``."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.histories import check_any, map_path, tell_misfits, told_deals
from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import FaultyFile, journal_target, named_process, open_journal, process_of
from engine.commands.versions_read import other_versions
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.history.export import Export
    from engine.model.map import Map
    from engine.model.process import Process
    from engine.model.study import Study


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day (in UTC) of the moves that are looked at; ``None``: from the first, to the last."""

    since: date | None = None
    until: date | None = None


def replay_journal(
    new: Process, where: Where, period: Period, *, at: datetime | None = None, currency: str = ""
) -> Study:
    """The moves of the journal judged by the version ``new``, up to ``at``. Raises ``BadValue``, ``JournalError``.

    Money is told in the ``currency`` (empty: in that of the deals).
    """
    from engine.history.kept import kept_tables
    from engine.history.write import until
    from engine.versions.replay import Told, replay
    from engine.versions.replay_learnt import Beside
    from engine.versions.replay_then import evidence

    with open_journal(where, read_only=True) as journal:
        read = process_of(journal)
        processes = [read(each.digest) for each in journal.definitions() if each.process == new.id]
        # Facts are read as they became known: no column for what they are now is needed.
        tables = kept_tables(journal, (), passed=evidence(processes))
        forgotten = journal.mark().forgotten
        notes, imported = journal.notes(), journal.imported()
    beside = Beside(tuple(processes), notes, imported, forgotten)
    if at is not None:
        tables = until(tables, at, ends={stage.id: stage.ends for stage in new.main.stages if stage.ends})
    return replay(
        tables,
        new,
        {each.version: each for each in processes},
        told=Told.JOURNAL,
        subject=journal_target(where),
        as_of=at or datetime.now(UTC),  # noqa: TID251 - the door is where the clock is read
        since=period.since,
        until=period.until,
        between=other_versions(new, where),
        beside=beside,
        currency=currency,
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
        between=other_versions(process, where),
        asked=_asked(period),
    )


def replay_told(
    new: Process,
    old: Process,
    where: Where,
    *,
    between: Iterable[Process],
    file: Path,
    map_name: str | None,
    currency: str = "",
) -> Study:
    """The moves of a file, made by the version ``old``, judged by ``new``. Raises as ``read_by``.

    Money is told in the ``currency`` (empty: in that of the deals).
    """
    from engine.history.write import last_time
    from engine.versions.replay import Told, replay

    tables = read_by(old, where, file=file, map_name=map_name).tables()
    end = last_time(tables) or datetime.now(UTC)  # noqa: TID251 - nothing is dated: any moment is as good
    return replay(
        tables,
        new,
        {old.version: old},
        told=Told.FILE,
        subject=str(file),
        as_of=end,
        between=between,
        currency=currency,
    )


def read_by(process: Process, where: Where, *, file: Path, map_name: str | None) -> Export:
    """The deals of a file as they went through a process; what could not be read is said on stderr.

    Raises ``FaultyFile``, ``UnknownName``, ``UnreadableFile``, or ``BadValue`` where no deal could be read.
    """
    from engine.history.read import read

    map_ = replace(_map(file, where, map_name), process=process.name)
    export = read(file, map_, process)
    tell_misfits(export, file)
    check_any(export, file)
    return export


def _map(file: Path, where: Where, map_name: str | None) -> Map:
    from engine.history.propose import proposed
    from engine.loading.maps import load_map

    if map_name is None:
        remark(f"no --map given: read as 'stagewright map {shlex.quote(str(file))}' proposes")
        return proposed(file)
    loaded = load_map(map_path(map_name, where))
    if loaded.value is None:
        raise FaultyFile(loaded.findings)
    return loaded.value


def _asked(period: Period) -> tuple[tuple[str, date | None], ...]:
    return (("since", period.since), ("until", period.until))
