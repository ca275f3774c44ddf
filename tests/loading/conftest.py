"""A workspace to write files into, and the findings of a file as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.loading.loaded import Loaded
from engine.loading.processes import load_process
from engine.model.process import Process

CASES = Path(__file__).parents[1] / "cases" / "loading"

SMALL = """\
process: small
version: 1
roles: {seller: [], boss: [seller]}
touchpoints: [call]
groups: {early: [new]}
facts:
  amount: {type: money}
  kind: {type: choice, of: [new-business, renewal]}
stages:
  new: {}
  offer: {}
  won: {ends: won}
  lost: {ends: lost}
actions:
  propose: {from: new, to: offer, by: [seller]}
  sign: {from: offer, to: won}
  lose: {from: open, to: lost, reasons: {price: Too dear, other: Something else}}
"""
"""A sound process; tests add to it or take from it."""


class Workspace:
    """A folder with processes and rule sets, written as tests need them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, path: str, text: str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
        return target

    def process(self, text: str, path: str = "processes/small/1.yaml") -> Loaded[Process]:
        return load_process(self.write(path, text))

    def small(self, extra: str = "") -> Loaded[Process]:
        return self.process(SMALL + extra)

    def changed(self, old: str, new: str) -> Loaded[Process]:
        assert old in SMALL
        return self.process(SMALL.replace(old, new))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def told(loaded: Loaded[object], folder: Path) -> str:
    """The findings as a golden text: place, code, message, source line, caret and hint."""
    lines = []
    for finding in loaded.findings:
        place = str(finding.at).removeprefix(f"{folder}/")
        lines.append(f"{place}: {finding.severity.value} {finding.code}: {finding.message}")
        if finding.at.line:
            lines += [f"  {finding.source}", f"  {' ' * (finding.at.column - 1)}^ {finding.hint}".rstrip()]
    return "\n".join(lines) + "\n"


def brief(loaded: Loaded[object]) -> list[str]:
    """Each finding as ``line:column code``."""
    return [f"{one.at.line}:{one.at.column} {one.code}" for one in loaded.findings]
