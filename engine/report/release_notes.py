"""What a released version changed: a section of the changelog of its process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.change import Changes
from engine.report.changes_words import MEANS, grouped
from engine.report.escape import markdown


@dataclass(frozen=True, slots=True)
class Notes:
    """What is told of a release. ``because`` is why the version was made, ``released_because`` why it was released.

    ``changes`` are those against ``before``, the released version before it; ``None`` where there is none, or where
    ``unread`` says why they cannot be told. ``later`` is the newest version that was released already.
    """

    version: int
    date: str
    because: str
    released_because: str
    before: int | None = None
    changes: Changes | None = None
    unread: str = ""
    later: int | None = None


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
    elif notes.before is None and notes.later is not None:
        yield f"No version before it was released; version {notes.later} was released already."
    elif notes.before is None:
        yield "The first version that was released."
    elif notes.changes is not None and not (notes.changes.changes or notes.changes.unread):
        yield f"Nothing that a deal could tell is different from version {notes.before}."
    for level, parts in grouped(notes.changes) if notes.changes else ():
        yield f"### {level.value.capitalize()}: {MEANS[level]}"
        yield "\n".join(f"- {markdown(one.says)} ({markdown(one.code)})" for _, changes in parts for one in changes)
    if notes.changes and notes.changes.unread:
        yield "### Could not be compared"
        yield "\n".join(f"- {markdown(each)}" for each in notes.changes.unread)
