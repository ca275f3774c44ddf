"""What ``tick`` costs over many open deals with three clocks, beside one plain query that reads every deal.

    python benchmarks/bench_tick.py [--deals 100000] [--postgres URL]

CPU time of this process. First all deals are new to it, so each is looked at once; then nothing is due, and only an
index is asked; then one deal in a hundred is due and is moved. The peer reads the row of every open deal with plain
``sqlite3`` and compares its time of last activity: what a scheduler without memory would do each time, before it has
judged anything.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from engine.advance.occasion import machines
from engine.advance.tick import tick
from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from engine.loading.processes import from_definition
from engine.model.deal import fold
from engine.model.entry import Definition, Entry, EntryKind, definition_digest

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
TEXT = """\
process: ticking
version: 1
time_zone: Europe/Berlin
facts: {amount: {type: money}, decision_date: {type: date}, contact: {type: text}}
stages: {lead: {}, demo: {}, offer: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  show: {from: lead, to: demo}
  offer: {from: demo, to: offer}
  sign: {from: offer, to: won}
  lose: {from: open, to: lost, reasons: {silent: They do not answer}}
clocks:
  quiet:
    in: [lead, demo]
    idle: 60d
    warn: 40d
    activity: [decision_date]
    when: amount < 50000
    then: lose
    reason: silent
  slow: {in: [demo, offer], stays: 45d}
  stale: {in: open, idle: 90d, then: lose, reason: silent}
"""
FILES = (("processes/ticking/1.yaml", TEXT),)
DEFINITION = Definition("ticking", 1, definition_digest(FILES), FILES)


def fill(journal: SqlJournal, deals: int) -> None:
    """Deals that moved within the last thirty days, one in a hundred of them forty days ago."""

    def batches():
        for number in range(deals):
            since = NOW - timedelta(days=39 if number % 100 == 0 else number % 30, minutes=number % 997)
            name = f"D{number:07d}"
            facts = {"contact": f"Person {number}", "amount": Decimal(number % 90_000)}
            start = Entry(
                name, 1, EntryKind.STARTED, since, since, "ticking", 1, DEFINITION.digest, to_stage="lead", facts=facts
            )
            moved = Entry(
                name,
                2,
                EntryKind.MOVED,
                since,
                since,
                "ticking",
                1,
                DEFINITION.digest,
                action="show",
                from_stage="lead",
                to_stage="demo",
            )
            entries = (start, moved)
            yield entries, 0, fold(entries)

    journal.append_many(batches(), definition=DEFINITION)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def peer(path: Path) -> int:
    """The rows of all open deals, read and compared."""
    connection = sqlite3.connect(path)
    limit = (NOW - timedelta(days=40)).isoformat()
    rows = connection.execute("SELECT active_at, * FROM deals WHERE outcome = ''").fetchall()
    return sum(row[0] < limit for row in rows)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deals", type=int, default=100_000)
    options.add_argument("--postgres", metavar="URL", help="an empty database to use instead of a file")
    chosen = options.parse_args()
    machine_of = machines(lambda _digest: from_definition(DEFINITION))
    machine_of("")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.journal"
        journal = connect(chosen.postgres or str(path))
        fill(journal, chosen.deals)
        first, _ = timed(lambda: list(tick(journal, machine_of, now=NOW)))
        again, told = timed(lambda: list(tick(journal, machine_of, now=NOW + timedelta(minutes=5))))
        assert told == []
        met = sum(1 for _ in journal.due(NOW + timedelta(minutes=5)))
        due, moved = timed(lambda: list(tick(journal, machine_of, now=NOW + timedelta(days=2))))
        plain = timed(lambda: peer(path))[0] if not chosen.postgres else None
        journal.close()
    print(f"{chosen.deals:,} open deals, three clocks; CPU time")
    print(f"  all deals new to it, nothing due   {first:>8.3f} s")
    print(f"  nothing due                        {again:>8.4f} s   {met} deals read")
    print(f"  {len(moved):,} warned                       {due:>8.3f} s   {due / max(len(moved), 1) * 1e3:.2f} ms each")
    if plain is not None:
        print(
            f"  peer: every open deal read         {plain:>8.3f} s   {plain / again:,.0f} times what nothing due costs"
        )


if __name__ == "__main__":
    main()
