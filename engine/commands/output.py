"""How answers are printed: to stdout, in the format asked for, in colour only on a terminal that wants it."""

from __future__ import annotations

import os
import sys

import click


def wants_colour() -> bool:
    """Whether stdout is a terminal and nobody asked for plain text (``NO_COLOR``)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def put(text: str) -> None:
    """Print an answer; its own line end is enough."""
    click.echo(text, nl=not text.endswith("\n"), color=True)


def remark(text: str) -> None:
    """Say something beside the answer, on stderr."""
    click.echo(text, err=True)
