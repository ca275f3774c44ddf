"""Where the single forms of an action lead, as far as the action as a whole leads there in both versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Track
from engine.versions.kin import Kin
from engine.versions.saying import listed, named
from engine.versions.variants import Couple
from engine.versions.ways import Way, leads

_Names = Mapping[str, tuple[str, ...]]


def form_way_changes(old: Track, new: Track, actions: Kin, stages: Kin, couples: Iterable[Couple]) -> Iterator[Change]:
    """Forms that no longer lead where another form still does, or now lead where another one did alone.

    Another form asks for other things, so deals may be refused and let through by it. Forms of merged actions are told
    with these.
    """
    for one, other in couples:
        before, after = old.actions[one], new.actions[other]
        if not (before.variant or after.variant) or not actions.single(before.id):
            continue
        was, now = tuple(leads(old, before)), tuple(leads(new, after))
        gone = _elsewhere(was, now, tuple(_all(new, after.id)), stages.forth)
        come = _elsewhere(now, was, tuple(_all(old, before.id)), stages.back)
        if gone:
            how = "no longer leads so, and another form does"
            yield from _told(before, after, old.id, f"{_form(after)} {how}: {_ways(gone)}")
        if come:
            how = "now leads so too, and before another form did alone"
            yield from _told(before, after, old.id, f"{_form(after)} {how}: {_ways(come)}")


def _all(track: Track, action_id: str) -> Iterator[Way]:
    return (way for form in track.variants(action_id) for way in leads(track, form))


def _elsewhere(ways: Iterable[Way], same: Iterable[Way], whole: Iterable[Way], there: _Names) -> tuple[Way, ...]:
    """The ways that the form of the other version has not, though its action has them."""
    mine, all_ways = set(same), set(whole)
    return tuple(way for way in ways if not _counterparts(way, there) & mine and _counterparts(way, there) & all_ways)


def _counterparts(way: Way, there: _Names) -> set[Way]:
    source, target = way
    targets = (target,) if target == PREVIOUS or "/" in target else there.get(target, ())
    return {(start, goal) for start in there.get(source, ()) for goal in targets}


def _form(action: Action) -> str:
    return f"'{action.id}' (form {action.variant})" if action.variant else f"'{action.id}'"


def _ways(ways: Iterable[Way]) -> str:
    by_target: dict[str, list[str]] = {}
    for source, target in ways:
        by_target.setdefault(target, []).append(source)
    told = {PREVIOUS: "the stage before"}
    return listed(f"from {named(sources)} to {told.get(one, repr(one))}" for one, sources in by_target.items())


def _told(old: Action, new: Action, track: str, says: str) -> Iterator[Change]:
    thing, end = (new.id, "") if track == MAIN else (f"{track}/{new.id}", f" ({track})")
    for level, effect in (
        (Level.TIGHTER, "deals may be refused there that were let through"),
        (Level.LOOSER, "deals may be let through there that were refused"),
    ):
        told = f"{says}; {effect}{end}"
        yield Change("D224", level, Subject.ACTIONS, thing, told, old.at, new.at, track=track)
