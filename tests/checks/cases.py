"""Cases of checks: files as people write them, and everything that ``check`` then says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from engine.commands.checking import check_files
from engine.model.finding import Finding
from engine.report.findings import one

FOLDER = Path(__file__).parents[1] / "cases" / "checks"


@dataclass(frozen=True)
class Case:
    """The text of a process or a rule set, of further files by path, and the findings as printed."""

    file: str
    title: str
    text: str
    findings: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}: {self.title}"


def all_cases() -> Iterator[Case]:
    """All cases of all files."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield Case(path.stem, **case)


def findings_of(text: str, folder: Path, files: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """What reading and checking find in a file of this text, put beside the other files in a folder."""
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return check_files([path], workspace=folder).findings


def printed(findings: tuple[Finding, ...], folder: Path) -> str:
    """The findings as ``check`` prints them, with paths below the folder."""
    return "\n\n".join(one(finding) for finding in findings).replace(f"{folder}/", "")
