"""``released.yaml``: which versions of a process were released, and that they stay as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.loading import codes, written
from engine.loading.document import read_document
from engine.loading.loaded import Findings
from engine.loading.nodes import Node
from engine.model.entry import Definition
from engine.model.errors import UnreadableFile
from engine.model.place import Place

FILE = "released.yaml"


@dataclass(frozen=True, slots=True)
class Release:
    """When a version was released, why, and the digest of its definition then."""

    version: int
    digest: str
    date: str = ""
    because: str = ""


def releases(folder: Path) -> Mapping[int, Release]:
    """The releases of the process in a folder, by version; none where nothing was released."""
    try:
        root = read_document(folder / FILE).root
    except UnreadableFile:
        return {}
    read = {}
    for key, value in written.pairs(root):
        version, digest = written.number(key), written.text(written.get(value, "digest"))
        if version and digest:
            date, because = written.text(written.get(value, "date")), written.text(written.get(value, "because"))
            read[version] = Release(version, digest, date, because)
    return read


def check_released(path: Path, definition: Definition, root: Node | None, found: Findings) -> None:
    """Tells that a version was changed after its release."""
    release = releases(path.parent).get(definition.version)
    if release is None or release.digest == definition.digest:
        return
    version = written.get(root, "version")
    when = f" on {release.date}" if release.date else ""
    message = f"version {release.version} was released{when} and has been changed since"
    hint = f"put it back, and write what is new into version {release.version + 1}"
    found.error(codes.RELEASED_CHANGED, version.at if version else Place(str(path)), message, hint)
