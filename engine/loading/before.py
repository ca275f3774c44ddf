"""The version before: whether what ``follows`` says it had was there, where its file stands beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.loading import codes, written
from engine.loading.document import read_document
from engine.loading.loaded import Findings
from engine.loading.nodes import Node
from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean

_CODES = {"stages": codes.UNKNOWN_STAGE, "actions": codes.UNKNOWN_ACTION, "facts": codes.UNKNOWN_FACT}


def check_before(path: Path, root: Node | None, found: Findings) -> None:
    """Tells old names that the version before did not have: a deal would wait for them in vain."""
    follows = written.get(root, "follows")
    version = written.number(written.get(follows, "version"))
    if version is None or version == written.number(written.get(root, "version")):
        return
    try:
        before = read_document(path.with_name(f"{version}.yaml")).root
    except UnreadableFile:
        return
    for section, code in _CODES.items():
        old = tuple(_declared(before, section))
        for key, _ in written.pairs(written.get(follows, section)):
            # Facts may also come from a rule set; a version that cannot be read is told when it is checked.
            if old and key.value not in old and not (section == "facts" and written.get(before, "uses")):
                message = f"version {version} has no {section.removesuffix('s')} '{key.value}'"
                found.error(code, key.at, message, did_you_mean(key.value, old, most=10) or "delete the line")


def _declared(before: Node | None, section: str) -> Iterator[str]:
    tracks = (value for _, value in written.pairs(written.get(before, "tracks")))
    for holder in (before, *tracks):
        yield from (key.value for key, _ in written.pairs(written.get(holder, section)))
