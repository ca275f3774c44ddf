"""A server that is killed while many write: what was acknowledged is there, once.

What is killed are its processes, by SIGKILL or as ``pg_ctl stop -m immediate`` does it; the machine goes on. That a
disk keeps what it was told to keep when the power fails, PostgreSQL answers for (``fsync``), and no test here.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.connect import connect
from engine.journal.verify import verify
from engine.model.entry import EntryKind
from tests.journal.postgres_server import MISSING, Server, is_missing, server
from tests.journal.relay import machine_of_relay, pass_on, relay_in, start_deals

WRITERS = 8


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server that keeps what it acknowledges."""
    if is_missing():
        pytest.skip(MISSING)
    with server("fsync=on", "synchronous_commit=on") as running:
        yield running


def start_again(running: Server) -> None:
    """As soon as the last of the killed processes is gone."""
    until = time.monotonic() + 20
    while True:
        try:
            return running.start()
        except AssertionError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_server_killed_among_writers_has_all_that_it_acknowledged(durable: Server, tmp_path: Path) -> None:
    relay = relay_in(tmp_path)
    machine_of = machine_of_relay(relay)
    with closing(connect(durable.url())) as journal:
        start_deals(journal, relay, 10)
    over = threading.Event()

    def write(name: int) -> list[str]:
        acknowledged: list[str] = []
        with closing(connect(durable.url(), wait_seconds=20)) as journal:
            while not over.is_set():
                key = f"{name}-{len(acknowledged)}"
                pass_on(journal, machine_of, f"deal-{len(acknowledged) % 10}", to="abc"[name % 3], key=key)
                acknowledged.append(key)
        return acknowledged

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, name) for name in range(WRITERS)]
        ends: tuple[Callable[[], object], ...] = (lambda: durable.stop("immediate"), durable.kill, durable.kill)
        for end in ends:
            time.sleep(0.7)
            end()
            start_again(durable)
        time.sleep(0.5)
        over.set()
        acknowledged = [key for each in writing for key in each.result()]
    with closing(connect(durable.url())) as journal:
        moves = [entry for entry in journal.all_entries() if entry.kind is not EntryKind.STARTED]
        assert Counter(entry.key for entry in moves) == Counter(acknowledged)
        assert len(moves) > 100
        assert verify(journal) == ()
