"""How answers are printed: to stdout, in the format asked for, in colour only on a terminal that wants it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from engine.model.errors import BadValue
from engine.report.style import Style
from engine.report.widths import TERMINAL


def style() -> Style:
    """Colour where stdout is a terminal and nobody asked for plain text (``NO_COLOR``)."""
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style.PLAIN if plain else Style.COLOUR


def columns() -> int:
    """How wide the answer may be: the terminal's width, or 100 columns where there is no terminal."""
    if not sys.stdout.isatty():
        return TERMINAL
    # It brings along all that packs archives, for which no answer in a file should wait.
    import shutil

    return max(shutil.get_terminal_size((TERMINAL, 24)).columns, 40)


def form_of(out: Path | None, forms: Mapping[str, str]) -> str:
    """The form that the ending of a file asks for; without a file the first of them, or text where there is one.

    Raises ``BadValue`` for an ending that stands for none: a file must not claim to be what it is not.
    """
    if out is None:
        return "text" if "text" in forms.values() else next(iter(forms.values()))
    form = forms.get(out.suffix.lower())
    if form is None:
        known = ", ".join(forms)
        raise BadValue(f"'{out}' does not end in a form that can be written", hint=f"known endings: {known}")
    return form


def spare(out: Path | None, *inputs: Path | None) -> None:
    """Raises ``BadValue`` where the answer would be written over a file that it is read from."""
    for each in inputs:
        if out is not None and each is not None and out.exists() and each.exists() and out.samefile(each):
            raise BadValue(f"'{out}' is what is read here; nothing was written", hint="name another file to write to")


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
