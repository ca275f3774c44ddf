"""``why``: the story of a deal."""

from __future__ import annotations

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import open_journal, process_of


@click.command("why", short_help="Tell the story of a deal: each move and why.")
@click.argument("deal")
@where_options
@format_option("text", "markdown", "json")
def command(deal: str, where: Where, output_format: str) -> None:
    """Tell the story of DEAL: each move, when, who, why, under which version, and the rules with what they saw.

    It is read from the journal alone; the files of the process may be long gone.
    """
    from engine.advance.commit import find_deal
    from engine.report import story

    with open_journal(where, read_only=True) as journal:
        find_deal(journal, deal)
        entries = journal.entries(deal)
        read = process_of(journal)
        processes = {entry.digest: read(entry.digest) for entry in entries}
    if output_format == "text":
        put(story.story(processes, entries, style=style(), columns=columns()))
    else:
        put((story.json if output_format == "json" else story.markdown)(processes, entries))
