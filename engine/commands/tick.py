"""``tick``: let clocks warn and act. Made to be run by a scheduler."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from engine.advance.occasion import Occasion, check_time, machines
from engine.commands.options import Where, format_option, make_occasion, where_options
from engine.commands.output import columns, progress, put, remark, style
from engine.commands.source import neighbours_of, open_journal, process_of, trial_journal
from engine.model.errors import StagewrightError

if TYPE_CHECKING:
    from engine.journal.store import SqlJournal
    from engine.model.ticked import Ticked


@click.command("tick", short_help="Let clocks warn and act on deals that are due.")
@click.option("--dry-run", is_flag=True, help="Tell what clocks would do, and record nothing.")
@click.option("--at", metavar="TIME", envvar="STAGEWRIGHT_AT", help="Do what was due by then (default: now).")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(dry_run: bool, at: str | None, where: Where, output_format: str) -> int:  # noqa: FBT001 - a flag of click's
    """Do what clocks have to do by now: warn, or act, in order of due time. Run it again, or twice at once: nothing
    is done a second time.

    Exit 0 where all that was due is done or told, 2 where a deal could not be judged or the journal gave up; what is
    told until then is recorded.
    """
    occasion = _ahead(at) if dry_run else _occasion(at)
    told: list[Ticked] = []
    opened: AbstractContextManager[SqlJournal] = trial_journal(where) if dry_run else open_journal(where)
    with opened as journal:
        error = _tick(journal, where, occasion, told)
        zones = _zones(journal, told)
    _put(told, output_format, done=error is None, zones=zones)
    if dry_run:
        remark("a dry run: nothing was recorded")
    if error is not None:
        raise error
    return 2 if any(each.came.value == "failed" for each in told) else 0


def _ahead(at: str | None) -> Occasion:
    """A time that is still to come may be tried out, as if it were now."""
    occasion = make_occasion(at=at, actor="", role="", key="")
    return replace(occasion, now=max(occasion.now, occasion.at))


def _zones(journal: SqlJournal, told: list[Ticked]) -> dict[str, str]:
    """The zone of each definition that is told of, where it can be read."""
    read = process_of(journal)
    zones = {}
    for digest in {each.deal.digest for each in told}:
        with suppress(StagewrightError):
            zones[digest] = read(digest).time_zone
    return zones


def _occasion(at: str | None) -> Occasion:
    occasion = make_occasion(at=at, actor="", role="", key="")
    check_time(occasion)
    return occasion


def _tick(journal: SqlJournal, where: Where, occasion: Occasion, told: list[Ticked]) -> StagewrightError | None:
    """What gave up in the middle, if anything did."""
    from engine.advance.tick import tick

    machine_of = machines(process_of(journal))
    with progress("clocks", journal.count_due(occasion.at)) as done:
        try:
            others = neighbours_of(where)
            ticked = tick(journal, machine_of, now=occasion.now, at=occasion.at, neighbours=others, progress=done)
            for each in ticked:
                told.append(each)  # noqa: PERF402 - what came before an error is kept
        except StagewrightError as error:
            return error
    return None


def _put(told: list[Ticked], output_format: str, *, done: bool, zones: dict[str, str]) -> None:
    from engine.report import ticked
    from engine.report.formats import render

    if output_format == "text":
        put(ticked.text(told, done=done, zones=zones, style=style()))
    else:
        put(render(ticked.table(told, done=done), output_format, width=columns()))
