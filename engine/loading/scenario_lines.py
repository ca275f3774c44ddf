"""The lines of a scenario file: each with its path in the scenario, how deep it stands, and its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from engine.loading.map_text import quoted
from engine.loading.scenario_arrivals import BLOCK
from engine.loading.scenario_facts import SPREADING
from engine.loading.scenario_pools import numbered
from engine.loading.scenario_stages import possible_targets
from engine.loading.scenario_words import (
    flow,
    horizon_text,
    hours_text,
    length_text,
    listed,
    number_text,
    prose,
    said_of,
    share_text,
    spread_entries,
    spread_text,
    value_text,
    worked_text,
)
from engine.loading.schema_scenario import MONTHS, WEEKDAYS
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.scenario import (
    Arrivals,
    Branch,
    FactDrawn,
    Gaps,
    Pool,
    Scenario,
    Serving,
    Standing,
    Work,
)
from engine.model.syntax import Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stands in the scenario, how deep, and its text."""

    path: str
    depth: int
    text: str

    @property
    def part(self) -> tuple[str, int]:
        """The block it belongs to, and how deep it stands in it."""
        return self.path.partition("/")[0], self.depth


def lines_of(scenario: Scenario, process: Process) -> Iterator[Line]:
    """The lines of a scenario in the order of its file; branches of one action are put together."""
    yield from _head(scenario, process)
    yield from _arrivals(scenario.arrivals)
    yield from _block("hours", {hours.id: hours_text(hours) for hours in scenario.hours})
    yield from _block("pools", {pool.id: _pool(pool) for pool in scenario.pools})
    yield from _block("facts", {drawn.fact: _fact(drawn, process) for drawn in scenario.facts})
    yield from _rows(scenario, process)
    yield Line("stages", 0, "stages:")
    for standing in scenario.stages:
        yield from _standing(standing, "stages", 1, process, track=MAIN)
    yield from _block("touchpoints", {name: flow(_work(work)) for name, work in scenario.touchpoints.items()})
    yield from _block("approvals", dict(_approvals(scenario)))
    if scenario.tracks:
        yield Line("tracks", 0, "tracks:")
    for track in scenario.tracks:
        path = f"tracks/{track.track}"
        yield Line(path, 1, f"{track.track}:")
        yield Line(f"{path}/stages", 2, "stages:")
        for standing in track.stages:
            yield from _standing(standing, f"{path}/stages", 3, process, track=track.track)


def _head(scenario: Scenario, process: Process) -> Iterator[Line]:
    start = scenario.start.astimezone(ZoneInfo(process.time_zone)) if scenario.start else None
    at = start.replace(tzinfo=None).isoformat(timespec="auto" if start.second else "minutes") if start else ""
    said = {
        "scenario": scenario.id,
        "process": scenario.process,
        "version": str(scenario.version) if scenario.version else "",
        "title": prose(scenario.title) if scenario.title else "",
        "because": prose(scenario.because) if scenario.because else "",
        "horizon": horizon_text(scenario.horizon),
        "start": at.removesuffix("T00:00"),
    }
    yield from (Line(key, 0, f"{key}: {text}") for key, text in said.items() if text)


def _block(key: str, texts: Mapping[str, str]) -> Iterator[Line]:
    """Entries of a line each, their values under one another."""
    if not texts:
        return
    yield Line(key, 0, f"{key}:")
    wide = min(max(len(name) for name in texts), 24) + 1
    for name, text in texts.items():
        yield Line(f"{key}/{name}", 1, f"{name + ':':<{wide}} {text}")


def _arrivals(arrivals: Arrivals) -> Iterator[Line]:
    weeks = listed(str(number) for number in arrivals.weeks)
    block = str(arrivals.block) if arrivals.weeks and arrivals.block != min(BLOCK, len(arrivals.weeks)) else ""
    said = {
        "weeks" if arrivals.weeks else "weekly": weeks if arrivals.weeks else number_text(arrivals.weekly),
        "block": block,
        "seen": str(arrivals.seen) if arrivals.seen else "",
        "weekdays": _weights(arrivals.weekdays, WEEKDAYS, 0),
        "months": _weights(arrivals.months, MONTHS, 1),
        "hours": arrivals.hours,
        "gaps": _gaps(arrivals),
    }
    yield Line("arrivals", 0, "arrivals:")
    yield from (Line(f"arrivals/{key}", 1, f"{key}: {text}") for key, text in said.items() if text)


def _weights(weights: Mapping[int, float], names: Sequence[str], first: int) -> str:
    entries = [f"{names[number - first]}: {number_text(weight)}" for number, weight in sorted(weights.items())]
    return flow(entries) if entries else ""


def _gaps(arrivals: Arrivals) -> str:
    if arrivals.gaps is Gaps.SPREAD and arrivals.spread:
        always = number_text(arrivals.spread.p50)
        return flow(spread_entries(arrivals.spread, number_text) or [f"p50: {always}", f"p90: {always}"])
    return arrivals.gaps.value if arrivals.gaps is Gaps.EVEN else ""


def _pool(pool: Pool) -> str:
    entries = [f"people: {_people(pool)}"]
    entries += [f"hours: {pool.hours}"] if pool.hours else []
    if pool.serving is Serving.BY_FACT:
        entries.append(f"serves: {flow([f'by: {pool.fact}'])}")
    elif pool.serving is Serving.BY_STAGE:
        entries.append(f"serves: {flow([f'stages: {listed(pool.stages)}'])}")
    return flow(entries)


