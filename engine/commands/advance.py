"""``advance``: do an action to a deal, if its rules allow it."""

from __future__ import annotations

import click

from engine.advance.occasion import Occasion, machines
from engine.commands.options import Where, fact_option, format_option, where_options, who_options
from engine.commands.outcome import told
from engine.commands.source import among_people, neighbours_of, open_journal, parse_facts, process_of
from engine.model.decision import Move


@click.command("advance", short_help="Do an action to a deal, if its rules allow it.")
@click.argument("deal")
@click.argument("action")
@click.option("--to", default="", metavar="STAGE", help="Where to, for an action that can lead to several stages.")
@click.option("--reason", default="", metavar="CODE", help="Why: a code from the action's list of reasons.")
@click.option("--note", default="", metavar="TEXT", help="Why, in your own words.")
@fact_option
@click.option("--override", is_flag=True, help="Waive requirements and approvals, where your role may; it is recorded.")
@who_options
@where_options
@format_option("text", "json")
def command(
    deal: str,
    action: str,
    to: str,
    reason: str,
    note: str,
    facts: tuple[str, ...],
    override: bool,  # noqa: FBT001 - click hands flags over so
    occasion: Occasion,
    where: Where,
    output_format: str,
) -> int:
    """Do ACTION to DEAL. A refusal (exit 1) tells everything that is missing, and is kept in the journal too."""
    from engine.advance.commit import find_deal
    from engine.advance.move import advance

    occasion = among_people(occasion, where)
    with open_journal(where) as journal:
        read = process_of(journal)
        process = read(find_deal(journal, deal).digest)
        move = Move(
            action=action,
            to=to,
            reason=reason,
            note=note,
            actor=occasion.actor,
            role=occasion.role,
            facts=parse_facts(process, facts),
            override=override,
        )
        others = neighbours_of(where)
        outcome = advance(journal, machines(read), deal, move=move, occasion=occasion, neighbours=others)
    return told(outcome, process, output_format=output_format)
