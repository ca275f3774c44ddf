"""A study as text for a terminal: what was looked at, then section by section what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.study import Section, Study, Unit
from engine.model.syntax import Value
from engine.model.values import show_value
from engine.report.escape import shown
from engine.report.figures import WHOLE, cells, is_figure, left_out, time_text
from engine.report.flow import sections_of
from engine.report.legible import legible, said_once
from engine.report.style import Style, Tone, paint
from engine.report.text import NARROWEST, Column, Look, aligned, cut_note, fits, tall
from engine.report.widths import TERMINAL, cut, wrap

_FOLD = 8
"""So many lines a cell may take: the steps of a deal are read whole, or nearly."""

_SHORT = 32
"""Narrower than this a text is folded only where nothing else helps."""


def text(study: Study, *, width: int = TERMINAL, style: Style = Style.PLAIN, whole: str = WHOLE) -> str:
    """The study, fitted to ``width`` columns; of a section with very many rows the first. ``whole`` has them all."""
    lines = [
        *_sentences([study.title], width, style, Tone.STRONG),
        *_sentences(opening(study), width, style, Tone.QUIET),
    ]
    lines += _paragraphs(study.says, width)
    told = [(section, bool(section.rows) and section.shown >= 0) for section in said_once(sections_of(study))]
    for section, is_told in told:
        if is_told:
            lines += ["", *_section(legible(section, study.currency), study.currency, width, style, whole)]
    nothing = " ".join(dict.fromkeys(sentence(section.empty) for section, is_told in told if not is_told))
    lines += _paragraphs((nothing,) if nothing else (), width)
    lines += _paragraphs(study.notes, width)
    return "\n".join(lines) + "\n"


def sentence(text: str) -> str:
    """What is said of nothing, as a sentence among others."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def opening(study: Study) -> list[str]:
    """What was looked at, up to when, and what else was asked."""
    lines = [study.subject] if study.subject else []
    if study.as_of:
        lines.append(f"as of {time_text(study.as_of)} UTC; deals open then are counted as open")
    asked = [f"{name} {_asked(value)}" for name, value in study.asked if value is not None and name != "as_of"]
    return [*lines, "asked: " + ", ".join(asked)] if asked else lines


def _asked(value: Value) -> str:
    return time_text(value) if isinstance(value, datetime) else show_value(value)


def _section(section: Section, currency: str, width: int, style: Style, whole: str) -> Iterator[str]:
    yield from _sentences([section.title], width, style, Tone.STRONG)
    yield from _sentences(section.says, width, style, Tone.NORMAL)
    body = _table(section, currency, width, style)
    yield from ("", *body)
    ends = [left_out(len(section.rows), section.shown, whole)]
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
    tries = list(_tries(heads, rows, kinds))
    # Both ends of an interval below each other are hard to read: rather that than a block of lines for each row.
    high, told = next(
        (
            each
            for text, some in ((_SHORT, tries[:-1]), (NARROWEST, tries[-2:]))
            for each in some
            if _has_room(*each, kinds, width=width, text=text)
        ),
        tries[0],
    )
    return aligned(high, told, kinds=kinds, width=width, look=Look(style, _FOLD))


def _tries(
    heads: list[str], rows: list[list[str]], kinds: Sequence[Column]
) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The table ever narrower: heads on one line, some, or many; intervals below their figures, and on two lines."""
    yield heads, rows
    yield tall(heads, rows, narrow=10), rows
    yield tall(heads, rows, narrow=5), rows
    for fold in (_folded, _folded_twice):
        folded = [
            [fold(cell) if kind.is_number else cell for cell, kind in zip(row, kinds, strict=True)] for row in rows
        ]
        yield tall(heads, folded, narrow=5), folded


def _has_room(
    heads: Sequence[str], rows: Sequence[Sequence[str]], kinds: Sequence[Column], *, width: int, text: int
) -> bool:
    """Whether the rows fit with texts folded to so many columns."""
    short = [[cut(cell, text) if kind.is_text else cell for cell, kind in zip(row, kinds, strict=True)] for row in rows]
    return fits(heads, short, width=width)


def _folded(cell: str) -> str:
    """An estimate with its interval below it."""
    return cell.replace(" (", "\n").removesuffix(")")


def _folded_twice(cell: str) -> str:
    """An estimate with the ends of its interval below it, one below the other."""
    return _folded(cell).replace(" to ", " to\n")


def _sentences(told: Sequence[str], width: int, style: Style, tone: Tone) -> Iterator[str]:
    for each in told:
        yield from (paint(line, tone, style) for line in wrap(shown(each), width))


def _paragraphs(told: Sequence[str], width: int) -> Iterator[str]:
    if told:
        yield ""
    for each in told:
        yield from wrap(shown(each), width)
