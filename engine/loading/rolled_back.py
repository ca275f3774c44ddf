"""An old version cut to be the next one: its text with all comments, another number, and a way back from the newest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.loading import written
from engine.loading.document import read_document
from engine.loading.drafted_lines import quoted
from engine.loading.nodes import Keyed, Scalar
from engine.loading.write import Edit, end_of, inserted
from engine.model.errors import UnreadableFile

Renames = Mapping[str, Mapping[str, str]]
"""``stages``, ``actions``, ``facts`` and ``reasons``: each id of the version before, and what it is called here."""


def rolled_back(path: Path, *, version: int, follows: int, renames: Renames, because: str) -> str:
    """The text of the version in ``path`` as version ``version``, which follows ``follows``; nothing is written.

    Raises ``UnreadableFile``.
    """
    root = read_document(path).root
    number = written.scalar(written.get(root, "version"))
    if not isinstance(root, Keyed) or number is None:
        raise UnreadableFile(f"'{path}' is no process with a version", hint=f"run check {path}")
    text = root.source.text
    said = {"because": [f"because: {quoted(because, in_braces=',' if root.flow else '')}"]}
    way_back = _follows(follows, renames, flow=root.flow)
    if "follows" in root.entries or "because" not in root.entries or root.flow:
        said["follows"] = way_back
    else:
        said["because"] += way_back
    for start, end, instead in sorted(_edits(root, number, version, said), reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _edits(root: Keyed, number: Scalar, version: int, said: Mapping[str, list[str]]) -> Iterator[Edit]:
    yield number.start, end_of(number), str(version)
    missing: list[str] = []
    for key, lines in said.items():
        if key in root.entries:
            name, value = root.entries[key]
            yield name.start, max(end_of(value), name.end), "\n".join(lines)
        else:
            missing += lines
    if missing:
        yield inserted(root, number, missing)


def _follows(version: int, renames: Renames, *, flow: bool) -> list[str]:
    parts = [
        f"{section}: {{{', '.join(f'{old}: {new}' for old, new in names.items())}}}"
        for section, names in renames.items()
        if names
    ]
    if flow or not parts:
        return [f"follows: {{{', '.join([f'version: {version}', *parts])}}}"]
    return ["follows:", f"  version: {version}", *(f"  {part}" for part in parts)]
