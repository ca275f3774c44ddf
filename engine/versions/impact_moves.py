"""The next moves of open deals under two versions: what stands in their way in one of them and not in the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from engine.machine.bulk import Opening, open_actions
from engine.machine.columns import Columns, gather
from engine.machine.compile import Machine
from engine.machine.tracks import is_forward
from engine.machine.vectors import Bools, Ints
from engine.model.deal import Deal
from engine.model.decision import About
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.versions.became import Became
from engine.versions.replay_alike import Renaming, likeness

_ANYONE = "\0"
"""Stands for whoever will move: nobody is called so, and so whoever approved is another."""

MoveKey = tuple[str, str]
"""An action and where it leads, by the names of the new version."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A deal as it is, and as it would stand under the new version."""

    deal: Deal
    carried: Deal


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Something that stands in the way of a next move of the deals at ``places`` in one of the versions only."""

    refuses: bool
    cause: str
    says: str
    move: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A requirement by its id: ``alike`` is all that the answers of those so called depend on."""

    id: str
    says: str
    alike: frozenset[Hashable]


@dataclass(slots=True, eq=False)
class _Ways:
    """For one move: to which deals it is possible, and for which of them each requirement is in the way.

    Requirements are keyed by their ids in the names of the new version. ``to`` are the deals by the stage to which it
    leads them, by its own name.
    """

    possible: Bools
    to: dict[str, Bools] = field(default_factory=dict)
    refusing: dict[str, Bools] = field(default_factory=dict)
    asked: dict[str, _Asked] = field(default_factory=dict)


def next_moves(
    standing: Sequence[Standing], old: Machine, new: Machine, names: Became, *, now: datetime
) -> Iterator[Difference]:
    """What differs for the next moves forward of these deals; who may make them is not looked at."""
    if not standing:
        return
    before = _ways_of_old(standing, old, names, new, now=now)
    after = _ways(gather(new, [each.carried for each in standing]), Became(), new, now=now)
    for key, was in before.items():
        now_is = after.get(key)
        gone = was.possible if now_is is None else was.possible & ~now_is.possible
        if gone.any():
            says = _leads(new, key, {standing[place].carried.stage for place in np.flatnonzero(gone).tolist()})
            yield _difference(f"{key[0]}/target", says, key, gone, refuses=True)
        if now_is is None:
            continue
        both = was.possible & now_is.possible
        yield from _only_in(now_is, was, key, both, refuses=True)
        yield from _only_in(was, now_is, key, both, refuses=False)


def _leads(new: Machine, key: MoveKey, stages: set[str]) -> str:
    """That the action leads there from none of these stages."""
    action, to = key
    routes = new.actions[action].routes if action in new.actions else {}
    sources = [source for source, here in routes.items() if any(to in route.targets for route in here)]
    if not sources or not stages.isdisjoint(sources):
        return f"'{action}' no longer leads to '{to}'"
    told = " or ".join(f"'{source}'" for source in sources)
    return f"'{action}' leads to '{to}' from {told} only"


def _ways_of_old(
    standing: Sequence[Standing], old: Machine, names: Became, new: Machine, *, now: datetime
) -> dict[MoveKey, _Ways]:
    """The next moves of the old version. Where one leads to where the deal stands in the new version as it is, for its
    stage and the next became one, it is those after that, with what stood in the way of both.
    """
    ways = _ways(gather(old, [each.deal for each in standing]), names, new, now=now)
    here = np.array([each.carried.stage for each in standing], object)
    for key in tuple(ways):
        step = ways[key]
        there = step.possible & (here == key[1])
        if not there.any():
            continue
        step.possible = step.possible & ~there
        for to, led in step.to.items():
            places = np.flatnonzero(there & led)
            if len(places):
                ahead = [_led(standing[place], to, now) for place in places.tolist()]
                _go_on(ways, _ways_of_old(ahead, old, names, new, now=now), step, places)
    return ways


def _led(each: Standing, to: str, now: datetime) -> Standing:
    deal = each.deal
    led = replace(deal, stage=to, previous=deal.stage, visited=deal.visited | {to}, entered_at=now)
    return Standing(led, each.carried)


