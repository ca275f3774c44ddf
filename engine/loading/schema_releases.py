"""JSON Schema of ``released.yaml``: which versions of a process were released, and what they were then."""

from __future__ import annotations

from engine.loading.schema_parts import Schema, value

_DIGEST: Schema = {
    "type": "string",
    "title": "a digest",
    "pattern": "^[0-9a-f]{64}$",
    "description": "A digest has 64 of the signs 0-9 and a-f; 'stagewright release' writes it.",
    "examples": ["0" * 64],
}

_RELEASE: Schema = {
    "title": "release",
    "type": "object",
    "description": "What a version was when it was released.",
    "required": ["digest"],
    "additionalProperties": False,
    "properties": {
        "digest": {
            **_DIGEST,
            "description": "Of the process and its rule sets together; 'stagewright release' writes it.",
        },
        "date": value("When it was released, such as 2026-03-31."),
        "because": value("Why it was released."),
        "files": {
            "title": "file",
            "type": "object",
            "description": "Each file of the version by its path below the workspace, and its digest.",
            "additionalProperties": _DIGEST,
        },
    },
}

RELEASES: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "release",
    "description": "write VERSION: {digest: …, date: …, because: …}",
    "type": "object",
    "propertyNames": {"pattern": "^[1-9][0-9]{0,5}$", "description": "releases are listed by version: 1, 2, 3"},
    "additionalProperties": _RELEASE,
    "examples": [f"{{1: {{digest: {'0' * 64}, date: 2026-03-31, because: First version}}}}"],
}
