"""Changes as text for a terminal: worst first, each with its places, how it was and is written, and what shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.change import Change, Changes, Level, Subject
from engine.report.changes_words import (
    MEANS,
    Sides,
    counted,
    grouped,
    impact_study,
    lines,
    place_text,
    proof_says,
    title,
    unread_says,
    users,
)
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.widths import TERMINAL, wrap
from engine.report.widths import width as cells

if TYPE_CHECKING:
    from engine.model.study import Study

TONES = {Level.BREAK: Tone.BAD, Level.TIGHTER: Tone.CAUTION, Level.LOOSER: Tone.CAUTION, Level.NOTE: Tone.NORMAL}

_INDENT = " " * 10
_WRITTEN = 12
"""So many lines of how a thing was written are shown."""


def text(changes: Changes, sides: Sides, *, width: int = TERMINAL, style: Style = Style.PLAIN) -> str:
    """The changes, fitted to ``width`` columns."""
    told = [paint(line, Tone.STRONG, style) for line in wrap(shown(title(changes)), width)]
    told += wrap(shown(counted(changes)), width)
    told += wrap(shown(users(changes)), width) if users(changes) else []
    told += _unread(changes, width, style)
    study = impact_study(changes)
    # The answer first, then what matters; the figures on it come before the notes, which nobody need read.
    told += _impact(replace(study, sections=()), width, style) if study and study.says else ()
    told += _levels(changes, sides, width, style, of=(Level.BREAK, Level.TIGHTER, Level.LOOSER))
    told += _impact(replace(study, says=(), title=""), width, style) if study and study.sections else ()
    told += _levels(changes, sides, width, style, of=(Level.NOTE,))
    return "\n".join([*told, *_next(changes, width, style)]) + "\n"


def _impact(study: Study, width: int, style: Style) -> Iterator[str]:
    from engine.report.study_text import text as study_text

    yield ""
    yield from study_text(study, width=width, style=style, whole="--format json or html").strip("\n").split("\n")


def _levels(changes: Changes, sides: Sides, width: int, style: Style, *, of: Sequence[Level]) -> Iterator[str]:
    for level, parts in grouped(changes):
        if level in of:
            yield ""
            yield f"{paint(level.value, TONES[level], style)} ({changes.count(level)}): {MEANS[level]}"
            for subject, some in parts:
                yield from _subject(subject, some, sides, width, style)


def _unread(changes: Changes, width: int, style: Style) -> Iterator[str]:
    if changes.unread:
        yield ""
        yield paint(unread_says(changes), Tone.BAD, style)
        for each in changes.unread:
            yield from _hanging("  - ", shown(each), width)


def _subject(subject: Subject, changes: Sequence[Change], sides: Sides, width: int, style: Style) -> Iterator[str]:
    yield paint(f"  {subject.value}", Tone.QUIET, style)
    for change in changes:
        yield from _change(change, sides, width, style)


def _change(change: Change, sides: Sides, width: int, style: Style) -> Iterator[str]:
    first, *others = wrap(shown(change.says), width - len(_INDENT))
    yield f"    {paint(shown(change.code).ljust(5), Tone.STRONG, style)} {first}"
    yield from (_INDENT + line for line in others)
    yield from _side("was", place_text(change.old, ""), change.before, width, style)
    yield from _side("now", place_text(change.new, ""), change.after, width, style)
    for each in proof_says(change, sides):
        yield from _hanging(_INDENT + "so   ", shown(each), width)


def _side(label: str, place: str, written: str, width: int, style: Style) -> Iterator[str]:
    """Where a side has it and how it is written there: on one line where it fits, else below the place."""
    told = [shown(line) for line in lines(written)]
    if not place and not told:
        return
    head = f"{_INDENT}{label}  "
    if len(told) == 1 and len(head) + len(shown(place)) + 2 + len(told[0]) <= width:
        yield f"{head}{paint(shown(place), Tone.QUIET, style)}{'  ' if place else ''}{told[0]}"
        return
    yield head + paint(shown(place), Tone.QUIET, style) if place else f"{head}{told.pop(0)}"
    for line in told[:_WRITTEN]:
        yield from (
            _hanging(" " * len(head), line, width) if len(head) + cells(line) > width else (" " * len(head) + line,)
        )
    if len(told) > _WRITTEN:
        yield " " * len(head) + f"and {len(told) - _WRITTEN} more lines"


def _next(changes: Changes, width: int, style: Style) -> Iterator[str]:
    if changes.next_steps:
        yield ""
        yield paint("What to do next", Tone.STRONG, style)
        for step in changes.next_steps:
            yield from _hanging("  - ", shown(step), width)


def _hanging(head: str, told: str, width: int) -> Iterator[str]:
    first, *others = wrap(told, width - len(head))
    yield head + first
    yield from (" " * len(head) + line for line in others)
