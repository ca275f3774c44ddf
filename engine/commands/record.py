"""``record``: what became known about a deal."""

from __future__ import annotations

import click

from engine.advance.occasion import Occasion, machines
from engine.commands.options import Where, format_option, where_options, who_options
from engine.commands.outcome import told
from engine.commands.source import among_people, neighbours_of, open_journal, parse_facts, process_of


@click.command("record", short_help="Record facts or a touchpoint of a deal.")
@click.argument("deal")
@click.argument("facts", nargs=-1, metavar="[FACT=VALUE]...")
@click.option("--touchpoint", default="", metavar="NAME", help="A contact with the customer, such as call.")
@click.option("--owner", default="", metavar="WHO", help="Who looks after the deal from now on.")
@click.option("--note", default="", metavar="TEXT", help="A remark to keep with it.")
@who_options
@where_options
@format_option("text", "json")
def command(
    deal: str,
    facts: tuple[str, ...],
    touchpoint: str,
    owner: str,
    note: str,
    occasion: Occasion,
    where: Where,
    output_format: str,
) -> int:
    """Record facts of DEAL (amount=9000 decision_date=2026-03-31), a touchpoint, a new owner or a note."""
    from engine.advance.commit import find_deal
    from engine.advance.record import record

    occasion = among_people(occasion, where)
    with open_journal(where) as journal:
        read = process_of(journal)
        process = read(find_deal(journal, deal).digest)
        outcome = record(
            journal,
            machines(read),
            deal,
            facts=parse_facts(process, facts),
            occasion=occasion,
            touchpoint=touchpoint,
            owner=owner,
            note=note,
            neighbours=neighbours_of(where),
        )
    return told(outcome, process, output_format=output_format)
