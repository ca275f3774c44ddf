"""What is written in a node, as the reader wants it; nothing where it is not so, for the shape check has told that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.model.errors import BadValue
from engine.model.names import DASH_ID, WORD_ID
from engine.model.syntax import PERCENT
from engine.model.values import parse_duration, parse_value

_NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z")


def scalar(node: Node | None) -> Scalar | None:
    """The node where it is a text that can be judged."""
    return node if isinstance(node, Scalar) and not node.spoiled and not node.empty else None


def text(node: Node | None) -> str:
    """The text, without blanks around it; empty where there is none."""
    found = scalar(node)
    return found.value.strip() if found else ""


def raw(node: Node | None) -> str:
    """The text as it is, blanks and all: the names of columns may have them."""
    found = scalar(node)
    return found.value if found else ""


def scalars(node: Node | None) -> tuple[Scalar, ...]:
    """One text or a list of them, as a list."""
    if isinstance(node, Items):
        return tuple(item for item in map(scalar, node.nodes) if item)
    found = scalar(node)
    return (found,) if found else ()


def texts(node: Node | None) -> tuple[str, ...]:
    """One text or a list of them, without blanks around them."""
    return tuple(one.value.strip() for one in scalars(node))


def nodes(node: Node | None) -> tuple[Node, ...]:
    """One thing or a list of them, as a list."""
    if node is None or (isinstance(node, Scalar) and scalar(node) is None):
        return ()
    return node.nodes if isinstance(node, Items) else (node,)


def pairs(node: Node | None) -> Iterator[tuple[Scalar, Node]]:
    """Keys and values; none where there are no keys."""
    if isinstance(node, Keyed):
        yield from node.pairs()


def named(node: Node | None, *, words: bool = False) -> Iterator[tuple[Scalar, Node]]:
    """Keys that can be ids, and their values; ``words``: ids of facts, tracks and metrics."""
    form = WORD_ID if words else DASH_ID
    for key, value in pairs(node):
        if form.match(key.value):
            yield key, value


def get(node: Node | None, key: str) -> Node | None:
    """The value of a key."""
    return node.get(key) if isinstance(node, Keyed) else None


def duration(node: Node | None) -> timedelta | None:
    """``30d``."""
    try:
        return parse_duration(text(node))
    except BadValue:
        return None


def percent(node: Node | None) -> Decimal | None:
    """``15%`` as 0.15."""
    try:
        value = parse_value(text(node), PERCENT)
    except BadValue:
        return None
    return value if isinstance(value, Decimal) else None


def number(node: Node | None) -> int | None:
    """A whole number from 1."""
    found = scalar(node)
    return int(found.value) if found and _NUMBER.match(found.value) else None
