"""``review``: the steps that deals followed, how long they took, and what sets won deals apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.histories import history_options, read_here, told_deals
from engine.commands.options import Where, parse_time, where_options
from engine.commands.output import spare
from engine.commands.rates import rates_of, rates_option
from engine.commands.source import process_file
from engine.commands.studies import form_asked, hand_over, study_options
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.commands.histories import History
    from engine.model.process import Process


@click.command("review", short_help="Tell how deals went: steps, times, contacts.")
@history_options
@click.option("--since", metavar="DATE", help="Look at what was seen since then: deals closed since, and those open.")
@click.option("--by", default="", metavar="FACT", help="Tell groups of deals apart: owner, or a fact.")
@click.option(
    "--window",
    metavar="DAYS",
    help="Count contacts within so many days after a stage was entered (default: 14, or fewer where fewer were seen).",
)
@click.option(
    "--at",
    envvar="STAGEWRIGHT_AT",
    metavar="TIME",
    help="Look no further than this (default: the last time in FILE, or now).",
)
@rates_option
@where_options
@study_options
def command(
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    since: str | None,
    by: str,
    window: str | None,
    at: str | None,
    rates: Path | None,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> None:
    """Tell how the deals of FILE, or without it those of the journal, went.

    The steps that won and lost deals followed, contact points, times from stage to stage, skips, returns and loops, and
    what differs between won and lost. Deals still open are counted as open. With --out review.html the map of the
    process is drawn.
    """
    from engine.analysis.asked import Asked
    from engine.analysis.review.review import review

    form = form_asked(output_format, out)
    spare(out, *read_here(where, file, map_name), process_file(process_name, where), rates)
    history = told_deals(where, file, map_name=map_name, process_name=process_name, at=parse_time(at) if at else None)
    asked = Asked(
        subject=history.subject,
        since=parse_time(since) if since else None,
        as_of=history.as_of,
        by=by,
        window_days=_days(window) if window else None,
        rates=rates_of(rates),
    )
    hand_over(review(history.tables, _named(history), asked=asked), form, out)


def _days(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadValue(f"--window: '{text}' is no number of days", hint="write more than 0 days, such as 14") from None


def _named(history: History) -> Process:
    """The process; a bare one without a title is called after the file that shows it."""
    export, process = history.export, history.process
    if export is None or export.map.process or process.title:
        return process
    return replace(process, title=Path(history.subject).name)
