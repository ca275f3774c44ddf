"""YAML out: the next version of a process, and files written whole.

The next version is cut out of the text itself, which keeps every comment, blank and column of the author. A YAML
writer that keeps comments still lays out the rest anew, and would bury the real changes in the first diff.
"""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.loading import written
from engine.loading.document import read_document
from engine.loading.nodes import Keyed, Node, Scalar
from engine.model.errors import UnreadableFile, UnwritableFile

Edit = tuple[int, int, str]
"""From, to, and what stands there instead."""


def next_version(path: Path) -> tuple[Path, str]:
    """The file and the text of the version after the one in ``path``: it follows that one, ``because`` is empty.

    Nothing is written. Raises ``UnreadableFile``, and ``UnwritableFile`` where the next version exists.
    """
    document = read_document(path)
    root = document.root
    version = written.scalar(written.get(root, "version"))
    number = written.number(version)
    if not isinstance(root, Keyed) or version is None or number is None or "process" not in root.entries:
        raise UnreadableFile(f"'{path}' is no process with a version", hint=f"run check {path}")
    target = path.with_name(f"{number + 1}.yaml")
    if target.exists():
        raise UnwritableFile(f"'{target}' exists", hint="the next version is made of the newest one")
    text = root.source.text
    for start, end, instead in sorted(_edits(root, version, number), reverse=True):
        text = text[:start] + instead + text[end:]
    return target, text


def _edits(root: Keyed, version: Scalar, number: int) -> Iterator[Edit]:
    yield version.start, end_of(version), str(number + 1)
    missing = []
    if "because" in root.entries:
        key, value = root.entries["because"]
        yield key.end, end_of(value), ":" if not root.flow else ": "
    else:
        missing.append("because: " if root.flow else "because:")
    if "follows" in root.entries:
        yield from _follows(*root.entries["follows"], number)
    else:
        missing.append(f"follows: {{version: {number}}}")
    if missing:
        yield inserted(root, version, missing)


def end_of(node: Node) -> int:
    """Where a node ends, without the blank lines that a block takes along."""
    return node.start + len(node.source.text[node.start : node.end].rstrip())


def _follows(key: Scalar, value: Node, number: int) -> Iterator[Edit]:
    """Keeps the lines of ``follows`` and of its version, with their comments, and drops the others."""
    before = value.entries.get("version") if isinstance(value, Keyed) else None
    was = written.number(before[1]) if before else None
    if before is None or not isinstance(value, Keyed) or value.flow:
        end = max(end_of(value), key.end)
        yield key.end, end, f": {{version: {number}}}"
        yield from _comment(value, end, was, number)
        return
    yield before[1].start, end_of(before[1]), str(number)
    yield from _comment(value, key.end, was, number)
    yield from _comment(value, end_of(before[1]), was, number)
    for name, (entry, node) in value.entries.items():
        if name != "version":
            text = entry.source.text
            start = text.rfind("\n", 0, entry.start)
            yield start, _line_end(text, end_of(node)), ""


def _comment(node: Node, after: int, was: int | None, number: int) -> Iterator[Edit]:
    """A comment beside it that names the version followed before names the one that is followed now."""
    text = node.source.text
    end = _line_end(text, after)
    start = text.find("#", after, end)
    for found in re.finditer(rf"\bversion {was}\b", text[start:end]) if start >= 0 and was else ():
        yield start + found.start(), start + found.end(), f"version {number}"


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def inserted(root: Keyed, version: Scalar, entries: list[str]) -> Edit:
    """The entries after the title, or after the version where there is no title."""
    title = root.entries.get("title")
    after = end_of(title[1]) if title else end_of(version)
    if root.flow:
        return after, after, "".join(f", {entry}" for entry in entries)
    end = _line_end(root.source.text, after)
    return end, end, "".join(f"\n{entry}" for entry in entries)


def whole(path: Path, text: str | bytes) -> None:
    """Writes a file whole or not at all: beside it first, then in its place; a link stays one.

    Raises ``UnwritableFile``, also for what is there and no plain file.
    """
    streamed(path, (text.encode() if isinstance(text, str) else text,))


def streamed(path: Path, pieces: Iterable[bytes]) -> None:
    """The same of pieces that come one after the other; what they raise leaves nothing behind."""
    with drafted(path) as draft, draft.open("wb") as file:
        file.writelines(pieces)


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """An empty file beside ``path``, which takes its place when all went well, and is gone when it did not."""
    path = target_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise UnwritableFile(f"cannot write '{path}': {error.strerror or error}") from None
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        draft.replace(path)
    except OSError as error:
        raise UnwritableFile(f"cannot write '{path}': {error.strerror or error}") from None
    finally:
        draft.unlink(missing_ok=True)


def as_it_was(path: Path, text: str) -> str:
    """The text with the line ends that the file in ``path`` has, and its mark of UTF-8; as it is for a new file."""
    before = path.read_bytes() if path.exists() else b""
    text = text.replace("\n", "\r\n") if b"\r\n" in before else text
    return "\ufeff" + text if before.startswith(codecs.BOM_UTF8) else text


def target_of(path: Path) -> Path:
    """The plain file that a path means, links followed. Raises ``UnwritableFile`` for a folder, a device or a pipe."""
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise UnwritableFile(f"'{path}' is there, and no plain file", hint="name another file")
    except (OSError, RuntimeError, ValueError) as error:
        raise UnwritableFile(f"cannot write '{path}': {error}") from None
    return target
