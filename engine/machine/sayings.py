"""What each requirement of a process asks, in the words in which a person wrote it: by the id that verdicts name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.machine.roles import either
from engine.model.process import Action, Process
from engine.model.rule import Ask


def sayings(process: Process) -> Mapping[str, str]:
    """The words of each requirement; of one that stands in several places, where it is first declared."""
    found: dict[str, str] = {}
    for name, says in _sayings(process):
        found.setdefault(name, says)
    return found


def _sayings(process: Process) -> Iterator[tuple[str, str]]:
    for track in process.all_tracks():
        for action in track.actions:
            yield from _of_action(process, action)
        for stage in track.stages:
            # What no action explains is told by where it led.
            yield f"{stage.id}/stage", "an action leads there from where the deal stood"
            yield from _asks(process, stage.id, stage.asks)
            yield from ((each.id, each.says) for each in (*stage.to_pass, *stage.to_enter))
        yield from ((each.id, each.says) for each in track.always)


def _of_action(process: Process, action: Action) -> Iterator[tuple[str, str]]:
    yield f"{action.id}/stage", "the action starts from where the deal stands"
    yield f"{action.id}/target", "it is said to which stage the deal goes"
    yield f"{action.id}/role", f"it is done by {either(action.by)}" if action.by else "it is done by who may"
    yield f"{action.id}/override", f"requirements are waived by {either(process.override_by or ()) or 'nobody'}"
    yield f"{action.id}/reason", "a reason from its list is given"
    yield f"{action.id}/when", "it applies to this deal"
    yield from _asks(process, action.id, action.asks)
    yield from ((each.id, each.says) for each in action.requires)
    yield from ((each.id, each.says or f"{either(each.by)} approves") for each in action.approvals)


def _asks(process: Process, owner: str, asks: tuple[Ask, ...]) -> Iterator[tuple[str, str]]:
    for ask in asks:
        fact = process.facts.get(ask.fact)
        name = fact.title if fact and fact.title else ask.fact
        yield f"{owner}/asks/{ask.fact}", "a note says why" if ask.fact == "note" else f"{name} is known"
