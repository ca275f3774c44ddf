"""What comes of reading a file: the value or what keeps it from being one, and all findings in order of place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from engine.loading.codes import NO_TEXT, TOO_MANY_FINDINGS
from engine.loading.source import Source, read_text
from engine.model.entry import Definition
from engine.model.errors import UnreadableFile
from engine.model.finding import Finding, Severity
from engine.model.place import Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """A file as read. ``value`` is ``None`` where any finding is an error.

    ``partial`` is then, where the structure is sound, the value with the faulty parts left out, and ``spoilt``
    names the top-level keys below which something was. ``definition`` is the text of a process as read.
    """

    value: T | None
    findings: tuple[Finding, ...]
    partial: T | None = None
    spoilt: frozenset[str] = frozenset()
    definition: Definition | None = None

    @property
    def no_text(self) -> bool:
        """Whether the file is no text at all, so that nothing can be said about it."""
        return any(finding.code in NO_TEXT for finding in self.findings)


MOST = 1_000
"""The most findings of one file: more would help nobody, and each costs a guess at what was meant."""


class Enough(Exception):
    """There are so many findings that reading ends."""


class Findings:
    """The findings gathered while a file is read. Adding raises ``Enough`` where there are more than ``MOST``."""

    def __init__(self) -> None:
        self._told: dict[Finding, None] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Adds findings; one given before is not given again."""
        self._told.update(dict.fromkeys(findings))
        if len(self._told) > MOST:
            raise Enough

    def error(self, code: str, at: Place, message: str, hint: str = "") -> None:
        """Adds an error."""
        self.add((Finding(code, at, message, hint),))

    def warning(self, code: str, at: Place, message: str, hint: str = "") -> None:
        """Adds a warning."""
        self.add((Finding(code, at, message, hint, severity=Severity.WARNING),))

    def told(self, sources: Iterable[Source] = ()) -> tuple[Finding, ...]:
        """All findings by place, with the lines of the sources given."""
        by_file = {source.file: source for source in sources}
        ordered = sorted(self._told, key=lambda finding: finding.order)[:MOST]
        if len(self._told) > MOST:
            message = f"there are more than {MOST:,} findings; reading ended here"
            ordered.append(Finding(TOO_MANY_FINDINGS, ordered[-1].at, message, "mend those above first"))
        return _with_lines(ordered, by_file.get)

    @property
    def any_error(self) -> bool:
        """Whether one of them is an error."""
        return any(finding.severity is Severity.ERROR for finding in self._told)

    def __len__(self) -> int:
        return len(self._told)


def with_lines(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of other rooms with the lines of their files, which are read once each; sorted by place."""
    sources: dict[str, Source | None] = {}

    def source_of(file: str) -> Source | None:
        if file not in sources:
            sources[file] = _source(file)
        return sources[file]

    return _with_lines(sorted(findings, key=lambda finding: finding.order), source_of)


def _source(file: str) -> Source | None:
    try:
        return read_text(Path(file))[0] if file else None
    except UnreadableFile:
        return None


def _with_lines(findings: Iterable[Finding], source_of: Callable[[str], Source | None]) -> tuple[Finding, ...]:
    """Each line is cut out once, however many findings stand in it: a hostile file may be one line."""
    lines: dict[tuple[str, int], str] = {}
    shown = []
    for finding in findings:
        at = (finding.at.file, finding.at.line)
        if at not in lines:
            source = source_of(at[0]) if at[1] else None
            lines[at] = source.line(at[1]) if source else ""
        shown.append(finding if finding.source or not lines[at] else replace(finding, source=lines[at]))
    return tuple(shown)
