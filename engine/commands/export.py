"""``export``: the journal as tables, for a spreadsheet or a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import put, remark
from engine.commands.source import open_journal, process_of
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.history.write import Tables

TABLES = ("deals", "moves", "touches", "facts", "verdicts")


@click.command("export", short_help="Write the journal out as tables.")
@click.argument("table", type=click.Choice(TABLES), required=False)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PATH", help="A file; without TABLE, a folder for all five."
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["csv", "json", "markdown", "parquet"]),
    default="csv",
    envvar="STAGEWRIGHT_FORMAT",
    show_default=True,
    help="How the tables are written.",
)
@where_options
def command(table: str | None, out: Path | None, output_format: str, where: Where) -> None:
    """Write TABLE (deals, moves, touches, facts or verdicts) to stdout or a file, or all five into a folder."""
    from engine.history.entries import fact_types, tables_of

    if out is None and (table is None or output_format == "parquet"):
        raise BadValue("this needs a place to go", hint="say where with --out PATH")
    with open_journal(where, read_only=True) as journal:
        read = process_of(journal)
        processes = [read(definition.digest) for definition in journal.definitions()]
        tables = tables_of(journal.all_entries(), fact_types(processes))
    if out is None:
        put(_text(tables, str(table), output_format))
        return
    for name in (table,) if table else TABLES:
        path = out if table else out / f"{name}.{_ENDINGS[output_format]}"
        _write(tables, name, path, output_format=output_format)
        remark(f"wrote {path}")


_ENDINGS = {"csv": "csv", "json": "json", "markdown": "md", "parquet": "parquet"}


def _text(tables: Tables, name: str, output_format: str) -> str:
    from engine.history import write
    from engine.report.formats import render

    return render(write.table(tables, name), output_format)


def _write(tables: Tables, name: str, path: Path, *, output_format: str) -> None:
    from engine.history import write as columns
    from engine.loading import write

    if output_format == "parquet":
        columns.parquet(tables, name, path)
    else:
        write.whole(path, _text(tables, name, output_format))
