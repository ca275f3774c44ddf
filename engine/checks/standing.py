"""Conditions where a deal stands: what is known there is written into them, so that only the rest is left open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.conditions.functions import is_blank
from engine.model.syntax import (
    YES_NO,
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
    walk,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is certain: words of the language with their values, words that nobody knows, stages that were reached."""

    words: Mapping[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()
    facts: Mapping[str, Literal] = field(default_factory=dict)


def standing(tree: Tree, here: Standing) -> Tree:
    """The tree with all that is certain written into it."""
    match tree:
        case ContextRef(name=name) if name in here.words:
            return Literal(here.words[name], tree.type, tree.span)
        case FactRef(name=name) if name in here.facts:
            return here.facts[name]
        case Call(function="reached", arguments=(Literal(value=str() as stage),)) if stage in here.reached:
            return Literal(value=True, type=YES_NO)
        case Call(function="given" | "blank" as function, arguments=(FactRef(name=name) | ContextRef(name=name),)):
            return _tested(tree, function, here.facts.get(name, here.words.get(name)))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(standing(part, here) for part in parts))
        case Not(part=part):
            return replace(tree, part=standing(part, here))
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return replace(tree, left=standing(left, here), right=standing(right, here))
        case In(item=item, options=options):
            return replace(tree, item=standing(item, here), options=options)
        case Call(arguments=arguments):
            return replace(tree, arguments=tuple(standing(argument, here) for argument in arguments))
    return tree


def _tested(tree: Tree, function: str, known: Literal | str | None) -> Tree:
    """``given(x)`` or ``blank(x)``, answered where ``x`` is certain."""
    if known is None:
        return tree
    value = known.value if isinstance(known, Literal) else known
    return Literal(function == "given" or is_blank(value), YES_NO)


def all_standing(trees: Iterable[Tree], here: Standing) -> tuple[Tree, ...]:
    """The trees where a deal stands, and that what nobody knows there is not known."""
    placed = tuple(standing(tree, here) for tree in trees)
    return (*placed, *dict.fromkeys(_not_known(placed, here.unknown)))


def _not_known(trees: Iterable[Tree], unknown: frozenset[str]) -> Iterator[Tree]:
    for node in (node for tree in trees for node in walk(tree)):
        if isinstance(node, ContextRef) and node.name in unknown:
            yield Not(Call("given", (node,), YES_NO))


def all_of(trees: Iterable[Tree]) -> Tree:
    """One condition that is true where all of them are."""
    parts = [part for tree in trees for part in (tree.parts if isinstance(tree, And) else (tree,))]
    if not parts:
        return Literal(value=True, type=YES_NO)
    return parts[0] if len(parts) == 1 else And(tuple(parts))
