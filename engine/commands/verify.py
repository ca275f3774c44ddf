"""``verify``: whether the journal still says what was written into it."""

from __future__ import annotations

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import open_journal


@click.command("verify", short_help="Check the journal for what was changed or removed.")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(where: Where, output_format: str) -> int:
    """Check every entry against its hash: names what was changed, removed or put in another order (exit 1)."""
    from engine.journal.verify import verify
    from engine.report import verify as report
    from engine.report.formats import render

    with open_journal(where, read_only=True) as journal:
        problems = verify(journal)
        lengths = [deal.length for deal in journal.deals()]
    faults = [report.Fault(problem.deal, problem.sequence, problem.what) for problem in problems]
    if output_format == "text":
        put(report.text(faults, deals=len(lengths), entries=sum(lengths), style=style()))
    else:
        put(render(report.table(faults, deals=len(lengths), entries=sum(lengths)), output_format, width=columns()))
    return int(bool(faults))
