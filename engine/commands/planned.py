"""What ``plan`` and ``apply`` both need: the definitions that deals follow, and whether the new one may be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.failure import say
from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import Source, process_of, workspace_of
from engine.commands.versions_read import other_files
from engine.model.errors import StagewrightError, UnreadableFile
from engine.model.process import Process

if TYPE_CHECKING:
    from engine.journal.store import SqlJournal
    from engine.model.plan import FilledPlan, Plan, PlanFault
    from engine.versions.plan import Definitions


_SHOWN = 50
"""So many faults are told one by one."""


class Released(Enum):
    """Whether deals may come to a version: it is released, nothing of the process ever was, or only others are."""

    YES = "yes"
    NOTHING_IS = "nothing is"
    OTHERS_ARE = "others are"
    CHANGED = "changed"


def released(source: Source, where: Where) -> Released:
    """Whether the version is released, as the workspace says."""
    from engine.loading.released import releases

    try:
        known = releases(workspace_of(where) / "processes" / source.process.id)
    except StagewrightError:
        return Released.NOTHING_IS
    if not known:
        return Released.NOTHING_IS
    release = known.get(source.process.version)
    if release is None:
        return Released.OTHERS_ARE
    return Released.YES if release.digest == source.definition.digest else Released.CHANGED


def definitions_of(journal: SqlJournal, new: Source, where: Where) -> Definitions:
    """What the journal keeps of the process, and the versions between."""
    from engine.versions.plan import Definitions

    files = [new, *other_files(new.process, where)]
    # A text that stands in a file, too, is read once.
    read = {source.definition.digest: source.process for source in files}
    known: dict[str, Process] = {}
    unread: dict[str, str] = {}
    from_journal = process_of(journal)
    for definition in journal.definitions():
        if definition.process != new.process.id:
            continue
        try:
            known[definition.digest] = read.get(definition.digest) or from_journal(definition.digest)
        except StagewrightError as error:
            unread[definition.digest] = str(error)
    found = {process.version: process for process in known.values()}
    found.update((source.process.version, source.process) for source in files)
    between = tuple(process for version, process in sorted(found.items()) if version != new.process.version)
    return Definitions(known, unread, between)


def tell_breaks(plan: Plan, new: Process, definitions: Definitions) -> None:
    """Says so where the version does not follow, step by step, one that deals of the plan come from."""
    known = {process.version: process for process in (*definitions.between, new)}
    for version in sorted({definitions.known[digest].version for digest in plan.renamed}):
        at = _broken(min(version, new.version), max(version, new.version), known)
        if at:
            why = "does not follow it" if at in known else "cannot be read"
            remark(f"what became of version {version} is not told, for {new.id}@{at} {why}: stages are matched by id")


def _broken(low: int, high: int, known: Mapping[int, Process]) -> int:
    """The version from which no way leads on to the lower one; 0 where one does."""
    at = high
    while at > low:
        follows = known[at].follows if at in known else None
        if follows is None or follows.version < low:
            return at
        at = follows.version
    return 0


def read_filled(path: Path) -> tuple[FilledPlan | None, tuple[PlanFault, ...]]:
    """The plan as far as it can be read, and what is wrong with the file."""
    from engine.loading.plan_file import of_rows, read_plan

    return of_rows(_rows(path), path) if path.suffix.lower() == ".xlsx" else read_plan(path)


def _rows(path: Path) -> tuple[tuple[int, dict[str, str]], ...]:
    from engine.history.sheet import Layout
    from engine.history.xlsx import read_workbook

    if not path.is_file():
        raise UnreadableFile(f"there is no file '{path}'")
    sheet = read_workbook(path, Layout())
    known = {name: tuple(column.each_text()) for name, column in sheet.columns.items()}
    texts = {name: [known[name][code] for code in column.codes.tolist()] for name, column in sheet.columns.items()}
    rows = [
        (number, {name: cells[at] for name, cells in texts.items()}) for at, number in enumerate(sheet.numbers.tolist())
    ]
    return ((1, dict.fromkeys(texts, "")), *rows)


def tell_faults(faults: Sequence[PlanFault]) -> int:
    """Says what is wrong with a plan, row by row, and gives the exit code."""
    for fault in sorted(faults, key=_row)[:_SHOWN]:
        say(f"{fault.at}: {fault.message}", fault.hint)
    if len(faults) > _SHOWN:
        remark(f"and {len(faults) - _SHOWN:,} more")
    remark("nothing was done")
    return 2


def _row(fault: PlanFault) -> int:
    found = re.search(r"\d+", fault.at)
    return int(found.group()) if found else 0
