"""How fast files of history become the five tables: CSV against plain DuckDB on the same file, and a large XES log.

    python benchmarks/bench_history.py [--events 1200000] [--xes ../shared/data/bpic2012/bpic2012.xes.gz]

Each side runs in a process of its own, so that its peak of memory is its own. CPU time of all threads, imports of
packages included. The peer reads the file with DuckDB's own reader and finds the same visits by window functions:
nothing is checked, no cell is named, no deal is summed up. Both must find the same number of visits and days.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
STAGES = ("lead", "qualified", "demo", "proposal", "negotiation", "won", "lost")
PEER = """
    SELECT deal, row_number() OVER of_deal AS seq,
           coalesce(lag(stage) OVER of_deal, '') AS from_stage, stage AS to_stage,
           "at" AS entered_at, lead("at") OVER of_deal AS left_at,
           epoch(lead("at") OVER of_deal - "at") / 86400 AS dwell_days, owner AS actor
    FROM read_csv(?, types = {
        'deal': 'VARCHAR', 'stage': 'VARCHAR', 'at': 'TIMESTAMP', 'owner': 'VARCHAR', 'amount': 'DECIMAL(38, 9)'
    })
    WINDOW of_deal AS (PARTITION BY deal ORDER BY "at")
    ORDER BY deal, seq
"""
XES = {
    "deal": "case:concept:name",
    "stage": "concept:name",
    "happened": "time:timestamp",
    "actor": "org:resource",
}


def write_events(path: Path, events: int) -> None:
    """Deals that go through a pipeline, a fifth of them back once; the events of all by time, as a log has them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as arrow

    draw = np.random.default_rng(20261101)
    lengths = draw.integers(3, 7, events)
    lengths = lengths[: int(np.searchsorted(np.cumsum(lengths), events)) + 1]
    deal = np.repeat(np.arange(len(lengths)), lengths)[:events]
    place = np.arange(events) - np.repeat(np.cumsum(lengths) - lengths, lengths)[:events]
    stage = np.minimum(place, 4)
    stage[(place == 3) & (draw.random(events) < 0.2)] = 1
    last = np.append(deal[1:] != deal[:-1], True)
    stage[last] = draw.integers(5, 7, int(last.sum()))
    start = draw.integers(1_700_000_000, 1_760_000_000, len(lengths))
    waited = np.cumsum(draw.integers(60, 20 * 86_400, events))
    at = start[deal] + waited - waited[np.cumsum(lengths) - lengths][deal]
    order = np.argsort(at, kind="stable")
    table = pa.table(
        {
            "deal": pc.binary_join_element_wise("D", pa.array(1_000_000 + deal[order]).cast("string"), ""),
            "stage": pa.array(STAGES).take(pa.array(stage[order])),
            "at": pc.strftime(pa.array(at[order].astype("datetime64[s]")), "%Y-%m-%d %H:%M:%S"),
            "owner": pc.binary_join_element_wise("rep", pa.array(deal[order] % 40).cast("string"), ""),
            "amount": (deal * 7_919 % 90_000)[order],
        }
    )
    arrow.write_csv(table, path, arrow.WriteOptions(quoting_style="none"))


def run_ours(path: Path) -> dict[str, float]:
    from engine.history.read import read
    from engine.model.map import Column, Known, Map, Shape

    ends = {"won": "won", "lost": "lost"}
    facts = {"amount": Column("amount", known=Known.START, type="money")}
    stages = {name: name for name in STAGES}
    map_ = Map(
        "bench",
        "",
        Shape.MOVES,
        "deal",
        "stage",
        stages,
        happened="at",
        actor="owner",
        facts=facts,
        ends=ends,
        dates=(),
    )
    export = read(path, map_)
    read_at = time.process_time()
    tables = export.tables()
    days = tables.moves.column("dwell_days").to_numpy()
    assert export.is_whole
    return {"read": read_at, "moves": tables.moves.num_rows, "days": float(days[days == days].sum())}


def run_peer(path: Path) -> dict[str, float]:
    import duckdb

    with duckdb.connect() as connection:
        moves = connection.sql(PEER, params=[str(path)]).to_arrow_table()
    days = moves.column("dwell_days").to_numpy()
    return {"moves": moves.num_rows, "days": float(days[days == days].sum())}


def run_xes(path: Path) -> dict[str, float]:
    from engine.history.read import read
    from engine.model.map import Map, Shape

    map_ = Map("bench", "", Shape.EVENTS, stages={}, dates=(), ends={"A_APPROVED": "won"}, **XES)
    export = read(path, map_)
    read_at = time.process_time()
    return {"read": read_at, "moves": export.tables().moves.num_rows}


SIDES = {"ours": run_ours, "peer": run_peer, "xes": run_xes}


class WithoutPandas:
    """Arrow loads pandas wherever it finds it. Stagewright does not install it; only what its tests need does."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ImportError


def measure(side: str, path: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--side", side, "--file", str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def best(side: str, path: Path, times: int) -> dict[str, float]:
    return min((measure(side, path) for _ in range(times)), key=lambda found: found["all"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_200_000)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--xes", type=Path, default=ROOT.parent / "shared/data/bpic2012/bpic2012.xes.gz")
    options.add_argument("--side", choices=SIDES)
    options.add_argument("--file", type=Path)
    chosen = options.parse_args()
    if chosen.side:
        sys.meta_path.insert(0, WithoutPandas())
        found = SIDES[chosen.side](chosen.file)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**found, "all": time.process_time(), "megabytes": megabytes}))
        return
    if chosen.file:
        write_events(chosen.file, chosen.events)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        # In a process of its own too: a child's peak of memory is never told as less than its parent's.
        made = [sys.executable, __file__, "--file", str(path), "--events", str(chosen.events)]
        subprocess.run(made, check=True, cwd=ROOT)
        ours, peer = (best(side, path, chosen.times) for side in ("ours", "peer"))
    assert ours["moves"] == peer["moves"]
    assert abs(ours["days"] - peer["days"]) < 1e-6 * peer["days"]
    print(f"{chosen.events:,} events of CSV, {ours['moves']:,} visits; the best of {chosen.times}, CPU time")
    print(f"  to the five tables           {ours['all']:>6.2f} s  {ours['megabytes']:>6.0f} MB")
    print(f"    of that reading            {ours['read']:>6.2f} s")
    print(f"  DuckDB, read and windowed    {peer['all']:>6.2f} s  {peer['megabytes']:>6.0f} MB")
    print(f"  ratio                        {ours['all'] / peer['all']:>6.2f}")
    if chosen.xes.exists():
        log = best("xes", chosen.xes, chosen.times)
        print(f"{chosen.xes.name}, {log['moves']:,} visits")
        print(f"  to the five tables           {log['all']:>6.2f} s  {log['megabytes']:>6.0f} MB")
        print(f"    of that reading            {log['read']:>6.2f} s")


if __name__ == "__main__":
    main()
