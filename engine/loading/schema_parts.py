"""The words that the JSON Schemas are built from. No ``oneOf``: it turns a typo into "not valid under any".

``examples`` are written as they stand in a file; the first is what a finding proposes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = dict[str, Any]

SOMETHING = r"\S"
"""What a text that says something holds."""
DASH = "^[a-z0-9][a-z0-9-]*$"
WORD = "^[a-z_][a-z0-9_]*$"
DURATION_FORM = r"^\d{1,7}(min|h|d|w)$"
SHARE_FORM = r"^\+?0{0,15}(100(\.0{1,9})?|\d{1,2}(\.\d{1,9})?)%$"

_SCALAR = ["string", "number", "boolean"]


def value(description: str) -> Schema:
    """Any text, taken as written: ``010`` stays ``010``. It may be empty, if that is written: ``""``."""
    return {"type": list(_SCALAR), "description": description}


def text(description: str) -> Schema:
    """A text that says something."""
    return {"type": list(_SCALAR), "pattern": SOMETHING, "description": description}


def form(title: str, pattern: str, description: str, example: str) -> Schema:
    """A text of a form; ``title`` says what it is ("a duration")."""
    return {"type": "string", "title": title, "pattern": pattern, "description": description, "examples": [example]}


def dash_id(title: str, description: str) -> Schema:
    """An id of letters, digits and ``-``. It may look like a number to an editor."""
    return {"type": list(_SCALAR), "title": title, "pattern": DASH, "description": description, "examples": ["a-word"]}


def duration(description: str) -> Schema:
    """``30min``, ``12h``, ``30d`` or ``2w``."""
    return form("a duration", DURATION_FORM, f"{description} A number and min, h, d or w.", "30d")


def share(description: str) -> Schema:
    """``15%``, from 0% to 100%."""
    return form("a percent from 0% to 100%", SHARE_FORM, f"{description} A number and its sign.", "15%")


def condition(description: str) -> Schema:
    """An expression of the language of conditions; the language itself is checked elsewhere."""
    return {**value(description), "examples": ["amount >= 5000"]}


def yes_no(description: str) -> Schema:
    """``true`` or ``false``."""
    return {"type": "boolean", "description": description}


def choice(description: str, words: Sequence[str]) -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(words), "description": description}


def version(description: str) -> Schema:
    """A whole number from 1."""
    return {"type": "integer", "minimum": 1, "maximum": 999_999, "description": description}


def keys(
    title: str, description: str, properties: Mapping[str, Schema], *, required: Sequence[str] = (), **more: Any
) -> Schema:
    """A thing with known keys. ``title`` names it in messages ("stage")."""
    return {
        "type": "object",
        "title": title,
        "description": description,
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def named(title: str, description: str, each: Schema, *, ids: str = DASH, least: int = 0, **more: Any) -> Schema:
    """Ids and what they stand for. ``title`` names one of them."""
    signs = "'_', not starting with a digit" if ids == WORD else "'-'"
    return {
        "type": "object",
        "title": title,
        "description": description,
        "propertyNames": {"pattern": ids, "description": f"use lower case letters, digits and {signs}"},
        "additionalProperties": each,
        "minProperties": least,
        **more,
    }


def mapped(title: str, description: str, each: Schema, **more: Any) -> Schema:
    """Any keys, such as the names of columns, and what they stand for."""
    return {"type": "object", "title": title, "description": description, "additionalProperties": each, **more}


def listed(description: str, each: Schema, *, least: int = 0, **more: Any) -> Schema:
    """A list of things of one kind."""
    return {"type": "array", "description": description, "items": each, "minItems": least, **more}


def some(description: str, each: Schema) -> Schema:
    """One thing, or a list of them."""
    types = each["type"] if isinstance(each["type"], list) else [each["type"]]
    return {**each, "type": [*types, "array"], "description": description, "items": each, "minItems": 1}


def also_text(each: Schema) -> Schema:
    """A thing with keys, or in its stead a text."""
    return {**each, "type": [*_SCALAR, "object"]}


def also_nothing(each: Schema) -> Schema:
    """A thing that may be left empty."""
    types = each["type"] if isinstance(each["type"], list) else [each["type"]]
    return {**each, "type": [*types, "null"]}


def ref(name: str) -> Schema:
    """A thing defined once, below ``definitions``."""
    return {"$ref": f"#/definitions/{name}"}
