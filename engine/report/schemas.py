"""The JSON Schema (draft-07) of each kind of JSON document that the program prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.model.alarm import AlarmKind
from engine.model.decision import About, Result
from engine.model.entry import EntryKind
from engine.model.errors import UnknownName
from engine.model.finding import Severity
from engine.model.names import did_you_mean
from engine.model.rule import Force
from engine.report.schemas_changes import CHANGES
from engine.report.schemas_draft import DRAFT
from engine.report.schemas_plan import APPLIED, PLAN
from engine.report.schemas_study import STUDY
from engine.report.schemas_versions import COMMITS, VERSIONS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_YES_NO: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MAYBE: Schema = {"type": ["string", "null"]}
_TIME: Schema = {
    "type": "string",
    "format": "date-time",
    "description": "UTC, such as 2026-03-31T14:05:00Z",
}
_MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time", "description": "UTC"}
_SPAN: Schema = {"type": "string", "description": "a duration such as 90min, 12h or 30d"}
_CELL: Schema = {"type": ["string", "number", "boolean", "null"]}
_VALUE: Schema = {
    "type": ["string", "number", "boolean", "array", "null"],
    "description": "a value; a percent is its share (15% is 0.15), a day or a duration is text, null is unknown",
}


def schema(kind: str) -> Schema:
    """The schema of ``stagewright/<kind>/1``. Raises ``UnknownName``."""
    if kind not in _PARTS:
        raise UnknownName(f"there is no kind of document '{kind}'", hint=did_you_mean(kind, KINDS))
    title, parts = _PARTS[kind]
    name: Schema = {"const": f"stagewright/{kind}/1", "description": "the kind of document and the version of its form"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        **_object({"schema": name, **parts}),
    }


def _object(properties: Mapping[str, Schema], *, also: Schema | None = None) -> Schema:
    shape: Schema = {"type": "object", "properties": dict(properties), "required": list(properties)}
    return {**shape, "additionalProperties": also or False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _choice(words: Sequence[str]) -> Schema:
    return {"enum": list(words)}


def _table(columns: Mapping[str, Schema], *, also: Schema | None = None) -> Schema:
    """The parts of a document that is a table."""
    return {
        "title": _TEXT,
        "columns": _list(_TEXT),
        "rows": _list(_object(columns, also=also)),
        "notes": _list(_TEXT),
    }


_FINDING = {
    "code": _TEXT,
    "severity": _choice([severity.value for severity in Severity]),
    "file": _TEXT,
    "line": {**_COUNT, "description": "from 1; 0: the file as a whole"},
    "column": {**_COUNT, "description": "from 1, in characters"},
    "message": _TEXT,
    "hint": _TEXT,
    "source": {**_TEXT, "description": "the line of the file, as written"},
}
_CLAUSE = {
    "text": _TEXT,
    "holds": {"type": ["boolean", "null"], "description": "null: unknown"},
    "seen": _list(_object({"name": _TEXT, "value": _VALUE})),
    "depth": _COUNT,
    "joined": {"enum": ["", "all", "any"]},
}
_VERDICT = {
    "requirement": _TEXT,
    "about": _choice([about.value for about in About]),
    "verdict": _choice([result.value for result in Result]),
    "force": _choice([force.value for force in Force]),
    "says": _TEXT,
    "needs": _TEXT,
    "fix": _TEXT,
    "who": {**_list(_TEXT), "description": "roles that can mend it; empty: anyone"},
    "missing": _list(_TEXT),
    "rule": _TEXT,
    "clauses": _list(_object(_CLAUSE)),
}
_FACTS: Schema = {"type": "object", "additionalProperties": _VALUE}
_DECISION: Mapping[str, Schema] = {
    "allowed": _YES_NO,
    "action": _TEXT,
    "track": _TEXT,
    "from": _TEXT,
    "to": _TEXT,
    "actor": _TEXT,
    "role": _TEXT,
    "reason": _TEXT,
    "note": _TEXT,
    "override": _YES_NO,
    "outcome": _TEXT,
    "facts": _FACTS,
    "verdicts": _list(_object(_VERDICT)),
}
_AFTER: Mapping[str, Schema] = {
    "followed": _list(
        _object({**dict.fromkeys("action track from to process reason".split(), _TEXT), "version": _COUNT})
    ),
    "started": _list(_object({**dict.fromkeys("deal process stage".split(), _TEXT), "version": _COUNT})),
}
_DEAL: Mapping[str, Schema] = {
    "deal": _MAYBE,
    "process": _MAYBE,
    "version": {"type": ["integer", "null"]},
    "stage": _MAYBE,
}
_ENTRY: Mapping[str, Schema] = {
    "sequence": _COUNT,
    "kind": _choice([kind.value for kind in EntryKind]),
    "happened_at": _TIME,
    "recorded_at": _TIME,
    "undated": _YES_NO,
    "deviating": _YES_NO,
    "process": _TEXT,
    "version": _COUNT,
    "digest": _TEXT,
    "override": _YES_NO,
    "facts": _FACTS,
    "renamed": {
        "type": "object",
        "additionalProperties": _TEXT,
        "description": "of a migration: what the deal's past is called since, such as stages/demo to meeting",
    },
    "verdicts": _list(_object(_VERDICT)),
    **dict.fromkeys("actor role track action from to to_title outcome reason reason_title".split(), _TEXT),
    **dict.fromkeys("note touchpoint approval owner key written_by".split(), _TEXT),
    "alarm": {
        **_object({"clock": _TEXT, "kind": _choice([kind.value for kind in AlarmKind]), "since": _TIME}),
        "type": ["object", "null"],
        "description": "what a clock did, and from when it counted",
    },
}
_RECORDED: Mapping[str, Schema] = {
    "sequence": _COUNT,
    "kind": _ENTRY["kind"],
    "happened_at": _TIME,
    **dict.fromkeys("action to touchpoint approval owner note actor role".split(), _TEXT),
    "facts": _FACTS,
}
_STORY: Mapping[str, Schema] = {
    **_DEAL,
    "title": _TEXT,
    "time_zone": _TEXT,
    "outcome": _TEXT,
    "owner": _TEXT,
    "started_at": _MAYBE_TIME,
    "closed_at": _MAYBE_TIME,
    "notes": _list(_TEXT),
    "rows": _list(_object(_ENTRY)),
}
_DEALS: Mapping[str, Schema] = {
    "deal": _TEXT,
    "process": _TEXT,
    "version": _COUNT,
    "stage": _TEXT,
    "outcome": _TEXT,
    "owner": _TEXT,
    "started_at": _MAYBE_TIME,
    "in_stage": {**_SPAN, "type": ["string", "null"]},
    "late": _choice(["", "target", "alert"]),
    "closed_at": _MAYBE_TIME,
}
_IMPORT: Mapping[str, Schema] = {
    **dict.fromkeys("rows_read deals moves continued known deviating unknown undated".split(), _COUNT),
    **dict.fromkeys("refused conflicting left_out_rows repeated_rows bad_cells".split(), _COUNT),
    "stages": {"type": "object", "additionalProperties": _COUNT},
    "unread": _list(_TEXT),
    "unclear": _list(_object({"requirement": _TEXT, "moves": _COUNT})),
    "broken": _list(_object({"requirement": _TEXT, "moves": _COUNT})),
    "left_out": _list(_object({"row": _COUNT, "deal": _TEXT, "message": _TEXT})),
    "rows": _list(_object(dict.fromkeys("cell column value message hint deal".split(), _TEXT))),
}
_HEX: Schema = {"type": "string", "pattern": "^[0-9a-f]+$"}
_HEAD: Schema = {
    "type": "array",
    "items": [_TEXT, {**_COUNT, "minimum": 1}, _HEX],
    "minItems": 3,
    "maxItems": 3,
    "description": "a deal, the number of its last entry, and that entry's hash",
}
_SEAL: Mapping[str, Schema] = {
    "journal": {**_HEX, "description": "the name of the journal"},
    "sealed_at": _TIME,
    "deals": _COUNT,
    "entries": _COUNT,
    "heads": _list(_HEAD),
    "signed": _choice(["sha256", "hmac-sha256"]),
    "signature": {**_HEX, "description": "of the line up to here, without the comma before this key"},
}
_OUTLINE: Mapping[str, Schema] = {
    "process": _TEXT,
    "version": _COUNT,
    "title": _TEXT,
    "because": _TEXT,
    "rows": _list(
        _object(
            {
                "section": _TEXT,
                "cells": _list(_TEXT),
                "details": _list(_object({"label": _TEXT, "text": _TEXT, "aside": _TEXT, "depth": _COUNT})),
            }
        )
    ),
}

_TICK: Mapping[str, Schema] = {
    **dict.fromkeys("deal process owner stage clock action from to reason followed problem".split(), _TEXT),
    "version": _COUNT,
    "came": _choice(["warned", "limit passed", "moved", "refused", "still refused", "ahead", "busy", "failed"]),
    "due_at": _MAYBE_TIME,
}

_MAP = {
    "name": _TEXT,
    "yaml": {**_TEXT, "description": "the map file, whole"},
    "says": _list(_TEXT),
    "rows": _list(_object({"line": _TEXT, "because": _TEXT, "check": _YES_NO})),
}

_PARTS: Mapping[str, tuple[str, Mapping[str, Schema]]] = {
    "findings": (
        "Findings of check",
        {"files_checked": _COUNT, "errors": _COUNT, "warnings": _COUNT, "rows": _list(_object(_FINDING))},
    ),
    "decision": ("The verdict on a move", {**_DEAL, **_DECISION, **_AFTER}),
    "options": ("What can be done with a deal", {**_DEAL, "rows": _list(_object(_DECISION))}),
    "story": ("The story of a deal", _STORY),
    "outline": ("A process in plain words", _OUTLINE),
    "recorded": ("What was recorded about a deal", {**_DEAL, "rows": _list(_object(_RECORDED))}),
    "deals": ("Deals and where they stand", _table(_DEALS, also=_VALUE)),
    "import": ("What an import brought in", _IMPORT),
    "map": ("A map proposed for a file", _MAP),
    "verify": ("What does not fit in a journal", _table({"deal": _TEXT, "sequence": _COUNT, "message": _TEXT})),
    "seal": ("Where every deal of a journal ended when it was sealed", _SEAL),
    "tick": ("What clocks did", _table(_TICK)),
    "doctor": (
        "What doctor looked at",
        _table({"what": _TEXT, "health": _choice(["ok", "note", "wrong"]), "found": _TEXT, "fix": _TEXT}),
    ),
    "fit": ("What a scenario learnt from history: a study of it, section by section", STUDY),
    "simulate": ("What will happen: a study of simulated runs, section by section", STUDY),
    "simulate-against": ("What differs between two simulations with the same luck: a study, section by section", STUDY),
    "review": ("How deals went: a study of them, section by section", STUDY),
    "measure": ("What deals came to: figures with their intervals, section by section", STUDY),
    "draft": ("A process drafted from deals that happened", DRAFT),
    "replay": ("What a version says of past moves: a study of them, section by section", STUDY),
    "conform": ("How far deals keep to a process: a study of them, section by section", STUDY),
    "accelerate": ("What would make a process faster: a study of deals or of simulated changes, in sections", STUDY),
    "diff": ("What differs between two versions of a process or of a rule set", CHANGES),
    "versions": ("The versions of a process, and what each changed", VERSIONS),
    "commits": ("The commits that touched a process, and what each changed", COMMITS),
    "plan": ("How open deals come to another version of their process", PLAN),
    "applied": ("What came of a plan", APPLIED),
    "table": ("Any other table", _table({}, also=_CELL)),
}

KINDS = tuple(_PARTS)
