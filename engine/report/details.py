"""Labelled lines below a heading: what stories and decisions are told in, as text or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from engine.report import escape
from engine.report.style import Style, Tone, paint
from engine.report.widths import TERMINAL, pad, width, wrap

_LABEL = 10
"""Columns of a label; all labels of one level stand below each other."""

_SUBLABEL = 9

_WIDEST_TEXT = 44
"""Where lines have an aside it begins at one column, unless a text is longer than this."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One line: a label, a text, and an aside in a column of its own. ``depth`` nests it below the one before.

    Texts are as recorded: they are escaped when they are written. ``literal``: written as code.
    """

    label: str
    text: str
    aside: str = ""
    tone: Tone = Tone.NORMAL
    depth: int = 0
    literal: bool = False


def lines(details: Iterable[Detail], *, indent: int, style: Style = Style.PLAIN, columns: int = TERMINAL) -> list[str]:
    """The details as text, each line begun with ``indent`` blanks and none wider than ``columns`` where words allow."""
    out: list[str] = []
    for _, run in groupby(details, key=lambda detail: detail.depth > 0):
        siblings = list(run)
        column = max((_text_width(detail) for detail in siblings), default=0)
        for detail in siblings:
            out += _detail_lines(detail, column, indent, style=style, columns=columns)
    return out


def _text_width(detail: Detail) -> int:
    wide = width(escape.shown(detail.text)) + 2 * detail.depth
    return wide if detail.aside and wide <= _WIDEST_TEXT else 0


def _detail_lines(detail: Detail, column: int, indent: int, *, style: Style, columns: int) -> list[str]:
    left = indent + (_LABEL + 2 * (detail.depth - 1) if detail.depth else 0)
    label = _SUBLABEL if detail.depth else _LABEL
    # A command stays on one line: it is there to be copied.
    first, *others = [escape.shown(detail.text)] if detail.literal else _told(detail, column, columns - left - label)
    name = escape.shown(detail.label)
    painted = paint(pad(name, label) if width(name) < label else f"{name}  ", detail.tone, style)
    return [(" " * left + painted + first).rstrip(), *(" " * (left + label) + other for other in others)]


def _told(detail: Detail, column: int, room: int) -> list[str]:
    text, aside = escape.shown(detail.text), escape.shown(detail.aside)
    beside = f"{pad(text, column - 2 * detail.depth)}  {aside}" if aside else text
    if width(beside) <= room:
        return [beside]
    below = ["  " + line for line in wrap(aside, room - 2)] if aside else []
    return [*wrap(text, room), *below]


def markdown(details: Sequence[Detail]) -> list[str]:
    """The details as a nested list in Markdown."""
    return [_markdown_line(detail) for detail in details]


def _markdown_line(detail: Detail) -> str:
    aside = f" ({escape.markdown(detail.aside)})" if detail.aside else ""
    label = f"{escape.markdown(detail.label)}: " if detail.label else ""
    return f"{'  ' * detail.depth}- {label}{escape.markdown(detail.text)}{aside}"
