"""``deals``: where every deal stands."""

from __future__ import annotations

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import put
from engine.commands.source import open_journal


@click.command("deals", short_help="List deals and where they stand.")
@click.option("--process", default=None, metavar="NAME", help="Only deals of this process.")
@click.option("--stage", default=None, metavar="STAGE", help="Only deals in this stage.")
@click.option("--open", "only_open", is_flag=True, help="Only deals that have not ended.")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(process: str | None, stage: str | None, only_open: bool, where: Where, output_format: str) -> None:  # noqa: FBT001
    """List deals: where each stands, since when, its outcome and owner."""
    from engine.report.deals import deals_table
    from engine.report.formats import render

    with open_journal(where, read_only=True) as journal:
        found = list(journal.deals(process=process, stage=stage, outcome="" if only_open else None))
    put(render(deals_table(found), output_format))