def _people(pool: Pool) -> str:
    plain = not any(person.skills or person.hours for person in pool.people)
    names = tuple(person.name for person in pool.people)
    if plain and names == numbered(pool.id, len(names)):
        return str(len(names))
    if plain:
        return listed(map(quoted, names))
    said = []
    for person in pool.people:
        entries = [f"skills: {listed(person.skills)}"] if person.skills else []
        entries += [f"hours: {person.hours}"] if person.hours else []
        said.append(f"{quoted(person.name)}: {flow(entries)}")
    return flow(said)


def _fact(drawn: FactDrawn, process: Process) -> str:
    fact = process.facts.get(drawn.fact)
    of = fact.type if fact else None
    rest = [f"step: {said_of(of)(drawn.step)}"] if drawn.step else []
    rest += [f"known: {share_text(drawn.known)}"] if drawn.known != 1 else []
    entries = _values(drawn, process)
    if len(entries) == 1 and not rest and entries[0].startswith("always: "):
        return entries[0].removeprefix("always: ")
    return flow([*entries, *rest])


def _values(drawn: FactDrawn, process: Process) -> list[str]:
    fact = process.facts.get(drawn.fact)
    of = fact.type if fact else None
    spread = drawn.spread
    if spread and of and of.kind is Kind.DATE:
        return [f"after: {spread_text(spread)}"]
    if spread:
        said = said_of(of)
        return spread_entries(spread, said) or [f"always: {said(spread.p50)}"]
    # A number alone would be read as one that spreads.
    if of and of.kind not in SPREADING and [part for _, part in drawn.choices] == [1.0]:
        return [f"always: {value_text(drawn.choices[0][0], of)}"]
    return [f"choices: {flow(f'{value_text(value, of)}: {share_text(part)}' for value, part in drawn.choices)}"]


def _rows(scenario: Scenario, process: Process) -> Iterator[Line]:
    if scenario.rows is None:
        return
    types = [fact.type if fact else None for fact in map(process.facts.get, scenario.rows.facts)]
    yield Line("prospects", 0, "prospects:")
    yield Line("prospects/facts", 1, f"facts: {listed(scenario.rows.facts)}")
    rows = [listed(value_text(value, of) for value, of in zip(row, types, strict=True)) for row in scenario.rows.rows]
    if len(types) == 1:
        # Hundreds of lines of a word each would bury the rest.
        yield Line("prospects/rows", 1, f"rows: {listed(rows)}")
        return
    yield Line("prospects/rows", 1, "rows:")
    yield from (Line(f"prospects/rows/{number}", 2, f"- {row}") for number, row in enumerate(rows, start=1))


def _standing(standing: Standing, above: str, depth: int, process: Process, *, track: str) -> Iterator[Line]:
    path = f"{above}/{standing.stage}"
    said_in = worked_text if standing.hours else length_text
    said = {
        "work": flow(_work(standing.work)) if standing.work else "",
        "dwell": spread_text(standing.dwell, said_in) if standing.dwell else "",
        "hours": standing.hours,
        "seen": str(standing.seen) if standing.seen else "",
    }
    entries = [(key, text) for key, text in said.items() if text]
    if not entries and not standing.branches:
        yield Line(path, depth, f"{standing.stage}: {{}}")
        return
    yield Line(path, depth, f"{standing.stage}:")
    yield from (Line(f"{path}/{key}", depth + 1, f"{key}: {text}") for key, text in entries)
    if not standing.branches:
        return
    yield Line(f"{path}/branches", depth + 1, "branches:")
    together = sorted(standing.branches, key=lambda one: [each.action for each in standing.branches].index(one.action))
    for action, branches in groupby(together, key=lambda one: one.action):
        texts = [_branch(one, standing, process, track) for one in branches]
        several = listed(one if one.startswith("{") else flow([f"share: {one}"]) for one in texts)
        yield Line(f"{path}/branches/{action}", depth + 2, f"{action}: {texts[0] if len(texts) == 1 else several}")


def _branch(branch: Branch, standing: Standing, process: Process, track: str) -> str:
    of = process.track(track)
    said_in = worked_text if standing.hours else length_text
    targets = possible_targets(of, branch.action, standing.stage) if of else ()
    entries = [] if targets == (branch.to,) or not branch.to else [f"to: {branch.to}"]
    entries.append(f"share: {share_text(branch.share)}")
    entries += [f"dwell: {spread_text(branch.dwell, said_in)}"] if branch.dwell else []
    entries += [f"reason: {quoted(branch.reason)}"] if branch.reason else []
    return share_text(branch.share) if len(entries) == 1 else flow(entries)


def _work(work: Work) -> list[str]:
    entries = [f"pool: {work.pool}", f"effort: {spread_text(work.effort, worked_text)}"]
    return [*entries, f"skill: {work.skill}"] if work.skill else entries


def _approvals(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for agreeing in scenario.approvals:
        entries = [f"wait: {spread_text(agreeing.wait)}"] if agreeing.wait else []
        entries += [f"granted: {share_text(agreeing.granted)}"] if agreeing.granted != 1 else []
        yield agreeing.role, flow([*entries, *(_work(agreeing.work) if agreeing.work else ())])
