"""JSON Schema of a stage, and of what stages and actions share: what they ask, require and set."""

from __future__ import annotations

from engine.loading.schema_parts import (
    Schema,
    also_nothing,
    choice,
    condition,
    duration,
    keys,
    mapped,
    ref,
    share,
    text,
)

ASKED = ref("asks")
SETS = mapped(
    "expression",
    "Facts and the expressions that give their values.",
    condition("An expression."),
    examples=["{amount: 5000}"],
)

ASKS: Schema = {
    "type": ["string", "array"],
    "description": "Facts that must be known (or `note`, which must be written). An entry may carry a condition.",
    "examples": ["[amount]"],
    "items": {
        "type": ["string", "object"],
        "title": "entry of 'asks'",
        "description": "A fact, or a fact and the condition under which it is asked.",
        "minProperties": 1,
        "additionalProperties": condition("Asked only if this is true."),
        "examples": ["amount"],
    },
}

REQUIREMENTS: Schema = {
    "type": ["string", "number", "boolean", "array"],
    "description": "Requirements, each written out or the name of a rule.",
    "examples": ["[{must: amount > 0, says: Write down the amount}]"],
    "items": ref("requirement"),
}

_ALERT = {
    **keys(
        "alert",
        "After how long it is flagged.",
        {
            "after": duration("After how long it is flagged."),
            "unless": condition("A stall with a stated reason: where this is true, no alarm is raised."),
        },
        required=["after"],
    ),
    **duration("After how long it is flagged, or `after` and `unless`."),
    "type": ["string", "object"],
}

STAGE = also_nothing(
    keys(
        "stage",
        "Where a deal stands.",
        {
            "title": text("What people call it."),
            "ends": choice("An end, and of which kind; `other` is left out of the win rate.", ["won", "lost", "other"]),
            "probability": share("How likely a deal standing here is won."),
            "target": duration("How long a deal should stay at most."),
            "alert": _ALERT,
            "asks": ASKED,
            "stamps": {**SETS, "description": "Facts set once, on first reaching this stage or a later one."},
            "to_enter": {**REQUIREMENTS, "description": "What every move into this stage must meet."},
            "to_pass": {**REQUIREMENTS, "description": "What a forward move from this stage, or over it, must meet."},
        },
        examples=["{}"],
    )
)
