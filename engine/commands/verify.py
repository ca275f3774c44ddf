"""``verify``: whether the journal still says what was written into it."""

from __future__ import annotations

from pathlib import Path

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, remark, style
from engine.commands.sealing import read_seals, read_secret, secret_option
from engine.commands.source import open_journal


@click.command("verify", short_help="Check the journal for what was changed or removed.")
@click.option(
    "--against",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="SEAL",
    help="A file that 'seal' wrote, to compare with; repeat it for more.",
)
@secret_option
@click.option("--rebuild", is_flag=True, help="First make the table of deals anew from the entries.")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(
    files: tuple[Path, ...],
    secret: Path | None,
    rebuild: bool,  # noqa: FBT001 - click hands flags over so
    where: Where,
    output_format: str,
) -> int:
    """Check every entry against its hash: names what was changed, removed or put in another order (exit 1).

    With a seal it also names deals and last entries that are missing, and what was written anew. The table of deals
    only sums up the entries; where it alone is at fault, --rebuild mends it.
    """
    from engine.journal.deals import rebuild as rebuild_deals
    from engine.journal.verify import counts, verify_against
    from engine.report import verify as report
    from engine.report.formats import render

    seals = read_seals(files, secret=read_secret(secret)) if files else ()
    with open_journal(where, read_only=not rebuild) as journal:
        if rebuild:
            remark(f"made the table of deals anew: {rebuild_deals(journal)} deals")
        found = verify_against(journal, seals)
        deals, entries = counts(journal)
    faults = [report.Fault(problem.deal, problem.sequence, problem.what) for problem in found.problems]
    made = tuple(sorted(seal.sealed_at for seal in seals))
    compared = report.Compared(made, found.deals_since, found.entries_since) if seals else None
    if output_format == "text":
        put(report.text(faults, deals=deals, entries=entries, compared=compared, style=style()))
    else:
        table = report.table(faults, deals=deals, entries=entries, compared=compared)
        put(render(table, output_format, width=columns()))
    return int(bool(faults))
