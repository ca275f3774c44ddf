"""One simulated run into a file that the other commands read: CSV or XES, with the map that reads it beside it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.output import form_of, remark
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.simulation.run import Setup

FORMS = {".csv": "csv", ".xes": "xes"}


def check_log(log: Path | None, *, run: int) -> None:
    """Raises ``BadValue`` for a file that could not be written so, before the work is done."""
    if run < 1:
        raise BadValue(f"--log-run: there is no run {run}", hint="runs are counted from 1")
    if log is not None:
        form_of(log, FORMS)


def write_log(setup: Setup, log: Path, *, seed: int, run: int, engine: str) -> None:
    """Plays that run (from 1) again and writes it. Raises ``UnwritableFile``."""
    from engine.loading import write
    from engine.loading.map_text import map_text
    from engine.model.proposal import Proposal
    from engine.report.formats import render
    from engine.report.xes import NAMES, xes_lines
    from engine.simulation.run import exported_run

    form = form_of(log, FORMS)
    names = NAMES if form == "xes" else {}
    table, map_ = exported_run(setup, seed=seed, run=run - 1, engine=engine, name=_name(log), columns=names)
    write.whole(log, "".join(xes_lines(table)) if form == "xes" else render(table, "csv"))
    beside = log.with_name(f"{log.name}.map.yaml")
    says = (f"It reads {log.name}, which 'stagewright simulate' wrote.",)
    write.whole(beside, map_text(Proposal(map_, says=says)))
    remark(f"wrote {log} (run {run}) and {beside}, which reads it:")
    remark(f"  stagewright review {shlex.quote(str(log))} --map {shlex.quote(str(beside))}")
    beside_main = ", ".join(track.track for track in setup.scenario.tracks)
    if beside_main:
        remark(f"not in it, for a row names one stage: {beside_main}. 'conform' finds what rules ask of it not met")


def _name(log: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", log.stem.lower()).strip("-") or "simulated"
