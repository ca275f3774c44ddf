"""How long ``stagewright simulate`` takes, start included: the shipped scenario, and 200 runs of 10,000 prospects.

Usage: python benchmarks/bench_simulate_command.py [PROSPECTS]

All figures are CPU seconds (of all threads), the best of several rounds. The peer is what a program would do that plays
nothing: import NumPy and PyYAML, load both files, and draw as many random numbers as the prospects need at the least
(six each: when they come, an amount, a role, and for each of three stages a branch with its time).
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from bench_check import cpu_of

ROOT = Path(__file__).parents[1]
RUNS = 200
PEER = """
import sys, yaml, numpy
for path in sys.argv[3:]:
    yaml.load(open(path, encoding="utf-8"), Loader=yaml.CSafeLoader)
for run in range(int(sys.argv[1])):
    found = numpy.random.default_rng(run)
    for _ in range(6):
        found.lognormal(1.0, 1.0, int(sys.argv[2]))
"""


def main() -> None:
    """Print the figures."""
    prospects = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        for name in ("processes", "rules"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        scenario = Path(folder) / "processes/inside-sales/scenarios/base.yaml"
        many = scenario.with_name("many.yaml")
        many.write_text(without_people(scenario.read_text(encoding="utf-8"), prospects), encoding="utf-8")
        files = [str(scenario.parents[1] / "2.yaml"), str(scenario)]
        _print("the shipped scenario, 100 runs", folder, [], peer=["100", "450", *files])
        asked = ["--scenario", "many", "--runs", str(RUNS)]
        _print(f"{RUNS} runs of {prospects:,} prospects", folder, asked, peer=[str(RUNS), str(prospects), *files])


def without_people(text: str, prospects: int) -> str:
    """The shipped scenario with so many prospects in its 26 weeks, and with nobody who works on them."""
    text = text.replace("scenario: base", "scenario: many")
    # December counts 0.6 of a month.
    text = re.sub(r"weekly: \d+", f"weekly: {round(prospects / 24.4)}", text)
    text = re.sub(r"^(pools|touchpoints|approvals):.*\n(?:[ #].*\n|\n)*", "", text, flags=re.MULTILINE)
    return re.sub(r"^    work: .*\n", "", text, flags=re.MULTILINE)


def _print(what: str, folder: str, asked: list[str], *, peer: list[str]) -> None:
    stagewright = str(Path(sys.executable).with_name("stagewright"))
    command = [stagewright, "simulate", "inside-sales", "--workspace", folder, "--start", "2026-12-01", *asked]
    whole = cpu_of(command)
    nothing = cpu_of([sys.executable, "-c", PEER, *peer])
    print(f"{what}: {whole:.2f} s CPU, {whole / nothing:.1f} times drawing the numbers alone ({nothing:.2f} s)")


if __name__ == "__main__":
    main()
