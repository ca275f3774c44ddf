"""Which engine plays what."""

from __future__ import annotations

import pytest

from engine.model.errors import BadValue
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.engines import playing
from engine.simulation.engines.playing import WORTH_COMPILING, WORTH_COMPILING_FIRST, chosen
from engine.simulation.plan import Plan
from engine.simulation.results.outcome import Setup
from tests.simulation.shipped import idle, setup
from tests.simulation.test_run import FIRST_COME


def _plan(of: Setup) -> Plan:
    return plan_of(of.scenario, of.machine, begin=of.begin)


@pytest.mark.parametrize("has_compiler", [True, False])
def test_the_simplest_engine_that_can_is_chosen(has_compiler: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "has_compiler", lambda: has_compiler)
    monkeypatch.setattr(playing, "is_kept", lambda loop: loop.__name__ == "walk")
    much = "-compiled" if has_compiler else ""

    assert chosen(_plan(idle()), prospects=10) == "waves"
    assert chosen(_plan(idle()), prospects=WORTH_COMPILING["waves"]) == ("commit-compiled" if has_compiler else "waves")
    assert chosen(_plan(FIRST_COME), prospects=10) == "commit"
    assert chosen(_plan(FIRST_COME), prospects=WORTH_COMPILING["commit"]) == f"commit{much}"
    assert chosen(_plan(setup()), prospects=10) == "heap"
    assert chosen(_plan(setup()), prospects=WORTH_COMPILING["heap"]) == f"heap{much}"


def test_what_was_never_compiled_is_compiled_only_for_much_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "has_compiler", lambda: True)
    monkeypatch.setattr(playing, "is_kept", lambda _: False)

    for of, name in ((idle(), "waves"), (FIRST_COME, "commit"), (setup(), "heap")):
        compiled = "heap-compiled" if name == "heap" else "commit-compiled"
        assert chosen(_plan(of), prospects=WORTH_COMPILING[name]) == name
        assert chosen(_plan(of), prospects=WORTH_COMPILING_FIRST[name]) == compiled


def test_without_the_compiler_an_engine_that_needs_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "has_compiler", lambda: False)

    with pytest.raises(BadValue, match=r"pip install 'stagewright\[fast\]'"):
        chosen(_plan(setup()), prospects=1, engine="heap-compiled")


def test_every_engine_has_a_name_that_is_told() -> None:
    with pytest.raises(BadValue) as caught:
        chosen(_plan(setup()), prospects=1, engine="hep")

    assert "heap" in caught.value.hint
