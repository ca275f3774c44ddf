"""``journal copy``: a whole journal to another place, or to an archive and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.output import progress, put
from engine.model.errors import BadValue, UnreadableFile, UnwritableFile

if TYPE_CHECKING:
    from engine.journal.archiving import Form
    from engine.journal.copying import Copied
    from engine.journal.store import SqlJournal

ARCHIVES = (".jsonl", ".csv", ".parquet")
"""What the name of an archive ends with."""


@click.group("journal", short_help="Copy a whole journal, or archive it.")
def command() -> None:
    """Do something with the journal as a whole."""


@command.command("copy", short_help="Copy a whole journal to another place.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy a whole journal, from SQLite to PostgreSQL or back, and verify the copy.

    FROM and TO are journals (a file or a database URL); one of them may be an archive: a file that ends in .jsonl, .csv
    or .parquet. TO must be empty or not there. The copy keeps the journal's name, so that seals go on fitting.
    """
    from engine.report.wording import count

    if _is_archive(source) and _is_archive(target):
        raise BadValue("an archive is made of a journal, or a journal of an archive", hint="name a journal on one side")
    if _is_archive(target):
        entries = _archive(source, Path(target))
        put(f"wrote {count(entries, 'entry', 'entries')} to {target}, and read them back: they are the same")
        return
    copied = _restore(Path(source), target) if _is_archive(source) else _copy(source, target)
    counts = (
        count(copied.deals, "deal"),
        count(copied.entries, "entry", "entries"),
        count(copied.definitions, "definition"),
    )
    put(f"copied {', '.join(counts)}; the copy verifies")


def _is_archive(name: str) -> bool:
    return "://" not in name and Path(name).suffix.lower() in ARCHIVES


def _opened(name: str) -> SqlJournal:
    from engine.journal.connect import connect

    return connect(name, create=False, read_only=True)


def _copy(source: str, target: str) -> Copied:
    from contextlib import closing

    from engine.journal.archive import rows_of
    from engine.journal.copying import copy_into, made
    from engine.journal.verify import counts

    with closing(_opened(source)) as journal, journal.session.reading(), made(target) as copied:
        rows = rows_of(journal.session)
        with progress("copying", counts(journal)[1]) as told:
            return copy_into(copied, rows, progress=told, source=journal.session)


def _restore(archive: Path, target: str) -> Copied:
    from engine.journal.copying import copy_into, made

    if not archive.is_file():
        raise UnreadableFile(f"there is no file '{archive}'")
    with made(target) as journal, progress("reading", 0) as told:
        return copy_into(journal, _form(archive).read(archive), progress=told)


def _archive(source: str, archive: Path) -> int:
    from contextlib import closing

    from engine.journal import archiving
    from engine.journal.verify import counts
    from engine.loading.write import drafted

    if archive.exists():
        raise UnwritableFile(f"'{archive}' is there already", hint="name a new file")
    with (
        closing(_opened(source)) as journal,
        drafted(archive) as draft,
        progress("writing", counts(journal)[1]) as told,
    ):
        return archiving.archive(journal, draft, _form(archive), progress=told)


def _form(archive: Path) -> Form:
    from engine.journal.archiving import TEXT_FORMS, of_tables

    form = TEXT_FORMS.get(archive.suffix.lower())
    if form is not None:
        return form
    from engine.history import archive as parquet

    return of_tables(parquet.write, parquet.read)
