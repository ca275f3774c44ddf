"""The parts of a study's JSON document: sections of figures, and the flow between stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.study import Mark, Unit, Way

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": ["number", "null"]}


def _object(properties: Mapping[str, Schema]) -> Schema:
    shape: Schema = {"type": "object", "properties": dict(properties), "required": list(properties)}
    return {**shape, "additionalProperties": False}


_ESTIMATE: Schema = {
    **_object(dict.fromkeys(("value", "low", "high", "beyond"), _NUMBER)),
    "description": "a figure with its 90 % interval; value null: not reached, beyond then says how far was seen",
}
_FIGURE: Schema = {
    "anyOf": [{"type": ["string", "number", "boolean", "null"]}, _ESTIMATE],
    "description": "a share is a number from 0 to 1, days have a fraction, a time is UTC",
}
_COLUMN = {"id": _TEXT, "title": _TEXT, "unit": {"enum": [unit.value for unit in Unit]}}
_CHART = {
    "id": _TEXT,
    "title": _TEXT,
    "mark": {"enum": [mark.value for mark in Mark]},
    "labels": {**_TEXTS, "description": "the columns that name a row"},
    "series": {**_TEXTS, "description": "the columns that are drawn"},
    "split": {**_TEXT, "description": "the column that tells small pictures apart; empty: there is one picture"},
    "says": _TEXT,
}
_KEY_FIGURE = {
    "title": _TEXT,
    "figure": _FIGURE,
    "unit": {"enum": [unit.value for unit in Unit]},
    "says": _TEXT,
}
_SECTION = {
    "id": _TEXT,
    "title": _TEXT,
    "says": _TEXTS,
    "columns": {"type": "array", "items": _object(_COLUMN)},
    "rows": {"type": "array", "items": {"type": "object", "additionalProperties": _FIGURE}},
    "charts": {"type": "array", "items": _object(_CHART), "description": "what the page draws of the rows"},
    "notes": _TEXTS,
}
_NODE = {
    **dict.fromkeys(("stage", "title", "ends"), _TEXT),
    **dict.fromkeys(("deals", "visits", "open_deals"), _COUNT),
    "dwell_days": {"anyOf": [{"type": "null"}, _ESTIMATE]},
}
_EDGE = {
    "from_stage": {**_TEXT, "description": "empty at the start"},
    "to_stage": _TEXT,
    "way": {"enum": [way.value for way in Way]},
    **dict.fromkeys(("moves", "deals"), _COUNT),
    "share": {**_NUMBER, "description": "of all that left from_stage"},
    "days": _NUMBER,
}
_FAN = {
    **dict.fromkeys(("id", "title"), _TEXT),
    "unit": {"enum": [unit.value for unit in Unit]},
    "begin": {**_TEXT, "format": "date", "description": "the day at which all curves are at start"},
    "start": _NUMBER,
    "moments": {"type": "array", "items": {**_TEXT, "format": "date"}},
    "curves": {
        "type": "array",
        "items": _object({"share": {"type": "number"}, "values": {"type": "array", "items": _NUMBER}}),
        "description": "a quantile over simulated runs (share 0.9: P90), at each of moments",
    },
    "says": _TEXT,
}
_VALUE: Schema = {"type": ["string", "number", "boolean", "array", "null"]}

STUDY: Mapping[str, Schema] = {
    "title": _TEXT,
    "subject": _TEXT,
    "as_of": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "UTC; deals open then are counted as open",
    },
    "currency": _TEXT,
    "asked": {"type": "array", "items": _object({"name": _TEXT, "value": _VALUE})},
    "says": _TEXTS,
    "glance": {"type": "array", "items": _object(_KEY_FIGURE), "description": "figures that are read first"},
    "sections": {"type": "array", "items": _object(_SECTION)},
    "flow": {
        **_object(
            {
                "nodes": {"type": "array", "items": _object(_NODE)},
                "edges": {"type": "array", "items": _object(_EDGE)},
            }
        ),
        "type": ["object", "null"],
    },
    "fans": {"type": "array", "items": _object(_FAN), "description": "how figures may go on, in what is simulated"},
    "notes": _TEXTS,
}
