"""A document against a JSON Schema by ``jsonschema``: for files that are few and small, where its import may cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.loading import codes
from engine.loading.loaded import Findings
from engine.loading.nodes import Items, Keyed, Node

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+\Z")


def judge(root: Node, schema: dict[str, Any], found: Findings) -> None:
    """Adds a finding for each fault, at the node that has it."""
    from jsonschema import Draft7Validator

    for error in Draft7Validator(schema).iter_errors(as_json(root)):
        found.error(codes.WRONG_SHAPE, _node_at(root, error.absolute_path).at, error.message, schema["description"])


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


def _node_at(root: Node, path: Sequence[str | int]) -> Node:
    node = root
    for step in path:
        if isinstance(node, Keyed) and isinstance(step, str):
            node = node.entries[step][1]
        elif isinstance(node, Items) and isinstance(step, int):
            node = node.nodes[step]
    return node
