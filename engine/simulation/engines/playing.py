"""Which engine plays a plan: all of them give the same log, so this decides only how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from engine.machine.compile import Machine
from engine.model.errors import BadValue
from engine.model.names import did_you_mean
from engine.numerics.compiled import has_compiler, is_kept
from engine.simulation.log import Log
from engine.simulation.plan import Cast, Plan

Play = Callable[[Plan, Cast, Machine], Log]

WORTH_COMPILING = {"waves": 3_000_000, "commit": 30_000, "heap": 12_000}
"""So many prospects in all runs: to load numba and the compiled loop takes about as long as to play them in Python.

Measured: 0.45 s to load both, then 3 µs a prospect of the shipped scenario instead of 23 (commit) and 50 (heap). Waves
are 0.4 µs slower than a loop.
"""
WORTH_COMPILING_FIRST = {"waves": 30_000_000, "commit": 500_000, "heap": 300_000}
"""The same where the loop is not yet kept: to compile it takes 10 to 17 s, once in the life of an installation."""


@dataclass(frozen=True, slots=True)
class _Engine:
    module: str
    function: str
    can: Callable[[Plan], str]
    """Why it cannot play a plan; empty: it can."""
    is_compiled: bool = False
    is_freeing: bool = False
    """Whether it leaves other threads time: Python's own loops do not."""


def _waves(plan: Plan) -> str:
    return _plain(plan) or ("it plays no work of pools" if plan.has_work else "")


def _first_come(plan: Plan) -> str:
    return _plain(plan) or (
        "" if plan.is_first_come else "it serves first come first served, and no clock may call off"
    )


def _plain(plan: Plan) -> str:
    told = "side tracks, automatic actions, or rules that look at more than the facts a prospect came with"
    return "" if plan.is_plain else f"it plays no {told}"


def _any(_: Plan) -> str:
    return ""


_ENGINES: Mapping[str, _Engine] = {
    "waves": _Engine("waves", "play", _waves, is_freeing=True),
    "commit": _Engine("commit", "play", _first_come),
    "commit-compiled": _Engine("commit_loop", "play_compiled", _first_come, is_compiled=True, is_freeing=True),
    "heap": _Engine("heap", "play", _any),
    "heap-compiled": _Engine("heap_loop", "play_compiled", _plain, is_compiled=True, is_freeing=True),
}
NAMES = tuple(_ENGINES)
_PACKAGE = "engine.simulation.engines"


def chosen(plan: Plan, *, prospects: float, engine: str = "") -> str:
    """The engine for a plan with so many prospects in all runs: the one named, if it can, else the quickest.

    Raises ``BadValue`` for one that there is not, or that cannot play this plan.
    """
    if engine:
        return _forced(plan, engine)
    found = "heap" if _first_come(plan) else "commit"
    compiled = f"{found}-compiled"
    if not _waves(plan):
        found = "waves"
    if prospects < WORTH_COMPILING[found] or not can(plan, compiled):
        return found
    return compiled if prospects >= WORTH_COMPILING_FIRST[found] or _is_kept(compiled) else found


def _is_kept(engine: str) -> bool:
    """Whether the loop of a compiled engine was compiled before."""
    return is_kept(import_module(f"{_PACKAGE}.{_ENGINES[engine].module}").walk)


def _forced(plan: Plan, engine: str) -> str:
    if engine not in _ENGINES:
        raise BadValue(f"there is no engine '{engine}'", hint=did_you_mean(engine, NAMES, most=len(NAMES)))
    known = _ENGINES[engine]
    why = known.can(plan)
    if why:
        raise BadValue(f"the engine '{engine}' cannot play this scenario: {why}", hint="leave out --engine")
    if known.is_compiled and not has_compiler():
        raise BadValue(
            f"the engine '{engine}' needs a part that is not installed: run pip install 'stagewright[fast]'",
            hint="leave out --engine: the others give the same figures",
        )
    return engine


def can(plan: Plan, engine: str) -> bool:
    """Whether that engine can play the plan, here."""
    known = _ENGINES[engine]
    return not known.can(plan) and (has_compiler() or not known.is_compiled)


def is_freeing(engine: str) -> bool:
    """Whether several runs of that engine go on at once where there are several processors."""
    return _ENGINES[engine].is_freeing


def player(engine: str) -> Play:
    """The engine of that name, ready to play."""
    known = _ENGINES[engine]
    play = getattr(import_module(f"{_PACKAGE}.{known.module}"), known.function)
    if engine != "heap":
        return lambda plan, cast, _: play(plan, cast)
    return lambda plan, cast, machine: play(plan, cast, machine)
