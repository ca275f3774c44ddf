"""In which order the forms of an action stand: of several that apply, the first is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.conditions.compare import satisfiable
from engine.model.change import Change, Level, Subject
from engine.model.expression import Expression
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Track
from engine.model.rule import Fact
from engine.model.syntax import Tree
from engine.versions.kin import Kin
from engine.versions.pair import Pair
from engine.versions.saying import listed
from engine.versions.variants import Couple
from engine.versions.ways import leads

_Targets = Mapping[str, None]
"""The targets of a form from one stage, in the order declared."""


def order_of_forms(pair: Pair, old: Track, new: Track, kin: Kin, couples: tuple[Couple, ...]) -> Iterator[Change]:
    """Forms that now stand before others that may apply to the same deal, and did not before."""
    was = {other: one for one, other in couples}
    for action in {one.id: None for one in new.actions if one.variant}:
        forms = [number for number, one in enumerate(new.actions) if one.id == action]
        for first, second in combinations(forms, 2):
            before, then = was.get(first), was.get(second)
            if before is None or then is None or before <= then or not kin.single(old.actions[then].id):
                continue
            # In one version is enough: there the other one would be meant if nothing else had changed.
            if _may_both(pair.new.facts, new, first, second) or _may_both(pair.old.facts, old, then, before):
                yield from _told(old.actions[before], new.actions[first], new.actions[second], new)
                break


def is_meant_first(facts: Mapping[str, Fact], track: Track, number: int) -> bool:
    """Whether the form with that number among the actions of a track stands before another that may apply too."""
    action = track.actions[number].id
    later = (other for other in range(number + 1, len(track.actions)) if track.actions[other].id == action)
    return any(_may_both(facts, track, number, other) for other in later)


def _may_both(facts: Mapping[str, Fact], track: Track, first: int, second: int) -> bool:
    """Whether both forms may apply to one deal, and it is not all one which is meant."""
    one, other = track.actions[first], track.actions[second]
    share_a_way = not set(leads(track, one)).isdisjoint(leads(track, other))
    if (not share_a_way or _do_the_same(one, other)) and _elsewhere(track, one, other) is None:
        return False
    whens = [each.when.tree for each in (one, other) if each.when]
    return not whens or satisfiable(*whens, facts=facts) is not False


def _elsewhere(track: Track, one: Action, other: Action) -> tuple[str, _Targets, _Targets] | None:
    """From where a move that names no stage would go elsewhere by the other form, and where to by each.

    Where both have several targets a stage must be named, and the form that leads there is meant.
    """
    mine, others = _targets(track, one), _targets(track, other)
    for source, targets in mine.items():
        there = others.get(source, targets)
        if targets.keys() != there.keys() and 1 in (len(targets), len(there)):
            return source, targets, there
    return None


def _targets(track: Track, form: Action) -> dict[str, _Targets]:
    found: dict[str, dict[str, None]] = {}
    for source, target in leads(track, form):
        found.setdefault(source, {})[target] = None
    return {**found}


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


def _told(old: Action, new: Action, other: Action, track: Track) -> Iterator[Change]:
    forms = f"forms {new.variant} and {other.variant} of '{new.id}'"
    which = f"where {forms} both apply, the first is meant now and the other was"
    apart = _elsewhere(track, new, other)
    if apart:
        source, now, then = apart
        where = f"a move from '{source}' that names no stage {_goes(now, 'goes', 'must')} now"
        which = f"{which}: {where} and {_goes(then, 'went', 'had to')} before"
    joined = "; " if apart else ": "
    refused, passed = "deals may be refused that were let through", "deals may be let through that were refused"
    if apart and _do_the_same(new, other):
        joined = refused = passed = ""
    yield _change(Level.TIGHTER, f"{which}{joined}{refused}", old, new, track.id)
    yield _change(Level.LOOSER, f"{which}{joined}{passed}", old, new, track.id)


def _goes(targets: _Targets, goes: str, must: str) -> str:
    told = ["the stage before" if target == PREVIOUS else f"'{target}'" for target in targets]
    return f"{goes} to {told[0]}" if len(told) == 1 else f"{must} name one of {listed(told)}"


def _change(level: Level, says: str, old: Action, new: Action, track: str) -> Change:
    thing = new.id
    if track != MAIN:
        thing, says = f"{track}/{thing}", f"{says} ({track})"
    return Change("D223", level, Subject.ACTIONS, thing, says, old.at, new.at, track=track)
