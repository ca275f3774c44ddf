"""The JSON Schema of a plan of deals, and of what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.plan import Fate

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_YES_NO: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_DIGEST: Schema = {"type": "string", "description": "the SHA-256 of a definition's files"}
_FATE: Schema = {"enum": [fate.value for fate in Fate]}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TO_FILL_IN: Schema = {**_TEXT, "description": "to fill in where it is empty"}
_STEP = _object({"track": _TEXT, "from": _TEXT, "to": _TO_FILL_IN, "gone": _YES_NO})
_LINE: Mapping[str, Schema] = {
    "deal": _TEXT,
    "owner": _TEXT,
    "amount": {"type": ["number", "null"]},
    "version": {**_COUNT, "description": "the version that the deal is on"},
    "digest": _DIGEST,
    "length": {**_COUNT, "description": "how many entries the deal had when the plan was made"},
    "stage": _TEXT,
    "fate": _FATE,
    "to_stage": _TO_FILL_IN,
    "migrate": {**_YES_NO, "description": "false leaves the deal on its version"},
    "because": {**_TEXT, "description": "what whoever decided says of it; an end needs it"},
    "why": _TEXT,
    "candidates": _list(_object({"stage": _TEXT, "met": _COUNT, "of": _COUNT})),
    "tracks": _list(_STEP),
    "facts": {
        "type": "object",
        "additionalProperties": _TEXT,
        "description": "facts that change their name, old to new; empty: the version cannot read the value",
    },
}
PLAN: Mapping[str, Schema] = {
    "process": _TEXT,
    "version": _COUNT,
    "digest": _DIGEST,
    "made_at": {"type": "string", "format": "date-time", "description": "UTC"},
    "currency": _TEXT,
    "stages": {**_list(_TEXT), "description": "where a deal can come to"},
    "left_out": {**_list(_TEXT), "description": "deals that no line is about, and why"},
    "doubts": {**_list(_TEXT), "description": "deals of which a person may know better where they belong"},
    "lines": _list(_object(_LINE)),
}
APPLIED: Mapping[str, Schema] = {
    "process": _TEXT,
    "version": _COUNT,
    "digest": _DIGEST,
    "dry_run": _YES_NO,
    "migrated": _COUNT,
    "done_before": {**_COUNT, "description": "deals that came over by this plan before"},
    "left": {**_COUNT, "description": "deals that stay on their version"},
    "rows": _list(
        _object({**dict.fromkeys("deal from to why because".split(), _TEXT), "from_version": _COUNT, "fate": _FATE})
    ),
}
