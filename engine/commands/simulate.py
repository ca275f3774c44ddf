"""``simulate``: what will happen, by a scenario played many times."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import spare
from engine.commands.simulated_log import check_log, write_log
from engine.commands.simulating import INTERRUPTED, assumptions, run_options, setup_of, simulated
from engine.commands.source import journal_file, journal_target, named_process, process_file
from engine.commands.studies import form_asked, hand_over, study_options

if TYPE_CHECKING:
    from engine.model.study import Study
    from engine.model.syntax import Value
    from engine.simulation.outcome import Outcome


@click.command("simulate", short_help="Tell what will happen, by a scenario.")
@click.argument("process", metavar="PROCESS")
@run_options
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the deals of one run: .csv or .xes.",
)
@click.option("--log-run", type=int, default=1, show_default=True, metavar="N", help="Which run, counted from 1.")
@where_options
@study_options
def command(
    process: str,
    scenario: str | None,
    *,
    from_journal: bool,
    start: str | None,
    horizon: str | None,
    settings: tuple[str, ...],
    runs: int,
    seed: int,
    engine: str,
    threads: int,
    log: Path | None,
    log_run: int,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> int:
    """Play a scenario of PROCESS many times: what is won and lost, week by week, and how it may vary.

    With --from-journal it begins with the deals open there, each with its age. The rules of PROCESS judge every
    attempt, and people work on what the scenario says. The same seed gives the same answer, to the byte.
    """
    form = form_asked(output_format, out)
    spare(out, process_file(process, where), log, *_read(where, from_journal=from_journal))
    check_log(log, run=log_run)
    source = named_process(process, where)
    assumed = assumptions(scenario, source, where, horizon=horizon, settings=settings)
    setup = setup_of(assumed, source, where, start=start, from_journal=from_journal)
    outcome = simulated(setup, runs=runs, seed=seed, engine=engine, threads=threads)
    subject = _subject(outcome, where, from_journal=from_journal)
    hand_over(_study(outcome, subject, settings), form, out)
    if log is not None and not outcome.interrupted:
        write_log(setup, log, seed=seed, run=log_run, engine=engine)
    return INTERRUPTED if outcome.interrupted else 0


def _read(where: Where, *, from_journal: bool) -> tuple[Path, ...]:
    return (journal_file(where),) if from_journal else ()


def _subject(outcome: Outcome, where: Where, *, from_journal: bool) -> str:
    setup = outcome.setup
    begin = f"{setup.begin:%Y-%m-%d %H:%M} UTC"
    deals = f" with the {len(setup.open_deals):,} deals open in {journal_target(where)}" if from_journal else ""
    title = f": {setup.scenario.title}" if setup.scenario.title else ""
    return f"scenario {setup.scenario.id}{title}; from {begin} on{deals}"


def _study(outcome: Outcome, subject: str, settings: tuple[str, ...]) -> Study:
    from engine.simulation.results import study_of

    asked: list[tuple[str, Value | None]] = [("runs", Decimal(outcome.runs)), ("seed", Decimal(outcome.seed))]
    asked += [("set", each) for each in settings]
    return study_of(outcome, subject=subject, asked=asked)
