"""JSON Schema of the versions of a process and of its commits, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.change import Level

_TEXT = {"type": "string"}
_MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
_CHANGES = {
    level.value: {**_MAYBE_COUNT, "description": "how many changes of this level; null: nothing to compare with"}
    for level in Level
}
FILES = ("as released", "changed since", "not released", "missing", "has errors")
"""What can have become of the file of a version."""

_VERSION = {
    "version": {"type": "integer", "minimum": 1},
    "released": {**_TEXT, "description": "the day; empty: not released"},
    "because": {**_TEXT, "description": "why the version was made"},
    "released_because": {**_TEXT, "description": "why it was released"},
    **_CHANGES,
    "open_deals": {**_MAYBE_COUNT, "description": "null: there is no journal"},
    "file": {"enum": list(FILES)},
}
_COMMIT = {
    "commit": _TEXT,
    "at": {"type": "string", "format": "date-time", "description": "UTC"},
    "author": _TEXT,
    "subject": _TEXT,
    "file": {**_TEXT, "description": "from the top of the repository"},
    **_CHANGES,
    "against": {**_TEXT, "description": "what the changes are against; empty: nothing"},
    "problem": {**_TEXT, "description": "why there are no changes; empty: there are, or there was nothing before"},
}


def _table(columns: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    row = {"type": "object", "properties": columns, "required": list(columns), "additionalProperties": False}
    listed = {"type": "array", "items": _TEXT}
    return {"title": _TEXT, "columns": listed, "rows": {"type": "array", "items": row}, "notes": listed}


VERSIONS = _table(_VERSION)
COMMITS = _table(_COMMIT)
