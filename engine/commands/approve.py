"""``approve``: agree to an action of a deal, so that someone else may do it."""

from __future__ import annotations

import click

from engine.advance.occasion import Occasion, machines
from engine.commands.options import Where, format_option, where_options, who_options
from engine.commands.outcome import told
from engine.commands.source import among_people, open_journal, process_of


@click.command("approve", short_help="Approve an action of a deal.")
@click.argument("deal")
@click.argument("action")
@click.option("--note", default="", metavar="TEXT", help="A remark to keep with it.")
@who_options
@where_options
@format_option("text", "json")
def command(deal: str, action: str, note: str, occasion: Occasion, where: Where, output_format: str) -> int:
    """Approve ACTION of DEAL, as --as WHO in --role ROLE. Whoever then does the action must be someone else."""
    from engine.advance.commit import find_deal
    from engine.advance.record import approve

    occasion = among_people(occasion, where)
    with open_journal(where) as journal:
        read = process_of(journal)
        process = read(find_deal(journal, deal).digest)
        outcome = approve(journal, machines(read), deal, action=action, occasion=occasion, note=note)
    return told(outcome, process, output_format=output_format)
