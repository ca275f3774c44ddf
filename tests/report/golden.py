"""Golden texts: what people read, a file each. STAGEWRIGHT_GOLDEN=write renews them, to be read as a diff."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def golden(name: str, text: str) -> None:
    """Assert that ``text`` is what the file says."""
    path = FOLDER / name
    if os.environ.get("STAGEWRIGHT_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")
