"""Deals that happened, wherever they are told: a file read by a map, or the journal; always as the five tables."""

from __future__ import annotations

import shlex
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.called import in_words_of
from engine.commands.follow_up import followed_to
from engine.commands.options import F, Where, stack
from engine.commands.output import remark
from engine.commands.source import (
    FaultyFile,
    Source,
    journal_file,
    journal_target,
    named_process,
    open_journal,
    process_of,
    workspace_of,
)
from engine.model.errors import BadValue, JournalError, UnknownName
from engine.model.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.history.export import Export
    from engine.history.write import Tables
    from engine.journal.store import SqlJournal
    from engine.model.map import Map
    from engine.model.process import Process

_TOLD = 5
"""So many cells and rows that could not be read are named one by one."""


@dataclass(frozen=True, slots=True)
class History:
    """Deals that happened. ``subject`` names where they were read; ``as_of`` is where the follow-up ends.

    ``process`` is the one that they were read for or, where none is written yet, the bare one that they show.
    ``export`` is what became of a file's rows; ``None``: they come from the journal, whose processes are ``versions``.
    """

    tables: Tables
    process: Process
    subject: str
    as_of: datetime
    export: Export | None = None
    versions: tuple[Process, ...] = ()


def history_options(function: F) -> F:
    """``FILE``, ``--map`` and ``--process``, handed on as ``file``, ``map_name`` and ``process_name``."""
    decorated: F = stack(
        function,
        click.argument("file", type=click.Path(path_type=Path), required=False),
        click.option(
            "--map", "map_name", metavar="MAP", help="How FILE is read: a map's file, or a name below maps/ or shipped."
        ),
        click.option("--process", "process_name", metavar="NAME", help="The process whose deals they are."),
    )
    return decorated


def told_deals(
    where: Where, file: Path | None, *, map_name: str | None, process_name: str | None, at: date | None = None
) -> History:
    """The deals of a file or, without one, of the journal. ``at``: what happened later is not looked at; a time, or a
    whole day where the process is at home.

    Raises ``UnknownName``, ``BadValue``, ``FaultyFile`` or ``UnreadableFile``.
    """
    if file is not None:
        return _of_file(where, file, map_name=map_name, process_name=process_name, at=at)
    if map_name is not None:
        raise BadValue("--map says how a file is read, and no FILE is given", hint="name the file before --map")
    return _of_journal(where, process_name, at=at)


def map_and_process(name: str, where: Where, process_name: str | None) -> tuple[Map, Source | None]:
    """A map by its file or its name, and the process that it or ``process_name`` leads to and that it must fit.

    A map of the workspace goes before a shipped one of the same name.
    """
    from engine.loading.maps import load_map

    path = map_path(name, where)
    map_, source = _map_of(path, where, process_name)
    if source is not None:
        against = load_map(path, process=source.process)
        if against.value is None:
            raise FaultyFile(against.findings)
    return map_, source


def _map_of(path: Path, where: Where, process_name: str | None) -> tuple[Map, Source | None]:
    """A map, and the process that it or ``process_name`` leads to, whether or not they fit."""
    from dataclasses import replace

    from engine.loading.maps import load_map

    loaded = load_map(path)
    if loaded.value is None:
        raise FaultyFile(loaded.findings)
    leads_to = process_name or loaded.value.process
    if not leads_to:
        return loaded.value, None
    return replace(loaded.value, process=leads_to), named_process(leads_to, where)


def map_path(name: str, where: Where) -> Path:
    """The file of a map. Raises ``UnknownName``."""
    from engine.loading import catalog

    if Path(name).is_file():
        return Path(name)
    try:
        folders = [workspace_of(where) / "maps"]
    except UnknownName:
        if where.workspace is not None:
            raise
        # Where there is no workspace, maps/ is where 'map' says to keep one.
        folders = [Path("maps")]
    folders.append(catalog.shipped() / "maps")
    for folder in folders:
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    known = sorted({each.stem for folder in folders for each in folder.glob("*.yaml")})
    raise UnknownName(f"there is no map '{name}'", hint=did_you_mean(name, known, most=12))


def read_here(where: Where, file: Path | None, map_name: str | None) -> tuple[Path, ...]:
    """The files that the deals are read from, as far as they are there: nothing may be written over them."""
    found = []
    with suppress(UnknownName):
        found.append(file or journal_file(where))
    with suppress(UnknownName):
        found += [map_path(map_name, where)] if map_name else []
    return tuple(found)


def _of_file(where: Where, file: Path, *, map_name: str | None, process_name: str | None, at: date | None) -> History:
    from engine.history.read import read

    if map_name:
        map_, source = _map_of(map_path(map_name, where), where, process_name)
    else:
        map_, source = _proposed(file, where, process_name)
    export = _read_beyond(file, map_, source.process) if source else read(file, map_)
    tell_misfits(export, file)
    check_any(export, file)
    tables, as_of = followed_to(export.tables(), export.process, at)
    return History(tables, source.process if source else export.process, str(file), as_of, export)


