"""The changelog of a process: a section for each released version, newest first, among what people wrote in it."""

from __future__ import annotations

import re
from pathlib import Path

from engine.loading.releasing import text_of

FILE = "CHANGELOG.md"

# Just what heads a section of 'release', with the day or without: "## Version 4 plans" is what somebody wrote.
_SECTION = re.compile(r"^## Version ([1-9][0-9]{0,5})(?: \(\d{4}-\d\d-\d\d\))?[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## ", re.MULTILINE)
_TITLE = re.compile(r"\A\s*(?:# [^\n]*(?:\n|\Z)|[^\n#][^\n]*\n=+[ \t]*(?:\n|\Z))")


def told_in(folder: Path) -> frozenset[int]:
    """The versions that the changelog of a process has a section of. Raises ``UnreadableFile``."""
    path = folder / FILE
    if not path.exists():
        return frozenset()
    return frozenset(int(found[1]) for found in _SECTION.finditer(_without_code(text_of(path))))


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
    text = _without_code(text)
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


def _without_code(text: str) -> str:
    """The text, as long as it was, in which no line of a block of code is taken for a heading."""
    return _FENCED.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
