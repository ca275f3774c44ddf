"""In which order the forms of an action stand: of several that apply, the first is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.conditions.compare import satisfiable
from engine.model.change import Change, Level, Subject
from engine.model.expression import Expression
from engine.model.names import MAIN
from engine.model.process import Action, Track
from engine.model.rule import Fact
from engine.model.syntax import Tree
from engine.versions.kin import Kin
from engine.versions.pair import Pair
from engine.versions.variants import Couple
from engine.versions.ways import leads


def order_of_forms(pair: Pair, old: Track, new: Track, kin: Kin, couples: tuple[Couple, ...]) -> Iterator[Change]:
    """Forms that now stand before others that may apply to the same deal, and did not before."""
    was = {other: one for one, other in couples}
    for action in {one.id: None for one in new.actions if one.variant}:
        forms = [number for number, one in enumerate(new.actions) if one.id == action]
        for first, second in combinations(forms, 2):
            before, then = was.get(first), was.get(second)
            if before is None or then is None or before <= then or not kin.single(old.actions[then].id):
                continue
            if _may_both(pair.new.facts, new, first, second):
                yield from _told(old.actions[before], new.actions[first], new.actions[second], new.id)
                break


def is_meant_first(facts: Mapping[str, Fact], track: Track, number: int) -> bool:
    """Whether the form with that number among the actions of a track stands before another that may apply too."""
    action = track.actions[number].id
    later = (other for other in range(number + 1, len(track.actions)) if track.actions[other].id == action)
    return any(_may_both(facts, track, number, other) for other in later)


def _may_both(facts: Mapping[str, Fact], track: Track, first: int, second: int) -> bool:
    """Whether both forms lead the same way, of deals of which both may apply, and do not do the same."""
    one, other = track.actions[first], track.actions[second]
    if set(leads(track, one)).isdisjoint(leads(track, other)) or _do_the_same(one, other):
        return False
    whens = [each.when.tree for each in (one, other) if each.when]
    return not whens or satisfiable(*whens, facts=facts) is not False


def _do_the_same(one: Action, other: Action) -> bool:
    """Whether it is all one which of two forms is meant; approvals are given to one of them alone."""
    return _done(one) == _done(other) and not (one.approvals or other.approvals or one.starts or other.starts)


def _done(action: Action) -> object:
    return (
        *(action.by, action.touchpoint, action.reasons, action.auto, action.reason, action.transfer, action.drops),
        tuple((one.fact, one.value.tree) for one in action.sets),
        frozenset((one.fact, _tree(one.when)) for one in action.asks),
        frozenset((one.force, one.condition.tree, _tree(one.when)) for one in action.requires),
    )


def _tree(expression: Expression | None) -> Tree | None:
    return expression.tree if expression else None


def _told(old: Action, new: Action, other: Action, track: str) -> Iterator[Change]:
    forms = f"forms {new.variant} and {other.variant} of '{new.id}'"
    which = f"where {forms} both apply, the first is meant now and the other was"
    yield _change(Level.TIGHTER, f"{which}: deals may be refused that were let through", old, new, track)
    yield _change(Level.LOOSER, f"{which}: deals may be let through that were refused", old, new, track)


def _change(level: Level, says: str, old: Action, new: Action, track: str) -> Change:
    thing = new.id
    if track != MAIN:
        thing, says = f"{track}/{thing}", f"{says} ({track})"
    return Change("D223", level, Subject.ACTIONS, thing, says, old.at, new.at, track=track)
