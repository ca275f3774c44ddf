"""The bytes of a file, unpacked where it is gzip; nothing but a regular file is opened, and no bomb goes off."""

from __future__ import annotations

import io
import stat
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING

from engine.model.errors import UnreadableFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

UNPACKED_LIMIT = 4 * 2**30
"""No more bytes than this come out of a packed file."""

RATIO_LIMIT = 1_000
RATIO_FROM = 100 * 2**20
"""Beyond so many bytes, one byte of a packed file may not become more than ``RATIO_LIMIT`` bytes."""

GZIP = b"\x1f\x8b"
_PART = 65_536


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked. Raises ``UnreadableFile`` for what cannot be opened, or is no regular file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableFile(f"'{path}' is a folder", hint="name a file in it")
        if not stat.S_ISREG(mode):
            raise UnreadableFile(f"'{path}' is no file but a device or a pipe", hint="save its content to a file first")
        file = path.open("rb")
    except OSError as error:
        mend = "see that its name and its folder are right" if isinstance(error, FileNotFoundError) else ""
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}", hint=mend) from None
    if file.peek(2)[:2] != GZIP:
        return file
    return io.BufferedReader(_Unpacked(file, path), _PART)


class _Unpacked(io.RawIOBase):
    """What a gzip file holds, member after member."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._path = path
        self._member = zlib.decompressobj(31)
        self._packed = b""
        self._taken = 0
        self._given = 0

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer).cast("B")
        try:
            part = self._next(len(room))
        except zlib.error:
            raise UnreadableFile(f"'{self._path}' is damaged: it cannot be unpacked", hint="fetch it again") from None
        room[: len(part)] = part
        self._given += len(part)
        self._check()
        return len(part)

    def _next(self, most: int) -> bytes:
        while True:
            if self._member.eof:
                self._packed = self._member.unused_data.lstrip(b"\0") or self._more().lstrip(b"\0")
                if not self._packed:
                    return b""
                self._member = zlib.decompressobj(31)
            elif not self._packed:
                self._packed = self._more()
                if not self._packed:
                    raise UnreadableFile(f"'{self._path}' is cut short", hint="fetch it again: its end is missing")
            part = self._member.decompress(self._packed, most)
            self._packed = self._member.unconsumed_tail
            if part:
                return part

    def _more(self) -> bytes:
        part = self._file.read(_PART)
        self._taken += len(part)
        return part

    def _check(self) -> None:
        if self._given > UNPACKED_LIMIT:
            raise UnreadableFile(
                f"'{self._path}' holds more than {UNPACKED_LIMIT // 2**30} GB, unpacked: it is not read"
            )
        if self._given > RATIO_FROM and self._given > self._taken * RATIO_LIMIT:
            raise UnreadableFile(
                f"'{self._path}' grows more than {RATIO_LIMIT:,}-fold when unpacked: it is not read",
                hint="no export of deals does; if it is yours, unpack it yourself",
            )
