"""Files read and checked, all findings gathered: what ``check`` tells and ``doctor`` counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from engine.checks.people import check_people
from engine.checks.run import Part, check_process, check_rule_set, in_order
from engine.commands.nearby import Nearby, people_near
from engine.commands.options import Where
from engine.commands.source import process_path, workspace_of
from engine.loading import catalog, codes
from engine.loading.document import parse_text
from engine.loading.files import AnyLoaded, load_file
from engine.loading.loaded import with_lines
from engine.loading.maps import load_map
from engine.loading.people import people_files
from engine.loading.processes import load_process, read_process
from engine.loading.released import FILE, gone
from engine.loading.released import file_at_fault as rule_set_changed
from engine.loading.used import file_at_fault
from engine.model.errors import UnknownName
from engine.model.finding import Finding, Severity
from engine.model.map import Map
from engine.model.people import People
from engine.model.place import Place
from engine.model.process import Process
from engine.model.rule import RuleSet
from engine.model.scenario import Scenario

FOLDERS = ("processes", "rules", "maps")
"""Where a workspace keeps what can be checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many files were looked at, and what was found, by place."""

    files: int
    findings: tuple[Finding, ...]
    no_text: bool

    @property
    def exit_code(self) -> int:
        """2 where a file is no text, 1 where there are errors, 0 where there are warnings alone or nothing."""
        if self.no_text:
            return 2
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))


def paths_to_check(names: Iterable[str], where: Where) -> tuple[Path, ...]:
    """The files and folders named, or those of the workspace. Raises ``UnknownName`` for what is not there.

    A process named without a version is the folder of all: the one being written wants checking most.
    """
    named = tuple(names)
    if not named:
        root = workspace_of(where)
        return (*(root / name for name in FOLDERS if (root / name).is_dir()), *people_files(root))
    return tuple(Path(name) if Path(name).exists() else _process_named(name, where) for name in named)


def _process_named(name: str, where: Where) -> Path:
    if "@" in name:
        return process_path(name, where)[0]
    return catalog.find(name, workspace=workspace_of(where)).parent


def check_files(paths: Iterable[Path], *, workspace: Path | None = None) -> Checked:
    """Read and check files, and all below folders. A mistake seen from several files is told once."""
    named = list(paths)
    files = [file for path in named for file in (catalog.files(path) if path.is_dir() else (path,))]
    files = list(dict.fromkeys(files))
    found: list[Finding] = []
    no_text = False
    beside = _Beside(workspace, cache(people_near), cache(Nearby))
    for file in files:
        loaded = load_file(file, workspace=workspace)
        no_text = no_text or loaded.no_text
        found += [*loaded.findings, *_found(loaded, file, beside)]
    for folder in _with_releases(named, files):
        found += gone(folder)
    return Checked(len(files), with_lines(in_order(_as_given(found, files))), no_text)


def check_text(text: str, file: Path, *, workspace: Path) -> tuple[Finding, ...]:
    """What ``check`` would find in a process if this text stood in that file of the workspace; it is not written."""
    loaded = read_process(parse_text(text, str(file)), file, workspace=workspace)
    found = [*loaded.findings, *_found(loaded, file, _Beside(workspace, people_near, Nearby))]
    return tuple(in_order(found))


@dataclass(frozen=True, slots=True)
class _Beside:
    """What files are held against, each read when first asked for."""

    workspace: Path | None
    people: Callable[[Path | None], People | None]
    nearby: Callable[[Path], Nearby]


def _found(loaded: AnyLoaded, file: Path, beside: _Beside) -> Iterator[Finding]:
    root = beside.workspace or catalog.workspace_of(file)
    near = beside.nearby(root) if root and (root / "processes").is_dir() else None
    yield from _checked(loaded, file, beside.workspace, near)
    if isinstance(loaded.value, Process):
        people = beside.people(root)
        yield from _among_others(loaded.value, near) if near else ()
        yield from check_people(loaded.value, people) if people else ()


def _with_releases(named: Iterable[Path], files: Iterable[Path]) -> tuple[Path, ...]:
    """The folders whose list of releases is to be looked at: also where no version of a process is left."""
    below = (one.parent for path in named if path.is_dir() for one in sorted(path.rglob(FILE)))
    beside = (file.parent for file in files if file.absolute().parent.parent.name == "processes")
    return tuple({folder.absolute(): folder for folder in (*below, *beside)}.values())


def _as_given(findings: Iterable[Finding], files: Iterable[Path]) -> Iterator[Finding]:
    """Findings with each file called as it was given, and without a rule set's faults that its own file tells."""
    given = {file.resolve(): str(file) for file in files}
    resolve = cache(lambda name: Path(name).resolve())
    for finding in findings:
        at_fault = file_at_fault(finding) or rule_set_changed(finding)
        if not at_fault or resolve(at_fault) not in given:
            file = finding.at.file
            yield replace(finding, at=replace(finding.at, file=given.get(resolve(file), file)))


def _checked(loaded: AnyLoaded, file: Path, workspace: Path | None, near: Nearby | None) -> tuple[Finding, ...]:
    part = Part.REST if loaded.value is None else Part.WHOLE
    match loaded.value or loaded.partial:
        case Process() as process:
            entries = near.entries(process) if near and part is Part.WHOLE else frozenset()
            return check_process(process, part=part, entries=entries)
        case RuleSet() as rule_set:
            return check_rule_set(rule_set, part=part)
        case Map() as map_:
            return _against(file, map_.process, map_.at, workspace, lambda process: load_map(file, process=process))
        # Which process one is meant for that stands in the folder of another nobody knows, and that is told.
        case Scenario() as scenario if scenario.process == _folder_of(file, scenario.process):
            from engine.loading.scenarios import load_scenario

            name = f"{scenario.process}@{scenario.version}" if scenario.version else scenario.process
            at = scenario.version_at if scenario.version else scenario.at
            return _against(file, name, at, workspace, lambda process: load_scenario(file, process=process))
    return ()


def _folder_of(scenario: Path, process: str) -> str:
    """The process in whose folder a scenario stands; ``process`` where it stands in that of none."""
    folder = scenario.absolute().parent.parent
    is_there = scenario.absolute().parent.name == "scenarios" and folder.parent.name == "processes"
    return folder.name if is_there else process


def _among_others(process: Process, near: Nearby) -> tuple[Finding, ...]:
    """What is wrong between this process and the others of its workspace."""
    actions = [action for track in process.all_tracks() for action in track.actions]
    if not any(action.transfer or action.starts for action in actions):
        return ()
    from engine.checks.neighbours import Neighbours, check_neighbours

    return tuple(check_neighbours(process, Neighbours(catalog.names(near.workspace), near.latest)))


def _against(
    file: Path, name: str, at: Place, workspace: Path | None, load: Callable[[Process], AnyLoaded]
) -> tuple[Finding, ...]:
    """What is wrong with a file where it is held to the process it names; nothing where that has errors itself."""
    root = workspace or catalog.workspace_of(file)
    if not name or root is None:
        return ()
    try:
        path = catalog.find(name, workspace=root)
    except UnknownName as error:
        return (Finding(codes.UNKNOWN_PROCESS, at, str(error), error.hint),)
    process = load_process(path, workspace=root).value
    return load(process).findings if process else ()
