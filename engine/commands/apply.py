"""``apply``: do what a plan says, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from engine.advance.occasion import Occasion
from engine.commands.failure import say
from engine.commands.options import Where, asking_options, format_option, where_options
from engine.commands.output import progress, put, remark
from engine.commands.planned import Released, definitions_of, read_filled, released, tell_faults
from engine.commands.source import Source, among_people, named_process, open_journal
from engine.model.errors import PlanOutdated

if TYPE_CHECKING:
    from engine.advance.migrate import Standing
    from engine.journal.store import SqlJournal
    from engine.model.plan import FilledLine, FilledPlan, Plan, PlanFault
    from engine.report.applied import Applied
    from engine.versions.settled import Undecided


@click.command("apply", short_help="Do what a plan says, all of it or nothing.")
@click.argument("plan", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--note", default="", metavar="TEXT", help="Why, in your own words; it is kept with each deal.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
@click.option("--leave-undecided", is_flag=True, help="Leave deals that nobody placed on their version.")
@click.option("--unreleased", is_flag=True, help="Also to a version that is not released.")
@asking_options
@where_options
@format_option("text", "json")
def command(
    plan: Path,
    note: str,
    dry_run: bool,  # noqa: FBT001 - click hands flags over so
    leave_undecided: bool,  # noqa: FBT001
    unreleased: bool,  # noqa: FBT001
    occasion: Occasion,
    where: Where,
    output_format: str,
) -> int:
    """Bring the deals of PLAN, which 'plan' wrote as .json, .csv or .xlsx, to the version that it is for.

    All of them or none; doing it again adds nothing. Exit 3 where a deal or the version is no longer as the plan knew
    it: nothing is done then. Deals that are not migrated stay on their version, and go on.
    """
    from engine.advance.trust import vouch
    from engine.report import applied
    from engine.versions.settled import Undecided, faults

    filled, wrong = read_filled(plan)
    if filled is None:
        return tell_faults(wrong)
    source = _target(filled, where)
    occasion = among_people(occasion, where)
    vouch(source.process, occasion)
    undecided = Undecided.LEFT if leave_undecided else Undecided.REFUSED
    wrong = (*wrong, *faults(filled.lines, source.process, undecided=undecided))
    if not wrong and not _may(source, where, unreleased=unreleased):
        return 1
    # A split by the day is what it was when the plan was looked at.
    judged_at = min(filled.made_at or occasion.now, occasion.now)
    what = _Asked(source, occasion, note, dry_run, undecided, judged_at)
    told, wrong = _brought(filled, wrong, what, where)
    if told is None:
        return tell_faults(wrong)
    put(applied.json(told) if output_format == "json" else applied.text(told))
    return 0


class _Asked(NamedTuple):
    """What is to be done, by whom, and whether it is only tried; ``judged_at`` as of when."""

    source: Source
    occasion: Occasion
    note: str
    dry_run: bool
    undecided: Undecided
    judged_at: datetime


def _brought(
    filled: FilledPlan, wrong: tuple[PlanFault, ...], what: _Asked, where: Where
) -> tuple[Applied | None, tuple[PlanFault, ...]]:
    """What came of the plan, or all that is wrong with it; then nothing was done. Raises ``PlanOutdated``."""
    from engine.advance.migrate import AGAIN, check_base, otherwise, standing
    from engine.advance.plan_time import untimely
    from engine.report.applied import Applied
    from engine.versions.settled import to_do

    lines = to_do(filled.lines)
    with open_journal(where) as journal:
        now = standing(journal, lines, what.source.definition.digest)
        wrong = (*wrong, *untimely(filled, now.fresh.values(), now=what.occasion.now))
        made, still_wrong = _made(journal, lines, now, what, where)
        if wrong or now.missing or still_wrong:
            if now.moved_on:
                remark(f"the world moved on, too: {otherwise(now)}; {AGAIN}")
            return None, (*wrong, *_missing(journal, filled.lines, now), *still_wrong)
        check_base(now)
        _do(journal, lines, now, what, made)
    left = len(filled.lines) - len(now.done) - len(made.lines)
    return Applied(made, len(now.done), left, what.dry_run), ()


def _target(filled: FilledPlan, where: Where) -> Source:
    """The version that the plan is for. Raises ``PlanOutdated`` where its text is another by now."""
    from engine.advance.migrate import AGAIN

    name = f"{filled.process}@{filled.version}"
    source = named_process(name, where)
    if not source.definition.digest.startswith(filled.digest):
        raise PlanOutdated(f"the text of {name} is another since the plan was made; nothing was done", hint=AGAIN)
    return source


def _may(source: Source, where: Where, *, unreleased: bool) -> bool:
    """Whether deals may come to the version; says why not."""
    name, found = source.process.name, released(source, where)
    if found is Released.NOTHING_IS:
        remark(f"no version of {source.process.id} is released, so {name} can still change under these deals")
    if unreleased or found in (Released.YES, Released.NOTHING_IS):
        return True
    if found is Released.CHANGED:
        say(
            f"{name} was changed since its release; nothing was done",
            "put it back, or release what is new as a version",
        )
    else:
        say(
            f"{name} is not released, and other versions are; nothing was done",
            f"run 'stagewright release {name} --because TEXT' first, or say --unreleased",
        )
    return False


def _missing(journal: SqlJournal, lines: Sequence[FilledLine], now: Standing) -> tuple[PlanFault, ...]:
    from engine.model.plan import PlanFault

    gone = set(now.missing)
    # Of those that nobody placed yet it was not looked at where they stand.
    gone |= {line.deal for line in lines if line.migrate and not line.to_stage and journal.deal(line.deal) is None}
    return tuple(
        PlanFault(f"{line.row}, deal", f"there is no deal '{line.deal}' in the journal", "take the row out")
        for line in lines
        if line.deal in gone
    )


def _made(
    journal: SqlJournal, lines: Sequence[FilledLine], now: Standing, what: _Asked, where: Where
) -> tuple[Plan, Sequence[PlanFault]]:
    """The plan as it is to be done, and what is wrong with it that only the deals tell."""
    from engine.model.quick import seldom_collecting
    from engine.versions.plan import plan
    from engine.versions.settled import settled

    new, digest = what.source.process, what.source.definition.digest
    with seldom_collecting():
        definitions = definitions_of(journal, what.source, where)
        made = plan(now.fresh.values(), definitions, new, digest=digest, now=what.judged_at)
        waiting = [line for line in lines if line.deal in now.fresh]
        return settled(made, waiting, new, undecided=what.undecided)


def _do(journal: SqlJournal, lines: Sequence[FilledLine], now: Standing, what: _Asked, made: Plan) -> None:
    """Brings the deals over, or only tries whether it could be done."""
    from engine.advance.migrate import migrate, migration
    from engine.model.quick import seldom_collecting

    new, definition = what.source.process, what.source.definition
    with seldom_collecting(), progress("bringing over", len(now.fresh)) as tick:
        batches = migration(
            made,
            lines,
            now.fresh,
            new=new,
            definition=definition,
            occasion=what.occasion,
            note=what.note,
            progress=tick,
        )
        if not what.dry_run:
            migrate(journal, batches, definition)
