"""Hostile text put into every field of a value, and what no output may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

HOSTILE = (
    '\x1b[2J\x1b]0;x\x07 "`|<b>&#64;%%{init}\n\r\t\u202e\u200b\u2066\x9b31m\ud800\ufeff\u2028\U000e0041$(rm) --> ]);\\N'
)

# Words that loading lets through only from a closed list.
_CLOSED = {"ends", "basis", "joined", "time_zone", "kind"}
_CLOSED_OF_ONE = {("Proof", "by")}


def spoiled(value: Any, text: str) -> Any:
    """The value with ``text`` behind every text in it, names and references alike, so that they still fit."""
    if isinstance(value, str):
        return value + text
    if isinstance(value, Enum):
        return value
    if isinstance(value, (tuple, frozenset)):
        return type(value)(spoiled(item, text) for item in value)
    if isinstance(value, Mapping):
        return {spoiled(key, text): spoiled(item, text) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        names = [
            field.name
            for field in fields(value)
            if field.name not in _CLOSED and (kind, field.name) not in _CLOSED_OF_ONE
        ]
        return replace(value, **{name: spoiled(getattr(value, name), text) for name in names})
    return value


def obeyed(output: str) -> set[str]:
    """The characters of an output that a terminal would obey or hide; line ends aside."""
    return {character for character in output if character != "\n" and _is_obeyed(character)}


def _is_obeyed(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and not _is_visible(character))


def _is_visible(character: str) -> bool:
    # Arabic, Syriac and Kaithi number and verse signs are format characters with a shape.
    return unicodedata.name(character, "").split()[0] in ("ARABIC", "SYRIAC", "KAITHI") and character != "\u061c"
