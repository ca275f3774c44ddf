"""``accelerate``: where a process can be made faster, and what that would bring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from engine.commands.days import Span, begin_of, span_options
from engine.commands.histories import history_options, read_here, told_deals
from engine.commands.options import Where, where_options
from engine.commands.output import spare
from engine.commands.rates import currencies_of, rates_of, rates_option
from engine.commands.simulating import INTERRUPTED, Asked, assumptions, run_options, setup_of, simulated
from engine.commands.source import journal_file, named_process, open_journal, process_file
from engine.commands.studies import form_asked, hand_over, study_options
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.commands.histories import History
    from engine.model.entry import Entry
    from engine.model.study import Study

_OF_RUNS = ("scenario", "from_journal", "start", "horizon", "settings", "runs", "seed", "engine", "threads")
_OF_HISTORY = ("map_name", "since", "until", "at", "rates")


@click.command("accelerate", short_help="Tell what would make a process faster.")
@history_options
@span_options(looks="Look at")
@rates_option
@click.option(
    "--simulate",
    is_flag=True,
    help="Try it in a simulation of a process, named in the place of FILE: a fifth less time, a fifth more people.",
)
@run_options
@where_options
@study_options
def command(
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    *,
    span: Span,
    rates: Path | None,
    simulate: bool,
    asked: Asked,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> int:
    """Tell where the deals of FILE, or without it those of the journal, could go faster, and what to try first.

    For each stage: how many days a won deal would take less, and how many more deals would be won, if deals advanced
    from it 10, 20 or 30 % sooner. Then how long deals wait for each requirement, approval and contact.

    With --simulate and a process in the place of FILE, each stage is passed in a fifth less time, each piece of work is
    done in a fifth less, and each pool has a fifth more people (one at least), one after the other, queues and rules
    included, with the same luck as without. What brings most stands first.
    """
    form = form_asked(output_format, out)
    if simulate:
        _refuse(_OF_HISTORY, "asks for deals that happened, and --simulate makes them up", hint="leave one of them out")
        return _simulated(_process_named(file, process_name), asked, where, form, out)
    _refuse(_OF_RUNS, "is of a simulation", hint="say --simulate, and which PROCESS; or leave it out")
    spare(out, *read_here(where, file, map_name), process_file(process_name, where), rates)
    _check_is_file(file, where)
    history = told_deals(where, file, map_name=map_name, process_name=process_name, at=span.end)
    study = _looked_at(history, where, span=span, rates=rates)
    # Days as they were typed: their moments are of another zone and hard to know again.
    typed = {"since": span.begin, "until": span.end if span.until else None}
    hand_over(replace(study, asked=tuple({**dict(study.asked), **typed}.items())), form, out)
    return 0


def _looked_at(history: History, where: Where, *, span: Span, rates: Path | None) -> Study:
    from engine.analysis import asked as looking
    from engine.analysis.accelerate.accelerate import accelerate

    zone = ZoneInfo(history.process.time_zone)
    asked = looking.Asked(
        subject=history.subject,
        since=begin_of(span.begin, history.process.time_zone) if span.begin else None,
        as_of=history.as_of,
        zone=zone,
        rates=rates_of(rates),
    )
    granted = _granted(where) if history.export is None else ()
    return accelerate(history.tables, history.process, asked=asked, granted=granted, currencies=currencies_of(history))


def _granted(where: Where) -> tuple[Entry, ...]:
    """The approvals that the journal tells: the tables have what was judged, and not when it was granted."""
    with open_journal(where, read_only=True) as journal:
        return journal.approved()


def _simulated(process: str, asked: Asked, where: Where, form: str, out: Path | None) -> int:
    from engine.simulation.compare.accelerate import accelerate, quickest
    from engine.simulation.compare.accelerate_sections import study_of

    spare(out, process_file(process, where), *((journal_file(where),) if asked.from_journal else ()))
    source = named_process(process, where)
    setup = setup_of(assumptions(asked, source, where), asked, source, where)
    asked = replace(asked, engine=asked.engine or quickest(setup, runs=asked.runs))
    found = accelerate(setup, lambda each, doing: simulated(each, asked, doing=doing))
    subject = f"scenario {setup.scenario.id}; from {setup.begin:%Y-%m-%d %H:%M} UTC on, {found.runs:,} runs of each"
    hand_over(study_of(found, subject=subject, asked=asked.told()), form, out)
    return INTERRUPTED if found.left else 0


def _process_named(file: Path | None, process_name: str | None) -> str:
    """The process to simulate, named where a file would be, or by ``--process``."""
    if file is None and process_name is None:
        raise BadValue(
            "--simulate: say which process is tried", hint="name it, such as accelerate inside-sales --simulate"
        )
    if file is not None and process_name is not None:
        raise BadValue(f"the process is named twice, '{file}' and --process {process_name}", hint="leave one out")
    return str(file or process_name)


def _refuse(names: tuple[str, ...], why: str, *, hint: str) -> None:
    """Raises ``BadValue`` where one of these options was typed."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        if name in names and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise BadValue(f"{parameter.opts[0]} {why}", hint=hint)


def _check_is_file(file: Path | None, where: Where) -> None:
    """Raises ``BadValue`` where a process is named in the place of a file of deals."""
    if file is None or file.exists() or process_file(str(file), where) is None:
        return
    name = str(file).partition("@")[0]
    raise BadValue(
        f"'{file}' is a process, and no file of deals",
        hint=f"for its deals in the journal run stagewright accelerate --process {name}; "
        f"to try it in a simulation, stagewright accelerate {file} --simulate",
    )
