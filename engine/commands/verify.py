"""``verify``: whether the journal still says what was written into it."""

from __future__ import annotations

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, remark, style
from engine.commands.source import open_journal


@click.command("verify", short_help="Check the journal for what was changed or removed.")
@click.option("--rebuild", is_flag=True, help="First make the table of deals anew from the entries.")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(rebuild: bool, where: Where, output_format: str) -> int:  # noqa: FBT001 - click hands flags over so
    """Check every entry against its hash: names what was changed, removed or put in another order (exit 1).

    The table of deals only sums up the entries; where it alone is at fault, --rebuild mends it.
    """
    from engine.journal.deals import rebuild as rebuild_deals
    from engine.journal.verify import counts, verify
    from engine.report import verify as report
    from engine.report.formats import render

    with open_journal(where, read_only=not rebuild) as journal:
        if rebuild:
            remark(f"made the table of deals anew: {rebuild_deals(journal)} deals")
        problems = verify(journal)
        deals, entries = counts(journal)
    faults = [report.Fault(problem.deal, problem.sequence, problem.what) for problem in problems]
    if output_format == "text":
        put(report.text(faults, deals=deals, entries=entries, style=style()))
    else:
        put(render(report.table(faults, deals=deals, entries=entries), output_format, width=columns()))
    return int(bool(faults))