def _go_on(ways: dict[MoveKey, _Ways], ahead: Mapping[MoveKey, _Ways], step: _Ways, places: Ints) -> None:
    """Adds the moves after a step of the deals at ``places``; what is possible without the step stays as it is."""
    size = len(step.possible)
    for key, its in ahead.items():
        mine = ways.setdefault(key, _Ways(np.zeros(size, np.bool_)))
        fresh = its.possible & ~mine.possible[places]
        at = places[fresh]
        mine.possible[at] = True
        for of, refused in ((its, fresh), (step, at)):
            for id_, asked in of.asked.items():
                mine.asked.setdefault(id_, asked)
                mask = mine.refusing.setdefault(id_, np.zeros(size, np.bool_))
                mask[at] |= of.refusing[id_][refused]


def _only_in(one: _Ways, other: _Ways, key: MoveKey, both: Bools, *, refuses: bool) -> Iterator[Difference]:
    """What stands in the way in one version, and in the other neither under its id nor under that of its like."""
    for id_, refused in one.refusing.items():
        asked = one.asked[id_]
        hit = both & refused
        for its, there in other.asked.items():
            if its == id_ or not asked.alike.isdisjoint(there.alike):
                hit = hit & ~other.refusing[its]
        if hit.any():
            yield _difference(asked.id, asked.says, key, hit, refuses=refuses)


def _difference(cause: str, says: str, key: MoveKey, places: Bools, *, refuses: bool) -> Difference:
    return Difference(refuses, cause, says, f"{key[0]} to {key[1]}", tuple(np.flatnonzero(places).tolist()))


def _ways(columns: Columns, names: Became, new: Machine, *, now: datetime) -> dict[MoveKey, _Ways]:
    """By the names of now: each move forward of the main track, and what stands in its way."""
    machine = columns.machine
    openings = open_actions(columns, role="", now=now, actor=_ANYONE).all
    # Ways are worked out as they are first asked about.
    asked = _asked(machine, names, new)
    found: dict[MoveKey, _Ways] = {}
    for opening in openings:
        if machine.actions[opening.action].track.id != MAIN:
            continue
        places, forward = columns.places[opening.rows], _forward(columns, opening, machine)
        key = (names.action(opening.action), names.stage(opening.to)[0] if opening.to else "")
        ways = found.setdefault(key, _Ways(np.zeros(len(columns.deals), np.bool_)))
        ways.possible[places[forward]] = True
        ways.to.setdefault(opening.to, np.zeros(len(columns.deals), np.bool_))[places[forward]] = True
        for number in opening.requirements:
            its = asked.get(machine.requirements[number])
            if its is not None:
                id_ = _renamed(its.id, names)
                ways.asked[id_] = its
                mask = ways.refusing.setdefault(id_, np.zeros(len(columns.deals), np.bool_))
                mask[places[forward & opening.refused_by(number)]] = True
    return found


def _now(names: Became, name: str, facts: Mapping[str, object]) -> str:
    now = names.fact(name)
    return now if now in facts else name


def _renamed(id_: str, names: Became) -> str:
    """An id of a requirement by the names of now: it begins with that of its action or stage."""
    owner, slash, rest = id_.partition("/")
    renamed = names.actions.get(owner) or names.stage(owner)[0]
    return f"{renamed}{slash}{rest}" if slash else id_


def _asked(machine: Machine, names: Became, new: Machine) -> Mapping[str, _Asked]:
    """The requirements that refuse, by id; who may move and what is still to be given are none of them."""
    facts = new.process.facts

    def stage(name: str) -> str:
        return names.stage(name)[0]

    renaming = Renaming(lambda name: _now(names, name, facts), stage, names.action, names.reason, stage)
    found: dict[str, _Asked] = {}
    for way in machine.ways.values():
        for check, _ in way.checks:
            if check.force is not Force.MUST or check.about in (About.ROLE, About.REASON):
                continue
            like = likeness(check, machine, renaming)
            before = found.get(check.id)
            found[check.id] = _Asked(
                check.id, check.says, frozenset({like}) | (before.alike if before else frozenset())
            )
    return found


def _forward(columns: Columns, opening: Opening, machine: Machine) -> Bools:
    """For which deals of an opening the move leads forward; to some of them the action may mean another stage."""
    rows = range(len(columns.deals))[opening.rows] if isinstance(opening.rows, slice) else opening.rows.tolist()
    stages = [columns.deals[row].stage for row in rows]
    forward = {stage: is_forward(machine.process.main, stage, opening.to) for stage in set(stages)}
    elsewhere = opening.refused_by(machine.numbers[f"{opening.action}/target"])
    return np.fromiter((forward[stage] for stage in stages), np.bool_, len(stages)) & ~elsewhere
