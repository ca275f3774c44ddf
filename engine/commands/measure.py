"""``measure``: how many were won and lost, in what time, where deals stand, and every measure that is declared."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.histories import history_options, read_here, told_deals
from engine.commands.options import Where, parse_time, where_options
from engine.commands.output import spare
from engine.commands.source import process_file
from engine.commands.studies import form_asked, hand_over, study_options
from engine.model.errors import BadValue
from engine.model.values import parse_duration

if TYPE_CHECKING:
    from engine.model.expression import Expression
    from engine.model.process import Process

PERIODS = ("day", "week", "month", "quarter", "year")


@click.command("measure", short_help="Count what was won and lost, and how long it took.")
@history_options
@click.option("--since", metavar="DATE", help="Measure what was seen since then: deals closed since, and those open.")
@click.option("--until", metavar="DATE", help="Look no further than the end of this day (default: as far as is known).")
@click.option("--by", default="", metavar="FACT", help="Break figures down: owner, team, version, or a fact.")
@click.option("--every", type=click.Choice(PERIODS), default=None, help="How long a period is (default: what fits).")
@click.option("--within", default="", metavar="TIMES", help="By when deals came further (default: 30d,60d,90d).")
@click.option("--where", "condition", metavar="CONDITION", help="Measure only deals of which this is true.")
@where_options
@study_options
def command(
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    since: str | None,
    until: str | None,
    by: str,
    every: str | None,
    within: str,
    condition: str | None,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> None:
    """Measure the deals of FILE, or without it those of the journal.

    How many were won and lost, in what time, what stands where in the pipeline, and each measure that the process
    declares. Deals still open are counted as open, and beside each estimate stands its 90 % interval.
    """
    from engine.analysis.measure.asked import Asked
    from engine.analysis.measure.measure import measure
    from engine.analysis.measure.periods import Every

    form = form_asked(output_format, out)
    spare(out, *read_here(where, file, map_name), process_file(process_name, where))
    history = told_deals(
        where, file, map_name=map_name, process_name=process_name, at=parse_time(until) if until else None
    )
    asked = Asked(
        subject=history.subject,
        since=parse_time(since) if since else None,
        as_of=history.as_of,
        by=by,
        every=Every(every) if every else None,
        within=_horizons(within),
        where=_which_deals(condition, history.process) if condition else None,
    )
    hand_over(measure(history.tables, history.process, asked=asked), form, out)


def _which_deals(condition: str, process: Process) -> Expression | str:
    from engine.loading.filters import which_deals

    try:
        return which_deals(condition, process)
    except BadValue as error:
        raise BadValue(f"--where {error}", hint=error.hint) from None


def _horizons(text: str) -> tuple[timedelta, ...]:
    found = tuple(parse_duration(each.strip()) for each in text.split(",") if each.strip())
    if any(each <= timedelta(0) for each in found):
        raise BadValue("--within: a horizon is more than no time", hint="write it as 30d, or several as 30d,60d,90d")
    return found
