"""JSON Schema of ``people.yaml``: who has which role."""

from __future__ import annotations

from engine.loading.schema_parts import Schema, dash_id, keys, mapped, some, text

_ROLES = {
    **some(
        "The roles the person has. None: known, and may do nothing that needs a role.",
        {**dash_id("a role", "A role."), "examples": ["ae"]},
    ),
    "minItems": 0,
    "examples": ["[ae]"],
}

_PERSON = keys(
    "person",
    "The person's roles, as a list; or with a name and a team.",
    {
        "roles": _ROLES,
        "name": text("What people call the person."),
        "team": text("The team that the person's deals count for where figures are told by team."),
    },
    required=["roles"],
    examples=["[ae]"],
)

PEOPLE: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **keys(
        "people",
        "Who has which role.",
        {
            "people": {
                **mapped(
                    "person",
                    "Each person by the name given with --as, and their roles.",
                    {**_PERSON, "type": [*_ROLES["type"], "object"], "items": _ROLES["items"]},
                    examples=["{ana: [ae]}"],
                ),
                "minProperties": 1,
            },
        },
        required=["people"],
        examples=["{people: {ana: [ae]}}"],
    ),
}
