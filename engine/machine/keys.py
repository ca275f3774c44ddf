"""What a check looks at, as a key to remember its verdict by: equal keys, equal verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.machine.requirements import Check
from engine.machine.situation import DealSituation
from engine.model.decision import About
from engine.model.syntax import Call, ContextRef, FactRef, Literal, Tree, Value, walk

Key = Callable[[Mapping[str, Value], DealSituation], object]
_Look = Callable[[DealSituation], object]

_WORDS: dict[str, _Look] = {
    "today": lambda situation: situation.today,
    "stage": lambda situation: situation.stage,
    "to": lambda situation: situation.to,
    "action": lambda situation: situation.action,
    "reason": lambda situation: situation.reason,
    "days_in_stage": lambda situation: situation.days_in_stage,
    "probability": lambda situation: situation.probability,
    "actor.role": lambda situation: situation.role,
    "reason.group": lambda situation: situation.reason_group,
}
"""Words with few values. A note is a text of its own each time, and ``since`` never the same twice."""


def key_of(check: Check) -> Key | None:
    """What makes the key of a check; ``None`` where its verdicts are not worth remembering, or are of one deal only."""
    if check.about is About.APPROVAL:
        return None
    if check.about is About.ROLE:
        return lambda _, situation: situation.role
    if check.about is About.REASON:
        return lambda _, situation: situation.reason
    nodes = [node for tree in check.trees for node in walk(tree)]
    names = tuple(dict.fromkeys(node.name for node in nodes if isinstance(node, FactRef)))
    looks = [look for node in nodes if isinstance(node, (ContextRef, Call)) for look in _looks(node)]
    if None in looks:
        return None
    return _key(names, tuple(look for look in looks if look))


def _key(names: tuple[str, ...], looks: tuple[_Look, ...]) -> Key:
    if looks:
        return lambda facts, situation: (*map(facts.get, names), *(look(situation) for look in looks))
    if len(names) == 1:
        name = names[0]
        return lambda facts, _: facts.get(name)
    return lambda facts, _: tuple(map(facts.get, names))


def _looks(node: ContextRef | Call) -> tuple[_Look | None, ...]:
    if isinstance(node, ContextRef):
        if node.name.startswith("track."):
            return (_track(node.name.removeprefix("track.")),)
        return (_WORDS.get(node.name),)
    if node.function == "since":
        return (None,)
    if node.function in ("done", "count", "reached"):
        return (_past(node.function, node.arguments[0]),)
    return ()


def _track(name: str) -> _Look:
    return lambda situation: situation.track(name)


def _past(function: str, argument: Tree) -> _Look | None:
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return None
    name = argument.value
    if function == "done":
        return lambda situation: situation.done(name)
    if function == "count":
        return lambda situation: situation.count(name)
    return lambda situation: situation.reached(name)
