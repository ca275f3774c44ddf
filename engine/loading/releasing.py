"""A release to text: one more entry in ``released.yaml``, everything that stands in it as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.loading import codes
from engine.loading.document import parse_text, read_text
from engine.loading.drafted_lines import quoted
from engine.loading.nodes import Keyed, Node
from engine.loading.released import FILE, Release, releases_in
from engine.model.errors import UnreadableFile, UnwritableFile

_HEAD = """\
# yaml-language-server: $schema=../../schemas/releases.json
# The released versions, what they were then and why they were released: 'stagewright release' adds to this list.
# A released version never changes; 'stagewright check' compares the files with the digests below.
"""


def with_release(folder: Path, release: Release) -> str:
    """The text of the list of a process with one release more; nothing is written.

    Raises ``UnwritableFile`` where the text that is there cannot be added to, and ``UnreadableFile``.
    """
    path = folder / FILE
    text = text_of(path) if path.exists() else _HEAD
    before = parse_text(text, str(path))
    now = _added(text, before.root, release)
    after = parse_text(now, str(path))
    expected = {**releases_in(before), release.version: release}
    # What is written must say what was meant, whatever the list looked like: this is read for years.
    faults = [one for one in before.findings if one.code != codes.EMPTY]
    if faults or after.findings or releases_in(after) != expected:
        hint = f"run 'stagewright check {path.parent}', and write it as VERSION: {{digest: …, date: …, because: …}}"
        raise UnwritableFile(f"'{path}' cannot be added to", hint=hint)
    return now


def text_of(path: Path) -> str:
    """The text of a file, a byte order mark and line ends aside. Raises ``UnreadableFile`` where it is no text."""
    source, findings = read_text(path)
    if source is None:
        raise UnreadableFile(f"'{path}' cannot be read: {findings[0].message}", hint=findings[0].hint)
    return source.text


def _added(text: str, root: Node | None, release: Release) -> str:
    if isinstance(root, Keyed) and root.flow:
        end = text.rindex("}", 0, root.end)
        head = text[:end].rstrip()
        comma = "" if head.endswith((",", "{")) else ", "
        return f"{head}{comma}{release.version}: {{{', '.join(_pairs(release))}}}{text[end:]}"
    if text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{line}\n" for line in _lines(release))


def _pairs(release: Release) -> Iterator[str]:
    yield f"digest: {release.digest}"
    yield f"date: {release.date}"
    yield f"because: {quoted(release.because)}"
    yield f"files: {{{', '.join(f'{path}: {digest}' for path, digest in release.files.items())}}}"


def _lines(release: Release) -> Iterator[str]:
    yield f"{release.version}:"
    yield f"  digest: {release.digest}"
    yield f"  date: {release.date}"
    yield f"  because: {quoted(release.because, in_braces='')}"
    yield "  files:"
    yield from (f"    {path}: {digest}" for path, digest in release.files.items())
