"""A scenario told for one version of a process, used with another: renamed, and what it loses is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import FaultyFile, Source, workspace_of
from engine.commands.versions_read import other_versions
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.model.process import Process
    from engine.model.scenario import Scenario


def in_words_of(
    scenario: Scenario, source: Source, where: Where, *, told_for: Process | None = None, option: str = "--scenario"
) -> Scenario:
    """The scenario by the names of ``source``, as it is where it already uses them; what is left out is remarked.

    ``told_for`` is the process whose names it uses (absent: the version it names), ``option`` what would name another
    scenario. Raises ``BadValue`` where the version needs assumptions that the scenario cannot hold, ``UnknownName``
    where there is no version as it names.
    """
    process = source.process
    if told_for is None and scenario.version in (0, process.version):
        return scenario
    old = told_for or _version(scenario, where)
    if old == process:
        return scenario
    from engine.versions.scenario import carried

    try:
        found = carried(scenario, old, process, other_versions(process, where, (old,)))
    except BadValue as error:
        raise BadValue(str(error), hint=f"{error.hint}, and name it with {option}") from None
    for note in found.notes:
        remark(note)
    return found.scenario


def _version(scenario: Scenario, where: Where) -> Process:
    from engine.loading import catalog
    from engine.loading.processes import load_process

    root = workspace_of(where)
    path = catalog.find(f"{scenario.process}@{scenario.version}", workspace=root)
    loaded = load_process(path, workspace=root)
    if loaded.value is None:
        raise FaultyFile(loaded.findings)
    return loaded.value
