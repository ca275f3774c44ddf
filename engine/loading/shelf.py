"""Where the rule sets of a process are taken from: the folder of a workspace, or the texts kept in the journal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.loading.document import Document, parse_text, read_document
from engine.model.names import DASH_ID

_VERSION = re.compile(r"[1-9][0-9]{0,5}\Z")


class Shelf(Protocol):
    """Gives rule sets by name and version."""

    def names(self) -> tuple[str, ...]:
        """The rule sets there are."""

    def versions(self, name: str) -> tuple[int, ...]:
        """The versions of a rule set, ascending; none where there is no such rule set."""

    def document(self, name: str, version: int) -> Document:
        """The document of a version that there is."""


def versions_in(folder: Path) -> tuple[int, ...]:
    """The versions whose files stand in a folder, ascending."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(int(path.stem) for path in folder.glob("*.yaml") if _VERSION.match(path.stem)))


def names_in(folder: Path) -> tuple[str, ...]:
    """The folders in a folder that hold versions, in order of name."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name for path in folder.iterdir() if DASH_ID.match(path.name) and versions_in(path)))


@dataclass(frozen=True, slots=True)
class FolderShelf:
    """The rule sets below ``rules/`` of a workspace."""

    workspace: Path

    def names(self) -> tuple[str, ...]:
        """The rule sets there are."""
        return names_in(self.workspace / "rules")

    def versions(self, name: str) -> tuple[int, ...]:
        """The versions of a rule set."""
        return versions_in(self.workspace / "rules" / name) if DASH_ID.match(name) else ()

    def document(self, name: str, version: int) -> Document:
        """The document of a version. Raises ``UnreadableFile``."""
        return read_document(self.workspace / "rules" / name / f"{version}.yaml")


@dataclass(frozen=True, slots=True)
class TextShelf:
    """The rule sets among the texts of a definition, by path below the workspace."""

    texts: Mapping[str, str]

    def names(self) -> tuple[str, ...]:
        """The rule sets there are."""
        return tuple(sorted({path.split("/")[1] for path in self.texts if path.startswith("rules/")}))

    def versions(self, name: str) -> tuple[int, ...]:
        """The versions of a rule set."""
        stems = [path.split("/")[-1].removesuffix(".yaml") for path in self.texts if path.startswith(f"rules/{name}/")]
        return tuple(sorted(int(stem) for stem in stems if _VERSION.match(stem)))

    def document(self, name: str, version: int) -> Document:
        """The document of a version."""
        path = f"rules/{name}/{version}.yaml"
        return parse_text(self.texts[path], path)
