"""What is tried in the stages of a scenario, found in the process: each branch, and each clock that acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.machine.compile import Machine
from engine.machine.routes import Route
from engine.model.errors import BadValue, UnknownName
from engine.model.names import MAIN, did_you_mean
from engine.model.process import Clock, Stage, Track
from engine.model.scenario import Branch, Scenario, Standing

OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One way out of a stage. Either ``branch`` or ``clock`` says where it comes from.

    ``routes`` are the variants of the action among which the first that applies is done; the attempt is refused unless
    that one is among ``meant``.
    """

    track: Track
    source: str
    action: str
    to: str
    reason: str
    routes: tuple[Route, ...]
    meant: tuple[Route, ...]
    standing: Standing | None = None
    branch: Branch | None = None
    clock: Clock | None = None

    @property
    def touchpoint(self) -> str:
        """The contact that it is."""
        return self.meant[0].action.touchpoint


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """All that is tried. ``stages`` are (track, stage) as ``Plan`` numbers them, ``ends`` what each ends.

    ``branches`` and ``clocks`` are by stage, in the order in which ``Plan`` numbers ways.
    """

    stages: tuple[tuple[str, str], ...]
    ends: tuple[str, ...]
    firsts: tuple[int, ...]
    branches: tuple[tuple[Attempt, ...], ...]
    clocks: tuple[tuple[Attempt, ...], ...]

    @property
    def ways(self) -> tuple[Attempt, ...]:
        """Branches, then clocks, as ways are numbered."""
        return tuple(each for found in (self.branches, self.clocks) for here in found for each in here)


def tried(scenario: Scenario, machine: Machine) -> Tried:
    """What a scenario tries. A deal handed over to another process has come to an end here, which ends ``other``.

    Raises ``UnknownName`` and ``BadValue`` for what the process does not have.
    """
    tracks, standings = _tracks(scenario, machine)
    places: list[tuple[Track, str]] = []
    ends: list[str] = []
    for track in tracks:
        places += ((track, stage.id) for stage in track.stages)
        ends += (stage.ends for stage in track.stages)
    branches = [tuple(_branches(machine, track, standings.get((track.id, stage)))) for track, stage in places]
    clocks = [tuple(acting(machine, track, track.stage(stage))) for track, stage in places]
    for track in tracks:
        leaving = [each for here in (*branches, *clocks) for each in here if each.track is track]
        elsewhere = dict.fromkeys(each.to for each in leaving if track.stage(each.to) is None)
        places += ((track, name) for name in elsewhere)
        ends += (OTHER for _ in elsewhere)
    nothing = ((),) * (len(places) - len(branches))
    stages = tuple((track.id, stage) for track, stage in places)
    firsts = tuple(stages.index((track.id, track.first.id)) for track in tracks)
    return Tried(stages, tuple(ends), firsts, (*branches, *nothing), (*clocks, *nothing))


def _tracks(scenario: Scenario, machine: Machine) -> tuple[list[Track], dict[tuple[str, str], Standing]]:
    """The tracks that are simulated, and what is assumed of their stages."""
    process = machine.process
    tracks, found = [process.main], {}
    assumed = {MAIN: scenario.stages} | {each.track: each.stages for each in scenario.tracks}
    for name, standings in assumed.items():
        track = process.track(name)
        if track is None:
            known = [each.id for each in process.tracks]
            raise UnknownName(f"{process.name} has no track '{name}'", hint=did_you_mean(name, known))
        if name != MAIN:
            tracks.append(track)
        for standing in standings:
            found[name, standing.stage] = _checked(standing, track, machine)
    return tracks, found


def _checked(standing: Standing, track: Track, machine: Machine) -> Standing:
    stage = track.stage(standing.stage)
    if stage is None:
        known = [each.id for each in track.stages]
        where = machine.process.name if track.id == MAIN else f"track '{track.id}' of {machine.process.name}"
        raise UnknownName(f"{where} has no stage '{standing.stage}'", hint=did_you_mean(standing.stage, known))
    if stage.ends and standing.branches:
        raise BadValue(
            f"'{stage.id}' is an end: a simulated deal goes no further from there",
            hint=f"leave '{stage.id}' out of the scenario; deals that come back count as new ones",
        )
    total = sum(branch.share for branch in standing.branches)
    if standing.branches and total <= 0:
        raise BadValue(f"nothing is ever tried in '{stage.id}': all its shares are 0", hint="shares sum to 100%")
    return standing


def _branches(machine: Machine, track: Track, standing: Standing | None) -> Iterator[Attempt]:
    if standing is None:
        return
    for branch in standing.branches:
        routes = machine.routes(branch.action)
        here = routes.routes.get(standing.stage, ()) if routes.track.id == track.id else ()
        if not here:
            places = ", ".join(f"'{source}'" for source in routes.sources)
            hint = f"it is possible from {places}" if places else ""
            raise BadValue(f"'{branch.action}' is not possible from '{standing.stage}'", hint=hint)
        led = tuple(route for route in here if branch.to in route.targets)
        if not led:
            known = dict.fromkeys(target for route in here for target in route.targets)
            raise BadValue(
                f"'{branch.action}' does not lead from '{standing.stage}' to '{branch.to}'",
                hint=did_you_mean(branch.to, known),
            )
        reason = branch.reason or _first_reason(led[0])
        yield Attempt(track, standing.stage, branch.action, branch.to, reason, led, led, standing, branch)


def acting(machine: Machine, track: Track, stage: Stage | None) -> Iterator[Attempt]:
    """Clocks that do something. Where what they do leads to is not clear, they do nothing: it would be refused."""
    if stage is None or stage.ends:
        return
    for clock in machine.clocks.get(track.id, {}).get(stage.id, ()):
        routes = machine.actions.get(clock.then)
        if routes is None or routes.track.id != track.id:
            continue
        here = routes.routes.get(stage.id, ())
        for route in here:
            if len(route.targets) == 1 and not route.previous:
                reason = clock.reason or _first_reason(route)
                yield Attempt(track, stage.id, clock.then, route.targets[0], reason, here, (route,), clock=clock)


def _first_reason(route: Route) -> str:
    return next((reason.code for reason in route.action.reasons), "")
