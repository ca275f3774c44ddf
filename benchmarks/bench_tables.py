"""A journal to the five tables, in CPU time: by columns against entry by entry, and again after some deals changed.

usage: python benchmarks/bench_tables.py [--entries ENTRIES] [--journal FILE]

Deals of five entries, each with three verdicts and evidence; an amount of its own in three of the five.
A journal that is given is copied first, for the deals that change are written to.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bench_journal import DEFINITION
from bench_verify import batches, cpu

from engine.history.entries import fact_types, tables_of
from engine.history.kept import kept, refreshed
from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from engine.model.deal import fold
from engine.model.entry import EntryKind
from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.syntax import MONEY
from engine.tables.schema import NAMES

PROCESSES = (Process("bench", 1, Track("main", (Stage("prospect"),), ()), facts={"amount": Fact("amount", MONEY)}),)
CHANGED = 100
"""One deal in so many gets one more entry."""


def peak() -> str:
    return f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def change(journal: SqlJournal) -> int:
    changed = []
    for number, deal in enumerate(journal.deals()):
        if number % CHANGED == 0:
            last = journal.entries(deal.id)[-1]
            more = replace(
                last,
                sequence=last.sequence + 1,
                kind=EntryKind.RECORDED,
                happened_at=last.happened_at + timedelta(days=1),
                key="",
                facts={"amount": Decimal(number)},
            )
            now = fold((more,), deal)
            assert now is not None
            changed.append(((more,), last.sequence, now))
    journal.append_many(changed)
    return len(changed)


def measure(journal: SqlJournal) -> None:
    by_columns, wall, before = cpu(lambda: kept(journal, PROCESSES))
    size = sum(before.tables.table(name).nbytes for name in NAMES) / 2**20
    count = before.mark.entries
    print(f"{count:,} entries by columns: {by_columns:.1f} s CPU ({wall:.1f} s), {peak()}; the tables {size:,.0f} MB")
    deals = change(journal)
    again, wall, after = cpu(lambda: refreshed(before, journal, PROCESSES))
    print(f"after {deals:,} deals changed: {again:.2f} s CPU ({wall:.2f} s), {by_columns / again:.0f} times as fast")
    by_rows, wall, rows = cpu(lambda: tables_of(journal.all_entries(), fact_types(PROCESSES)))
    print(f"entry by entry: {by_rows:.1f} s CPU ({wall:.1f} s), {peak()}: ratio {by_rows / by_columns:.1f}")
    assert all(after.tables.table(name).equals(rows.table(name)) for name in NAMES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--journal", type=Path, help="a journal that is there, in place of a new one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        if given.journal:
            shutil.copy(given.journal, path)
        with closing(connect(str(path))) as journal:
            if not given.journal:
                journal.append_many(batches(given.entries), definition=DEFINITION)
            measure(journal)


if __name__ == "__main__":
    main()
