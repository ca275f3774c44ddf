"""JSON as an API gives it to columns of text: a row for each object in it; of a flow only the changes of deals."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.history.columns import chunk_of, join
from engine.history.sheet import Layout, Sheet, wanted_of
from engine.history.unpack import open_bytes
from engine.model.errors import UnreadableFile

SIZE_LIMIT = 256 * 2**20
"""JSON is read whole, unlike the other formats."""

_BEGINS = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[{\]])")
_CHANGE = "dealChange"


def is_json(start: bytes) -> bool:
    """Whether the first bytes of a file are those of an object, or of a list of objects."""
    return bool(_BEGINS.match(start.removeprefix(b"\xef\xbb\xbf")))


def read_json(path: Path, layout: Layout) -> Sheet:
    """The wanted columns of the objects in a file: one document, a list, or one document after the other.

    An answer of an API is looked into (``data``). Raises ``UnreadableFile``.
    """
    passed: Counter[str] = Counter()
    rows = [row for document in _documents(path) for row in _rows(document, passed)][: layout.rows]
    found = list(dict.fromkeys(name for row in rows for name in row))
    if not found:
        raise UnreadableFile(f"'{path}' holds no objects", hint="it must hold objects with a field for each column")
    names = wanted_of(found, path, layout)
    told = ", ".join(f"{name} ({count:,})" for name, count in passed.most_common())
    return Sheet(
        columns={name: join([chunk_of([_text(row.get(name)) for row in rows])]) for name in names},
        letters={name: name for name in names},
        numbers=np.arange(1, len(rows) + 1, dtype=np.int32),
        unread=tuple(name for name in found if name not in names),
        total=len(rows),
        blank=0,
        misfits=(),
        notes=(f"in the flow and no change of a deal: {told}",) if told else (),
        named=lambda column, row: f"object {row + 1}, {column}",
    )


def _documents(path: Path) -> Iterator[Any]:
    with open_bytes(path) as file:
        data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise UnreadableFile(f"'{path}' is JSON of more than 256 MB", hint="write it as CSV, or in several files")
    try:
        text = data.decode("utf-8-sig")
        decoder = json.JSONDecoder()
        place = _next(text, 0)
        while place < len(text):
            document, place = decoder.raw_decode(text, place)
            yield document
            place = _next(text, place)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"'{path}' is not UTF-8 (byte {error.start:,})", hint="save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"'{path}' is broken JSON: line {error.lineno}, column {error.colno}: {error.msg}",
            hint="export it again; part of it may be missing",
        ) from None
    except (RecursionError, ValueError):
        raise UnreadableFile(f"'{path}' is JSON that is nested too deeply, or holds a number too long") from None


def _next(text: str, place: int) -> int:
    """The place of the next document: behind blanks and the commas that some put between documents."""
    found = re.compile(r"[\s,]*").match(text, place)
    return found.end() if found else place


def _rows(document: Any, passed: Counter[str]) -> Iterator[dict[str, Any]]:
    """The objects in a document; those of a flow that are no changes are counted in ``passed``."""
    items: Sequence[Any] = document if isinstance(document, list) else [document]
    for item in items:
        if not isinstance(item, dict):
            continue
        inside = item.get("data")
        if isinstance(inside, list):
            yield from _rows(inside, passed)
        elif isinstance(inside, dict) and isinstance(item.get("object"), str):
            if item["object"] == _CHANGE:
                yield inside
            else:
                passed[item["object"]] += 1
        else:
            yield item


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
