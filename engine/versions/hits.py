"""What of the processes that use a rule set a change of it hits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.rule import Requirement


def required_by(rule_set: str, rule: str, users: tuple[Process, ...]) -> str:
    """``; inside-sales@2 requires it to enter proposal``; empty where nothing is known of users."""
    told = [f"{one.name} requires it {', '.join(found)}" for one in users if (found := _places(one, rule_set, rule))]
    return f"; {'; '.join(told)}" if told else ""


def _places(process: Process, rule_set: str, rule: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(where for where, one in _requirements(process) if _is(one, rule_set, rule)))


def _is(requirement: Requirement, rule_set: str, rule: str) -> bool:
    of, _, name = requirement.rule.partition("/")
    return name == rule and of.partition("@")[0] == rule_set


def _requirements(process: Process) -> Iterator[tuple[str, Requirement]]:
    """Each requirement, and of which moves."""
    for track in process.all_tracks():
        for stage in track.stages:
            yield from ((f"to enter {stage.id}", one) for one in stage.to_enter)
            yield from ((f"to pass {stage.id}", one) for one in stage.to_pass)
        for action in track.actions:
            yield from ((f"for {action.id}", one) for one in action.requires)
        of = "" if track.id == MAIN else f" of {track.id}"
        yield from ((f"for every move{of}", one) for one in track.always)


def lists_of(rule_set: str, users: tuple[Process, ...]) -> Mapping[str, tuple[str, ...]]:
    """The actions that take their reasons from each list: ``inside-sales@2/lose``."""
    found: dict[str, list[str]] = {}
    for process in users:
        lists = next((one.reasons for one in process.rule_sets if one.id == rule_set), {})
        for name, listed in lists.items():
            actions = [one.id for track in process.all_tracks() for one in track.actions if one.reasons == listed]
            found.setdefault(name, []).extend(f"{process.name}/{one}" for one in dict.fromkeys(actions))
    return {name: tuple(actions) for name, actions in found.items()}
