"""Processes written in the test that reads them, and what their metrics come to."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from engine.loading.processes import load_process
from engine.model.process import Process


def process_of(text: str, name: str = "selling") -> Process:
    """A process as its text says, which must be sound."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "processes" / name / "1.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(f"process: {name}\nversion: 1\n{dedent(text)}", encoding="utf-8")
        loaded = load_process(path)
    assert loaded.value is not None, [f"{each.at.line}: {each.message}" for each in loaded.findings]
    return loaded.value
