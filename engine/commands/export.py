"""``export``: the journal as tables, for a spreadsheet or a warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import form_of, remark, spare
from engine.commands.source import journal_file, open_journal, process_of
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.history.write import Tables

TABLES = ("deals", "moves", "touches", "facts", "verdicts")
FORMS = {".csv": "csv", ".jsonl": "jsonl", ".json": "json", ".md": "markdown", ".parquet": "parquet"}


@click.command("export", short_help="Write the journal out as tables.")
@click.argument("table", type=click.Choice(TABLES), required=False)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A file; without TABLE, a folder for all five.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["csv", "jsonl", "json", "markdown", "parquet"]),
    default=None,
    envvar="STAGEWRIGHT_FORMAT",
    help="How the tables are written (default: by the ending of --out, else csv).",
)
@where_options
def command(table: str | None, out: Path | None, output_format: str | None, where: Where) -> None:
    """Write TABLE (deals, moves, touches, facts or verdicts) to stdout or a file, or all five into a folder.

    CSV, JSON lines and Parquet hold exactly what the tables hold; to take the journal itself elsewhere and back, use
    'stagewright journal copy'.
    """
    from engine.history.kept import kept_tables

    chosen = output_format or (form_of(out, FORMS) if table else "csv")
    if out is None and (table is None or chosen == "parquet"):
        raise BadValue("this needs a place to go", hint="say where with --out PATH")
    spare(out, journal_file(where))
    with open_journal(where, read_only=True) as journal:
        read = process_of(journal)
        tables = kept_tables(journal, [read(definition.digest) for definition in journal.definitions()])
    if out is None:
        for part in _text(tables, str(table), chosen):
            click.echo(part, nl=False)
        return
    for name in (table,) if table else TABLES:
        path = out if table else out / f"{name}{_ending(chosen)}"
        _write(tables, name, path, output_format=chosen)
        remark(f"wrote {path}")


def _ending(form: str) -> str:
    return next(ending for ending, each in FORMS.items() if each == form)


def _text(tables: Tables, name: str, output_format: str) -> Iterable[str]:
    from engine.history import write
    from engine.report import exact
    from engine.report.formats import render

    if output_format in exact.LINES:
        return exact.LINES[output_format](write.columns(tables, name), write.exact_rows(tables, name))
    return (render(write.table(tables, name), output_format),)


def _write(tables: Tables, name: str, path: Path, *, output_format: str) -> None:
    from engine.history import write as columns
    from engine.loading import write

    if output_format == "parquet":
        columns.parquet(tables, name, write.target_of(path))
    else:
        write.streamed(path, (part.encode() for part in _text(tables, name, output_format)))
