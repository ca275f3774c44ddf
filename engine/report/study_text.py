"""A study as text for a terminal: what was looked at, then section by section what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.study import Section, Study, Unit
from engine.model.syntax import Value
from engine.model.values import show_value
from engine.report.escape import shown
from engine.report.figures import cells, is_figure, left_out, time_text
from engine.report.flow import sections_of
from engine.report.style import Style, Tone, paint
from engine.report.text import Column, aligned, cut_note
from engine.report.widths import TERMINAL, wrap


def text(study: Study, *, width: int = TERMINAL, style: Style = Style.PLAIN) -> str:
    """The study, fitted to ``width`` columns; of a section with very many rows the first."""
    lines = [paint(shown(study.title), Tone.STRONG, style), *_sentences(opening(study), width, style, Tone.QUIET)]
    lines += _paragraphs(study.says, width)
    for section in sections_of(study):
        lines += ["", *_section(section, study.currency, width, style)]
    lines += _paragraphs(study.notes, width)
    return "\n".join(lines) + "\n"


def opening(study: Study) -> list[str]:
    """What was looked at, up to when, and what else was asked."""
    lines = [study.subject] if study.subject else []
    if study.as_of:
        lines.append(f"as of {time_text(study.as_of)} UTC; deals open then are counted as open")
    asked = [f"{name} {_asked(value)}" for name, value in study.asked if value is not None and name != "as_of"]
    return [*lines, "asked: " + ", ".join(asked)] if asked else lines


def _asked(value: Value) -> str:
    return time_text(value) if isinstance(value, datetime) else show_value(value)


def _section(section: Section, currency: str, width: int, style: Style) -> Iterator[str]:
    yield paint(shown(section.title), Tone.STRONG, style)
    yield from _sentences(section.says, width, style, Tone.NORMAL)
    body: list[str] = []
    if section.rows:
        body = _table(section, currency, width, style)
        yield from ("", *body)
    else:
        yield shown(section.empty)
    ends = [left_out(len(section.rows), section.shown)]
    ends.append(cut_note(body, width, "--format json gives it whole"))
    yield from _sentences([each for each in ends if each], width, style, Tone.QUIET)
    yield from _sentences(section.notes, width, style, Tone.NORMAL)


def _table(section: Section, currency: str, width: int, style: Style) -> list[str]:
    heads = [shown(heading.title) for heading in section.headings]
    rows = [[shown(cell) for cell in row] for row in cells(section, currency, most=section.shown)]
    kinds = [
        Column(is_text=heading.unit is Unit.TEXT, is_number=is_figure(section, i))
        for i, heading in enumerate(section.headings)
    ]
    return aligned(heads, rows, kinds=kinds, width=width, style=style)


def _sentences(told: Sequence[str], width: int, style: Style, tone: Tone) -> Iterator[str]:
    for sentence in told:
        yield from (paint(line, tone, style) for line in wrap(shown(sentence), width))


def _paragraphs(told: Sequence[str], width: int) -> Iterator[str]:
    if told:
        yield ""
    for sentence in told:
        yield from wrap(shown(sentence), width)
