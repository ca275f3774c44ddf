"""An error at the edge: one sentence, a mend, an exit code. Never a traceback."""

from __future__ import annotations

import os
import sys
import traceback

import click

from engine.commands.source import FaultyFile
from engine.model.errors import StagewrightError
from engine.report.escape import shown


def tell(error: Exception) -> int:
    """Say what went wrong on stderr; returns the exit code."""
    if os.environ.get("STAGEWRIGHT_TRACEBACK"):
        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, FaultyFile):
        from engine.report import findings

        click.echo(findings.text(error.findings), err=True, nl=False)
    if isinstance(error, StagewrightError):
        say(str(error), error.hint)
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:
        say(f"{error.strerror}: {error.filename}" if error.filename else error.strerror)
        return 2
    if isinstance(error, MemoryError):
        say("there is not enough memory for this")
        return 2
    say(
        f"this should not have happened ({type(error).__name__}: {error})",
        "it is a fault of stagewright, not yours; set STAGEWRIGHT_TRACEBACK=1 and run it again to see where",
    )
    return 2


def say(message: str, hint: str = "") -> None:
    """One error on stderr, its hint below it."""
    click.echo(f"error: {shown(message)}", err=True)
    if hint:
        click.echo(f"  {shown(hint)}", err=True)
