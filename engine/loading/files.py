"""A file of any kind: which kind it is, and what it says."""

from __future__ import annotations

from pathlib import Path

from engine.loading import codes
from engine.loading.catalog import workspace_of
from engine.loading.document import read_document
from engine.loading.kinds import NAMED, kind_of
from engine.loading.loaded import Findings, Loaded
from engine.loading.maps import read_map
from engine.loading.people import read_people
from engine.loading.processes import read_process
from engine.loading.rules import read_rule_set
from engine.model.map import Map
from engine.model.people import People
from engine.model.process import Process
from engine.model.rule import RuleSet

AnyLoaded = Loaded[Process] | Loaded[RuleSet] | Loaded[Map] | Loaded[People]


def load_file(path: Path, *, workspace: Path | None = None) -> AnyLoaded:
    """The process, rule set, map or people in a file. Raises ``UnreadableFile`` where there is nothing to read."""
    document = read_document(path)
    kind = kind_of(document.root, path)
    if kind == "map":
        return read_map(document, path)
    if kind == "people":
        return read_people(document, path, workspace=workspace or workspace_of(path))
    if kind == "ruleset":
        return read_rule_set(document, path=path)
    if kind == "process" or document.root is None:
        return read_process(document, path, workspace=workspace)
    found = Findings()
    found.add(document.findings)
    message = "the file is neither a process nor a rule set nor a map"
    hint = f"start it with one of: {', '.join(f'{one}: NAME' for one in NAMED)}"
    found.error(codes.MISSING_KEY, document.root.at, message, hint)
    nothing: Loaded[Process] = Loaded(None, found.told([document.source] if document.source else []))
    return nothing
