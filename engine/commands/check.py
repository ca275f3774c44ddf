"""``check``: is what was written sound?"""

from __future__ import annotations

import click

from engine.commands.checking import check_files, paths_to_check
from engine.commands.options import Where, where_options
from engine.commands.output import put, style


@click.command("check", short_help="Check files of processes, rule sets and maps.")
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER|NAME]...")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "sarif", "github", "junit"]),
    default="text",
    envvar="STAGEWRIGHT_FORMAT",
    show_default=True,
    help="How the findings are written.",
)
@where_options
def command(paths: tuple[str, ...], output_format: str, where: Where) -> int:
    """Check files, all below folders, or processes by name; without any, the whole workspace.

    Every mistake is told at its line, with what to do about it; 'stagewright rule CODE' tells more. Exit 0
    where there are none or warnings alone, 1 where there are errors, 2 for a file that is no text.
    """
    from engine.report.findings import render

    found = check_files(paths_to_check(paths, where), workspace=where.workspace)
    put(render(found.findings, output_format, files_checked=found.files, style=style()))
    return found.exit_code
