"""The examples on the pages of findings: files as their yaml blocks write them, read and checked."""

from __future__ import annotations

import re
from pathlib import Path

from engine.checks import explain
from engine.commands.checking import check_files
from engine.model.finding import Finding

Files = tuple[tuple[str, str], ...]
"""Path and text; the first is the one that is checked."""

_SECTION = re.compile(r"^## (\w+)\n\n(.*?)(?=\n## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```yaml ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADINGS = ("What", "Why", "Bad", "Good", "Mend")


def sections(code: str) -> dict[str, str]:
    """What stands below each heading of a page."""
    return dict(_SECTION.findall(explain.page(code)))


def examples(code: str) -> tuple[Files | None, Files | None]:
    """The files of ``Bad`` and of ``Good``; ``None`` where they are shown in words alone."""
    found = sections(code)
    bad, good = (tuple(_BLOCK.findall(found[heading])) for heading in ("Bad", "Good"))
    return bad or None, good or None


def found_in(files: Files, folder: Path) -> tuple[Finding, ...]:
    """What ``check`` finds in the first of the files."""
    paths = [folder / (name or "file.yaml") for name, _ in files]
    for path, (_, text) in zip(paths, files, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return check_files(paths[:1], workspace=folder).findings
