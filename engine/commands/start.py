"""``start``: a prospect enters a process."""

from __future__ import annotations

import click

from engine.advance.occasion import Occasion, machines
from engine.commands.options import Where, fact_option, format_option, where_options, who_options
from engine.commands.outcome import told
from engine.commands.source import (
    among_people,
    named_process,
    neighbours_of,
    open_journal,
    parse_facts,
    tell_if_changed,
)


@click.command("start", short_help="Start a deal in a process.")
@click.argument("process")
@click.argument("deal")
@fact_option
@click.option("--owner", default="", metavar="WHO", help="Who looks after the deal (default: --as).")
@who_options
@where_options
@format_option("text", "json")
def command(
    process: str, deal: str, facts: tuple[str, ...], owner: str, occasion: Occasion, where: Where, output_format: str
) -> int:
    """Start DEAL in PROCESS: a file, a name such as inside-sales, or one version, inside-sales@2."""
    from engine.advance.start import start

    occasion = among_people(occasion, where)
    source = named_process(process, where)
    with open_journal(where, create=True) as journal:
        tell_if_changed(journal, source.definition)
        outcome = start(
            journal,
            machines(lambda _digest: source.process),
            deal,
            definition=source.definition,
            facts=parse_facts(source.process, facts),
            occasion=occasion,
            owner=owner or occasion.actor,
            neighbours=neighbours_of(where),
        )
    return told(outcome, source.process, output_format=output_format)
