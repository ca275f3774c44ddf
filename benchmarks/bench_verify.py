"""Verifying a journal, against a seal, in CPU time: how long it takes, and how much of that is reading alone.

usage: python benchmarks/bench_verify.py [--entries ENTRIES] [--journal FILE]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bench_journal import DEFINITION, MOVES, Batch, entry_of

from engine.journal.connect import connect
from engine.journal.parts import verify_quickly
from engine.journal.seal import read_seal, seal
from engine.journal.store import SqlJournal, rows_of_entries
from engine.journal.verify import verify_against
from engine.model.deal import fold

T = TypeVar("T")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def batches(count: int) -> Iterator[Batch]:
    """Deals of five entries, each with an amount of its own, which half of the moves change."""
    for number in range(count // MOVES):
        entries = [entry_of(f"deal-{number * 7919 % 1_000_003:07}", place + 1) for place in range(MOVES)]
        told = tuple(
            replace(entry, facts={"amount": Decimal(number + entry.sequence)} if entry.sequence % 2 else {})
            for entry in entries
        )
        deal = fold(told)
        assert deal is not None
        yield told, 0, deal


def cpu(work: Callable[[], T]) -> tuple[float, float, T]:
    began, at = time.process_time(), time.monotonic()
    result = work()
    return time.process_time() - began, time.monotonic() - at, result


def measure(journal: SqlJournal, count: int) -> None:
    def read() -> None:
        journal.session.rows("PRAGMA integrity_check")
        for _ in rows_of_entries(journal.session):
            pass

    reading, _, _ = cpu(read)
    sealing, _, line = cpu(lambda: "".join(seal(journal, now=NOW)))
    verifying, wall, found = cpu(lambda: verify_against(journal, (read_seal(line),)))
    assert found.problems == ()
    _, parts, same = cpu(lambda: verify_quickly(journal, (read_seal(line),)))
    assert same == found
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"seal of {count:,} entries: {sealing:.1f} s of CPU, {len(line) / 1e6:.1f} MB")
    print(
        f"verify of {count:,} entries against it: {verifying:.1f} s of CPU, {wall:.1f} s by the clock,"
        f" {reading:.1f} s of it to read and check the pages; peak memory {memory:.0f} MB"
    )
    print(f"the same by the command, by as many processes as there are processors: {parts:.1f} s by the clock")
    print(f"that is {verifying / count * 1e6:.1f} µs an entry: {count / verifying:,.0f} entries a second of CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--journal", type=Path, help="keep the journal here, and use it again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = given.journal or Path(name) / "bench.db"
        if not path.exists():
            with closing(connect(str(path))) as journal:
                journal.append_many(batches(given.entries), definition=DEFINITION)
        with closing(connect(str(path), create=False, read_only=True)) as journal:
            measure(journal, given.entries)


if __name__ == "__main__":
    main()
