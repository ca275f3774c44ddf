"""``released.yaml``: which versions of a process were released, and that they stay as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.loading import codes, written
from engine.loading.document import read_document
from engine.loading.judge import judge
from engine.loading.loaded import Findings
from engine.loading.nodes import Node
from engine.model.entry import Definition
from engine.model.errors import UnreadableFile
from engine.model.place import Place

FILE = "released.yaml"

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "releases",
    "description": "write VERSION: {digest: …, date: …, because: …}; a digest has 64 of the signs 0-9 and a-f",
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {
        "^[1-9][0-9]*$": {
            "type": "object",
            "required": ["digest"],
            "additionalProperties": False,
            "properties": {
                "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "date": {"type": "string"},
                "because": {"type": "string"},
            },
        }
    },
}


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


def check_list(path: Path, found: Findings) -> None:
    """Tells what is wrong with the list of releases itself: a fault there must not read as "nothing was released"."""
    try:
        document = read_document(path)
    except UnreadableFile:
        return
    found.add(document.findings)
    if document.root is not None:
        judge(document.root, SCHEMA, found)


def check_released(path: Path, definition: Definition, root: Node | None, found: Findings) -> None:
    """Tells that a version was changed after its release."""
    before = len(found)
    check_list(path.with_name(FILE), found)
    if len(found) > before:
        return
    release = releases(path.parent).get(definition.version)
    if release is None or release.digest == definition.digest:
        return
    version = written.get(root, "version")
    when = f" on {release.date}" if release.date else ""
    message = f"version {release.version} was released{when} and has been changed since"
    hint = f"put it back, and write what is new into version {release.version + 1}"
    found.error(codes.RELEASED_CHANGED, version.at if version else Place(str(path)), message, hint)
