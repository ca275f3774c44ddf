"""How fast declared metrics come from a million moves, against pandas and lifelines doing the same by hand.

    python benchmarks/bench_metrics.py [--deals 190000]

Both sides read the same five tables in memory, in one run; told is CPU time of all threads. The peer has point
estimates alone, and no intervals but those that Kaplan-Meier brings along. What both can reckon must be equal.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

METRICS = """\
metrics:
  wins: {type: count, of: won}
  value_won: {type: sum, of: amount, where: stage == "won"}
  weighted: {type: sum, of: amount * probability, where: open}
  rate: {type: ratio, numerator: won, denominator: closed, by: closed_at, where: amount > 5000}
  stay: {type: dwell, stage: SECOND, stats: [p50, mean]}
  cycle: {type: elapsed, from: started, to: closed, stats: [p50, mean]}
  mean_value: {type: derived, of: value_won / wins}
  velocity: {type: derived, of: wins * rate * mean_value / cycle.mean}
"""


def a_process() -> Any:
    """The process of ``bench_measure`` with metrics, as its file would say it."""
    from bench_measure import a_process as bare
    from bench_steps import ENDS, STAGES

    from engine.loading.processes import load_process

    open_stages = [each for each in STAGES if each not in ENDS]
    stages = "".join(
        f"  {each}: {{{f'ends: {ENDS[each]}' if each in ENDS else f'probability: {10 + place}%'}}}\n"
        for place, each in enumerate(STAGES)
    )
    text = (
        "process: bench\nversion: 1\nfacts: {amount: {type: money}}\nstages:\n"
        f"{stages}actions:\n  go: {{from: open, to: [{', '.join(STAGES)}]}}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "processes" / "bench" / "1.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text + METRICS.replace("SECOND", open_stages[1]), encoding="utf-8")
        read = load_process(path)
    assert read.value is not None, read.findings
    return replace(read.value, time_zone=bare().time_zone), open_stages[1]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU time of some work, and what came of it."""
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def by_hand(tables: dict[str, Any], second: str, probability: dict[str, float]) -> dict[str, Any]:
    """The same figures as one would reckon them in a notebook."""
    from lifelines import KaplanMeierFitter

    deals = tables["deals"].select(["stage", "outcome", "started_at", "closed_at", "amount"]).to_pandas()
    moves = tables["moves"].select(["to_stage", "entered_at", "left_at"]).to_pandas()
    deals["amount"] = deals["amount"].astype(float)
    until = moves["entered_at"].max()
    won, closed = deals["outcome"] == "won", deals["outcome"].isin(("won", "lost"))
    local = (
        deals["closed_at"].dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin").dt.tz_localize(None).dt.to_period("M")
    )
    large = closed & (deals["amount"] > 5000)
    rates = won[large].groupby(local[large]).mean()
    is_open = deals["outcome"] == ""
    weighted = (deals["amount"] * deals["stage"].map(probability))[is_open].sum()
    here = moves[moves["to_stage"] == second]
    stay = KaplanMeierFitter().fit(
        (here["left_at"].fillna(until) - here["entered_at"]).dt.total_seconds(), here["left_at"].notna()
    )
    length = (deals["closed_at"].fillna(until) - deals["started_at"]).dt.total_seconds()
    cycle = KaplanMeierFitter().fit(length, closed)
    value = deals.loc[won, "amount"].sum()
    return {
        "wins": int(won.sum()),
        "value_won": value,
        "weighted": weighted,
        "rate": float(won[large].mean()),
        "months": len(rates),
        "stay": stay.median_survival_time_ / 86_400,
        "cycle": cycle.median_survival_time_ / 86_400,
        "mean_value": value / won.sum(),
    }


def main() -> None:
    """Reckons on both sides and tells the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deals", type=int, default=190_000)
    deals = options.parse_args().deals
    from bench_measure import made

    from engine.analysis.measure.asked import Asked
    from engine.analysis.measure.declared.declared import declared
    from engine.analysis.measure.measure import viewed
    from engine.analysis.measure.periods import Every
    from engine.tables.build import Tables

    tables, (process, second) = made(deals), a_process()
    whole = Tables(**tables)
    seen = viewed(whole, process, Asked(every=Every.MONTH))
    seconds, sections = timed(lambda: [each.of(seen) for each in declared(seen)])
    told = {row[0]: next(cell for cell in row[3:8] if cell is not None) for row in sections[0].rows}
    probability = {each.id: float(each.probability) for each in process.main.stages if each.probability is not None}
    peer, hand = timed(lambda: by_hand(tables, second, probability))
    assert told["wins"] == hand["wins"]
    for ours, theirs in (("value_won", "value_won"), ("weighted", "weighted")):
        assert abs(float(told[ours]) - hand[theirs]) < 1e-6 * hand[theirs]
    for ours, theirs in (("rate", "rate"), ("stay.p50", "stay"), ("mean_value", "mean_value")):
        assert abs(told[ours].value - hand[theirs]) < 1e-6 * hand[theirs], (ours, told[ours], hand[theirs])
    print(f"8 metrics over {whole.moves.num_rows:,} moves of {deals:,} deals, and by month where they are dated")
    print(f"  ours, with intervals     {seconds:>6.2f} s")
    print(f"  pandas and lifelines     {peer:>6.2f} s")
    print(f"  ratio                    {peer / seconds:>6.1f}")


if __name__ == "__main__":
    main()
