"""Bytes to text: what is no text is told by a finding, line ends become one kind, a byte order mark is dropped."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from engine.loading import codes
from engine.model.errors import UnreadableFile
from engine.model.finding import Finding
from engine.model.place import Place

SIZE_LIMIT = 4_000_000
"""The largest file that is read, in bytes: some fifty times the largest process we know of."""

_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file; ``starts`` are the offsets at which its lines begin."""

    file: str
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, file: str, text: str) -> Source:
        """The source of a text whose lines end with a line feed."""
        return cls(file, text, (0, *(found.end() for found in re.finditer("\n", text))))

    def place(self, index: int) -> Place:
        """The place of the character at an offset."""
        line = bisect_right(self.starts, index)
        return Place(self.file, line, index - self.starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """A line without its end, counted from 1; empty where there is none."""
        if not 0 < number <= len(self.starts):
            return ""
        start = self.starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


def read_bytes(path: Path) -> bytes:
    """The first bytes of a file, one more than may be read. Raises ``UnreadableFile``."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UnreadableFile(f"'{path}' is no plain file", hint="name a file that can be read to its end")
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise UnreadableFile(f"there is no file '{path}'") from None
    except IsADirectoryError:
        raise UnreadableFile(f"'{path}' is a folder", hint="name a file in it") from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"cannot read '{path}': {getattr(error, 'strerror', None) or error}") from None


def decode(data: bytes, file: str) -> tuple[Source | None, tuple[Finding, ...]]:
    """The text of the bytes, or what keeps them from being text."""
    if len(data) > SIZE_LIMIT:
        message = f"the file is larger than {SIZE_LIMIT:,} bytes, the most that is read"
        return None, (Finding(codes.TOO_LARGE, Place(file), message, "a process is some thousand lines of YAML"),)
    if data.startswith(_WIDE_MARKS):
        return None, (Finding(codes.NOT_UTF8, Place(file), "the text is in UTF-16", "save it as UTF-8"),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (_undecodable(data, error.start, file),)
    source = Source.of(file, text.replace("\r\n", "\n").replace("\r", "\n"))
    bad = _UNPRINTABLE.search(source.text)
    if not bad:
        return source, ()
    message = f"the file holds the control character U+{ord(bad[0]):04X}, which text does not have"
    hint = "is this a YAML file?" if bad[0] == "\0" else "delete the character"
    return None, (Finding(codes.BINARY, source.place(bad.start()), message, hint),)


def _undecodable(data: bytes, offset: int, file: str) -> Finding:
    if b"\0" in data[:8192]:
        return Finding(codes.BINARY, Place(file), "the file is not text", "is this a YAML file?")
    before = data[:offset].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    place = Source.of(file, before).place(len(before))
    return Finding(codes.NOT_UTF8, place, f"byte 0x{data[offset]:02X} is not UTF-8", "save the file as UTF-8")


def read_text(path: Path, *, shown: str = "") -> tuple[Source | None, tuple[Finding, ...]]:
    """The text of a file, which findings call ``shown``. Raises ``UnreadableFile`` where there is nothing to read."""
    return decode(read_bytes(path), shown or str(path))
