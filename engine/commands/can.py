"""``can``: what may be done to a deal now, and what stands in the way of the rest."""

from __future__ import annotations

import click

from engine.advance.occasion import Occasion, machines
from engine.commands.options import Where, asking_options, format_option, where_options
from engine.commands.output import columns, put, remark, style
from engine.commands.source import among_people, neighbours_of, open_journal, process_of

_NO_ROLE = "no role was given; say in which you ask with --role, or set STAGEWRIGHT_ROLE"


@click.command("can", short_help="Tell what a deal can do, and what is missing.")
@click.argument("deal")
@click.argument("action", required=False)
@asking_options
@where_options
@format_option("text", "json")
def command(deal: str, action: str | None, occasion: Occasion, where: Where, output_format: str) -> int:
    """List each action that DEAL can do now, and for each that it cannot, everything that is missing.

    With ACTION, only that one: exit 0 if it is possible, 1 if not. Nothing is recorded.
    """
    from engine.advance.move import can
    from engine.report import decision as report
    from engine.report import documents

    occasion = among_people(occasion, where)
    with open_journal(where, read_only=True) as journal:
        read = process_of(journal)
        others = neighbours_of(where)
        found, decisions = can(journal, machines(read), deal, occasion=occasion, action=action, neighbours=others)
        process = read(found.digest)
    if process.roles and not any(decision.move.role for decision in decisions):
        remark(
            _NO_ROLE if occasion.people is None else f"{occasion.actor} has no role of {process.name} in people.yaml"
        )
    if output_format == "json":
        put(documents.options(process, found, decisions))
    else:
        put(report.can(process, found, decisions, style=style(), columns=columns()))
    return int(action is not None and not any(report.is_possible(decision) for decision in decisions))
