"""The files of a seal: the secret it is signed with, and seals that were kept, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from engine.model.errors import BadSeal, UnreadableFile

if TYPE_CHECKING:
    from engine.journal.seal import Seal

LONGEST_SECRET = 4096
SHORTEST_SECRET = 16
LONGEST_SEAL = 500_000_000
"""In bytes: the seal of some five million deals. What is longer is none."""

secret_option = click.option(
    "--secret",
    type=click.Path(path_type=Path),
    envvar="STAGEWRIGHT_SEAL_SECRET",
    metavar="FILE",
    help="The file of the secret that signs the seal.",
)


def read_secret(path: Path | None) -> bytes:
    """The secret in a file, without the line end an editor puts there; nothing where no file is named.

    Raises ``UnreadableFile``, also for what is too short to be one.
    """
    if path is None:
        return b""
    with _opened(path) as file:
        secret = file.read(LONGEST_SECRET + 1).strip()
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise UnreadableFile(
            f"'{path}' is no secret: it needs {SHORTEST_SECRET} to {LONGEST_SECRET:,} bytes, and has {len(secret):,}",
            hint="make one with: python -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return secret


def read_seals(paths: Sequence[Path], *, secret: bytes) -> tuple[Seal, ...]:
    """The seals in files. Raises ``UnreadableFile``, and ``BadSeal`` naming the file and the line."""
    return tuple(seal for path in paths for seal in _seals(path, secret))


def _seals(path: Path, secret: bytes) -> Iterator[Seal]:
    from engine.journal.seal import read_seal

    found = 0
    with _opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_SEAL), b""), start=1):
            if not line.strip():
                continue
            found += 1
            try:
                yield read_seal(line.decode(), secret=secret)
            except UnicodeDecodeError:
                raise BadSeal(f"{path}, line {number}: it is no seal") from None
            except BadSeal as error:
                raise BadSeal(f"{path}, line {number}: {error}", hint=error.hint) from None
    if not found:
        raise BadSeal(f"{path}: there is no seal in it", hint="'stagewright seal' writes one")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.exists() and not path.is_file():
        raise UnreadableFile(f"'{path}' is no plain file", hint="name a file that can be read to its end")
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}") from None
