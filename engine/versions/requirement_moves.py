"""Requirements that were moved from place to place, and those that come and go with a stage."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.versions.asked import Asked
from engine.versions.coverage import actions_gained, actions_lost
from engine.versions.demands import Demand, Kept
from engine.versions.matching import meaning
from engine.versions.requirement_words import asked_before, asking, briefly
from engine.versions.saying import listed, named

_PASSING = {
    Kept.TO_ENTER: "to enter it",
    Kept.STAGE_ASKS: "to enter it",
    Kept.TO_PASS: "to pass it",
}


def moved_changes(here: Asked) -> Iterator[Change]:
    """What was moved, and what came and went with stages. What was moved is then no longer gone nor come."""
    left = [one for one, owners in here.gone if not owners] + here.dropped
    right = [one for one, owners in here.come if not owners] + here.brought
    if left or right:
        yield from _moved(here, _by_meaning(left), _by_meaning(right))
    yield from _with_stages("D308", here.brought, here)
    yield from _with_stages("D309", here.dropped, here)


Groups = dict[Hashable, list[Demand]]


def _moved(here: Asked, left: Groups, right: Groups) -> Iterator[Change]:
    olds, news = _by_meaning(here.olds), _by_meaning(here.news)
    for key in dict.fromkeys((*left, *right)):
        if key not in olds or key not in news:
            continue
        gone, come = left.get(key, []), right.get(key, [])
        yield from _one_moved(here, _Moved(gone, come, olds[key], news[key]))
        moved = {*map(id, gone), *map(id, come)}
        here.gone[:] = [one for one in here.gone if id(one[0]) not in moved]
        here.come[:] = [one for one in here.come if id(one[0]) not in moved]
        here.dropped[:] = [one for one in here.dropped if id(one) not in moved]
        here.brought[:] = [one for one in here.brought if id(one) not in moved]


@dataclass(frozen=True, slots=True)
class _Moved:
    """Demands of one meaning: which are gone and which have come, and all that there were and are."""

    gone: list[Demand]
    come: list[Demand]
    olds: list[Demand]
    news: list[Demand]


def _one_moved(here: Asked, moved: _Moved) -> Iterator[Change]:
    old, new = (moved.gone or moved.olds)[0], (moved.come or moved.news)[0]
    says = f"{_told(here, moved)}: {briefly(new)}"
    gained = actions_gained(here.terrain, moved.olds, moved.news)
    lost = actions_lost(here.terrain, moved.olds, moved.news)
    if old.force is Force.SHOULD or not (gained or lost):
        yield _change("D307", Level.NOTE, says, old, new)
        return
    if gained:
        yield _change("D307", Level.TIGHTER, f"{says}; it is now also needed for {named(gained)}", old, new)
    if lost:
        yield _change("D307", Level.LOOSER, f"{says}; it is no longer needed for {named(lost)}", old, new)


def _told(here: Asked, moved: _Moved) -> str:
    were = listed(asked_before(one, here.terrain) for one in moved.gone or moved.olds)
    now = listed(asking(one) for one in moved.come or moved.news)
    if not moved.come:
        return f"{were} no longer asks by itself for what {now} needs"
    if not moved.gone:
        return f"{now} now asks by itself for what {were} needed already"
    return f"{now} now needs what {were} needed"


def _with_stages(code: str, demands: Iterable[Demand], here: Asked) -> Iterator[Change]:
    for owner, group in groupby(demands, key=lambda one: one.owner):
        found = tuple(group)
        parts = []
        for passing in dict.fromkeys(_PASSING.values()):
            told = [briefly(one) for one in found if _PASSING[one.kept] == passing]
            if told:
                parts.append(f"{passing}: {'; '.join(told)}")
        has_come = code == "D308"
        what = "the new stage" if has_come else "with the stage"
        verb = "needs" if has_come else "goes what it needed"
        says = f"{what} '{owner}' {verb} {'; '.join(parts)}"
        refuses = any(one.kept is Kept.TO_PASS and one.force is Force.MUST for one in found)
        level = (Level.TIGHTER if has_come else Level.LOOSER) if refuses else Level.NOTE
        texts = "; ".join(one.text for one in found)
        thing = owner if here.terrain.old.id == MAIN else f"{here.terrain.old.id}/{owner}"
        yield Change(
            code,
            level,
            Subject.REQUIREMENTS,
            thing,
            says,
            None if has_come else found[0].at,
            found[0].at if has_come else None,
            "" if has_come else texts,
            texts if has_come else "",
            here.terrain.old.id,
        )


def _change(code: str, level: Level, says: str, old: Demand, new: Demand) -> Change:
    places = (old.at, new.at)
    return Change(code, level, Subject.REQUIREMENTS, new.thing, says, *places, old.text, new.text, new.track)


def _by_meaning(demands: Iterable[Demand]) -> Groups:
    found: Groups = {}
    for one in demands:
        # Of an action written as a list each form is asked apart: none stands in for another.
        key = (meaning(one), one.force, id(one) if one.variant else 0)
        found.setdefault(key, []).append(one)
    return found
