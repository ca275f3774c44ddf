"""Stages of the version before that become one: whether they had asked for the same."""

from __future__ import annotations

from itertools import groupby

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Items, Node, Scalar

_ASKED = ("to_enter", "to_pass", "asks")

Plain = str | tuple["Plain", ...]


def check_merged(mapped: Node | None, before: Node | None, found: Findings) -> None:
    """Warns where what one of the stages asked for the other did not; ``mapped`` is ``stages`` of ``follows``.

    A stage that is split is left out: its conditions already say that its deals are not all alike.
    """
    whole = [(key, written.text(value)) for key, value in written.pairs(mapped) if isinstance(value, Scalar)]
    stages = {key.value: value for key, value in written.pairs(before)}
    for target, keys in groupby(sorted(whole, key=lambda one: one[1]), key=lambda one: one[1]):
        # One that keeps its id is put together with those that take it on.
        first = target if target in stages else ""
        for key, _ in keys:
            if key.value not in stages or key.value == first:
                continue
            first = first or key.value
            apart = [name for name in _ASKED if _asked(stages[first], name) != _asked(stages[key.value], name)]
            if apart:
                message = f"'{first}' and '{key.value}' become one stage, and differ in {' and '.join(apart)}"
                hint = f"see what '{target}' now asks of deals from either; diff tells it"
                found.warning(codes.MERGED_APART, key.at, message, hint)


def _asked(stage: Node, name: str) -> frozenset[Plain]:
    return frozenset(_plain(one) for one in written.nodes(written.get(stage, name)))


def _plain(node: Node) -> Plain:
    """What is written, without places; the order of keys is none."""
    if isinstance(node, Scalar):
        return " ".join(node.value.split())
    if isinstance(node, Items):
        return tuple(_plain(one) for one in node.nodes)
    return tuple(sorted(((key.value, _plain(value)) for key, value in written.pairs(node)), key=repr))
