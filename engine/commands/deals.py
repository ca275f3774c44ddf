"""``deals``: where every deal stands."""

from __future__ import annotations

import click

from engine.commands.options import Where, format_option, make_occasion, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import open_journal, process_of


@click.command("deals", short_help="List deals and where they stand.")
@click.option("--process", default=None, metavar="NAME", help="Only deals of this process.")
@click.option("--stage", default=None, metavar="STAGE", help="Only deals in this stage.")
@click.option("--open", "only_open", is_flag=True, help="Only deals that have not ended.")
@click.option("--fact", "facts", multiple=True, metavar="FACT", help="A fact to show as a further column.")
@click.option("--at", metavar="TIME", envvar="STAGEWRIGHT_AT", help="Reckon time in stage up to then (default: now).")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(
    process: str | None,
    stage: str | None,
    only_open: bool,  # noqa: FBT001 - click hands flags over so
    facts: tuple[str, ...],
    at: str | None,
    where: Where,
    output_format: str,
) -> None:
    """List deals: where each stands, since when, whether that is too long, its outcome and owner."""
    from engine.report.deals import brief, table
    from engine.report.formats import render

    now = make_occasion(at=at, actor="", role="", key="").at
    with open_journal(where, read_only=True) as journal:
        found = list(journal.deals(process=process, stage=stage, outcome="" if only_open else None))
        read = process_of(journal)
        processes = {digest: read(digest) for digest in {deal.digest for deal in found}}
    full = table(found, processes, now=now, facts=facts)
    put(render(brief(full) if output_format == "text" else full, output_format, width=columns(), style=style()))
