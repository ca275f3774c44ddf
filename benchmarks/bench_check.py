"""How long ``stagewright check`` takes for a process of 100 stages and 300 actions, start included.

Usage: python benchmarks/bench_check.py [STAGES]

All figures are CPU seconds, the best of several rounds. The peer is what a program would do that only wants to know
whether the file has the right shape: import PyYAML and jsonschema, load the file with the C loader, validate it with
the schema that ``stagewright schema process`` prints.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROUNDS = 7
# Modules are compiled once, as where a program is installed, whatever this shell says of bytecode.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "bench_check_bytecode")
}
REASONS = "reasons: {price: Too expensive, timing: Not now, silence: No answer, other: Something else}"
PEER = """
import json, sys, yaml, jsonschema
document = yaml.load(open(sys.argv[1], encoding="utf-8"), Loader=yaml.CSafeLoader)
schema = json.load(open(sys.argv[2], encoding="utf-8"))
# The schema speaks of the text of every value: nothing is a number or a truth value yet.
as_text = lambda x: {k: as_text(v) for k, v in x.items()} if isinstance(x, dict) else (
    [as_text(v) for v in x] if isinstance(x, list) else x if isinstance(x, str) else str(x).lower())
print(len(list(jsonschema.Draft7Validator(schema).iter_errors(as_text(document)))))
"""


def process_text(stages: int = 100) -> str:
    """A process of so many stages and three times as many actions, with all that processes have."""
    return "\n".join(
        [*_head(), "facts:", *_facts(), "stages:", *_stages(stages), "actions:", *_actions(stages), *_tail()]
    )


def _head() -> Iterator[str]:
    yield "process: wide"
    yield "version: 1"
    yield "title: A process as large as processes get"
    yield "roles: {rep: [], lead: [rep], manager: [lead]}"
    yield "by: [rep]"
    yield "override: {by: [manager]}"
    yield "touchpoints: [call, email, demo]"
    yield "groups: {early: [stage-1, stage-2, stage-3]}"


def _facts() -> Iterator[str]:
    yield "  amount: {type: money, title: Yearly value}"
    yield "  segment: {type: choice, of: [small, middle, large]}"
    yield "  discount: {type: percent, default: 0%}"
    yield "  due: {type: date}"
    yield "  hold: {type: yes-no, default: false}"
    for number in range(35):
        yield f"  known_{number}: {{type: {('yes-no', 'number', 'money', 'date', 'text')[number % 5]}, title: Known}}"


def _stages(stages: int) -> Iterator[str]:
    for number in range(stages - 3):
        yield f"  stage-{number}:"
        yield f"    probability: {number * 95 // stages}%"
        yield "    target: 7d"
        yield "    alert: 21d"
        if number % 2:
            yield "    to_pass:"
            yield f"      - must: amount >= {100 + number} and known_{number % 7 * 5}"
            yield f"        says: The amount covers step {number}"
            yield f'      - when: segment == "large" or discount > {number % 20}%'
            yield f"        must: known_{number % 7 * 5 + 1} > {number} or given(due)"
            yield "        says: A large customer has a date"
        if number % 5 == 0:
            yield f"    stamps: {{known_{number % 7 * 5 + 3}: today}}"
    yield "  won: {ends: won, to_enter: [{must: amount > 0, says: There is an amount}]}"
    yield "  lost: {ends: lost}"
    yield "  unqualified: {ends: other}"


def _actions(stages: int) -> Iterator[str]:
    last = stages - 4
    yield f"  sign: {{from: stage-{last}, to: won, approval: [{{by: manager, when: discount > 15%, lasts: 14d}}]}}"
    yield f'  lose: {{from: open, to: lost, asks: [{{note: reason == "other"}}], {REASONS}}}'
    yield "  disqualify: {from: early, to: unqualified, reasons: {no-need: They have no need}}"
    yield "  step-back: {from: open, to: earlier, by: [lead], asks: [note]}"
    yield "  skip: {from: early, to: later, by: [manager]}"
    for number in range(stages * 3 - 5):
        source = number % last
        yield f"  do-{number}:"
        yield f"    from: stage-{source}"
        yield f"    to: stage-{min(source + 1 + number // last, last)}"
        yield f"    touchpoint: {('call', 'email', 'demo')[number % 3]}"
        yield f"    asks: [known_{number % 7 * 5 + 4}]"
        if number % 3 == 0:
            yield "    requires:"
            yield f"      - when: discount > {number % 30}%"
            yield f"        must: given(due) and due - today <= {number + 10}d"
            yield "        says: A discount needs a date"


def _tail() -> Iterator[str]:
    yield "always:"
    yield "  - {must: not hold, says: Nobody has frozen this deal}"
    yield "clocks:"
    yield "  stale: {in: early, idle: 60d, warn: 30d, then: lose, reason: silence}"


def cpu_of(command: list[str]) -> float:
    """CPU seconds that a command takes, in the best of several rounds."""
    return min(_once(command) for _ in range(ROUNDS))


def _once(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout[:2000]}{done.stderr[:2000]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parts(path: Path) -> dict[str, float]:
    """CPU seconds of each part of the work, in this process; the imports as another process has them."""
    from engine.checks.run import CHECKS, check_process
    from engine.loading.processes import load_process

    found = {"reading": best(lambda: load_process(path))}
    process = load_process(path).value
    if process is None:
        raise SystemExit("the process made up here does not read")
    found["checks"] = best(lambda: check_process(process))
    for check in CHECKS:
        found[f"  {check.__name__}"] = best(lambda check=check: list(check(process)))
    return found


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest round."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    """Print the figures."""
    stages = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        path, schema = Path(folder) / "wide.yaml", Path(folder) / "schema.json"
        text = process_text(stages)
        path.write_text(text, encoding="utf-8")
        python, stagewright = sys.executable, str(Path(sys.executable).with_name("stagewright"))
        from engine.loading.schema import schema as schema_of

        schema.write_text(json.dumps(schema_of("process")), encoding="utf-8")
        whole = cpu_of([stagewright, "check", str(path)])
        peer = cpu_of([python, "-c", PEER, str(path), str(schema)])
        start = cpu_of([python, "-c", "import engine.commands.check, engine.commands.checking, engine.report.findings"])
        print(f"{stages} stages, {stages * 3} actions, {text.count(chr(10)) + 1} lines, CPU seconds")
        print(f"stagewright check   {whole:.3f}")
        print(f"yaml + jsonschema   {peer:.3f}   check takes {whole / peer:.2f} times as long")
        print(f"start of Python and imports  {start:.3f}  {start / whole:.0%}")
        for name, seconds in parts(path).items():
            print(f"{name:<28} {seconds:.3f}  {seconds / whole:.0%}")


if __name__ == "__main__":
    main()
