"""The journal against raw sqlite3 by hand, in CPU time: the same tables, triggers, statements, JSON and hashes.

usage: python benchmarks/bench_journal.py [--many ENTRIES]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from engine.journal.connect import connect
from engine.model.deal import Deal, fold
from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Definition, Entry, EntryKind, definition_digest

LONG_AGO = "1970-01-01T00:00:00.000000+00:00"
ONE_BY_ONE = 2_000
ROUNDS = 5
MOVES = 5
START = datetime(2026, 1, 1, 9, tzinfo=UTC)
FILES = (("processes/bench/1.yaml", "process: bench\nversion: 1\n"),)
DEFINITION = Definition("bench", 1, definition_digest(FILES), FILES)
STAGES = ("prospect", "qualified", "demo", "proposal", "negotiation", "won")
VERDICTS = tuple(
    Verdict(
        f"{name}-known",
        About.TO_ENTER,
        Result.PASSED,
        "The budget is confirmed and covers the smallest plan",
        rule=f"qualification@1/{name}-known",
        clauses=(Clause("amount >= 5000", holds=True, seen=(("amount", Decimal(9000)),)),),
    )
    for name in ("budget", "contact", "date")
)
Batch = tuple[tuple[Entry, ...], int, Deal]


def entry_of(deal: str, sequence: int) -> Entry:
    return Entry(
        deal=deal,
        sequence=sequence,
        kind=EntryKind.MOVED if sequence > 1 else EntryKind.STARTED,
        happened_at=START + timedelta(days=sequence),
        recorded_at=START + timedelta(days=30),
        process="bench",
        version=1,
        digest=DEFINITION.digest,
        action="advance" if sequence > 1 else "",
        from_stage=STAGES[sequence - 2] if sequence > 1 else "",
        to_stage=STAGES[sequence - 1],
        outcome="won" if sequence == len(STAGES) else "",
        reason="need-confirmed",
        key=f"import-{deal}-{sequence}",
        actor="ana",
        role="ae",
        touchpoint="call",
        facts={"amount": Decimal(9000 + sequence)},
        verdicts=VERDICTS,
    )


def batches(count: int, *, size: int) -> Iterator[Batch]:
    """So many entries, in deals of five, handed over ``size`` at a time."""
    for number in range(count // MOVES):
        entries = [entry_of(f"deal-{number * 7919 % 1_000_003:07}", place + 1) for place in range(MOVES)]
        deal = None
        for at in range(0, MOVES, size):
            deal = fold(entries[at : at + size], deal)
            yield tuple(entries[at : at + size]), at, deal


# ---- the peer


def dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def iso(when: datetime) -> str:
    return when.isoformat(timespec="microseconds")


def raw_envelope(e: Entry) -> list:
    when = [iso(e.happened_at), iso(e.recorded_at)]
    on = [e.process, e.version, e.digest, e.track, e.action, e.from_stage, e.to_stage, e.outcome, e.reason, e.key]
    return [e.deal, e.sequence, e.kind.value, *when, *on, e.deviating, e.undated]


def raw_body(e: Entry) -> str:
    verdicts = [
        [v.requirement, v.about.value, v.result.value, v.says, v.force.value, v.needs, v.fix, v.who, v.missing, v.rule,
         [[c.text, c.holds, [[name, {"n": str(value)}] for name, value in c.seen]] for c in v.clauses]]
        for v in e.verdicts
    ]  # fmt: skip
    facts = {name: {"n": str(e.facts[name])} for name in sorted(e.facts)}
    return dumps({"actor": e.actor, "role": e.role, "touchpoint": e.touchpoint, "facts": facts, "verdicts": verdicts})


def raw_deal(d: Deal) -> tuple:
    more = {
        "visited": sorted(d.visited),
        "facts": {name: {"n": str(d.facts[name])} for name in sorted(d.facts)},
        "touches": {name: [times.count, times.last_at.isoformat()] for name, times in sorted(d.touches.items())},
        "actions": {name: [times.count, times.last_at.isoformat()] for name, times in sorted(d.actions.items())},
    }
    closed = iso(d.closed_at) if d.closed_at else None
    names = [d.id, d.process, d.version, d.digest, d.stage, d.previous, d.outcome, d.owner]
    when = [iso(d.started_at), iso(d.entered_at), iso(d.last_at), closed]
    return (*names, *when, d.length, d.forgotten, dumps(more), iso(d.active_at or d.last_at), LONG_AGO)


HEAD = """
SELECT e.sequence, e.hash, p.body IS NULL FROM entries e LEFT JOIN payloads p ON p.id = e.id
WHERE e.deal = ? ORDER BY e.sequence DESC LIMIT 1
"""
ENTRY = f"INSERT INTO entries VALUES ({','.join('?' * 20)})"
PAYLOAD = "INSERT INTO payloads (id, salt, body) VALUES (?, ?, ?)"
DEAL_COLUMNS = (
    "process version digest stage previous outcome owner started_at entered_at last_at closed_at length forgotten more"
    " active_at due_at"
)
DEAL = f"INSERT INTO deals VALUES ({','.join('?' * 17)}) ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in DEAL_COLUMNS.split()
)


class Raw:
    """The same by hand: one connection, one cursor, literal SQL."""

    def __init__(self, path: Path) -> None:
        connect(str(path)).close()
        self.connection = sqlite3.connect(path, isolation_level=None)
        for setting in (
            "foreign_keys = ON",
            "synchronous = FULL",
            "secure_delete = ON",
            "cell_size_check = ON",
            "cache_size = -32000",
            "wal_autocheckpoint = 8000",
        ):
            self.connection.execute(f"PRAGMA {setting}")
        self.connection.execute(
            "INSERT INTO definitions VALUES (?, ?, ?, ?)", (DEFINITION.digest, "bench", 1, dumps(FILES))
        )
        self.cursor = self.connection.cursor()

    def append(self, group: list[Batch]) -> None:
        run = self.cursor.execute
        run("BEGIN IMMEDIATE")
        entries, payloads, deals = [], [], []
        place = run("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
        for batch, _after, deal in group:
            head = run(HEAD, (deal.id,)).fetchone()
            previous = head[1] if head else bytes(32)
            for entry in batch:
                place += 1
                salt, envelope, body = os.urandom(32), raw_envelope(entry), raw_body(entry)
                digest = sha256(salt + body.encode()).digest()
                previous = sha256(previous + dumps(envelope).encode() + digest).digest()
                entries.append((place, *envelope, digest, previous))
                payloads.append((place, salt, body))
            deals.append(raw_deal(deal))
        self.cursor.executemany(ENTRY, entries)
        self.cursor.executemany(PAYLOAD, payloads)
        self.cursor.executemany(DEAL, deals)
        run("COMMIT")


# ---- the measure


def cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def one_by_one(folder: Path, turn: int) -> tuple[float, float]:
    work = list(batches(ONE_BY_ONE, size=1))
    journal = connect(str(folder / f"one-{turn}.db"))
    entries, after, deal = work[0]
    journal.append(entries, after=after, deal=deal, definition=DEFINITION)
    raw = Raw(folder / f"one-raw-{turn}.db")
    raw.append(work[:1])

    def ours() -> None:
        for entries, after, deal in work[1:]:
            journal.append(entries, after=after, deal=deal)

    def by_hand() -> None:
        for batch in work[1:]:
            raw.append([batch])

    return cpu(ours), cpu(by_hand)


def in_bulk(folder: Path, count: int) -> tuple[float, float]:
    work = list(batches(count, size=MOVES))
    journal = connect(str(folder / "bulk.db"))
    raw = Raw(folder / "bulk-raw.db")

    def by_hand() -> None:
        for at in range(0, len(work), 1600):
            raw.append(work[at : at + 1600])

    return cpu(lambda: journal.append_many(work, definition=DEFINITION)), cpu(by_hand)


def memory(folder: Path, count: int) -> None:
    journal = connect(str(folder / "streamed.db"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    journal.append_many(batches(count, size=MOVES), definition=DEFINITION)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} entries streamed: peak memory {after:.0f} MB, {after - before:.0f} MB of it while appending")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=60_000, help="entries in bulk")
    many = parser.parse_args().many
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory(folder, many)
        pairs = [one_by_one(folder, turn) for turn in range(ROUNDS)]
        ours, by_hand = (min(times) / ONE_BY_ONE * 1e6 for times in zip(*pairs, strict=True))
        ratio = by_hand / ours
        print(f"append, one by one: {ours:.0f} µs an entry, by hand {by_hand:.0f}: ratio {ratio:.2f} (must reach 0.4)")
        ours, by_hand = (spent / many * 1e6 for spent in in_bulk(folder, many))
        ratio, rate = by_hand / ours, 1e6 / ours
        print(
            f"append_many: {ours:.1f} µs an entry, by hand {by_hand:.1f}: ratio {ratio:.2f}; {rate:,.0f} a CPU second"
        )


if __name__ == "__main__":
    main()
