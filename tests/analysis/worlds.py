"""Random processes of two tracks, and stages that a deal might have entered."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.machine.compile import Machine
from tests.machine.building import machine

STAGES: dict[str, Any] = {"a": {}, "won": {"ends": "won"}, "b": {}, "lost": {"ends": "lost"}, "c": {}}
SIDE: dict[str, Any] = {"x": {}, "y": {}, "z": {"ends": "other"}}
TARGETS = (*STAGES, "later", "earlier", "previous")


def _actions(name: str, stages: dict[str, Any], targets: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    action = st.fixed_dictionaries(
        {
            "from": st.lists(st.sampled_from(tuple(stages)), min_size=1, max_size=3, unique=True),
            "to": st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True),
        }
    )
    return st.dictionaries(st.sampled_from([f"{name}{number}" for number in range(5)]), action, max_size=4)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """One action at least leads from the first stage to an end."""
    main = {"win": {"from": "a", "to": "won"}, **draw(_actions("do", STAGES, TARGETS))}
    side = draw(_actions("side", SIDE, (*SIDE, "later", "earlier")))
    return machine(stages=STAGES, actions=main, tracks={"legal": {"stages": SIDE, "actions": side}})


def entered(*stages: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Stages entered one after the other, none twice in a row."""
    some = st.lists(st.sampled_from(stages), max_size=7)
    return some.map(lambda each: tuple(s for s, before in zip(each, ["", *each], strict=False) if s != before))
