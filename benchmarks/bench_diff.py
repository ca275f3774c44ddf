"""How long ``stagewright diff`` takes for two versions of a process of 100 stages and 300 actions, start included.

Usage: python benchmarks/bench_diff.py [STAGES]

All figures are CPU seconds, the best of several rounds. In the second version every fourth amount that is asked for is
another, all early stages have another chance of a win, a stage is renamed, an action is gone and an approval is lost.
The peer is what a program would do that only wants to know which keys differ: import PyYAML, load both files with the C
loader, and walk the two trees.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from bench_check import best, cpu_of, process_text

PEER = """
import sys, yaml
one, other = (yaml.load(open(path, encoding="utf-8"), Loader=yaml.CSafeLoader) for path in sys.argv[1:3])
def walk(a, b, at):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in {**a, **b}:
            yield from walk(a.get(key), b.get(key), f"{at}/{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for number, pair in enumerate(zip(a, b)):
            yield from walk(*pair, f"{at}/{number}")
    elif a != b:
        yield at
print(len(list(walk(one, other, ""))))
"""


def second(text: str) -> str:
    """The version after it, with changes of each kind."""
    count = 0

    def another(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"amount >= {int(found[1]) + 50}" if count % 4 == 0 else found[0]

    text = re.sub(r"amount >= (\d+)", another, text)
    text = re.sub(r"probability: (\d)%", r"probability: 1\1%", text)
    text = text.replace("version: 1\n", "version: 2\nfollows: {version: 1, stages: {stage-7: step-7}}\n", 1)
    text = re.sub(r"\bstage-7\b(?!: step)", "step-7", text)
    text = re.sub(r"  do-20:\n(?:    .*\n)+", "", text)
    return re.sub(r", approval: \[.*?\]", "", text)


def main() -> None:
    """Print the figures."""
    stages = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "processes" / "wide" / f"{version}.yaml" for version in (1, 2)]
        paths[0].parent.mkdir(parents=True)
        first = process_text(stages)
        for path, text in zip(paths, (first, second(first)), strict=True):
            path.write_text(text, encoding="utf-8")
        _print(paths, stages)


def _print(paths: list[Path], stages: int) -> None:
    from engine.loading.processes import load_process
    from engine.versions.diff import diff

    stagewright, named = str(Path(sys.executable).with_name("stagewright")), [str(path) for path in paths]
    whole = cpu_of([stagewright, "diff", *named])
    peer = cpu_of([sys.executable, "-c", PEER, *named])
    old, new = (load_process(path).value for path in paths)
    if old is None or new is None:
        raise SystemExit("the processes made up here do not read")
    reading = best(lambda: [load_process(path) for path in paths])
    found, comparing = len(diff(old, new).changes), best(lambda: diff(old, new))
    print(f"two versions of {stages} stages and {stages * 3} actions, {found} changes, CPU seconds")
    print(f"stagewright diff    {whole:.3f}")
    print(f"yaml + walking      {peer:.3f}   diff takes {whole / peer:.2f} times as long")
    print(f"reading both        {reading:.3f}  {reading / whole:.0%}")
    print(f"comparing           {comparing:.3f}  {comparing / whole:.0%}")


if __name__ == "__main__":
    main()
