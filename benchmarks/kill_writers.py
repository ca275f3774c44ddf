"""Kill writers in the middle of their work, again and again; then see that nothing acknowledged is lost and all fits.

usage: python benchmarks/kill_writers.py FOLDER [--rounds 2000] [--writers 2] [--seed 1]

Each round forks writers that append to one journal and tell each entry once it is recorded; a few
milliseconds later they are killed with SIGKILL. Exit 1 where an acknowledged entry is gone or the journal
does not verify.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from engine.journal.upgrade import upgrade  # noqa: F401 - loaded before the forks, so that making a journal is quick
from engine.journal.verify import verify
from engine.model.deal import Deal, fold
from engine.model.entry import Definition, Entry, EntryKind, definition_digest
from engine.model.errors import DealExists, DealMovedOn

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
FILES = (("processes/killed/1.yaml", "process: killed\nversion: 1\n"),)
DEFINITION = Definition("killed", 1, definition_digest(FILES), FILES)
SHARED = "shared"
PER_JOURNAL = 25
"""After so many rounds a new journal is begun, for the making of one can be killed too."""
LONGEST_LIFE = 0.02
"""Seconds a writer lives at most once it has begun."""


def entry_of(deal_id: str, sequence: int) -> Entry:
    """An entry with enough in it to span pages now and then."""
    return Entry(
        deal=deal_id,
        sequence=sequence,
        kind=EntryKind.MOVED if sequence > 1 else EntryKind.STARTED,
        happened_at=START + timedelta(minutes=sequence),
        recorded_at=START + timedelta(minutes=sequence),
        process="killed",
        version=1,
        digest=DEFINITION.digest,
        to_stage=f"stage-{sequence % 7}",
        note="n" * (sequence * 37 % 900),
        facts={"amount": Decimal(sequence)},
    )


def write_for_ever(path: Path, name: str, told: int) -> None:
    """Append, one by one and in bulk, to a deal of one's own and to one that all writers share."""
    journal = connect(str(path))
    os.write(told, b"begun 0\n")
    own: Deal | None = None
    for turn in range(1_000_000):
        if turn % 10 == 9:
            own = _append_bulk(journal, name, own, told)
        elif turn % 3:
            own = _append(journal, name, own, told)
        else:
            with contextlib.suppress(DealMovedOn, DealExists):
                _append(journal, SHARED, journal.deal(SHARED), told)


def _append(journal: SqlJournal, deal_id: str, before: Deal | None, told: int) -> Deal | None:
    length = before.length if before else 0
    entry = entry_of(deal_id, length + 1)
    deal = fold((entry,), before)
    assert deal
    journal.append((entry,), after=length, deal=deal, definition=DEFINITION)
    os.write(told, f"{deal_id} {deal.length}\n".encode())
    return deal


def _append_bulk(journal: SqlJournal, deal_id: str, before: Deal | None, told: int) -> Deal | None:
    length = before.length if before else 0
    entries = tuple(entry_of(deal_id, length + number) for number in range(1, 41))
    deal = fold(entries, before)
    assert deal
    journal.append_many([(entries, length, deal)], definition=DEFINITION)
    os.write(told, f"{deal_id} {deal.length}\n".encode())
    return deal


def kill_one_round(path: Path, names: list[str], dice: random.Random) -> dict[str, int]:
    """Fork a writer for each name, kill them all, and say up to which entry of each deal they acknowledged."""
    children = [_fork(path, name) for name in names]
    # Where there is no journal yet, and one round in four, writers are killed while they still make or open it.
    if path.exists() and dice.random() < 0.75:
        for _, told in children:
            _wait_for_begin(told)
    time.sleep(dice.random() * LONGEST_LIFE)
    for pid, _ in children:
        os.kill(pid, signal.SIGKILL)
    acknowledged: dict[str, int] = {}
    for pid, told in children:
        os.waitpid(pid, 0)
        for deal_id, sequence in _acknowledged(told):
            acknowledged[deal_id] = max(sequence, acknowledged.get(deal_id, 0))
    return acknowledged


def _fork(path: Path, name: str) -> tuple[int, int]:
    """A child of this warmed process, before any connection is open here: connections do not survive a fork."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            write_for_ever(path, name, writing)
        except BaseException as error:  # noqa: BLE001 - the parent must hear of it, whatever it is
            with contextlib.suppress(OSError):
                os.write(writing, f"failed {type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os.close(writing)
    return pid, reading


def _wait_for_begin(told: int) -> None:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(told, 1)
        if not byte:
            return
        line += byte
    if not line.startswith(b"begun"):
        raise SystemExit(f"a writer could not begin: {line.decode()}")


def _acknowledged(told: int) -> Iterator[tuple[str, int]]:
    with os.fdopen(told) as lines:
        for line in lines:
            # The last line may be cut short by the kill; then it was not told.
            if not line.endswith("\n"):
                return
            if line.startswith("failed"):
                raise SystemExit(f"a writer failed: {line}")
            deal_id, sequence = line.split()
            if deal_id != "begun":
                yield deal_id, int(sequence)


def losses(path: Path, acknowledged: dict[str, int]) -> list[str]:
    """What is lost or does not fit, in words."""
    journal = connect(str(path))
    lost = [
        f"deal '{deal_id}' has {len(journal.entries(deal_id))} entries, {length} were acknowledged"
        for deal_id, length in acknowledged.items()
        if len(journal.entries(deal_id)) < length
    ]
    lost += map(str, verify(journal))
    journal.close()
    return lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the journal is made")
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    lost: list[str] = []
    entries = journals = 0
    for first in range(0, arguments.rounds, PER_JOURNAL):
        path = arguments.folder / f"killed-{first}.db"
        acknowledged: dict[str, int] = {}
        for number in range(first, min(first + PER_JOURNAL, arguments.rounds)):
            names = [f"deal-{number}-{writer}" for writer in range(arguments.writers)]
            acknowledged |= kill_one_round(path, names, dice)
        lost += losses(path, acknowledged)
        entries += sum(acknowledged.values())
        journals += 1
    print(f"{arguments.rounds * arguments.writers} writers killed, {entries} entries acknowledged")
    print("\n".join(lost) if lost else f"nothing lost, {journals} journals verify")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
