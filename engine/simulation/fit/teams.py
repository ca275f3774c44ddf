"""A pool learnt from the works of people who do one thing at a time: its hours, people, skills and efforts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.scenario import Hours, Person, Pool, Work
from engine.simulation.fit.clock import Open, are_dates, next_open, spelled, worked_at
from engine.simulation.fit.doing import FEWEST, Crowd, Doing, crowds, doing, one_at_a_time
from engine.simulation.fit.efforts import SAME, spread_of
from engine.simulation.fit.hours import hold_later, hours_of
from engine.simulation.fit.seen import Seen
from engine.tables.coded import NEVER, Ints

_RECENT = 0.75
_ENOUGH = 30
_MOSTLY = 0.9
_NEVER_DOES = 12
_SELDOM = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Team:
    """A pool and the works it was learnt from; ``kinds`` are numbers in ``works.kinds``.

    ``effort`` and ``waited`` have one item a work: the seconds it took, and those the deal waited for it, both within
    ``hours`` (``None``: around the clock). ``skilled``: the skill that a kind of work needs, where some lack it.
    """

    pool: Pool
    hours: Hours | None
    works: Doing
    kinds: tuple[int, ...]
    effort: Ints
    waited: Ints
    skilled: Mapping[int, str]

    def work(self, kind: int) -> Work:
        """What one kind of work asks of the pool."""
        effort = self.effort[self.works.kind == kind].astype(np.float64)
        return Work(self.pool.id, spread_of(effort), self.skilled.get(kind, ""))


def teams_of(seen: Seen, office: Hours | None) -> tuple[Team, ...]:
    """The pools that can be told from who did what; ``office`` are the hours in which people act at all."""
    done = doing(seen)
    if are_dates(done.left, seen.process.time_zone):
        return ()
    clock = None if office is None else opened(seen, office)
    found: list[Team] = []
    for crowd in crowds(done, len(seen.people)):
        kinds = one_at_a_time(done, crowd) or _always_alike(done, crowd, clock)
        if kinds:
            name = _name(seen.process, [done.kinds[each] for each in kinds], [each.pool.id for each in found])
            found.append(_team(seen, done, Crowd(crowd.people, kinds), name=name, office=office))
    return tuple(found)


def opened(seen: Seen, hours: Hours) -> Open:
    """The hours spelled out over all that was seen."""
    first = [int(each.entered[each.dated].min()) for each in seen.tracks if each.dated.any()]
    return spelled(hours, seen.process.time_zone, since=min(first, default=seen.until), until=seen.until)


def _always_alike(done: Doing, crowd: Crowd, clock: Open | None) -> tuple[int, ...]:
    """The kinds of work of these people, where each takes the same time once it is reckoned as one after the other.

    Then few works tell enough: time spent waiting for customers is never alike to a fiftieth, time with one's queue
    taken off is where the work is always the same.
    """
    works = _of(done, crowd)
    effort, waited = _efforts(works, clock)
    for kind in crowd.kinds:
        its, whole = effort[works.kind == kind], (effort + waited)[works.kind == kind]
        if len(its) < _ENOUGH:
            return ()
        usual = float(np.median(its))
        alike = [int(np.sum(np.abs(each - usual) <= SAME * usual)) for each in (its, whole)]
        if alike[0] < _MOSTLY * len(its) or alike[0] - alike[1] < FEWEST:
            return ()
    return crowd.kinds


def _team(seen: Seen, done: Doing, crowd: Crowd, *, name: str, office: Hours | None) -> Team:
    works = _of(done, crowd)
    hours = _hours(seen, works, office, name)
    effort, waited = _efforts(works, None if hours is None else opened(seen, hours))
    there = _still_there(works, crowd.people)
    skilled = _skilled(works, there, crowd.kinds)
    people = []
    for number, who in enumerate(there, 1):
        skills = tuple(skill for kind, skill in skilled.items() if np.any(works.kind[works.who == who] == kind))
        # Only where people differ does it matter who they are.
        people.append(Person(seen.people[who] if skilled else f"{name}-{number}", skills))
    pool = Pool(name, tuple(people), "" if hours is None else hours.id)
    return Team(pool, hours, works, crowd.kinds, effort, waited, skilled)


def _of(done: Doing, crowd: Crowd) -> Doing:
    return done.taken(np.isin(done.kind, crowd.kinds) & np.isin(done.who, crowd.people))


def _hours(seen: Seen, works: Doing, office: Hours | None, name: str) -> Hours | None:
    """The hours of these people: their own where they differ from those of the office; none that do not hold on."""
    zone = seen.process.time_zone
    own = hours_of(works.left, zone, name=name)
    if own is not None and (office is None or own.days != office.days) and hold_later(works.left, zone):
        return own
    return office if office is not None and hold_later(works.left, zone, hours=office) else None


def _efforts(works: Doing, clock: Open | None) -> tuple[Ints, Ints]:
    """The effort of each work and how long the deal had waited for it, in seconds of the pool's hours.

    A work began when the deal had come and whoever did it was done with the work before, within the hours: as start
    times are estimated from ends alone (Fracca et al., "Estimating activity start timestamps in the presence of waiting
    times via process simulation", CAiSE 2022; Chapela-Campa and Dumas, "Repairing activity start times to improve
    business process simulation", 2022).
    """
    order = np.lexsort((works.entered, works.left, works.who))
    who, entered, left = works.who[order], works.entered[order], works.left[order]
    before = np.full(len(order), NEVER)
    before[1:] = np.where(who[1:] == who[:-1], left[:-1], NEVER)
    begun = np.minimum(np.maximum(entered, before), left)
    if clock is not None:
        begun = np.minimum(next_open(clock, begun), left)
        entered, begun, left = (worked_at(clock, each) for each in (entered, begun, left))
    effort, waited = np.empty_like(left), np.empty_like(left)
    effort[order], waited[order] = left - begun, begun - entered
    return effort, waited


def _still_there(works: Doing, people: Sequence[int]) -> tuple[int, ...]:
    """Those who did something in the last quarter of the works; all of them where that is nobody."""
    line = int(np.quantile(works.left, _RECENT))
    recent = set(np.unique(works.who[works.left >= line]).tolist())
    return tuple(who for who in people if who in recent) or tuple(people)


def _skilled(works: Doing, people: Sequence[int], kinds: Sequence[int]) -> Mapping[int, str]:
    """Kinds of work that some never do, though by their share they would have a dozen times; the skill is its stage."""
    counts = np.array([[np.sum((works.who == who) & (works.kind == kind)) for kind in kinds] for who in people])
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / max(int(counts.sum()), 1)
    lacks = (expected >= _NEVER_DOES) & (counts <= _SELDOM * expected)
    some = lacks.any(axis=0) & (counts > _SELDOM * expected).any(axis=0)
    return {kind: works.kinds[kind][1] for kind, told in zip(kinds, some.tolist(), strict=True) if told}


def _name(process: Process, kinds: Sequence[tuple[str, str]], taken: Sequence[str]) -> str:
    """The role that may do all that these people do, else the stage or track they work in."""
    able: list[set[str]] = []
    for track in process.all_tracks():
        stages = {stage for of, stage in kinds if of == track.id}
        able += [set(each.by) for each in track.actions if stages & set(each.sources) and not each.auto and each.by]
    roles = set.intersection(*able) if able else set()
    first = next((stage for of, stage in kinds if of == MAIN), kinds[0][0].replace("_", "-"))
    name = min(roles) if len(roles) == 1 else f"{first}-people"
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
