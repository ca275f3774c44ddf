"""A process and a scenario written as their files, ready to be played: where what people write is what matters."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

from engine.loading.processes import load_process
from engine.loading.scenarios import load_scenario
from engine.machine.compile import compile_process
from engine.simulation.results.outcome import Setup

BEGIN = datetime(2026, 10, 19, tzinfo=UTC)
PLAIN = """
    process: plain
    version: 1
    title: Two stages
    because: It is short.
    stages: {new: {}, talk: {}, won: {ends: won}, lost: {ends: lost}}
    actions:
      go: {from: new, to: talk}
      sign: {from: talk, to: won}
      lose: {from: open, to: lost}
"""


def written(folder: Path, scenario: str, process: str = PLAIN) -> Setup:
    """The setup of both; the scenario needs no lines on what it is called."""
    file = folder / "processes" / "plain" / "1.yaml"
    (file.parent / "scenarios").mkdir(parents=True)
    file.write_text(dedent(process))
    loaded = load_process(file, workspace=folder)
    assert loaded.value is not None, loaded.findings
    text = "scenario: base\nprocess: plain\nversion: 1\n" + dedent(scenario)
    (file.parent / "scenarios" / "base.yaml").write_text(text)
    found = load_scenario(file.parent / "scenarios" / "base.yaml", process=loaded.value)
    assert found.value is not None, found.findings
    return Setup(found.value, compile_process(loaded.value), BEGIN)
