"""``plan``: how open deals come to another version of their process, a line a deal; nothing is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import columns, form_of, progress, put, remark, spare, style
from engine.commands.planned import Released, definitions_of, read_filled, released, tell_breaks, tell_faults
from engine.commands.source import Source, journal_file, named_process, open_journal, process_file
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean

if TYPE_CHECKING:
    from engine.journal.store import SqlJournal
    from engine.model.deal import Deal
    from engine.model.plan import FilledPlan, Plan
    from engine.model.process import Process
    from engine.versions.plan import Definitions

_EVERY = 1_000
_FILLED_IN = (".csv", ".xlsx")
FORMS = {".json": "json", ".csv": "csv", ".xlsx": "xlsx", ".txt": "text"}


@click.command("plan", short_help="Plan how open deals come to a new version.")
@click.argument("new")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it: .json, .csv or .xlsx; .txt keeps the summary.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take over what was filled in in an earlier plan, where the deal still stands there.",
)
@click.option("--only", multiple=True, metavar="DEAL", help="Only this deal; repeat it for more.")
@click.option("--stage", "stages", multiple=True, metavar="STAGE", help="Only deals in this stage; repeat it for more.")
@click.option("--version", "version", type=int, metavar="OLD", help="Only deals on this version.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "csv", "xlsx"]),
    default=None,
    envvar="STAGEWRIGHT_FORMAT",
    help="How it is written (default: by the ending of --out, else text).",
)
@where_options
def command(
    new: str,
    out: Path | None,
    decisions: Path | None,
    only: tuple[str, ...],
    stages: tuple[str, ...],
    version: int | None,
    output_format: str | None,
    where: Where,
) -> int:
    """Tell what becomes of each open deal of the process that is not yet on NEW, and write it down for 'apply'.

    A deal keeps its stage, follows it to its new name, goes where the version says, or waits for somebody to decide.
    A CSV file or a workbook is made to be filled in: to_stage, or 'no' under migrate. Nothing is done to any deal.
    """
    form = output_format or form_of(out, FORMS)
    if form == "xlsx" and out is None:
        raise BadValue("xlsx needs a file to go to", hint="say where with -o plan.xlsx")
    _spare(out, decisions, new, where)
    source = named_process(new, where)
    filled, wrong = read_filled(decisions) if decisions else (None, ())
    if wrong:
        return tell_faults(wrong)
    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    with open_journal(where, read_only=True) as journal:
        made = _planned(journal, source, where, only=only, stages=stages, version=version, now=now)
    if filled is not None:
        made = _taken_over(made, filled, source)
    _tell_release(source, where)
    _hand_over(made, form, out)
    return 0


def _spare(out: Path | None, decisions: Path | None, new: str, where: Where) -> None:
    """Raises ``BadValue`` where what is read, or what a person may have filled in, would be written over."""
    spare(out, journal_file(where), process_file(new, where))
    if out is None or not out.exists() or out.suffix.lower() not in _FILLED_IN:
        return
    if decisions is None or not decisions.exists() or not out.samefile(decisions):
        raise BadValue(
            f"'{out}' is there already, and somebody may have filled it in",
            hint=f"say --decisions {out} to take over what was filled in, or name another file",
        )


def _taken_over(made: Plan, filled: FilledPlan, source: Source) -> Plan:
    from engine.report.wording import count
    from engine.versions.settled import taken_over

    made, lost = taken_over(made, filled.lines, source.process)
    if lost:
        remark(f"what was decided of {count(lost, 'deal')} is not taken over: they stand elsewhere now")
    return made


def _planned(
    journal: SqlJournal,
    source: Source,
    where: Where,
    *,
    only: tuple[str, ...],
    stages: tuple[str, ...],
    version: int | None,
    now: datetime,
) -> Plan:
    from engine.model.quick import seldom_collecting
    from engine.versions.plan import plan

    with seldom_collecting():
        deals = _named(journal, only) if only else _open_deals(journal, source)
        definitions = definitions_of(journal, source, where)
        _check_names(definitions, source, stages, version)
        wanted = _wanted(deals, stages, version)
        made = plan(wanted, definitions, source.process, digest=source.definition.digest, now=now)
    tell_breaks(made, source.process, definitions)
    return made


def _open_deals(journal: SqlJournal, source: Source) -> Iterator[Deal]:
    """The open deals of the process, with a bar that says how far they are read."""
    from engine.journal.verify import counts

    with progress("planning", counts(journal)[0]) as tick:
        for number, deal in enumerate(journal.deals(process=source.process.id, outcome="")):
            yield deal
            if number % _EVERY == 0:
                tick(number)


def _check_names(definitions: Definitions, source: Source, stages: tuple[str, ...], version: int | None) -> None:
    """Raises ``UnknownName`` for a stage or a version that no deal of the process can have."""
    known = definitions.known.values()
    there = dict.fromkeys(stage.id for process in known for stage in process.main.stages)
    for stage in stages:
        if stage not in there:
            raise _no_such_stage(stage, there, (*definitions.between, source.process))
    versions = sorted({process.version for process in known})
    if version is not None and version not in versions:
        told = f"there is {', '.join(map(str, versions))}" if versions else "the journal has no deal of it"
        raise UnknownName(f"no deal of {source.process.id} is on version {version}", hint=told)


def _no_such_stage(stage: str, there: Iterable[str], files: Iterable[Process]) -> UnknownName:
    have = [process for process in files if process.main.stage(stage)]
    if not have:
        return UnknownName(
            f"no version of {next(iter(files)).id} has a stage '{stage}'", hint=did_you_mean(stage, there)
        )
    names = ", ".join(process.name for process in sorted(have, key=lambda process: process.version))
    hint = f"the stages of versions that deals are on: {', '.join(there)}" if there else "the journal has no deal of it"
    return UnknownName(
        f"no deal is on a version that has a stage '{stage}'; {names} {'has' if len(have) == 1 else 'have'} it",
        hint=hint,
    )


def _named(journal: SqlJournal, names: tuple[str, ...]) -> Iterator[Deal]:
    from engine.advance.commit import known_deal

    return (known_deal(journal, name) for name in dict.fromkeys(names))


def _wanted(deals: Iterable[Deal], stages: tuple[str, ...], version: int | None) -> Iterable[Deal]:
    if not stages and version is None:
        return deals
    return (
        deal for deal in deals if (not stages or deal.stage in stages) and (version is None or deal.version == version)
    )


def _tell_release(source: Source, where: Where) -> None:
    name = source.process.name
    found = released(source, where)
    if found is Released.OTHERS_ARE:
        remark(
            f"{name} is not released; 'apply' does nothing until it is: run 'stagewright release {name} --because …'"
        )
    elif found is Released.CHANGED:
        remark(f"{name} was changed since its release; 'apply' does nothing until it is put back")


def _hand_over(made: Plan, form: str, out: Path | None) -> None:
    from engine.report import plan as report
    from engine.report import plan_rows

    if form == "text":
        text = report.text(made, width=columns(), style=style())
        if out is None:
            put(text)
            return
        pieces: Iterable[str] = (text,)
    else:
        pieces = () if form == "xlsx" else report.json_lines(made) if form == "json" else plan_rows.csv_lines(made)
    if out is None:
        put("".join(pieces))
        return
    from engine.loading import write

    if form == "xlsx":
        from engine.report.plan_xlsx import xlsx

        write.whole(out, xlsx(made))
    else:
        # By the mark Excel knows that the text is UTF-8.
        mark = b"\xef\xbb\xbf" if form == "csv" else b""
        write.streamed(out, (mark, *(piece.encode() for piece in pieces)))
    put(report.text(made, width=columns(), style=style(), file=str(out)))
    remark(f"wrote {out}")
