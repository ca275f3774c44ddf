"""What an .xlsx file holds as a zip of XML, looked through before it is read: no bomb, no entity, no flood of cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from engine.history.sheet import check_width
from engine.history.unpack import RATIO_FROM, RATIO_LIMIT
from engine.model.errors import UnreadableFile

PARTS_LIMIT = 10_000
SIZE_LIMIT = 2 * 2**30
"""No more bytes than this come out of a workbook."""

STRINGS_LIMIT = 256 * 2**20
"""The texts of a workbook are held in memory, so they are fewer."""

_PART = 2**20
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
_OTHERS = {
    "xl/workbook.bin": "is a workbook of the binary kind (.xlsb)",
    "content.xml": "is an OpenDocument file",
    "word/document.xml": "is a text document",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the workbook's XML has shown: formulas, and how many areas of merged cells."""

    formulas: int = 0
    merged: int = 0


class _Begun(Exception):
    """The first element begins: what is refused would stand before it."""


def check_workbook(path: Path) -> Seen:
    """Looks through the file, a part at a time. Raises ``UnreadableFile`` for what is not safe, or no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive.infolist(), path)
            seen = Seen()
            for info in archive.infolist():
                if info.filename.endswith((".xml", ".rels")):
                    seen = _check_part(archive, info, path, seen)
            return seen
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise damaged(path, error) from None
    except RuntimeError:
        raise UnreadableFile(f"'{path}' is a workbook with a password", hint="save it without one") from None


def damaged(path: Path, error: Exception) -> UnreadableFile:
    """The error that the workbook cannot be read as one."""
    why = str(error).splitlines()[0].strip("\"' ") if str(error) else type(error).__name__
    return UnreadableFile(
        f"'{path}' is no workbook that can be read, or is damaged: {why}",
        hint="open it in Excel and save it again as .xlsx, or as 'CSV UTF-8'",
    )


def _check_parts(parts: list[zipfile.ZipInfo], path: Path) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        what = next((what for name, what in _OTHERS.items() if name in names), "is a zip file, but no workbook")
        raise UnreadableFile(
            f"'{path}' {what}", hint="save the sheet as .xlsx or as 'CSV UTF-8', or unpack the zip file"
        )
    if len(parts) > PARTS_LIMIT:
        raise UnreadableFile(f"'{path}' has {len(parts):,} parts; a workbook of at most {PARTS_LIMIT:,} is read")
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > part.compress_size * RATIO_LIMIT:
            raise UnreadableFile(f"'{path}' grows more than {RATIO_LIMIT:,}-fold when unpacked: it is not read")
    size = sum(part.file_size for part in parts)
    texts = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    for found, limit in ((size, SIZE_LIMIT), (texts, STRINGS_LIMIT)):
        if found > limit:
            raise UnreadableFile(
                f"'{path}' holds more than {limit // 2**20:,} MB{' of texts' if limit == STRINGS_LIMIT else ''}"
                " when unpacked: it is not read",
                hint="save the sheet as 'CSV UTF-8'",
            )


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, seen: Seen) -> Seen:
    prefix = _prefix(archive, info, path)
    if not _SHEETS.match(info.filename):
        return seen
    with closing(_tags(archive, info)) as parts:
        return _check_cells(parts, prefix, path, seen)


def _prefix(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    """What stands before the names of the part's elements. Raises ``UnreadableFile`` where it declares entities."""
    parser = expat.ParserCreate()
    root: list[str] = []

    def refuse(*_: object) -> None:
        raise UnreadableFile(
            f"'{path}' declares a document type in its part '{info.filename}', which no workbook does",
            hint="open it in Excel and save it again",
        )

    def begin(name: str, _: object) -> None:
        root.append(name)
        raise _Begun

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        with archive.open(info) as file:
            while part := file.read(_PART):
                parser.Parse(part)
    except _Begun:
        pass
    except expat.ExpatError as error:
        raise damaged(path, error) from None
    before, colon, _ = (root or [""])[0].rpartition(":")
    return (before + colon).encode()


def _tags(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Generator[bytes, None, None]:
    """The part's bytes, cut before tags, so that none falls apart."""
    rest = b""
    with archive.open(info) as file:
        while part := file.read(_PART):
            whole = rest + part
            cut = max(whole.rfind(b"<"), 0)
            rest = whole[cut:]
            yield whole[:cut]
    yield rest


def _check_cells(parts: Iterator[bytes], prefix: bytes, path: Path, seen: Seen) -> Seen:
    row, cell = b"<" + prefix + b"row", b"<" + prefix + b"c"
    formula = re.compile(b"<" + re.escape(prefix) + b"f[ />]")
    merge = b"<" + prefix + b"mergeCell "
    cells = formulas = merged = 0
    for part in parts:
        for place, each in enumerate(part.split(row)):
            # What stands before the first row of a part belongs to the last row of the part before it.
            cells = (cells if place == 0 else 0) + sum(each.count(cell + end) for end in (b" ", b">", b"/"))
            check_width(cells, path)
        formulas += len(formula.findall(part))
        merged += part.count(merge)
    return Seen(seen.formulas + formulas, seen.merged + merged)
