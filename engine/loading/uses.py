"""Which processes use a rule set: looked up in their files without reading these whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from engine.loading import catalog, written
from engine.loading.document import parse
from engine.loading.nodes import Keyed
from engine.loading.source import read_text
from engine.model.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Users:
    """Process versions that use a rule set, each with its file; of the files ``unread`` nobody can tell."""

    files: tuple[tuple[str, Path], ...]
    unread: tuple[Path, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """``inside-sales@1`` and so on."""
        return tuple(name for name, _ in self.files)


def users(rule_set: str, versions: Collection[int], *, workspace: Path) -> Users:
    """The versions of all processes of a workspace that use any of these versions of a rule set, in order."""
    files, unread = [], []
    for name in catalog.names(workspace):
        for version in catalog.versions(name, workspace=workspace):
            path = workspace / "processes" / name / f"{version}.yaml"
            used = _version_used(rule_set, path)
            if used is None:
                unread.append(path)
            elif used in versions:
                files.append((f"{name}@{version}", path))
    return Users(tuple(files), tuple(unread))


def _version_used(rule_set: str, path: Path) -> int | None:
    """The version of the rule set that the process uses, 0 for none; ``None`` where that cannot be read."""
    try:
        source, _ = read_text(path)
    except UnreadableFile:
        return None
    if source is None:
        return None
    # Most files do not so much as mention it, and need no parsing.
    if rule_set not in source.text:
        return 0
    root = parse(source).root
    if not isinstance(root, Keyed):
        return None
    return written.number(written.get(root.get("uses"), rule_set)) or 0
