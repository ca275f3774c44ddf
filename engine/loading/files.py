"""A file of any kind: which kind it is, and what it says."""

from __future__ import annotations

from pathlib import Path

from engine.loading import codes, git
from engine.loading.catalog import workspace_of
from engine.loading.document import Document, parse, read_document
from engine.loading.kinds import NAMED, kind_of
from engine.loading.loaded import Findings, Loaded
from engine.loading.processes import load_revision, read_process
from engine.loading.rules import read_rule_set
from engine.loading.source import decode
from engine.model.errors import UnknownName
from engine.model.map import Map
from engine.model.people import People
from engine.model.process import Process
from engine.model.rule import RuleSet
from engine.model.scenario import Scenario

AnyLoaded = Loaded[Process] | Loaded[RuleSet] | Loaded[Map] | Loaded[People] | Loaded[Scenario]


def load_file(path: Path, *, workspace: Path | None = None) -> AnyLoaded:
    """What stands in a file of any kind. Raises ``UnreadableFile`` where there is nothing to read."""
    document = read_document(path)
    kind = kind_of(document.root, path)
    # Maps, scenarios and people need much that the others do not.
    if kind == "map":
        from engine.loading.maps import read_map

        return read_map(document, path)
    if kind == "scenario":
        from engine.loading.scenarios import read_scenario

        return read_scenario(document, path)
    if kind == "people":
        from engine.loading.people import read_people

        return read_people(document, path, workspace=workspace or workspace_of(path))
    if kind == "ruleset":
        return read_rule_set(document, path=path)
    if kind == "process" or document.root is None:
        return read_process(document, path, workspace=workspace)
    found = Findings()
    found.add(document.findings)
    message = "the file is neither a process nor a rule set nor a map nor a scenario"
    hint = f"start it with one of: {', '.join(f'{one}: NAME' for one in NAMED)}"
    found.error(codes.MISSING_KEY, document.root.at, message, hint)
    nothing: Loaded[Process] = Loaded(None, found.told([document.source] if document.source else []))
    return nothing


def load_file_of_revision(name: str, *, folder: Path) -> Loaded[Process] | Loaded[RuleSet]:
    """The process or rule set that ``REF:FILE`` names. ``folder`` lies in the repository.

    Raises ``UnknownName`` and ``UnreadableFile``.
    """
    named = git.split(name)
    if named is None:
        raise UnknownName(f"'{name}' names no file of a git revision", hint="write REVISION:PATH, such as HEAD:a.yaml")
    ref, path = named[0], git.from_top(named[1], folder=folder)
    source, findings = decode(git.read(ref, path, folder=folder), name)
    document = parse(source) if source else Document(None, None, findings)
    if kind_of(document.root, Path(path)) == "ruleset":
        return read_rule_set(document)
    return load_revision(name, folder=folder)
