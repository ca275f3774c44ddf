"""``import``: deals that already happened, from an export of a CRM."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.advance.occasion import Occasion, check_time
from engine.commands.called import called_by_texts
from engine.commands.histories import map_and_process, tell_notes
from engine.commands.options import Where, format_option, import_options, where_options
from engine.commands.output import progress, put, remark, style
from engine.commands.source import (
    open_journal,
    people_of,
    trial_journal,
)
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.advance.imported import ImportSummary
    from engine.history.export import Export
    from engine.model.past import BadCell, PastDeal
    from engine.report.import_summary import ImportCounts, LeftOut


@dataclass(frozen=True, slots=True)
class How:
    """``strict``: what the process would have refused stays out. ``dry_run``: all of it does."""

    strict: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An import as ``report`` writes it."""

    counts: ImportCounts
    cells: tuple[BadCell, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything in the file went in."""
        return not (self.cells or self.left_out)


@click.command("import", short_help="Bring in deals that already happened.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--map", "map_name", required=True, metavar="MAP", help="The map: a file, or a name below maps/.")
@click.option("--process", "process_name", metavar="NAME", help="The process, where the map names none, or another.")
@click.option("--strict", is_flag=True, help="Leave out deals with a move that the process would have refused.")
@click.option("--dry-run", is_flag=True, help="Tell what would come of it, and leave the journal as it is.")
@import_options
@where_options
@format_option("text", "json")
def command(
    file: Path,
    map_name: str,
    process_name: str | None,
    strict: bool,  # noqa: FBT001 - click hands flags over so
    dry_run: bool,  # noqa: FBT001
    occasion: Occasion,
    where: Where,
    output_format: str,
) -> int:
    """Bring in the deals of FILE, a CSV export, as the MAP says. Each move is judged by what was known then.

    A move that the process would have refused did happen: it is recorded as deviating. A second import of the same
    file adds nothing. Exit 1 where a cell or row could not be read, or a deal did not go in: each is named.
    """
    from engine.report import import_summary

    told = _brought_in(file, map_name, where, process_name=process_name, occasion=occasion, how=How(strict, dry_run))
    if dry_run:
        remark("a dry run: nothing was recorded")
    if output_format == "json":
        put(import_summary.json(told.counts, told.cells, told.left_out))
    else:
        put(import_summary.text(told.counts, told.cells, told.left_out, style=style()))
    return int(not told.is_whole)


def _brought_in(
    file: Path, map_name: str, where: Where, *, process_name: str | None, occasion: Occasion, how: How
) -> Told:
    from engine.advance.many import import_past
    from engine.history.read import read

    check_time(occasion)
    map_, source = map_and_process(map_name, where, process_name)
    if source is None:
        raise BadValue(
            f"the map '{map_.id}' leads to no process", hint="add 'process: NAME' to it, or say --process NAME"
        )
    export = read(file, map_, source.process)
    tell_notes(export, file)
    stages: Counter[str] = Counter()
    opened = trial_journal(where) if how.dry_run else open_journal(where, create=True)
    with opened as journal, progress("importing", export.deal_count) as tick:
        summary = import_past(
            journal,
            source.process,
            source.definition,
            _noting_stages(export.deals, stages),
            now=occasion.at,
            map_id=map_.id,
            strict=how.strict,
            # A row a deal tells where it stands, and not all that it passed.
            snapshot=len(export.deals.visits.stage) == export.deal_count or map_.shape.value == "deals",
            actor=occasion.actor,
            people=people_of(where),
            called=called_by_texts(source.process, journal, where, but=source.definition.digest),
            progress=tick,
        )
    return _told(export, summary, {stage.id: stages[stage.id] for stage in source.process.main.stages})


def _noting_stages(deals: Iterable[PastDeal], stages: Counter[str]) -> Iterator[PastDeal]:
    for deal in deals:
        stages[next((move.to_stage for move in reversed(deal.moves) if move.to_stage), "")] += 1
        yield deal


def _told(export: Export, summary: ImportSummary, stages: dict[str, int]) -> Told:
    from engine.report.import_summary import ImportCounts, LeftOut

    rows = tuple(LeftOut(each.row, each.deal, each.reason) for each in export.left_out)
    deals = tuple(LeftOut(each.row, each.deal, each.message) for each in (*summary.refused, *summary.conflicts))
    counts = ImportCounts(
        rows=export.rows,
        deals=summary.deals,
        moves=summary.moves,
        continued=summary.continued,
        known=summary.unchanged,
        deviating=summary.deviating,
        unknown=summary.unclear,
        undated=summary.undated,
        refused=summary.refused_deals,
        conflicting=summary.conflicting_deals,
        left_out_rows=export.left_out_rows,
        repeated_rows=summary.repeated_rows,
        bad_cells=export.bad_cell_count,
        stages=stages,
        broken=summary.broken,
        unclear=summary.unknown,
        unread=export.unread,
    )
    return Told(counts, export.bad_cells, rows + deals)
