"""``fit``: a scenario from the deals that happened, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.histories import history_options, read_here, told_deals
from engine.commands.options import Where, format_option, parse_time, where_options
from engine.commands.output import columns, progress, put, remark, spare, style
from engine.commands.source import process_file, workspace_of
from engine.model.errors import BadValue, UnwritableFile

if TYPE_CHECKING:
    from engine.commands.histories import History
    from engine.model.study import Study
    from engine.simulation.fit.fit import Fitted
    from engine.simulation.fit.validate import Tested

FITTED = "fitted"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say."""

    name: str
    since: datetime | None
    horizon: timedelta | None
    validate: bool


@click.command("fit", short_help="Write a scenario from the deals that happened.")
@history_options
@click.option("--name", metavar="NAME", help="What the scenario is called (default: as the file of --out, or fitted).")
@click.option("--since", metavar="DATE", help="Look at what was seen since then; what had begun, from then on.")
@click.option("--horizon", metavar="TIME", help="How far the scenario looks ahead, such as 13w (default: 26w).")
@click.option("--validate", is_flag=True, help="Forecast the last part of history from what came before, and score it.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the scenario there (default: processes/PROCESS/scenarios/NAME.yaml).",
)
@click.option("--force", is_flag=True, help="Write over a scenario that is there.")
@click.option(
    "--at",
    envvar="STAGEWRIGHT_AT",
    metavar="TIME",
    help="Look no further than this (default: the last time in FILE, or now).",
)
@where_options
@format_option("text", "json", "csv", "markdown")
def command(
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    name: str | None,
    since: str | None,
    horizon: str | None,
    out: Path | None,
    at: str | None,
    where: Where,
    output_format: str,
    *,
    validate: bool,
    force: bool,
) -> None:
    """Write a scenario from the deals of FILE or, without it, of the journal: things go on as they went.

    What is tried in each stage and how long it takes, open deals counted as open; how prospects come and what they are
    like; who works when, as far as history tells. It says what it rests on and what it had to assume.
    """
    from engine.report.study import render

    called = _named(name or (out.stem if out else FITTED))
    asked = Asked(called, parse_time(since) if since else None, _length(horizon) if horizon else None, validate)
    history = told_deals(where, file, map_name=map_name, process_name=process_name, at=parse_time(at) if at else None)
    target = out or _place(history, asked.name, where)
    _spare(target, where, file=file, map_name=map_name, process_name=process_name, force=force)
    fitted, study = _fitted(history, asked)
    _write(fitted, history, target)
    put(str(render(study, output_format, width=columns(), style=style())))
    remark(f"wrote {target}; what will happen tells 'stagewright simulate {_called(target, asked.name, history)}'")


def _named(name: str) -> str:
    from engine.model.names import DASH_ID

    if not DASH_ID.match(name):
        hint = "say --name NAME, of lower-case letters, digits and '-'"
        raise BadValue(f"'{name}' cannot be the name of a scenario", hint=hint)
    return name


def _length(text: str) -> timedelta:
    from engine.model.values import parse_duration

    try:
        found = parse_duration(text)
    except BadValue as error:
        raise BadValue(f"--horizon: {error}", hint=error.hint) from None
    if found <= timedelta():
        raise BadValue("--horizon: nothing happens in no time", hint="write a length of time, such as 13w")
    return found


def _place(history: History, name: str, where: Where) -> Path:
    """Where scenarios of the process live: beside the file of the process."""
    process = process_file(history.process.id, where)
    folder = process.parent if process else workspace_of(where) / "processes" / history.process.id
    return folder / "scenarios" / f"{name}.yaml"


def _spare(
    target: Path, where: Where, *, file: Path | None, map_name: str | None, process_name: str | None, force: bool
) -> None:
    """Raises where what is read, or a scenario that somebody may have changed, would be written over."""
    if target.suffix.lower() not in (".yaml", ".yml"):
        raise BadValue(f"'{target}': a scenario is written as YAML", hint="name a file that ends in .yaml")
    spare(target, *read_here(where, file, map_name), process_file(process_name, where))
    if target.exists() and not force:
        raise UnwritableFile(
            f"'{target}' is there already; nothing was written",
            hint="name another with --name, or say --force to write over it",
        )


def _fitted(history: History, asked: Asked) -> tuple[Fitted, Study]:
    from engine.simulation.fit.fit import HORIZON, fit
    from engine.simulation.fit.study import study_of

    if not history.process.main.actions:
        raise BadValue(
            f"no process is written yet for these deals: {history.process.id} has no actions to try",
            hint="write one with 'stagewright draft', then name it with --process",
        )
    tested = _tested(history, asked) if asked.validate else None
    fitted = fit(
        history.tables,
        history.process,
        as_of=history.as_of,
        since=asked.since,
        scenario_id=asked.name,
        horizon=asked.horizon or HORIZON,
    )
    study = study_of(
        fitted,
        history.process,
        subject=history.subject,
        as_of=history.as_of,
        asked=(("since", asked.since), ("horizon", fitted.scenario.horizon), ("validate", asked.validate)),
        tested=tested.sections if tested else (),
        says=tested.says if tested else (),
    )
    return fitted, study


def _tested(history: History, asked: Asked) -> Tested:
    from engine.simulation.fit.validate import RUNS, put_to_test

    with progress("putting it to the test", RUNS) as done:
        return put_to_test(
            history.tables,
            history.process,
            as_of=history.as_of,
            since=asked.since,
            horizon=asked.horizon,
            on_run=done,
        )


def _write(fitted: Fitted, history: History, target: Path) -> None:
    from engine.loading import write
    from engine.loading.scenario_text import scenario_text

    source = f"From {Path(history.subject).name}, as it stood on {history.as_of:%Y-%m-%d}."
    write.whole(target, scenario_text(fitted.scenario, history.process, notes=(("", source), *fitted.comments)))


def _called(target: Path, name: str, history: History) -> str:
    in_place = target.parent.name == "scenarios" and target.stem == name
    return f"{history.process.id} --scenario {name if in_place else target}"
