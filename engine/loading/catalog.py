"""Which files there are: processes by name and version, workspaces, the shipped data, all files below a folder."""

from __future__ import annotations

import re
from pathlib import Path

from engine.loading.released import releases
from engine.loading.shelf import names_in, versions_in
from engine.model.errors import UnknownName, UnreadableFile
from engine.model.names import did_you_mean

LATEST = "latest"
_NAME = re.compile(r"([a-z0-9][a-z0-9-]*)(?:@([a-z0-9]+))?\Z")
_NOT_CHECKED = "released.yaml"
_ENDINGS = (".yaml", ".yml")


def workspace_of(path: Path) -> Path | None:
    """The nearest folder, from the path upwards, that holds ``processes/``; named by the path's own parts if it can."""
    whole = path.absolute()
    folders = (path, *path.parents, whole, *whole.parents)
    return next((one for one in folders if (one / "processes").is_dir()), None)


def shipped() -> Path:
    """The folder of the shipped ``processes/``, ``rules/`` and ``maps/``: inside the package, or beside it."""
    package = Path(__file__).resolve().parent.parent
    return next(one for one in (package, package.parent) if (one / "processes").is_dir())


def names(workspace: Path) -> tuple[str, ...]:
    """The processes of a workspace, in order of name."""
    return names_in(workspace / "processes")


def versions(name: str, *, workspace: Path) -> tuple[int, ...]:
    """The versions of a process, ascending; none where there is no such process."""
    return versions_in(workspace / "processes" / name)


def latest(name: str, *, workspace: Path) -> int:
    """The highest released version; where none is, the highest. Raises ``UnknownName``."""
    known = _versions(name, workspace)
    released = [version for version in releases(workspace / "processes" / name) if version in known]
    return max(released or known)


def is_released(name: str, version: int, *, workspace: Path) -> bool:
    """Whether that version was released."""
    return version in releases(workspace / "processes" / name)


def find(name: str, *, workspace: Path) -> Path:
    """The file of ``FILE``, ``NAME@2``, ``NAME@latest`` or ``NAME`` (the latest). Raises ``UnknownName``."""
    if name.endswith(_ENDINGS) or "/" in name or "\\" in name:
        return _file(Path(name))
    found = _NAME.match(name)
    if not found:
        hint = "write NAME, NAME@2, NAME@latest or a file that ends in .yaml"
        raise UnknownName(f"'{name}' is neither a process nor a file", hint=hint)
    known = _versions(found[1], workspace)
    version = found[2] or LATEST
    if version == LATEST:
        number = latest(found[1], workspace=workspace)
    elif version.isdigit() and int(version) in known:
        number = int(version)
    else:
        hint = f"there is {', '.join(str(one) for one in known)}"
        raise UnknownName(f"there is no version '{version}' of '{found[1]}'", hint=hint)
    return workspace / "processes" / found[1] / f"{number}.yaml"


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    beside = [one.name for one in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
    raise UnknownName(f"there is no file '{path}'", hint=did_you_mean(path.name, beside))


def _versions(name: str, workspace: Path) -> tuple[int, ...]:
    found = versions(name, workspace=workspace)
    if not found and (workspace / "rules" / name).is_dir():
        hint = f"rule sets come with the processes that use them; 'stagewright diff {name}' tells what changed in them"
        raise UnknownName(f"'{name}' is a rule set, not a process", hint=hint)
    if not found:
        hint = did_you_mean(name, names(workspace)) or f"no process stands in {workspace / 'processes'}"
        raise UnknownName(f"there is no process '{name}'", hint=hint)
    return found


def files(folder: Path) -> tuple[Path, ...]:
    """All processes, rule sets, maps, scenarios and people below a folder, in order of path; not releases."""
    if not folder.is_dir():
        raise UnreadableFile(f"there is no folder '{folder}'")
    found = (path for ending in _ENDINGS for path in folder.rglob(f"*{ending}") if path.is_file())
    return tuple(sorted(path for path in found if _is_checked(path.relative_to(folder))))


def _is_checked(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.name != _NOT_CHECKED
