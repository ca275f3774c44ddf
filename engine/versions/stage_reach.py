"""Which stages can no longer be left, won from or reached, and which can be again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.machine.tracks import WON
from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.process import Track
from engine.versions.kin import Kin
from engine.versions.saying import named
from engine.versions.ways import Ways, leading_to, left_by, reached_from

_SAYS = {
    "D108": "no action leads on from {0} any more: deals that stand there are stuck",
    "D109": "an action leads on from {0} again, where deals were stuck",
    "D110": "from {0} a deal can no longer be won, by whatever moves",
    "D111": "from {0} a deal can be won again, as it could not be before",
    "D112": "no moves lead to {0} any more",
    "D113": "moves lead to {0}, where no deal could come before",
}
_LEVELS = {
    "D108": Level.BREAK,
    "D109": Level.LOOSER,
    "D110": Level.BREAK,
    "D111": Level.LOOSER,
    "D112": Level.TIGHTER,
    "D113": Level.LOOSER,
}


def reach_changes(old: Track, new: Track, kin: Kin, before: Ways, after: Ways) -> Iterator[Change]:
    """What differs in where deals can get to: one sentence for all stages of which the same is true."""
    were, are = frozenset(left_by(before)), frozenset(left_by(after))
    stuck, freed = _lost(old, new, kin.forth, were, are), _lost(new, old, kin.back, are, were)
    yield from _told("D108", stuck, kin, old, new)
    yield from _told("D109", _counterparts(freed, kin.back), kin, old, new)
    won_before, won_after = _winning(old, before), _winning(new, after)
    if won_before and won_after:
        hopeless = [one for one in _lost(old, new, kin.forth, won_before, won_after) if one not in stuck]
        hopeful = [one for one in _lost(new, old, kin.back, won_after, won_before) if one not in freed]
        yield from _told("D110", hopeless, kin, old, new)
        yield from _told("D111", _counterparts(hopeful, kin.back), kin, old, new)
    came, come = reached_from(old.first.id, before), reached_from(new.first.id, after)
    unreached = [one for one in came if kin.forth.get(one) and come.isdisjoint(kin.forth[one])]
    reached = [one for one in come if kin.back.get(one) and came.isdisjoint(kin.back[one])]
    yield from _told("D112", _in_order(unreached, old), kin, old, new)
    yield from _told("D113", _counterparts(_in_order(reached, new), kin.back), kin, old, new)


def _lost(old: Track, new: Track, there: Mapping[str, tuple[str, ...]], could: Set[str], can: Set[str]) -> list[str]:
    """The open stages of one version of which something was true that is not of a counterpart in the other."""
    still_open = {stage.id for stage in new.stages if not stage.ends}
    return [
        stage.id
        for stage in old.stages
        if not stage.ends and stage.id in could and any(one in still_open and one not in can for one in there[stage.id])
    ]


def _winning(track: Track, ways: Ways) -> frozenset[str]:
    won = [stage.id for stage in track.stages if stage.ends == WON]
    return leading_to(won, ways) if won else frozenset()


def _counterparts(stages: list[str], back: Mapping[str, tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(one for stage in stages for one in back[stage]))


def _in_order(stages: list[str], track: Track) -> list[str]:
    found = set(stages)
    return [stage.id for stage in track.stages if stage.id in found]


def _told(code: str, stages: list[str], kin: Kin, old: Track, new: Track) -> Iterator[Change]:
    if not stages:
        return
    first = old.stage(stages[0])
    now = new.stage(kin.forth[stages[0]][0])
    says = _SAYS[code].format(named(kin.name(one) for one in stages))
    thing = now.id if now else stages[0]
    if old.id != MAIN:
        thing, says = f"{old.id}/{thing}", f"{says} ({old.id})"
    places = (first.at if first else None, now.at if now else None)
    yield Change(code, _LEVELS[code], Subject.STAGES, thing, says, *places, track=old.id)
