"""How fast all 4,336 ways that loan applications went (bpic2012) are aligned, against r4pm in one run.

    python benchmarks/bench_conform.py [DATA]

DATA is the folder with bpic2012/bpic2012.xes.gz (default: ../shared/data beside the repository). The model is an
automaton of what often follows what in the log. CPU time, best of several rounds; compiling is told apart. All costs
must be equal. The peer finds each alignment in full, which ours does only where it is told: that is measured too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.numerics.alignment import Kind, alignments, compiled_costs, plain_costs  # noqa: E402
from engine.numerics.compiled import has_compiler  # noqa: E402
from tests.numerics import logs, peer  # noqa: E402
from tests.numerics.frequent import Model, frequent  # noqa: E402

ROUNDS = 5
SHARES = (0.02, 0.2)


def seconds(task: Callable[[], object], rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        task()
        best = min(best, time.process_time() - begun)
    return best


def main() -> None:
    if len(sys.argv) > 1:
        logs.DATA = Path(sys.argv[1])
    variants = logs.bpic2012()
    assert len(variants) == 4336
    with tempfile.TemporaryDirectory() as folder:
        projection = peer.projection(variants, Path(folder))
    print(f"{len(variants):,} variants, {sum(map(len, variants)):,} steps; CPU time")
    for share in SHARES:
        compare(frequent(variants, share=share), variants, projection, share)


def compare(model: Model, variants: logs.Variants, projection: str, share: float) -> None:
    of = model.automaton
    sequences = [model.sequence(trace) for trace in variants]
    ours = plain_costs(of, sequences).tolist()
    theirs = peer.costs(model, projection)
    assert dict(zip(variants, ours, strict=True)) == theirs, "the costs differ"
    full = alignments(of, sequences)
    assert [sum(step.kind is not Kind.BOTH for step in steps) for steps in full] == ours
    print(f"  what {share:.0%} do: {of.states} states, {len(of.edges)} edges; mean cost {sum(ours) / len(ours):.2f}")
    peers = seconds(lambda: peer.costs(model, projection), rounds=2)
    print(f"    r4pm                    {peers:>8.3f} s")
    rows = [("plain Python", seconds(lambda: plain_costs(of, sequences)))]
    rows.append(("each in full, plain", seconds(lambda: alignments(of, sequences), rounds=1)))
    if has_compiler():
        print(f"    compiling, once         {seconds(lambda: compiled_costs(of, sequences), rounds=1):>8.3f} s")
        assert compiled_costs(of, sequences).tolist() == ours
        rows.append(("numba", seconds(lambda: compiled_costs(of, sequences))))
    for name, took in rows:
        print(f"    {name:<23} {took:>8.3f} s   {peers / took:>6.1f} times r4pm")


if __name__ == "__main__":
    main()
