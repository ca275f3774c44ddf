"""The changelog of a process: a section for each released version, newest first, among what people wrote in it."""

from __future__ import annotations

import re
from pathlib import Path

from engine.loading.releasing import text_of

FILE = "CHANGELOG.md"

_SECTION = re.compile(r"^## Version ([1-9][0-9]{0,5})\b.*$", re.MULTILINE)
_HEADING = re.compile(r"^## ", re.MULTILINE)
_TITLE = re.compile(r"\A\s*(?:# [^\n]*(?:\n|\Z)|[^\n#][^\n]*\n=+[ \t]*(?:\n|\Z))")


def told_in(folder: Path) -> frozenset[int]:
    """The versions that the changelog of a process has a section of. Raises ``UnreadableFile``."""
    path = folder / FILE
    return frozenset(int(found[1]) for found in _SECTION.finditer(text_of(path))) if path.exists() else frozenset()


def with_section(folder: Path, version: int, section: str) -> str:
    """The text of the changelog with the section of a version in its place; nothing is written.

    ``section`` begins with ``## Version N``. What stands in the file stays. Raises ``UnreadableFile``.
    """
    path = folder / FILE
    if not path.exists():
        return f"# Changelog of {folder.name}\n\n{section.strip()}\n"
    text = text_of(path)
    at = _place(text, version)
    parts = (text[:at].rstrip("\n"), section.strip("\n"), text[at:].strip("\n"))
    return "\n\n".join(part for part in parts if part) + "\n"


def _place(text: str, version: int) -> int:
    """Before the section of the nearest version below; else behind the last one above, or before all sections."""
    older = [found for found in _SECTION.finditer(text) if int(found[1]) < version]
    if older:
        return older[0].start()
    newer = list(_SECTION.finditer(text))
    if newer:
        following = _HEADING.search(text, newer[-1].end())
        return following.start() if following else len(text)
    first, title = _HEADING.search(text), _TITLE.match(text)
    if first:
        return first.start()
    return title.end() if title else 0
