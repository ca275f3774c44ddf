"""What stands beside a process in its workspace: the people, and the other processes, each file read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.loading import catalog
from engine.loading.people import load_people, people_file
from engine.loading.processes import load_process
from engine.loading.source import read_text
from engine.model.errors import UnknownName, UnreadableFile
from engine.model.people import People
from engine.model.process import Process


def people_near(workspace: Path | None) -> People | None:
    """The people of a workspace; what is wrong with their file is told by itself."""
    try:
        path = people_file(workspace) if workspace else None
        return load_people(path).value if path else None
    except UnreadableFile:
        return None


class Nearby:
    """The processes of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self._read = cache(self._read_at)
        self._texts = cache(self._texts_now)

    def latest(self, name: str) -> Process | None:
        """The latest version of a process; ``None`` where it has errors, which checking that file tells."""
        try:
            whole, _ = self._read(catalog.find(f"{name}@{catalog.LATEST}", workspace=self.workspace))
        except (UnknownName, UnreadableFile):
            return None
        return whole

    def entries(self, process: Process) -> frozenset[str]:
        """The stages of a process that the others hand deals over to, as far as they can be read."""
        # Few processes name another one: most files need not be parsed to know that.
        paths = [path for path, text in self._texts() if f"{process.id}/" in text and path.parent.name != process.id]
        if not paths:
            return frozenset()
        from engine.checks.neighbours import entries_of

        read = (whole or partial for whole, partial in map(self._read, paths))
        return entries_of(process, (other for other in read if other is not None))

    def _read_at(self, path: Path) -> tuple[Process | None, Process | None]:
        loaded = load_process(path, workspace=self.workspace)
        return loaded.value, loaded.partial

    def _texts_now(self) -> tuple[tuple[Path, str], ...]:
        found = []
        for name in catalog.names(self.workspace):
            # A version in the making counts too: the stage that it leads to must be released before it.
            numbers = {
                catalog.latest(name, workspace=self.workspace),
                *catalog.versions(name, workspace=self.workspace)[-1:],
            }
            for number in sorted(numbers):
                found += self._text(self.workspace / "processes" / name / f"{number}.yaml")
        return tuple(found)

    def _text(self, path: Path) -> list[tuple[Path, str]]:
        try:
            source, _ = read_text(path)
        except UnreadableFile:
            return []
        return [(path, source.text)] if source else []
