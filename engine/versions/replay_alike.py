"""What makes two requirements the same in two versions: all that their answer can depend on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.machine.compile import Machine
from engine.machine.requirements import Check, reckoned_from
from engine.machine.situation import Frame
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

Renaming = Callable[[str], str]
AskedByVariant = tuple[Hashable, Mapping[Hashable, str]]
"""The condition of a variant, and what it asks: the likeness of each check, with its id."""


def kept_name(name: str) -> str:
    """A name that nothing was made of."""
    return name


def likeness(check: Check, machine: Machine, *, fact: Renaming = kept_name, reason: Renaming = kept_name) -> Hashable:
    """Two checks of equal likeness say the same of every move. ``fact`` and ``reason`` say what names are now."""
    trees = tuple(each and with_facts(each.tree, fact) for each in (check.when, check.condition))
    around = tuple(_around(machine, tree, fact) for tree in check.trees)
    allowed = frozenset(map(reason, check.allowed))
    approval = (check.approval.by, check.approval.lasts) if check.approval else None
    return (
        check.about.value if not check.trees else "",
        fact(check.asks),
        check.force,
        trees,
        around,
        allowed,
        approval,
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """A move as far as a version tells it; without an action it may be any that leads there, from nowhere a start."""

    action: str
    source: str
    target: str


def asked_by_variants(
    machine: Machine, track: Track, asking: Asking, *, fact: Renaming = kept_name, reason: Renaming = kept_name
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
            with_facts(variant.when.tree, fact) if variant and variant.when else None,
            {
                likeness(check, machine, fact=fact, reason=reason): check.id
                for check, _ in machine.way(track, variant, asking.source, asking.target).checks
            },
        )
        for variant in variants
    )


def _around(machine: Machine, tree: Tree, fact: Renaming) -> Hashable:
    """What else the answer to a condition rests on: its facts as declared, and what it looks up of the process."""
    process = machine.process
    trees = reckoned_from(process, tree)
    names = sorted({name for each in trees for name in facts_read(each)})
    declared = tuple((fact(name), _declared(process, name)) for name in names)
    return (declared, tuple(_looked_up(machine.frame, node) for each in trees for node in walk(each)))


def _declared(process: Process, name: str) -> Hashable:
    fact = process.facts.get(name)
    if fact is None:
        return None
    rows = tuple((row.then, row.when.tree if row.when else None) for row in fact.table.rows) if fact.table else ()
    return (fact.type.kind, fact.default, fact.table.hit if fact.table else None, rows)


def _looked_up(frame: Frame, node: Tree) -> Hashable:
    match node:
        case ContextRef(name="today"):
            return str(frame.zone)
        case ContextRef(name="probability"):
            return tuple(sorted(frame.probability.items()))
        case ContextRef(name="reason.group"):
            return tuple(sorted(frame.reason_groups.items()))
        case ContextRef(name=name) if name.startswith("track."):
            return frame.first_stages.get(name.removeprefix("track."))
        case Call(function="reached", arguments=(Literal(value=str(stage)),)):
            return frame.reaching.get(stage)
        case Call(function="done" | "count" | "since", arguments=(Literal(value=name),)):
            return name in frame.touchpoints
    return None


def with_facts(tree: Tree, fact: Renaming) -> Tree:
    """The tree with its facts called as they are now."""
    match tree:
        case FactRef(name=name):
            return replace(tree, name=fact(name))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=_each(parts, fact))
        case Not(part=part):
            return replace(tree, part=with_facts(part, fact))
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return replace(tree, left=with_facts(left, fact), right=with_facts(right, fact))
        case In(item=item, options=options):
            return replace(tree, item=with_facts(item, fact), options=with_facts(options, fact))
        case Call(arguments=arguments):
            return replace(tree, arguments=_each(arguments, fact))
        case Literal() | ContextRef():
            return tree


def _each(trees: Iterable[Tree], fact: Renaming) -> tuple[Tree, ...]:
    return tuple(with_facts(tree, fact) for tree in trees)
