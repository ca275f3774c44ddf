"""A document as an editor reads it, for ``jsonschema`` to judge."""

from __future__ import annotations

import re
from typing import Any

from engine.loading.nodes import Items, Keyed, Node

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+\Z")


def as_json(node: Node) -> Any:
    """The document as an editor reads it: plain whole and decimal numbers, true and false are no text."""
    if isinstance(node, Keyed):
        return {key.value: as_json(value) for key, value in node.pairs()}
    if isinstance(node, Items):
        return [as_json(one) for one in node.nodes]
    if node.empty:
        return None
    if node.style:
        return node.value
    if node.value in ("true", "false"):
        return node.value == "true"
    if _INTEGER.match(node.value):
        return int(node.value)
    return float(node.value) if _DECIMAL.match(node.value) else node.value
