"""A comma inside ``{…}`` that ended a value too early: what is told of it, and how the whole is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.loading.meant import in_flow
from engine.loading.nodes import Node, Scalar

_WORD = re.compile(r"[\w-]+\Z")
_NO_LIST = re.compile(r"[()\[\]{}\"'<>=]")
_LISTS = frozenset(
    {"from", "to", "by", "of", "asks", "requires", "to_enter", "to_pass", "in", "touchpoints", "activity"}
)
TEXT_KEYS = frozenset({"title", "says", "fix", "because", "note", "must", "should", "when", "then", "default", "where"})
"""Keys whose value is one text, or one condition, and never has keys of its own."""
_MOST = 8


def comma_told(keys: Sequence[str], after: str, value: Node | None) -> tuple[str, str]:
    """Message and hint for ``keys`` without values that follow the key ``after`` and its value."""
    shown = [f"'{key}'" for key in keys[:_MOST]]
    names = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    message = f"{names} {'has' if len(keys) == 1 else 'have'} no value: inside {{…}} a comma starts a new key"
    parts = [*([value.value] if isinstance(value, Scalar) else []), *keys]
    whole = f"[{', '.join(map(in_flow, parts))}]" if len(parts) <= _MOST else "[…]"
    if not after:
        return message, f"write {whole} for a list, or '{keys[0]}: …'"
    quotes = f"put the whole value of '{after}' in quotes if the comma belongs to it"
    if isinstance(value, Scalar) and _is_list(after, parts):
        return message, f"write {after}: {whole}" + ("" if after in _LISTS else f", or {quotes}")
    return message, f"write '{keys[0]}: …', or {quotes}"


def _is_list(after: str, parts: Sequence[str]) -> bool:
    """Whether the parts are rather a list without its brackets than one text."""
    if after in TEXT_KEYS or any(_NO_LIST.search(part) for part in parts):
        return False
    return after in _LISTS or all(_WORD.match(part) for part in parts)
