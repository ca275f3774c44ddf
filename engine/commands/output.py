"""How answers are printed: to stdout, in the format asked for, in colour only on a terminal that wants it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from engine.report.style import Style
from engine.report.widths import TERMINAL


def style() -> Style:
    """Colour where stdout is a terminal and nobody asked for plain text (``NO_COLOR``)."""
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style.PLAIN if plain else Style.COLOUR


def columns() -> int:
    """How wide the answer may be: the terminal's width, or 100 columns where there is no terminal."""
    return max(shutil.get_terminal_size((TERMINAL, 24)).columns, 40) if sys.stdout.isatty() else TERMINAL


def put(text: str) -> None:
    """Print an answer; its own line end is enough."""
    click.echo(text, nl=not text.endswith("\n"), color=True)


def remark(text: str) -> None:
    """Say something beside the answer, on stderr."""
    click.echo(text, err=True)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, where that is a terminal; what it yields is told how many of ``total`` are done."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    with click.progressbar(length=total, label=what, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)
