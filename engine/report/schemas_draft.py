"""The parts of a draft's JSON document: the text of the file, what it rests on, and its score card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_PLACE: Schema = {"type": "array", "items": _TEXT, "description": "the keys that lead to a place in the process"}


def _objects(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "array", "items": _object(properties)}


def _object(properties: Mapping[str, Schema]) -> Schema:
    shape: Schema = {"type": "object", "properties": dict(properties), "required": list(properties)}
    return {**shape, "additionalProperties": False}


DRAFT: Mapping[str, Schema] = {
    "process": _TEXT,
    "source": _TEXT,
    "as_of": {"type": ["string", "null"], "format": "date-time", "description": "UTC; deals open then count as open"},
    "deals": _COUNT,
    "closed": _COUNT,
    "text": {**_TEXT, "description": "the file, in YAML"},
    "told": {
        "type": "array",
        "items": _TEXT,
        "description": "what was refreshed, kept and added in a file that was there, and what was not written",
    },
    "evidence": _objects(
        {
            "place": _PLACE,
            "says": _TEXT,
            "n": _COUNT,
            "of": {**_COUNT, "description": "what n is a part of; 0: n is a count alone"},
        }
    ),
    "remarks": _objects({"place": _PLACE, "topic": _TEXT, "says": _TEXT}),
    "card": _object(
        {
            "learnt": _COUNT,
            "judged": _COUNT,
            "apart": {"type": "boolean", "description": "learnt from earlier deals, judged on later ones"},
            "notes": {"type": "array", "items": _TEXT, "description": "what to know before the figures are trusted"},
            "scores": _objects(
                {
                    "name": _TEXT,
                    **dict.fromkeys(("stages", "actions", "moves"), _COUNT),
                    **dict.fromkeys(("fitness", "precision", "perfect"), _SHARE),
                }
            ),
        }
    ),
}
