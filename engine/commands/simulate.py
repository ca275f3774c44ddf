"""``simulate``: what will happen, by a scenario played many times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import spare
from engine.commands.simulated_log import check_log, write_log
from engine.commands.simulating import INTERRUPTED, Asked, assumptions, run_options, setup_of, simulated
from engine.commands.simulating_against import Beside, against, against_options
from engine.commands.source import journal_file, journal_target, named_process, process_file
from engine.commands.studies import form_asked, hand_over, study_options

if TYPE_CHECKING:
    from engine.model.study import Study
    from engine.simulation.results.outcome import Outcome


@click.command("simulate", short_help="Tell what will happen, by a scenario.")
@click.argument("process", metavar="PROCESS")
@run_options
@against_options
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
    *,
    asked: Asked,
    beside: Beside,
    log: Path | None,
    log_run: int,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> int:
    """Play a scenario of PROCESS many times: what is won and lost, week by week, and how it may vary.

    With --from-journal it begins with the deals open there, each with its age. The rules of PROCESS judge every
    attempt, and people work on what the scenario says. The same seed gives the same answer, to the byte.

    With --against, --against-scenario or --compare two simulations are compared that have the same luck: what differs
    comes of what was changed, and it is said what makes the difference.
    """
    form = form_asked(output_format, out)
    spare(out, process_file(process, where), log, *_read(where, from_journal=asked.from_journal))
    check_log(log, run=log_run)
    source = named_process(process, where)
    if beside.is_asked:
        study, is_interrupted = against(asked, beside, source, where, log=log)
        hand_over(study, form, out)
        return INTERRUPTED if is_interrupted else 0
    setup = setup_of(assumptions(asked, source, where), asked, source, where)
    outcome = simulated(setup, asked)
    hand_over(_study(outcome, asked, where), form, out)
    if log is not None and not outcome.interrupted:
        write_log(setup, log, seed=asked.seed, run=log_run, engine=asked.engine)
    return INTERRUPTED if outcome.interrupted else 0


def _read(where: Where, *, from_journal: bool) -> tuple[Path, ...]:
    return (journal_file(where),) if from_journal else ()


def _study(outcome: Outcome, asked: Asked, where: Where) -> Study:
    from engine.report.wording import count
    from engine.simulation.results.sections import study_of

    setup = outcome.setup
    begin = f"{setup.begin:%Y-%m-%d %H:%M} UTC"
    open_now = len(setup.open_deals)
    those = f"the {count(open_now, 'deal')}" if open_now else "no deal"
    deals = f" with {those} open in {journal_target(where)}"
    title = f": {setup.scenario.title}" if setup.scenario.title else ""
    subject = f"scenario {setup.scenario.id}{title}; from {begin} on{deals if asked.from_journal else ''}"
    return study_of(outcome, subject=subject, asked=asked.told())
