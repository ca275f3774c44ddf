"""How fast an export is read, judged and journalled on SQLite, against csv.DictReader and plain inserts in one run.

    python benchmarks/bench_import.py [--moves 1000000]

Each side runs in a process of its own, so that its peak of memory is its own. CPU time; the file lies in a
temporary folder. The peer reads the same file row by row into one table: nothing is judged, hashed or sorted.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
STAGES = ("prospect", "qualified", "demo", "proposal", "negotiation")
COLUMNS = ("deal", "stage", "at", "who", "reason", "amount", "contact_role", "budget_confirmed")


def write_export(path: Path, moves: int) -> None:
    """Deals that go through the pipeline of inside-sales@2, most of them by its rules."""
    draw = random.Random(20261101)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        written = deal = 0
        while written < moves:
            deal += 1
            at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(1_000_000))
            path_ = [*STAGES[: draw.randrange(2, 6)], draw.choice(("won", "lost", ""))]
            amount = draw.randrange(2_000, 90_000)
            for stage in path_[: moves - written]:
                if stage:
                    at += timedelta(minutes=draw.randrange(60 * 24 * 20))
                    role = draw.choice(("user", "champion", "champion", "economic-buyer"))
                    out.writerow(
                        (f"D{deal:07d}", stage, f"{at:%Y-%m-%d %H:%M:%S}", f"rep{deal % 40}", "", amount, role, "true")
                    )
                    written += 1


def run_import(export: Path, folder: Path) -> dict[str, float]:
    return import_into(str(folder / "deals.journal"), export)


def import_into(url: str, export: Path) -> dict[str, float]:
    from engine.advance.many import import_past
    from engine.history.read import read
    from engine.journal.connect import connect
    from engine.loading.processes import definition_of, load_process
    from engine.model.map import Column, Known, Map, Shape

    file = ROOT / "processes/inside-sales/2.yaml"
    process = load_process(file).value
    assert process is not None
    facts = {name: Column(name) for name in ("contact_role", "budget_confirmed")}
    map_ = Map(
        "bench",
        "inside-sales@2",
        Shape.MOVES,
        "deal",
        "stage",
        {},
        happened="at",
        dates=("%Y-%m-%d %H:%M:%S",),
        actor="who",
        reason=Column("reason"),
        facts={"amount": Column("amount", known=Known.START), **facts},
    )
    begun = time.process_time()
    found = read(export, map_, process)
    read_at = time.process_time()
    journal = connect(url)
    summary = import_past(journal, process, definition_of(file, ROOT), found.deals, now=NOW, map_id=map_.id)
    journal.close()
    assert found.is_whole
    assert summary.is_whole
    return {"read": read_at - begun, "all": time.process_time() - begun, "deviating": summary.deviating}


def run_peer(export: Path, folder: Path) -> dict[str, float]:
    begun = time.process_time()
    connection = sqlite3.connect(folder / "plain.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"CREATE TABLE moves ({', '.join(f'{name} TEXT' for name in COLUMNS)})")
    with export.open(newline="") as file, connection:
        rows = (tuple(row.values()) for row in csv.DictReader(file))
        connection.executemany(f"INSERT INTO moves VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    connection.close()
    return {"all": time.process_time() - begun}


SIDES = {"import": run_import, "peer": run_peer}


def measure(side: str, export: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--side", side, "--export", str(export), "--folder", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--moves", type=int, default=200_000)
    options.add_argument("--side", choices=SIDES)
    options.add_argument("--export", type=Path)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    if chosen.side:
        found = SIDES[chosen.side](chosen.export, chosen.folder)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**found, "megabytes": megabytes}))
        return
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.csv"
        write_export(export, chosen.moves)
        ours, peer = (measure(side, export, Path(folder)) for side in SIDES)
    print(f"{chosen.moves:,} moves, {ours['deviating']:,} of them deviating; CPU time")
    print(f"  read, judged and journalled  {chosen.moves / ours['all']:>10,.0f} moves/s  {ours['megabytes']:>6.0f} MB")
    print(f"    of that reading            {chosen.moves / ours['read']:>10,.0f} moves/s")
    print(f"  csv.DictReader and inserts   {chosen.moves / peer['all']:>10,.0f} moves/s  {peer['megabytes']:>6.0f} MB")
    print(f"  ratio                        {peer['all'] / ours['all']:>10.3f}")


if __name__ == "__main__":
    main()
