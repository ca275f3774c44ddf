"""``show``: a process as people read it, or drawn."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.commands.options import Where, where_options
from engine.commands.output import columns, form_of, put, remark, spare, style
from engine.commands.source import named_process, process_file
from engine.model.errors import BadValue

DRAWN = {".svg": "svg", ".png": "png", ".mmd": "mermaid", ".dot": "dot", ".txt": "text"}


@click.command("show", short_help="Show a process as text or as a picture.")
@click.argument("process")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "mermaid", "svg", "png", "dot"]),
    default=None,
    help="How it is shown (default: by the ending of --out, else text).",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it to a file."
)
@where_options
def command(process: str, output_format: str | None, out: Path | None, where: Where) -> None:
    """Show PROCESS (a file, a name, or NAME@VERSION): its stages, actions and rules, in words or as a picture."""
    from engine.report import diagram
    from engine.report import process as words

    found = named_process(process, where).process
    chosen = output_format or form_of(out, DRAWN)
    if out is None and chosen == "png" and sys.stdout.isatty():
        raise BadValue("a picture in png needs a file to go to", hint=f"say where with --out {found.id}.png")
    spare(out, process_file(process, where))
    if chosen == "text":
        drawn: str | bytes = words.text(found, style=style(), columns=columns())
    elif chosen == "png":
        drawn = diagram.png(found)
    else:
        drawn = {"mermaid": diagram.mermaid, "svg": diagram.svg, "dot": diagram.dot}[chosen](found)
    if out is not None:
        _keep(out, drawn)
    elif isinstance(drawn, bytes):
        click.echo(drawn, nl=False)
    else:
        put(drawn)


def _keep(out: Path, drawn: str | bytes) -> None:
    from engine.loading import write

    write.whole(out, drawn)
    remark(f"wrote {out}")
