"""Clocks: limits on time in a stage or without activity, and what is done then."""

from __future__ import annotations

from engine.loading import codes, written
from engine.loading.nodes import Node, Scalar
from engine.loading.reading import Reading, TrackNames, expression, known, known_fact
from engine.loading.reading import stages as read_stages
from engine.model.names import MAIN
from engine.model.process import Action, Clock


def clocks(node: Node | None, reading: Reading, actions: tuple[Action, ...]) -> tuple[Clock, ...]:
    """The clocks that can be read; ``actions`` are those of all tracks."""
    read = (_clock(key, value, reading, actions) for key, value in written.named(node))
    return tuple(clock for clock in read if clock)


def _clock(key: Scalar, node: Node, reading: Reading, actions: tuple[Action, ...]) -> Clock | None:
    track = _track(written.get(node, "track"), reading)
    if track is None:
        return None
    when_node = written.get(node, "when")
    when = expression(when_node, reading, what="'when'")
    basis = "stays" if written.get(node, "stays") else "idle"
    limit = written.duration(written.get(node, basis))
    then, reason = _then(node, track, reading, actions)
    stages = read_stages(written.get(node, "in"), track, reading)
    facts = [known_fact(one, reading) for one in written.scalars(written.get(node, "activity"))]
    if limit is None or not stages or (when_node is not None and when is None):
        return None
    return Clock(
        id=key.value,
        stages=stages,
        basis=basis,
        limit=limit,
        when=when,
        warn=written.duration(written.get(node, "warn")),
        activity=tuple(fact.id for fact in facts if fact),
        then=then,
        reason=reason,
        track=track.id,
        at=key.at,
    )


def _track(node: Node | None, reading: Reading) -> TrackNames | None:
    if node is None:
        return reading.main
    names = (MAIN, *reading.tracks)
    found = known(written.scalars(node), names, reading, code=codes.UNKNOWN_TRACK, noun="track")
    return reading.track(found[0]) if found else None


def _then(node: Node, track: TrackNames, reading: Reading, actions: tuple[Action, ...]) -> tuple[str, str]:
    """The action and the reason it is given, which must be one of the action's."""
    named = written.scalars(written.get(node, "then"))
    then = known(named, track.actions, reading, code=codes.UNKNOWN_ACTION, noun="action")
    given = written.scalars(written.get(node, "reason"))
    if given and not named:
        message = "'reason' does not go without 'then'"
        reading.found.error(
            codes.EXCLUDES, given[0].at, message, "name the action that is done, or leave the reason out"
        )
    if not then or not given:
        return (then[0] if then else ""), ""
    return then[0], reason_of(given[0], then[0], reading, actions)


def reason_of(node: Scalar, action: str, reading: Reading, actions: tuple[Action, ...]) -> str:
    """A reason of an action; told where the action has no such reason. Empty where nobody can say."""
    variants = [one for one in actions if one.id == action]
    codes_known = tuple(dict.fromkeys(reason.code for one in variants for reason in one.reasons))
    if not codes_known:
        # The action takes any reason, or its own list is at fault and told.
        return node.value.strip()
    found = known((node,), codes_known, reading, code=codes.UNKNOWN_REASON, noun="reason")
    return found[0] if found else ""
