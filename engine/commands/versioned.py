"""The versions of one process on disk: named, read even where a released one was changed, and compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.source import workspace_of
from engine.model.errors import BadValue, UnknownName
from engine.model.finding import Severity

if TYPE_CHECKING:
    from engine.loading.loaded import Loaded
    from engine.model.change import Changes
    from engine.model.process import Process


@dataclass(frozen=True, slots=True)
class Home:
    """A process in its workspace: ``folder`` holds its versions, ascending."""

    name: str
    folder: Path
    workspace: Path
    versions: tuple[int, ...]

    def file(self, version: int) -> Path:
        """The file of a version, there or not."""
        return self.folder / f"{version}.yaml"


def home_of(name: str, where: Where) -> tuple[Home, int]:
    """The process that ``NAME``, ``NAME@2`` or ``FILE`` means, and the version; for a name alone the newest file.

    Raises ``UnknownName``, and ``BadValue`` for a file outside ``processes/NAME/``.
    """
    from engine.loading import catalog

    if Path(name).is_file():
        path = Path(name)
        root = where.workspace or catalog.workspace_of(path)
        if root is None or path.resolve().parent.parent != (root / "processes").resolve() or not path.stem.isdigit():
            hint = "a version stands in processes/NAME/VERSION.yaml"
            raise BadValue(f"'{name}' is no version of a process in a workspace", hint=hint)
    else:
        root = workspace_of(where)
        path = catalog.find(name, workspace=root)
    process = path.parent.name if path.parent.name else path.resolve().parent.name
    versions = catalog.versions(process, workspace=root)
    home = Home(process, root / "processes" / process, root, versions)
    newest = not Path(name).is_file() and "@" not in name
    return home, versions[-1] if newest else int(path.stem)


def known_version(home: Home, version: int) -> Path:
    """The file of a version that there is. Raises ``UnknownName``."""
    if version not in home.versions:
        hint = f"there is {', '.join(str(one) for one in home.versions)}"
        raise UnknownName(f"there is no version '{version}' of '{home.name}'", hint=hint)
    return home.file(version)


def loaded(home: Home, version: int) -> Loaded[Process]:
    """A version as its file says it, findings and all. Raises ``UnreadableFile``."""
    from engine.loading.processes import load_process

    return load_process(home.file(version), workspace=home.workspace)


def sound(read: Loaded[Process]) -> Process | None:
    """The process, also where nothing is wrong but that it was changed after its release; else ``None``."""
    from engine.loading.codes import RELEASED_CHANGED

    others = [one for one in read.findings if one.severity is Severity.ERROR and one.code != RELEASED_CHANGED]
    return read.partial if not others else None


def changes_of(home: Home, old: Process, new: Process) -> Changes:
    """What differs between two versions; those between them are read for what became of ids, if they can be."""
    from engine.versions.diff import diff

    low, high = sorted((old.version, new.version))
    read = {one: sound(loaded(home, one)) for one in home.versions if low < one < high}
    lost = [one for one, process in read.items() if process is None]
    unread = tuple(f"version {one}, between them, has errors: what it renamed is not known" for one in lost)
    found = diff(old, new, between=tuple(one for one in read.values() if one))
    return replace(found, unread=(*found.unread, *unread)) if unread else found
