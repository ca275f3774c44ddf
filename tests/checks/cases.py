"""Cases of checks: files as people write them, and everything that ``check`` then says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from engine.checks.run import Part, check_process, check_rule_set, in_order
from engine.loading.loaded import Loaded, with_lines
from engine.loading.processes import load_process
from engine.loading.rules import load_rule_set
from engine.model.finding import Finding
from engine.model.process import Process
from engine.model.rule import RuleSet
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
    if text.lstrip().startswith("ruleset:"):
        return with_lines(_of_rules(load_rule_set(path)))
    return with_lines(_of_process(load_process(path, workspace=folder)))


def _of_process(loaded: Loaded[Process]) -> tuple[Finding, ...]:
    process, part = (loaded.value, Part.WHOLE) if loaded.value else (loaded.partial, Part.REST)
    return in_order([*loaded.findings, *(check_process(process, part=part) if process else ())])


def _of_rules(loaded: Loaded[RuleSet]) -> tuple[Finding, ...]:
    rule_set, part = (loaded.value, Part.WHOLE) if loaded.value else (loaded.partial, Part.REST)
    return in_order([*loaded.findings, *(check_rule_set(rule_set, part=part) if rule_set else ())])


def printed(findings: tuple[Finding, ...], folder: Path) -> str:
    """The findings as ``check`` prints them, with paths below the folder."""
    return "\n\n".join(one(finding) for finding in findings).replace(f"{folder}/", "")
