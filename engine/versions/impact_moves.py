"""The next moves of open deals under two versions: what stands in their way in one of them and not in the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from engine.machine.bulk import Opening, open_actions
from engine.machine.columns import Columns, gather
from engine.machine.compile import Machine
from engine.machine.requirements import Check
from engine.machine.tracks import is_forward
from engine.machine.vectors import Bools
from engine.model.deal import Deal
from engine.model.decision import About
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.versions.became import Became
from engine.versions.replay_alike import likeness

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


@dataclass(slots=True, eq=False)
class _Ways:
    """For one move: to which deals it is possible, and of each requirement whose way it is in.

    Requirements are keyed by all that their answer depends on; ``ids`` leads from an id to that.
    """

    possible: Bools
    refusing: dict[Hashable, Bools] = field(default_factory=dict)
    checks: dict[Hashable, Check] = field(default_factory=dict)
    ids: dict[str, Hashable] = field(default_factory=dict)


def next_moves(
    standing: Sequence[Standing], old: Machine, new: Machine, names: Became, *, now: datetime
) -> Iterator[Difference]:
    """What differs for the next moves forward of these deals; who may make them is not looked at."""
    if not standing:
        return
    before = _ways(gather(old, [each.deal for each in standing]), names, new, now=now)
    after = _ways(gather(new, [each.carried for each in standing]), Became(), new, now=now)
    for key, was in before.items():
        now_is = after.get(key)
        action, to = key
        if now_is is None or (was.possible & ~now_is.possible).any():
            gone = was.possible if now_is is None else was.possible & ~now_is.possible
            yield _difference(f"{action}/target", f"'{action}' no longer leads to '{to}'", key, gone, refuses=True)
        if now_is is None:
            continue
        both = was.possible & now_is.possible
        yield from _only_in(now_is, was, key, both, refuses=True)
        yield from _only_in(was, now_is, key, both, refuses=False)


def _only_in(one: _Ways, other: _Ways, key: MoveKey, both: Bools, *, refuses: bool) -> Iterator[Difference]:
    """What stands in the way in one version, and not in the other, be it asked there or not."""
    for like, refused in one.refusing.items():
        check = one.checks[like]
        counterpart = like if like in other.refusing else other.ids.get(check.id)
        hit = both & refused
        if counterpart is not None and counterpart in other.refusing:
            hit = hit & ~other.refusing[counterpart]
        if hit.any():
            yield _difference(check.id, check.says, key, hit, refuses=refuses)


def _difference(cause: str, says: str, key: MoveKey, places: Bools, *, refuses: bool) -> Difference:
    return Difference(refuses, cause, says, f"{key[0]} to {key[1]}", tuple(np.flatnonzero(places).tolist()))


def _ways(columns: Columns, names: Became, new: Machine, *, now: datetime) -> Mapping[MoveKey, _Ways]:
    """By the names of now: each move forward of the main track, and what stands in its way."""
    machine = columns.machine
    facts = new.process.facts
    found: dict[MoveKey, _Ways] = {}
    openings = open_actions(columns, role="", now=now, actor=_ANYONE).all
    # Ways are worked out as they are first asked about.
    checks = _checks(machine)
    for opening in openings:
        routes = machine.actions[opening.action]
        if routes.track.id != MAIN:
            continue
        places = _places(columns, opening)
        forward = _forward(columns, opening, machine)
        key = (names.action(opening.action), names.stage(opening.to)[0] if opening.to else "")
        ways = found.setdefault(key, _Ways(np.zeros(len(columns.deals), np.bool_)))
        ways.possible[places[forward]] = True
        for number in opening.requirements:
            id_ = machine.requirements[number]
            check = checks.get(id_)
            if check is None:
                continue
            like = likeness(
                check, machine, fact=lambda name: _now(names, name, facts), reason=names.reason
            )  # fmt: skip
            ways.checks[like] = check
            ways.ids[_renamed(id_, names)] = like
            mask = ways.refusing.setdefault(like, np.zeros(len(columns.deals), np.bool_))
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


def _checks(machine: Machine) -> Mapping[str, Check]:
    """The requirements that refuse, by id; who may move and what is still to be given are none of them."""
    return {
        check.id: check
        for way in machine.ways.values()
        for check, _ in way.checks
        if check.force is Force.MUST and check.about not in (About.ROLE, About.REASON)
    }


def _places(columns: Columns, opening: Opening) -> Any:
    return columns.places[opening.rows]


def _forward(columns: Columns, opening: Opening, machine: Machine) -> Bools:
    """For which deals of an opening the move leads forward."""
    rows = range(len(columns.deals))[opening.rows] if isinstance(opening.rows, slice) else opening.rows.tolist()
    stages = [columns.deals[row].stage for row in rows]
    forward = {stage: is_forward(machine.process.main, stage, opening.to) for stage in set(stages)}
    return np.fromiter((forward[stage] for stage in stages), np.bool_, len(stages))
