"""Runs the console examples of the pages named (default: all) and writes what they print into the pages.

Run from the top of the repository as ``python -m tests.docs.rewrite [PAGE]...``; read the difference before keeping it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .console import transcript
from .pages import PAGES


def rewrite(page: Path) -> None:
    """Put the present output in the place of the one written."""
    with tempfile.TemporaryDirectory() as folder:
        runs = list(transcript(page, Path(folder).resolve()))
    lines = page.read_text(encoding="utf-8").split("\n")
    for block, now in reversed(runs):
        lines[block.line : block.line + block.text.count("\n")] = now.splitlines()
    page.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for each in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        rewrite(each)
