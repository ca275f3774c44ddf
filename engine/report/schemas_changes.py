"""The parts of the JSON document of ``diff``: each change, what shows it, and what it means for deals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.change import Level, Relation, Subject
from engine.report.schemas_study import STUDY

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(properties: Mapping[str, Schema]) -> Schema:
    shape: Schema = {"type": "object", "properties": dict(properties), "required": list(properties)}
    return {**shape, "additionalProperties": False}


_PLACE: Schema = {
    **_object({"file": _TEXT, "line": {**_COUNT, "description": "from 1; 0: the file as a whole"}, "column": _COUNT}),
    "type": ["object", "null"],
    "description": "null: this side does not have it",
}
_FACTS: Schema = {
    "type": ["object", "null"],
    "additionalProperties": {"type": ["string", "number", "boolean", "array", "null"]},
    "description": "facts of a smallest deal; empty: nothing is known of it; null: there is none, or none was found",
}
_PROOF: Schema = {
    **_object(
        {
            "relation": {"enum": [relation.value for relation in Relation]},
            "by": {"enum": ["", "proof", "form", "search"], "description": "empty: nobody can tell"},
            "refused": _FACTS,
            "allowed": _FACTS,
        }
    ),
    "type": ["object", "null"],
    "description": "how two conditions compare, and deals that passed before or pass now alone",
}
_CHANGE = {
    "code": _TEXT,
    "level": {"enum": [level.value for level in Level]},
    "subject": {"enum": [subject.value for subject in Subject]},
    "track": _TEXT,
    "thing": {**_TEXT, "description": "the id of what changed, what holds it before it: send-proposal/requires/1"},
    "says": _TEXT,
    "old": _PLACE,
    "new": _PLACE,
    "before": {**_TEXT, "description": "how it was written"},
    "after": {**_TEXT, "description": "how it is written"},
    "proof": _PROOF,
}

CHANGES: Mapping[str, Schema] = {
    "kind": {"enum": ["process", "rule set"]},
    "old": _TEXT,
    "new": _TEXT,
    "counts": _object({level.value: _COUNT for level in Level}),
    "used_by": {**_TEXTS, "description": "of a rule set: the processes that use either version"},
    "changes": {"type": "array", "items": _object(_CHANGE), "description": "worst first"},
    "unread": {**_TEXTS, "description": "what could not be read or compared; then no change is not 'nothing changed'"},
    "currency": _TEXT,
    "impact_says": _TEXTS,
    "impact": {**STUDY["sections"], "description": "what it means for the deals that were looked at"},
    "next_steps": _TEXTS,
}
