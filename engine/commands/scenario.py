"""``scenario``: a first scenario of a process, made of what it declares."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from engine.commands.options import Where, where_options
from engine.commands.scenarios import USUAL
from engine.commands.source import Source, named_process, workspace_of
from engine.model.errors import BadValue, UnwritableFile
from engine.model.names import DASH_ID


@click.command("scenario", short_help="Write a first scenario of a process.")
@click.argument("process")
@click.argument("name", default=USUAL, metavar="[SCENARIO]")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it there (default: scenarios/SCENARIO.yaml beside the versions of the process).",
)
@where_options
def command(process: str, name: str, out: Path | None, where: Where) -> int:
    """Write a first scenario of PROCESS: how many prospects come, how long stages take, what is tried, who works.

    Targets become P50s, alerts P90s, probabilities shares; what the process does not say is assumed, and marked
    'assumed' for you to correct. SCENARIO is what it is called (default: base). Overwrites nothing.
    """
    from engine.loading import write
    from engine.loading.scenario_text import scenario_text
    from engine.report.escape import shown
    from engine.simulation.first.scenario import first_scenario

    source = named_process(process, where)
    path = out or _home(source, name, where)
    called = out.stem if out else name
    if not DASH_ID.match(called):
        raise BadValue(f"'{called}' cannot be the name of a scenario", hint="use lower-case letters, digits and '-'")
    if path.suffix != ".yaml":
        raise BadValue(f"'{path}': a scenario is written as YAML", hint="name a file that ends in .yaml")
    if path.exists():
        raise UnwritableFile(f"'{path}' is there already; nothing was written", hint="give another name, or --out FILE")
    first = first_scenario(source.process, name=called)
    write.whole(path, scenario_text(first.scenario, source.process, notes=first.notes))
    click.echo(f"made {shown(str(path))}")
    usual = out is None and name == USUAL
    line = shlex.join(["stagewright", "simulate", process, *([] if usual else ["--scenario", str(out or name)])])
    click.echo(f"next: correct what is 'assumed' in it, then run '{shown(line)}'")
    return _checked(path, where)


def _home(source: Source, name: str, where: Where) -> Path:
    from engine.loading.scenarios import FOLDER

    return workspace_of(where) / "processes" / source.process.id / FOLDER / f"{name}.yaml"


def _checked(path: Path, where: Where) -> int:
    """Says on stderr what is wrong with the scenario: a process with gaps makes one with gaps."""
    from engine.commands.checking import check_files
    from engine.report import findings

    found = check_files((path,), workspace=where.workspace)
    if found.findings:
        click.echo(findings.text(found.findings), err=True, nl=False)
    return found.exit_code
