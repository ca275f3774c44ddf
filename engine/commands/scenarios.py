"""Scenarios by name: which file is meant, and what it says held to the version of the process it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.source import FaultyFile, Source, workspace_of
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean

if TYPE_CHECKING:
    from engine.model.process import Process
    from engine.model.scenario import Scenario

USUAL = "base"
"""The scenario that is meant where several are there and none is named."""
_ENDINGS = (".yaml", ".yml")


def named_scenario(name: str | None, where: Where, source: Source) -> Scenario:
    """The scenario that ``name`` means for a process: a file, a name, or without one the only one or else ``base``.

    It speaks of the version it names, or of that of ``source`` where it names none. Raises ``UnknownName`` where there
    is none, ``FaultyFile`` where it has errors, ``BadValue`` where it is of another process.
    """
    from engine.loading.scenarios import load_scenario

    path = scenario_path(name, where, source.process.id)
    first = load_scenario(path)
    if first.value is None:
        raise FaultyFile(first.findings, _faulty(path))
    scenario = first.value
    if scenario.process != source.process.id:
        message = f"the scenario '{scenario.id}' is one of {scenario.process}, not of {source.process.id}"
        raise BadValue(message, hint=f"name a scenario of {source.process.id}, or simulate {scenario.process}")
    loaded = load_scenario(path, process=_process_of(scenario, where, source))
    if loaded.value is None:
        raise FaultyFile(loaded.findings, _faulty(path))
    return loaded.value


def scenario_path(name: str | None, where: Where, process_id: str) -> Path:
    """The file that ``name`` means. Raises ``UnknownName`` where there is none, or several and none is named."""
    from engine.loading.scenarios import scenario_files

    if name is not None and (name.endswith(_ENDINGS) or Path(name).is_file()):
        return _file(Path(name))
    files = {path.stem: path for path in scenario_files(workspace_of(where), process_id)}
    if name is None:
        return _usual(files, process_id)
    if name not in files:
        raise UnknownName(f"{process_id} has no scenario '{name}'", hint=did_you_mean(name, files) or _none(process_id))
    return files[name]


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    beside = [one.name for one in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
    raise UnknownName(f"there is no file '{path}'", hint=did_you_mean(path.name, beside))


def _usual(files: dict[str, Path], process_id: str) -> Path:
    if not files:
        raise UnknownName(f"{process_id} has no scenario yet", hint=_none(process_id))
    if len(files) > 1 and USUAL not in files:
        raise UnknownName(f"{process_id} has several scenarios", hint=f"name one of: {', '.join(files)}")
    return files.get(USUAL) or next(iter(files.values()))


def _none(process_id: str) -> str:
    return f"write a first one with 'stagewright scenario {process_id}'"


def _faulty(path: Path) -> str:
    return f"the scenario in '{path}' has errors"


def _process_of(scenario: Scenario, where: Where, source: Source) -> Process:
    """The version of the process whose names the scenario uses."""
    from engine.loading import catalog
    from engine.loading.processes import load_process

    if scenario.version in (0, source.process.version):
        return source.process
    root = workspace_of(where)
    path = catalog.find(f"{scenario.process}@{scenario.version}", workspace=root)
    loaded = load_process(path, workspace=root)
    if loaded.value is None:
        raise FaultyFile(loaded.findings, f"{scenario.process}@{scenario.version} has errors")
    return loaded.value
