"""``accelerate``: where a process can be made faster, and what that would bring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from engine.commands.options import Where, where_options
from engine.commands.output import spare
from engine.commands.simulating import INTERRUPTED, Asked, assumptions, run_options, setup_of, simulated
from engine.commands.source import journal_file, named_process, process_file
from engine.commands.studies import form_asked, hand_over, study_options
from engine.model.errors import BadValue


@click.command("accelerate", short_help="Tell what would make a process faster.")
@click.argument("process", metavar="PROCESS")
@click.option("--simulate", is_flag=True, help="Try it in a simulation: a fifth less time, a fifth more people.")
@run_options
@where_options
@study_options
def command(
    process: str,
    *,
    simulate: bool,
    asked: Asked,
    where: Where,
    output_format: str | None,
    out: Path | None,
) -> int:
    """Tell what would bring most deals, and win most days, if it were a fifth better.

    With --simulate each stage is passed in a fifth less time, each piece of work is done in a fifth less, and each pool
    has a fifth more people (one at least), one after the other, queues and rules included, with the same luck as
    without. What brings most stands first.
    """
    if not simulate:
        raise BadValue(
            "accelerate can so far only try things out in a simulation",
            hint=f"run stagewright accelerate {process} --simulate",
        )
    from engine.simulation.compare.accelerate import accelerate, quickest
    from engine.simulation.compare.accelerate_sections import study_of

    form = form_asked(output_format, out)
    spare(out, process_file(process, where), *((journal_file(where),) if asked.from_journal else ()))
    source = named_process(process, where)
    setup = setup_of(assumptions(asked, source, where), asked, source, where)
    asked = replace(asked, engine=asked.engine or quickest(setup, runs=asked.runs))
    found = accelerate(setup, lambda each, doing: simulated(each, asked, doing=doing))
    subject = f"scenario {setup.scenario.id}; from {setup.begin:%Y-%m-%d %H:%M} UTC on, {found.runs:,} runs of each"
    hand_over(study_of(found, subject=subject, asked=asked.told()), form, out)
    return INTERRUPTED if found.left else 0
