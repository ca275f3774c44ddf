"""The one home of the compiler: it is loaded when it is needed, and does without a folder to keep its work in."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest

from engine.numerics.compiled import compiled, has_compiler


def loop() -> None:
    """Nothing to do."""


def test_where_nothing_can_be_written_it_is_compiled_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def njit(*, nogil: bool, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function 'loop': no locator available")
        return lambda function: ("compiled", function)

    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=njit))  # type: ignore[arg-type]
    assert compiled(loop) == ("compiled", loop)


def test_threads_that_ask_at_once_get_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def njit(**_: bool) -> Any:
        sleep(0.02)
        made.append(object())
        return lambda function: (made[-1], function)

    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=njit))  # type: ignore[arg-type]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(compiled, [lambda: None] * 4))
    assert len(made) == 1
    assert len(set(found)) == 1


def test_plain_costs_never_load_the_compiler() -> None:
    code = (
        "import sys; from engine.numerics.automaton import automaton; from engine.numerics.alignment import costs;"
        "of = automaton([(0, 0, 1)], states=2, labels=1, initial=0, finals=[1]);"
        "assert costs(of, [[0], [0, 0]]).tolist() == [0, 1]; sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_loop_calls_its_parts_and_is_compiled_again_only_when_one_of_them_changes(tmp_path: Path) -> None:
    if not has_compiler():
        pytest.skip("numba is not installed")
    part = "STEP = {step}\n\ndef moved(value):\n    return value + STEP\n"
    (tmp_path / "parts.py").write_text(part.format(step=2))
    (tmp_path / "loops.py").write_text(
        "from parts import moved\n\ndef twice(value):\n    return moved(moved(value))\n\n"
        "def walk(rows):\n    for row in range(rows.size):\n        rows[row] = twice(rows[row])\n"
    )
    walked = f"""
import importlib, numpy, parts, loops
from engine.numerics.compiled import compiled, is_kept
for step in STEPS:
    open(parts.__file__, "w").write({part!r}.format(step=step))
    importlib.reload(parts), importlib.reload(loops)
    rows, was_kept = numpy.zeros(1, numpy.int64), is_kept(loops.walk)
    loop = compiled(loops.walk)
    loop(rows)
    print(int(rows[0]), was_kept, 'as kept' if sum(loop.stats.cache_hits.values()) else 'compiled', is_kept(loops.walk))
"""
    assert _said(f"STEPS = [2]{walked}", tmp_path) == ["4 False compiled True"]
    assert _said(f"STEPS = [2, 3]{walked}", tmp_path) == ["4 True as kept True", "6 False compiled True"]


def test_what_is_kept_is_looked_for_where_the_compiler_is_told_to_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_compiler():
        pytest.skip("numba is not installed")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    (tmp_path / "loops.py").write_text("def walk(rows):\n    rows[0] = 1\n")
    code = (
        "import numpy, loops; from engine.numerics.compiled import compiled, is_kept;"
        "before = is_kept(loops.walk); compiled(loops.walk)(numpy.zeros(1)); print(before, is_kept(loops.walk))"
    )
    assert _said(code, tmp_path) == ["False True"]


def test_whether_a_loop_is_kept_is_found_out_without_the_compiler() -> None:
    code = (
        "import sys; from engine.numerics.compiled import is_kept; from engine.simulation.engines import heap_loop;"
        "is_kept(heap_loop.walk); sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _said(code: str, folder: Path) -> list[str]:
    """What a process of its own prints."""
    paths = os.pathsep.join([str(folder), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.stdout.splitlines()
