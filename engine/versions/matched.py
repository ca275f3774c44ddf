"""Ids of one version beside those of the other, and conditions compared in the words of one of them.

Both ways are asked: where two ids became one, only the way forwards knows of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.model.expression import Expression
from engine.model.names import MAIN
from engine.model.process import Process, Stage
from engine.model.syntax import (
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Literal,
    Not,
    Or,
    Tree,
    Value,
    children,
)
from engine.versions.became import Became
from engine.versions.pair import Pair

Couples = tuple[tuple[str, str], ...]
"""Old id and new id; an id that was merged or split stands in several."""

_OPPOSITE = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CALLS = {"reached": "stage", "done": "action"}


def couples(old: Iterable[str], new: Iterable[str], there: Mapping[str, str], back: Mapping[str, str]) -> Couples:
    """What is the same thing in both versions; ``there`` leads from the old ids, ``back`` from the new ones."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    found = [(one, there.get(one, one)) for one in before] + [(back.get(one, one), one) for one in after]
    return tuple(dict.fromkeys(two for two in found if two[0] in before and two[1] in after))


def fact_couples(pair: Pair) -> Couples:
    """The facts of both versions."""
    return couples(pair.old.facts, pair.new.facts, pair.became.facts, pair.back.facts)


def action_couples(pair: Pair) -> Couples:
    """The actions of both versions, of all tracks."""
    old, new = ([one.id for track in version.all_tracks() for one in track.actions] for version in (pair.old, pair.new))
    return couples(old, new, pair.became.actions, pair.back.actions)


def stage_couples(pair: Pair, track: str = MAIN) -> Couples:
    """The stages of a track in both versions; only those of the main one are ever renamed."""
    old, new = ({one.id: one for one in _stages(version, track)} for version in (pair.old, pair.new))
    if track != MAIN:
        return tuple((one, one) for one in old if one in new)
    found = [(one, to) for one in old for to in pair.became.stage(one)]
    found += [(before, one) for one in new for before in pair.back.stage(one)]
    return tuple(dict.fromkeys(two for two in found if two[0] in old and two[1] in new))


def _stages(process: Process, track: str) -> tuple[Stage, ...]:
    found = process.track(track)
    return found.stages if found else ()


def families(both: Couples) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The old and the new ids that belong together: one of each, but where some were merged or split."""
    waiting = list(both)
    while waiting:
        old, new = [waiting[0][0]], [waiting[0][1]]
        size = 0
        while size < len(old) + len(new):
            size = len(old) + len(new)
            kin = [two for two in waiting if two[0] in old or two[1] in new]
            old, new = list(dict.fromkeys(two[0] for two in kin)), list(dict.fromkeys(two[1] for two in kin))
        waiting = [two for two in waiting if two[0] not in old]
        yield tuple(old), tuple(new)


def lost_and_gained(old: Iterable[str], new: Iterable[str], both: Couples) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What of ``old`` has no counterpart among ``new``, and the other way about."""
    before, after = tuple(dict.fromkeys(old)), tuple(dict.fromkeys(new))
    held = [two for two in both if two[0] in before and two[1] in after]
    kept, came = {two[0] for two in held}, {two[1] for two in held}
    return tuple(one for one in before if one not in kept), tuple(one for one in after if one not in came)


def alike(old: Expression | None, new: Expression | None, pair: Pair) -> bool:
    """Whether two conditions are written alike: but for names, order of ``and`` and ``or``, and which side is which."""
    if old is None or new is None:
        return old is new
    return same_form(translated(old.tree, pair.became), new.tree) or same_form(
        old.tree, translated(new.tree, pair.back)
    )


def same_form(first: Tree, second: Tree) -> bool:
    """Whether two trees are one but for the order of what can be swapped."""
    return first == second or form(first) == form(second)


def translated(tree: Tree, became: Became) -> Tree:
    """The tree in the words of the other version; a stage that was split, or is of a side track, keeps its name."""
    match tree:
        case FactRef(name=name):
            return replace(tree, name=became.fact(name))
        case ContextRef(name=name, type=of) if of.choices:
            # What a stage, an action or a reason may be bears on what follows from a condition.
            choices = (str(_renamed(one, _kind(name), became)) for one in of.choices)
            return replace(tree, type=replace(of, choices=tuple(dict.fromkeys(choices))))
        case Call(function=function, arguments=arguments) if function in _CALLS:
            return replace(tree, arguments=tuple(_named(one, _CALLS[function], became) for one in arguments))
        case Call(arguments=arguments):
            return replace(tree, arguments=tuple(translated(one, became) for one in arguments))
        case Compare(left=left, right=right):
            left, right = _beside(left, right, became), _beside(right, left, became)
            return replace(tree, left=left, right=right)
        case In(item=item, options=options):
            return replace(tree, item=translated(item, became), options=_beside(options, item, became))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(translated(one, became) for one in parts))
        case Not(part=part):
            return replace(tree, part=translated(part, became))
        case Arithmetic(left=left, right=right):
            return replace(tree, left=translated(left, became), right=translated(right, became))
    return tree


def _beside(tree: Tree, other: Tree, became: Became) -> Tree:
    """A side of a comparison: what it names is of the kind that the other side tells."""
    if not isinstance(other, ContextRef):
        return translated(tree, became)
    return _named(tree, _kind(other.name), became)


def _kind(word: str) -> str:
    """Of what kind the values are that a word of the situation can have."""
    return "stage" if word in ("stage", "to") else word


def _named(tree: Tree, kind: str, became: Became) -> Tree:
    if not isinstance(tree, Literal):
        return translated(tree, became)
    return replace(tree, value=_renamed(tree.value, kind, became))


def _renamed(value: Value, kind: str, became: Became) -> Value:
    if isinstance(value, tuple):
        return tuple(_renamed(one, kind, became) for one in value)
    if not isinstance(value, str):
        return value
    match kind:
        case "stage":
            targets = became.stage(value)
            return targets[0] if len(targets) == 1 else value
        case "action":
            return became.action(value)
        case "reason":
            return became.reason(value)
    return value


Form = tuple[object, ...]


def form(tree: Tree) -> Form:
    """What two trees of one meaning by form have in common."""
    match tree:
        case And(parts=parts) | Or(parts=parts):
            return type(tree).__name__, frozenset(form(one) for one in parts)
        case Compare(operator=operator, left=left, right=right):
            first, second = form(left), form(right)
            return "Compare", frozenset({(operator, first, second), (_OPPOSITE[operator], second, first)})
        case In(item=item, options=Literal(value=tuple() as values)):
            return "In", form(item), frozenset(values)
        case Arithmetic(operator="+" | "*" as operator, left=left, right=right):
            return "Arithmetic", operator, frozenset({form(left), form(right)}), left == right
        case Literal(value=value):
            return "Literal", type(value).__name__, value
        case FactRef(name=name) | ContextRef(name=name):
            return type(tree).__name__, name
    return type(tree).__name__, getattr(tree, "function", ""), *_forms(tree)


def _forms(tree: Tree) -> Iterator[Form]:
    yield (getattr(tree, "operator", ""),)
    yield from (form(one) for one in children(tree))
