"""What a released version changed: a section of the changelog of its process, and the same in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.change import Change, Changes, Level
from engine.report.escape import markdown, shown
from engine.report.style import Style, Tone, paint
from engine.report.wording import both, count

TITLES = {
    Level.BREAK: "Breaks: a deal would be stranded",
    Level.TIGHTER: "Tighter: allowed before, refused now",
    Level.LOOSER: "Looser: refused before, allowed now",
    Level.NOTE: "Also changed",
}
_TONES = {Level.BREAK: Tone.BAD, Level.TIGHTER: Tone.CAUTION, Level.LOOSER: Tone.CAUTION, Level.NOTE: Tone.STRONG}


@dataclass(frozen=True, slots=True)
class Notes:
    """What is told of a release. ``because`` is why the version was made, ``released_because`` why it was released.

    ``changes`` are those against ``before``, the released version before it; ``None`` where there is none, or where
    ``unread`` says why they cannot be told.
    """

    version: int
    date: str
    because: str
    released_because: str
    before: int | None = None
    changes: Changes | None = None
    unread: str = ""


def section(notes: Notes) -> str:
    """The section of the changelog, in Markdown."""
    return "\n\n".join(_blocks(notes)) + "\n"


def _blocks(notes: Notes) -> Iterator[str]:
    yield f"## Version {notes.version} ({markdown(notes.date)})" if notes.date else f"## Version {notes.version}"
    if notes.because:
        yield markdown(notes.because.strip())
    if notes.released_because:
        yield f"Released: {markdown(notes.released_because)}"
    if notes.unread:
        yield markdown(notes.unread)
    elif notes.before is None:
        yield "The first version that was released."
    elif notes.changes is not None and not notes.changes.changes:
        yield f"Nothing that a deal could tell is different from version {notes.before}."
    for level, changes in grouped(notes.changes):
        yield f"### {TITLES[level]}"
        yield "\n".join(f"- {markdown(change.says)} ({markdown(change.code)})" for change in changes)
    if notes.changes and notes.changes.unread:
        yield "### Could not be compared"
        yield "\n".join(f"- {markdown(each)}" for each in notes.changes.unread)


def grouped(changes: Changes | None) -> Iterator[tuple[Level, tuple[Change, ...]]]:
    """The changes of each level that has any, worst first."""
    for level in Level:
        found = tuple(change for change in changes.changes if change.level is level) if changes else ()
        if found:
            yield level, found


def text(changes: Changes, *, style: Style = Style.PLAIN) -> str:
    """The changes in the terminal, by level."""
    lines = [f"{shown(changes.old)} -> {shown(changes.new)}: {tally(changes)}"]
    for level, found in grouped(changes):
        lines += ["", paint(TITLES[level], _TONES[level], style)]
        lines += [f"  {shown(change.code)} {shown(change.says)}" for change in found]
    if changes.unread:
        lines += ["", *(shown(each) for each in changes.unread)]
    return "\n".join(lines) + "\n"


def tally(changes: Changes) -> str:
    """``2 tighter, 1 looser and 3 notes``."""
    words = {Level.NOTE: ("note", "notes"), Level.BREAK: ("break", "breaks")}
    parts = [
        count(changes.count(level), *words.get(level, (level.value, level.value)))
        for level in Level
        if changes.count(level)
    ]
    return both(parts) or "no changes"
