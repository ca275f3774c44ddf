"""``measure``: how many were won and lost, in what time, where deals stand, and every measure that is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.days import Span, begin_of, span_options
from engine.commands.histories import history_options, read_here, told_deals
from engine.commands.options import Where, where_options
from engine.commands.other_metrics import tell_of_other_metrics
from engine.commands.output import spare
from engine.commands.rates import currencies_of, rates_of, rates_option
from engine.commands.source import people_of, process_file
from engine.commands.studies import form_asked, hand_over, study_options, write_page
from engine.model.errors import BadValue
from engine.model.values import parse_duration

if TYPE_CHECKING:
    from engine.analysis.measure.asked import Asked
    from engine.commands.histories import History
    from engine.model.change import Changes
    from engine.model.expression import Expression
    from engine.model.process import Process

PAGES = (".html", ".htm")
PERIODS = ("day", "week", "month", "quarter", "year")


@click.command("measure", short_help="Count what was won and lost, and how long it took.")
@history_options
@span_options(looks="Measure")
@click.option("--by", default="", metavar="FACT", help="Break figures down: owner, team, version, or a fact.")
@click.option("--compare", nargs=2, default=None, metavar="V1 V2", help="Figures of one version beside another's.")
@click.option("--only", multiple=True, metavar="ID", help="Tell this measure alone; repeat it for more.")
@click.option("--every", type=click.Choice(PERIODS), default=None, help="How long a period is (default: what fits).")
@click.option("--within", default="", metavar="TIMES", help="By when deals came further (default: 30d,60d,90d).")
@click.option("--where", "condition", metavar="CONDITION", help="Measure only deals of which this is true.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page to mail as well, beside what is printed.",
)
@rates_option
@where_options
@study_options
def command(
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    *,
    span: Span,
    by: str,
    compare: tuple[str, str] | None,
    only: tuple[str, ...],
    every: str | None,
    within: str,
    condition: str | None,
    html: Path | None,
    rates: Path | None,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> None:
    """Measure the deals of FILE, or without it those of the journal.

    How many were won and lost, in what time, what stands where in the pipeline, and each measure that the process
    declares. Deals still open are counted as open, and beside each estimate stands its 90 % interval.
    """
    from engine.analysis.measure.measure import measure
    from engine.analysis.measure.periods import Every

    form = form_asked(output_format, out)
    for page in (out, html):
        spare(page, *read_here(where, file, map_name), process_file(process_name, where), rates)
    _check(by=by, compare=compare, out=out, html=html)
    history = told_deals(where, file, map_name=map_name, process_name=process_name, at=span.end)
    if process_name is None:
        tell_of_other_metrics(history, where)
    asked = replace(
        _of_deals(history, span, rates),
        by=by,
        every=Every(every) if every else None,
        within=_horizons(within),
        only=only,
        teams=_teams(where) if by == "team" else {},
        versions=_versions(compare, history.process.id) if compare else None,
        where=_which_deals(condition, history.process) if condition else None,
    )
    study = measure(history.tables, history.process, asked=asked)
    write_page(study, html)
    hand_over(study, form, out)


def _check(*, by: str, compare: tuple[str, str] | None, out: Path | None, html: Path | None) -> None:
    """Raises ``BadValue`` for options that do not go together."""
    if by and compare:
        raise BadValue(
            "--by and --compare both say whose figures stand beside each other", hint="leave one of them out"
        )
    if html is not None and html.suffix.lower() not in PAGES:
        raise BadValue(f"--html: '{html}' does not end as a page does", hint="name it so that it ends in .html")
    if html is not None and out is not None and html.resolve() == out.resolve():
        raise BadValue(f"--html and --out name one file, '{out}'", hint="leave one of them out")


def _of_deals(history: History, span: Span, rates: Path | None) -> Asked:
    """What is to be known of the deals themselves, whatever figures of them are asked for."""
    from engine.analysis.measure.asked import Asked

    return Asked(
        subject=history.subject,
        since=begin_of(span.begin, history.process.time_zone) if span.begin else None,
        as_of=history.as_of,
        currencies=currencies_of(history),
        rates=rates_of(rates),
        changes=_changes(history),
        days=(_day(span.begin), _day(span.end)),
    )


def _day(when: date | None) -> date | None:
    return None if isinstance(when, datetime) else when


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


def _teams(where: Where) -> dict[str, str]:
    """The team of each person, as people.yaml says; none where there is no such file."""
    people = people_of(where)
    return dict(people.teams) if people else {}


def _versions(names: Sequence[str], process: str) -> tuple[int, int]:
    one, two = (_version(name, process) for name in names)
    return one, two


def _version(name: str, process: str) -> int:
    """The number of ``1``, ``v1`` or ``inside-sales@1``. Raises ``BadValue``."""
    base, at, version = name.strip().rpartition("@")
    number = version if at else version.removeprefix("v")
    if not number.isdecimal() or len(number) > len(str(2**31)) or (at and base != process):
        mend = f"name two versions of {process}, such as {process}@1 and {process}@2, or 1 and 2"
        raise BadValue(f"--compare: '{name}' is no version of {process}", hint=mend)
    return int(number)


def _changes(history: History) -> tuple[Changes, ...]:
    """What differs from each version that deals of the journal follow to the next one."""
    from itertools import pairwise

    versions = {each.version: each for each in history.versions if each.id == history.process.id}
    if len(versions) < len(("old", "new")):
        return ()
    from engine.versions.diff import diff

    return tuple(diff(old, new) for old, new in pairwise(versions[each] for each in sorted(versions)))
