"""``conform``: how far real deals keep to a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.histories import read_here, told_deals
from engine.commands.options import Where, parse_time, where_options
from engine.commands.output import progress, spare
from engine.commands.source import process_file
from engine.commands.studies import form_asked, hand_over, study_options
from engine.model.errors import BadValue
from engine.model.values import parse_date, parse_number

if TYPE_CHECKING:
    from engine.commands.histories import History
    from engine.model.study import Study


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say, read."""

    since: date | None
    deal: str | None
    least: Decimal | None


@click.command("conform", short_help="Tell how far deals keep to a process.")
@click.argument("process_name", metavar="PROCESS")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--map", "map_name", metavar="MAP", help="How FILE is read: a map's file, or a name below maps/ or shipped."
)
@click.option("--since", metavar="DATE", help="Deals that ended on that day or later, and those still open.")
@click.option("--deal", metavar="ID", help="One deal, step by step.")
@click.option("--at", metavar="TIME", help="As the deals stood then (default: at the last time they tell, or now).")
@click.option("--fail-under", metavar="SHARE", help="Exit 1 where the fitness of all is less, such as 90%.")
@where_options
@study_options
def command(
    process_name: str,
    file: Path | None,
    map_name: str | None,
    since: str | None,
    deal: str | None,
    at: str | None,
    fail_under: str | None,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> int:
    """Tell how far the deals of FILE or, without one, of the journal keep to PROCESS.

    Which stages were skipped and by which action one would have gone there, what happened that the process has not,
    which requirements the facts would have failed as they were known then, and the deals behind each number.
    """
    form = form_asked(output_format, out)
    spare(out, *read_here(where, file, map_name), process_file(process_name, where))
    asked = _asked(since, deal, fail_under)
    history = told_deals(where, file, map_name=map_name, process_name=process_name, at=parse_time(at) if at else None)
    study, fitness = _study(history, asked)
    hand_over(study, form, out)
    return int(asked.least is not None and fitness < asked.least)


def _asked(since: str | None, deal: str | None, fail_under: str | None) -> Asked:
    if deal is not None and (since or fail_under):
        raise BadValue(
            "--deal tells one deal; --since and --fail-under are about all of them", hint="leave one of them out"
        )
    return Asked(parse_date(since) if since else None, deal, _share(fail_under) if fail_under else None)


def _share(text: str) -> Decimal:
    """``90%`` or ``0.9``. Raises ``BadValue``."""
    number = text.strip()
    share = parse_number(number[:-1]).scaleb(-2) if number.endswith("%") else parse_number(number)
    if not 0 <= share <= 1:
        raise BadValue(f"--fail-under takes a share from 0% to 100%, not '{text}'", hint="write it such as 90% or 0.9")
    return share


def _study(history: History, asked: Asked) -> tuple[Study, float]:
    """What was found, and the fitness of all (of one deal it is not asked)."""
    from engine.analysis.conform.conform import conform, conform_deal, fitness

    tables, process, subject, as_of = history.tables, history.process, history.subject, history.as_of
    if asked.deal is not None:
        named = (("deal", asked.deal),)
        return conform_deal(tables, process, deal=asked.deal, subject=subject, as_of=as_of, asked=named), 1.0
    options = (("since", asked.since), ("fail-under", asked.least))
    with progress("holding deals to it", tables.deals.num_rows) as done:
        study = conform(tables, process, subject=subject, as_of=as_of, since=asked.since, asked=options, done=done)
    return study, fitness(study)
