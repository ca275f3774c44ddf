"""What the range of a forecast knows: chance alone, or also how little the scenario's numbers rest on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.process import Process
from engine.model.rule import Force, Requirement
from engine.model.scenario import Scenario

_SHOWN = 8


def doubts(scenario: Scenario) -> Iterator[str]:
    """Sentences on what is taken as exact, and on how many visits the rest stands."""
    main = [each for each in scenario.stages if each.branches]
    tracks = [(f"{track.track}/{each.stage}", each) for track in scenario.tracks for each in track.stages]
    named = [(each.stage, each) for each in main] + [(name, each) for name, each in tracks if each.branches]
    seen = [f"{name} {each.seen:,}" for name, each in named if each.seen]
    exact = [name for name, each in named if not each.seen]
    weeks = scenario.arrivals.seen
    if not seen and not weeks:
        exactly = "the scenario's numbers are taken as exact, for no 'seen' says what they rest on"
        yield f"P10 to P90 hold chance alone: {exactly}."
        return
    told = []
    if seen:
        told.append(f"shares and times rest on so many visits: {_listed(seen)}")
    if weeks:
        told.append(f"how many come rests on {weeks:,} {'week' if weeks == 1 else 'weeks'}")
    yield f"P10 to P90 include what history leaves open: {'; '.join(told)}."
    exact += [] if weeks else ["how many come"]
    if exact:
        yield f"Taken as exact: {_listed(exact)}."


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def beginnings(*processes: Process) -> Iterator[str]:
    """What is to be said of rules that a deal must meet to be started: whoever comes is somebody who may.

    History tells only of deals that were started, and often of facts that became known later.
    """
    first = next((each.main.first for each in processes if any(map(_is_must, each.main.first.to_enter))), None)
    if first is not None:
        yield (
            f"Prospects are deals that are started: what '{first.id}' requires of whoever enters it is not judged, so "
            "let arrivals and facts be those of deals that meet it."
        )


def _is_must(requirement: Requirement) -> bool:
    return requirement.force is Force.MUST
