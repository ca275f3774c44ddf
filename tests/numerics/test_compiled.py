"""The one home of the compiler: it is loaded when it is needed, and does without a folder to keep its work in."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from engine.numerics.compiled import compiled


def loop() -> None:
    """Nothing to do."""


def test_where_nothing_can_be_written_it_is_compiled_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def njit(*, nogil: bool, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function 'loop': no locator available")
        return lambda function: ("compiled", function)

    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=njit))  # type: ignore[arg-type]
    assert compiled.__wrapped__(loop) == ("compiled", loop)


def test_plain_costs_never_load_the_compiler() -> None:
    code = (
        "import sys; from engine.numerics.automaton import automaton; from engine.numerics.alignment import costs;"
        "of = automaton([(0, 0, 1)], states=2, labels=1, initial=0, finals=[1]);"
        "assert costs(of, [[0], [0, 0]]).tolist() == [0, 1]; sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
