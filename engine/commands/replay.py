"""``replay``: past moves judged by another version."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from engine.commands.histories import history_options, read_here
from engine.commands.options import Where, parse_time, where_options
from engine.commands.output import spare
from engine.commands.past_moves import Period, replay_file, replay_journal
from engine.commands.source import named_process, process_file
from engine.commands.studies import form_asked, hand_over, study_options
from engine.model.errors import BadValue
from engine.model.values import parse_date


@click.command("replay", short_help="Judge past moves by another version.")
@click.argument("new", metavar="NEW")
@history_options
@click.option("--since", metavar="DATE", help="Moves made on that day or later.")
@click.option("--until", metavar="DATE", help="Moves made on that day or earlier.")
@click.option("--at", metavar="TIME", help="As the deals stood then (default: at the last time they tell, or now).")
@where_options
@study_options
def command(
    new: str,
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    since: str | None,
    until: str | None,
    at: str | None,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> int:
    """Judge the moves of FILE or, without one, of the journal again by the version NEW.

    Each with what was known when it was made: which would be refused now, and by which requirement, which can no longer
    be expressed, and how many of these deals were later won. --process says by which version a FILE was made.
    """
    form = form_asked(output_format, out)
    spare(out, *read_here(where, file, map_name), process_file(new, where))
    asked = Period(_day("--since", since), _day("--until", until))
    then = parse_time(at) if at else None
    if file is None:
        _check_journal(process_name, map_name)
        study = replay_journal(named_process(new, where).process, where, asked, at=then)
    else:
        study = replay_file(new, where, asked, file=file, process_name=process_name, map_name=map_name, at=then)
    hand_over(study, form, out)
    return 0


def _check_journal(process_name: str | None, map_name: str | None) -> None:
    if map_name is not None:
        raise BadValue("--map says how a file is read, and no FILE is given", hint="name the file before --map")
    if process_name is not None:
        raise BadValue(
            "--process says by which version the moves of a FILE were made, and no FILE is given",
            hint="leave it out: the journal knows the version of each move",
        )


def _day(option: str, text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except BadValue as error:
        raise BadValue(f"{option}: {error}", hint=error.hint) from None
