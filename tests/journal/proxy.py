"""Stands between a program and a server, and cuts their connection where a test says so."""

from __future__ import annotations

import select
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Fate(Enum):
    """What becomes of what was said."""

    PASSED_ON = "passed on"
    LOST = "lost"
    LAST = "passed on, and nothing after it"


Judge = Callable[[bytes, bool], Fate]
"""The fate of what was said; the second value tells whether the program said it, not the server."""


@dataclass
class Proxy:
    """``judge`` is asked until it cuts a connection once; then all is passed on, or nobody let in any more."""

    folder: Path
    target: Path
    judge: Judge | None = None
    shuts: bool = False
    threads: list[threading.Thread] = field(default_factory=list)

    def url(self, url: str) -> str:
        """The URL of a database by way of this."""
        return url.replace(str(self.target), str(self.folder))

    def serve(self, listening: socket.socket) -> None:
        """Take in connections until it is closed."""
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.target / SOCKET))
                self.threads.append(threading.Thread(target=self._pass_on, args=(client, server, listening)))
                self.threads[-1].start()

    def _pass_on(self, client: socket.socket, server: socket.socket, listening: socket.socket) -> None:
        with suppress(OSError), client, server:
            fate = Fate.PASSED_ON
            while fate is Fate.PASSED_ON:
                for each in select.select([client, server], [], [])[0]:
                    said = each.recv(65536)
                    if not said:
                        return
                    fate = self._fate(said, each is client)
                    if fate is not Fate.LOST:
                        (server if each is client else client).sendall(said)
            if self.shuts:
                listening.shutdown(socket.SHUT_RDWR)
                (self.folder / SOCKET).unlink()

    def _fate(self, said: bytes, is_question: bool) -> Fate:
        fate = self.judge(said, is_question) if self.judge else Fate.PASSED_ON
        if fate is not Fate.PASSED_ON:
            self.judge = None
        return fate


@contextmanager
def proxy(target: Path) -> Iterator[Proxy]:
    """One that listens in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="proxy-") as name, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{name}/{SOCKET}")
        listening.listen()
        made = Proxy(Path(name), target)
        thread = threading.Thread(target=made.serve, args=(listening,))
        thread.start()
        yield made
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for each in (thread, *made.threads):
            each.join(5)


def nth_answer(number: int) -> Judge:
    """Lose the answer of this number, from 1."""
    return _nth(number, question=False)


def nth_question(number: int) -> Judge:
    """Lose the question of this number, from 1."""
    return _nth(number, question=True)


def _nth(number: int, *, question: bool) -> Judge:
    seen = iter(range(1, number + 1))

    def judge(said: bytes, is_question: bool) -> Fate:
        return Fate.LOST if is_question == question and next(seen) == number else Fate.PASSED_ON

    return judge


def after_question(words: bytes) -> Judge:
    """Pass on the question with these words, and cut before the answer is there."""
    return lambda said, is_question: Fate.LAST if is_question and words in said else Fate.PASSED_ON


def answer(words: bytes) -> Judge:
    """Lose the answer with these words."""
    return lambda said, is_question: Fate.LOST if not is_question and words in said else Fate.PASSED_ON
