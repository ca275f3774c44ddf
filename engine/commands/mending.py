"""What can be done about changes that break, as steps to take: `follows` mends only some of them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Changes, Level
from engine.model.names import MAIN

_FOLLOWS = "say under follows in the new version where the deals go that would be stranded"
STEPS = {
    "D102": _FOLLOWS,
    "D105": "let the last line of the split under follows be without a when, so that every deal goes somewhere",
    "D108": "give the stages that can no longer be left an action that leads on, or say under follows where deals go",
    "D110": "give the stages from which no win can be reached a way to one",
    "D114": "move the deals on that stand in a stage that becomes an end",
    "D404": "give the fact that has another type an id of its own, or have what was recorded of it recorded anew",
    "D456": "keep the list of reasons in the rule set, or write the reasons into the processes that name it",
    "D903": "keep the currency and make a process of its own for the other one, or have amounts recorded anew",
    "D955": "keep the rule in the rule set, or take it out of the processes that name it",
}
"""What to do, by the code of the change."""
OF_TRACKS = {
    "D102": "keep the stages that side tracks would lose, for follows cannot name them (if they are to go all the "
    "same, say in the plan where the deals there stand)",
}
"""What to do instead where it is a change of a side track."""


def mending_steps(changes: Changes) -> Iterator[str]:
    """One step for each kind of change that breaks, in the order they are told."""
    steps = dict.fromkeys(_step(one) for one in changes.changes if one.level is Level.BREAK)
    yield from (f"{step}, then compare again" for step in steps)


def _step(change: Change) -> str:
    step = STEPS.get(change.code, _FOLLOWS)
    return step if change.track == MAIN else OF_TRACKS.get(change.code, step)