def _read_beyond(file: Path, map_: Map, process: Process) -> Export:
    """The file with all that its map tells, also what the process does not have; that is said on stderr."""
    from engine.history.beyond import beyond
    from engine.history.read import read

    wider = beyond(map_, process)
    if wider.stages:
        remark(f"{process.name} has no stage {', '.join(map(repr, wider.stages))}: what the file tells of it is kept")
    if wider.facts:
        remark(f"{process.name} records no fact {', '.join(map(repr, wider.facts))}: left out here")
    return read(file, wider.map, wider.process)


def _proposed(file: Path, where: Where, process_name: str | None) -> tuple[Map, Source | None]:
    """What ``map FILE`` would propose."""
    from dataclasses import replace

    from engine.history.propose import propose

    source = named_process(process_name, where) if process_name else None
    proposal = propose(file)
    remark(f"no --map given: read as 'stagewright map {shlex.quote(str(file))}' proposes")
    if "stages" in proposal.unsure and len(proposal.map.stages) - len(proposal.map.ends) > 1:
        remark("the order of the stages is a guess, and what is told by stage depends on it: mend it in the map")
    map_ = proposal.map
    return (replace(map_, process=process_name or ""), source) if source else (map_, None)


def tell_misfits(export: Export, file: Path) -> None:
    """Says on stderr what of a file could not be read; in full ``import --dry-run`` tells it."""
    from engine.report.escape import shown
    from engine.report.wording import count

    cells, rows = export.bad_cell_count, export.left_out_rows
    for cell in export.bad_cells[:_TOLD]:
        remark(shown(f"{cell.cell} ({cell.column}): {cell.message}" + (f"; {cell.hint}" if cell.hint else "")))
    _tell_more(cells, "cell")
    for row in export.left_out[:_TOLD]:
        remark(shown(f"row {row.row}" + (f", deal {row.deal}" if row.deal else "") + f": {row.reason}"))
    _tell_more(rows, "row")
    if cells:
        remark(shown(f"{count(cells, 'cell')} of {file} could not be read"))
    if rows:
        left_out = "is left out" if rows == 1 else "are left out"
        remark(f"{rows:,} of {count(export.rows, 'row')} {left_out} of all that follows")
    tell_notes(export, file)


def _tell_more(number: int, what: str) -> None:
    from engine.report.wording import count

    if number > _TOLD:
        remark(f"and {count(number - _TOLD, what + ' more', what + 's more')}; 'import --dry-run' names each")


def check_any(export: Export, file: Path, *, mend: str = "") -> None:
    """Raises ``BadValue`` where no deal could be read of a file: of nothing there is nothing to tell."""
    if export.deal_count:
        return
    hint = mend or f"see what 'stagewright map {shlex.quote(str(file))}' proposes, and mend the map"
    if not export.rows:
        raise BadValue(f"'{file}' has no rows, only the names of its columns", hint="export it again, with its deals")
    if not export.left_out_rows:
        raise BadValue(f"no row of '{file}' tells of a deal by this map", hint=hint)
    reasons = [f"{cell.column}: {cell.message}" for cell in export.bad_cells] or [row.reason for row in export.left_out]
    # A bad cell says it best; else what most rows suffer from.
    why = f", such as for {reasons[0]}" if export.bad_cells else f": {Counter(reasons).most_common(1)[0][0]}"
    raise BadValue(
        f"no deal of '{file}' could be read; {export.left_out_rows:,} of {export.rows:,} rows are left out{why}",
        hint=hint,
    )


def tell_notes(export: Export, file: Path) -> None:
    """Says on stderr what could be read of a file and is odd all the same."""
    from engine.report.escape import shown

    if not export.rows:
        remark(f"{file} has no rows: below the names of the columns it holds nothing")
    for note in export.notes:
        remark(shown(note))


def _of_journal(where: Where, process_name: str | None, *, at: date | None) -> History:
    from engine.history.kept import kept_tables

    with _opened_journal(where) as journal:
        processes = [process_of(journal)(definition.digest) for definition in journal.definitions()]
        tables = kept_tables(journal, processes, passed=frozenset())
    if not tables.deals.num_rows:
        raise BadValue("the journal has no deals yet", hint="import some, or name a FILE")
    process = named_process(process_name, where).process if process_name else _only_process(processes)
    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    tables, as_of = followed_to(in_words_of(process, tables, processes), process, at, now=now)
    return History(tables, process, journal_target(where), as_of, versions=tuple(processes))


@contextmanager
def _opened_journal(where: Where) -> Iterator[SqlJournal]:
    """The journal; where there is none, that a file would do is said."""
    try:
        target = journal_target(where)
    except UnknownName as error:
        raise UnknownName(str(error), hint=f"name a FILE to read, or: {error.hint}") from None
    if "://" not in target and not Path(target).exists():
        raise JournalError(
            f"no FILE is named, and there is no journal '{target}'",
            hint="name a FILE to read, or a journal with --journal, or start a deal",
        )
    with open_journal(where, read_only=True) as journal:
        yield journal


def _only_process(processes: list[Process]) -> Process:
    """The newest version of the one process that the journal has deals of."""
    names = sorted({process.id for process in processes})
    if not names:
        raise BadValue("the journal has no deals yet", hint="import some, or name a FILE")
    if len(names) > 1:
        raise BadValue(
            f"the journal has deals of {len(names)} processes", hint=f"say --process NAME; known: {', '.join(names)}"
        )
    return max(processes, key=lambda process: process.version)
