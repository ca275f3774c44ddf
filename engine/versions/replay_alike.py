"""What makes two requirements the same in two versions: all that their answer can depend on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.machine.compile import Machine
from engine.machine.requirements import Check, reckoned_from
from engine.machine.situation import Frame
from engine.model.names import MAIN
from engine.model.process import Action, Process, Track
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
    facts_read,
    walk,
)

AskedByVariant = tuple[Hashable, Mapping[Hashable, str]]
"""The condition of a variant, and what it asks: the likeness of each check, with its id."""


def _kept(name: str) -> str:
    return name


@dataclass(frozen=True, slots=True)
class Renaming:
    """What the names of a version are now. ``target`` is for stages to which moves of the track in question lead."""

    fact: Callable[[str], str] = _kept
    stage: Callable[[str], str] = _kept
    action: Callable[[str], str] = _kept
    reason: Callable[[str], str] = _kept
    target: Callable[[str], str] = _kept


SAME = Renaming()
"""Nothing was renamed."""


def likeness(check: Check, machine: Machine, names: Renaming = SAME) -> Hashable:
    """Two checks of equal likeness, in the names of now, say the same of every move."""
    trees = tuple(each and renamed(each.tree, names) for each in (check.when, check.condition))
    approval = (check.approval.by, check.approval.lasts) if check.approval else None
    return (
        check.about.value if not check.trees else "",
        names.fact(check.asks),
        check.force,
        trees,
        tuple(_around(machine, tree, names) for tree in check.trees),
        frozenset(map(names.reason, check.allowed)),
        approval,
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """A move as far as a version tells it; without an action it may be any that leads there, from nowhere a start.

    ``counted`` is the open stage from which it is counted, where ``source`` is an end.
    """

    action: str
    source: str
    target: str
    counted: str = ""


def asked_by_variants(
    machine: Machine, track: Track, asking: Asking, names: Renaming = SAME
) -> tuple[AskedByVariant, ...]:
    """For each variant that leads there its condition, and the ids of the checks that it makes by their likeness."""
    variants: list[Action | None] = [None]
    if asking.source:
        variants = [
            route.action
            for name, routes in machine.actions.items()
            if routes.track is track and asking.action in ("", name)
            for route in routes.routes.get(asking.source, ())
            if asking.target in route.targets
        ]
    return tuple(
        (
            renamed(variant.when.tree, names) if variant and variant.when else None,
            {
                likeness(check, machine, names): check.id
                for check, _ in machine.way(track, variant, asking.source, asking.target, counted=asking.counted).checks
            },
        )
        for variant in variants
    )


def _around(machine: Machine, tree: Tree, names: Renaming) -> Hashable:
    """What else the answer to a condition rests on: its facts as declared, and what it looks up of the process."""
    process = machine.process
    trees = reckoned_from(process, tree)
    facts = sorted({name for each in trees for name in facts_read(each)})
    declared = frozenset((names.fact(name), _declared(process, name, names)) for name in facts)
    return (declared, tuple(_looked_up(machine.frame, node, names) for each in trees for node in walk(each)))


def _declared(process: Process, name: str, names: Renaming) -> Hashable:
    fact = process.facts.get(name)
    if fact is None:
        return None
    table = fact.table
    rows = tuple((row.then, row.when and renamed(row.when.tree, names)) for row in table.rows) if table else ()
    return (fact.type.kind, fact.default, table.hit if table else None, rows)


def _looked_up(frame: Frame, node: Tree, names: Renaming) -> Hashable:
    match node:
        case ContextRef(name="today"):
            return str(frame.zone)
        case ContextRef(name="probability"):
            return frozenset((names.stage(stage), value) for stage, value in frame.probability.items())
        case ContextRef(name="reason.group"):
            groups = frame.reason_groups.items()
            return frozenset((names.action(action), names.reason(reason), group) for (action, reason), group in groups)
        case ContextRef(name=name) if name.startswith("track."):
            first = frame.first_stages.get(name.removeprefix("track."), "")
            return names.stage(first) if name == f"track.{MAIN}" else first
        case Call(function="reached", arguments=(Literal(value=str(stage)),)):
            return frozenset(map(names.stage, frame.reaching.get(stage, ())))
        case Call(function="done" | "count" | "since", arguments=(Literal(value=name),)):
            return name in frame.touchpoints
    return None


def renamed(tree: Tree, names: Renaming) -> Tree:
    """The tree with its facts, stages, actions and reasons called as they are now."""
    match tree:
        case FactRef(name=name):
            return replace(tree, name=names.fact(name))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=_each(parts, names))
        case Not(part=part):
            return replace(tree, part=renamed(part, names))
        case Compare(left=left, right=right):
            return replace(tree, left=_beside(left, right, names), right=_beside(right, left, names))
        case Arithmetic(left=left, right=right):
            return replace(tree, left=renamed(left, names), right=renamed(right, names))
        case In(item=item, options=options):
            return replace(tree, item=renamed(item, names), options=_beside(options, item, names))
        case Call(function=function, arguments=(Literal() as name,)) if function in _ASKED_BY_NAME:
            return replace(tree, arguments=(_called(name, getattr(names, _ASKED_BY_NAME[function])),))
        case Call(arguments=arguments):
            return replace(tree, arguments=_each(arguments, names))
        case Literal() | ContextRef():
            return tree


_ASKED_BY_NAME = {"reached": "stage", "done": "action", "count": "action", "since": "action"}
_WORDS = {"stage": "stage", f"track.{MAIN}": "stage", "to": "target", "action": "action", "reason": "reason"}


def _beside(tree: Tree, other: Tree, names: Renaming) -> Tree:
    """One side of a comparison: a text beside a word of the language is an id."""
    if not isinstance(tree, Literal) or not isinstance(other, ContextRef):
        return renamed(tree, names)
    # Of stages only those of the main track are ever renamed.
    kind = _WORDS.get(other.name)
    return _called(tree, getattr(names, kind)) if kind else tree


def _called(literal: Literal, now: Callable[[str], str]) -> Literal:
    value = literal.value
    if isinstance(value, tuple):
        return replace(literal, value=tuple(now(each) if isinstance(each, str) else each for each in value))
    return replace(literal, value=now(value)) if isinstance(value, str) else literal


def _each(trees: Iterable[Tree], names: Renaming) -> tuple[Tree, ...]:
    return tuple(renamed(tree, names) for tree in trees)
