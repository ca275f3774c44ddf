"""All versions of a process that can be read: those of its folder, and those that the journal keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.source import Source, workspace_of
from engine.model.errors import StagewrightError

if TYPE_CHECKING:
    from engine.model.process import Process


def other_versions(new: Process, where: Where, known: Iterable[Process] = ()) -> tuple[Process, ...]:
    """The other versions of a process, by number: of the folder and, where it has none of that number, those known."""
    found = {process.version: process for process in known if process.id == new.id}
    found.update((source.process.version, source.process) for source in other_files(new, where))
    return tuple(process for version, process in sorted(found.items()) if version != new.version)


def other_files(new: Process, where: Where) -> list[Source]:
    """The other versions of a process in the workspace that can be read."""
    from engine.loading import catalog
    from engine.loading.processes import load_process

    try:
        root = workspace_of(where)
        versions = [each for each in catalog.versions(new.id, workspace=root) if each != new.version]
        loaded = [load_process(catalog.find(f"{new.id}@{each}", workspace=root), workspace=root) for each in versions]
    except StagewrightError:
        return []
    return [Source(each.value, each.definition) for each in loaded if each.value and each.definition]
