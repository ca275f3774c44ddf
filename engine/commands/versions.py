"""``versions``: the versions of a process: released or not, what each changed, how many deals are on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import journal_target, open_journal
from engine.commands.versioned import Home, changes_of, home_of, loaded, sound

if TYPE_CHECKING:
    from engine.loading.loaded import Loaded
    from engine.loading.released import Release
    from engine.model.process import Process
    from engine.model.table import Table
    from engine.report.versions import VersionRow

Deals = Mapping[tuple[int, str], int]


@click.command("versions", short_help="List the versions of a process.")
@click.argument("process", metavar="NAME|FILE")
@click.option("--git", "from_git", is_flag=True, help="List the commits that touched its files, and what they changed.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many commits are looked at."
)
@where_options
@format_option("text", "json", "csv", "markdown")
def command(process: str, from_git: bool, most: int, where: Where, output_format: str) -> None:  # noqa: FBT001
    """List the versions of a process: when each was released, why, and what it changed against the one before.

    With a journal it also tells how many open deals are on each. With --git it lists the commits that touched the files
    of the process, or the one FILE, and by levels what each changed.
    """
    from engine.report.formats import render
    from engine.report.versions import brief

    if from_git:
        from engine.commands.commits import commits

        full = commits(process, where, most=most)
    else:
        full = _table(home_of(process, where)[0], where)
    shown = brief(full) if output_format == "text" else full
    put(render(shown, output_format, width=columns(), style=style()))


def _table(home: Home, where: Where) -> Table:
    from engine.loading.released import releases
    from engine.report.versions import versions_table

    known, deals = releases(home.folder), _open_deals(home, where)
    reads = {version: loaded(home, version) for version in home.versions}
    rows = tuple(_rows(home, reads, known, deals))
    notes = (*_told_of_files(home, rows), *_on_other_text(reads, deals or {}))
    return versions_table(home.name, rows, notes=notes)


def _open_deals(home: Home, where: Where) -> Deals | None:
    """How many open deals are on each version and text of it; ``None`` where there is no journal."""
    target = journal_target(where)
    if where.journal is None and not Path(target).exists():
        return None
    with open_journal(where, read_only=True) as journal:
        found = journal.deals(process=home.name, outcome="")
        return Counter((deal.version, deal.digest) for deal in found if not deal.forgotten)


def _rows(
    home: Home, reads: Mapping[int, Loaded[Process]], known: Mapping[int, Release], deals: Deals | None
) -> Iterator[VersionRow]:
    from engine.report.versions import VersionRow

    before: Process | None = None
    for version in sorted({*reads, *known, *(number for number, _ in deals or ())}):
        read, release = reads.get(version), known.get(version)
        process = sound(read) if read else None
        yield VersionRow(
            version,
            release.date if release else "",
            process.because if process else "",
            release.because if release else "",
            changes_of(home, before, process) if before and process else None,
            None if deals is None else sum(count for (number, _), count in deals.items() if number == version),
            _file(read, process, release),
        )
        # Against an earlier one it would seem that this version made changes which the unread one made.
        before = process


def _file(read: Loaded[Process] | None, process: Process | None, release: Release | None) -> str:
    if read is None:
        return "missing"
    if process is None:
        return "has errors"
    if release is None:
        return "not released"
    return "as released" if read.value else "changed since"


def _told_of_files(home: Home, rows: Sequence[VersionRow]) -> Iterator[str]:
    hints = {
        "missing": f"the file is gone; put {home.folder}/{{}}.yaml back. Deals on it go on: the journal keeps its text",
        "changed since": f"the file was changed after its release; 'stagewright check {home.name}@{{}}' tells more",
        "has errors": f"the file cannot be read; 'stagewright check {home.name}@{{}}' tells why",
    }
    for row, after in zip(rows, (*rows[1:], None), strict=True):
        if row.file in ("missing", "has errors") and after and after.file not in ("missing", "has errors"):
            yield f"version {after.version}: what it changed is not told, for version {row.version} cannot be read"
    for row in rows:
        if row.file in hints:
            yield f"version {row.version}: {hints[row.file].replace('{}', str(row.version))}"
    if not any(row.released for row in rows):
        yield f"none is released yet: 'stagewright release {home.name} --because …'"


def _on_other_text(reads: Mapping[int, Loaded[Process]], deals: Deals) -> Iterator[str]:
    """Deals that began before an unreleased version was changed follow its text of then."""
    for (version, digest), count in sorted(deals.items()):
        definition = reads[version].definition if version in reads else None
        if definition is not None and definition.digest != digest:
            told = "1 open deal follows" if count == 1 else f"{count:,} open deals follow"
            yield f"version {version}: {told} another text of it, which the journal keeps"
