"""JSON Schema of what is watched and measured: clocks, metrics, and the stories of examples."""

from __future__ import annotations

from collections.abc import Sequence

from engine.loading.schema_parts import (
    Schema,
    choice,
    condition,
    duration,
    keys,
    listed,
    some,
    text,
    yes_no,
)
from engine.loading.schema_rules import FACT_VALUES
from engine.model.metric import STATS

CLOCK = keys(
    "clock",
    "A limit on time in a stage (`stays`) or without activity (`idle`).",
    {
        "in": some("The stages it runs in: stages, groups, or `open`.", text("A stage, a group, or `open`.")),
        "track": text("The track whose stages those are. Absent: the main one."),
        "when": condition("It runs only for deals of which this is true."),
        "idle": duration("Limit since the last activity."),
        "stays": duration("Limit since the stage was entered."),
        "warn": duration("When to warn, counted from the same start."),
        "activity": some("Facts whose recording counts as activity, beside moves and touchpoints.", text("A fact.")),
        "then": text("The action that is then done."),
        "reason": text("The reason it is given."),
    },
    required=["in"],
    examples=["{in: open, idle: 30d}"],
    anyOf=[{"required": ["idle"]}, {"required": ["stays"]}],
    **{"not": {"type": "object", "required": ["idle", "stays"]}},
)

METRIC_KINDS = ("ratio", "count", "sum", "conversion", "dwell", "elapsed", "derived")
DEAL_WORDS = ("started", "open", "closed", "won", "lost", "other")
MOMENTS = ("started", "closed")

_DEALS: Schema = {
    "type": ["string", "boolean", "object"],
    "title": "count",
    "description": f"Which deals: {', '.join(DEAL_WORDS)}, a condition, or `count` and the date `by` which they count.",
    "properties": {
        "count": condition("Which deals."),
        "by": text("The date by which they count: started_at, closed_at, or a date fact."),
    },
    "required": ["count"],
    "examples": ["won"],
    "additionalProperties": False,
}
_MOMENT: Schema = {
    "type": ["string", "object"],
    "title": "moment",
    "description": "When: started, closed, a stage entered, or the first of some touchpoints, actions or a date fact.",
    "properties": {
        "stage": some("When the first of these stages was entered.", text("A stage.")),
        "reached": some("When one of these stages or a later one was first entered.", text("A stage.")),
        "touchpoint": some("The first of these touchpoints.", text("A touchpoint.")),
        "action": some("The first of these actions.", text("An action.")),
        "fact": text("A fact that holds a date."),
    },
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
    "examples": ["started"],
}


def _needs(kind: str, required: Sequence[str], optional: Sequence[str] = ()) -> Schema:
    # What is derived is of figures, and has no deals of its own.
    where = [] if kind == "derived" else ["where"]
    known = ["type", "title", *where, *required, *optional]
    return {
        "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
        "then": {"required": list(required), "propertyNames": {"enum": known}},
    }


METRIC = keys(
    "metric",
    "A declared measure.",
    {
        "type": choice("What is reckoned.", METRIC_KINDS),
        "title": text("What people call it."),
        "numerator": _DEALS,
        "denominator": _DEALS,
        "of": condition("What is summed, which deals are counted, or the formula of a derived metric."),
        "by": text("The date by which deals fall into a period: started_at, closed_at, or a date fact."),
        "where": condition("Only these deals: one of the words, or a condition."),
        "from": _MOMENT,
        "to": _MOMENT,
        "within": duration("Only within this time."),
        "stage": some("The stages.", text("A stage.")),
        "stats": listed("What is told of the times.", choice("A statistic.", STATS), least=1, examples=["[mean, p90]"]),
    },
    required=["type"],
    examples=["{type: count, of: won}"],
    allOf=[
        _needs("ratio", ["numerator", "denominator"], ["by"]),
        _needs("count", [], ["of", "by"]),
        _needs("sum", ["of"], ["by"]),
        _needs("conversion", ["from", "to"], ["within", "by"]),
        _needs("dwell", ["stage"], ["stats"]),
        _needs("elapsed", ["from", "to"], ["stats", "by"]),
        _needs("derived", ["of"]),
    ],
)

_AFTER = duration("The time that passes first.")
_ROLE = text("The role of who does it.")

_MOVE: Schema = {
    **keys(
        "move",
        "An action done to the deal, and what comes of it.",
        {
            "to": text("The stage it leads to, where there are several."),
            "reason": text("The reason given."),
            "note": text("The note given."),
            "role": _ROLE,
            "facts": {**FACT_VALUES, "description": "Facts given with the move."},
            "after": _AFTER,
            "override": yes_no("Requirements are waived."),
            "refused": {
                "type": ["boolean", "string", "array"],
                "description": "It must be refused: by these requirements, or true: by whatever.",
                "items": text("A requirement, or a kind of requirement such as asks."),
                "examples": ["[asks]"],
                "minItems": 1,
            },
            "stage": text("Where the deal must then stand."),
            "knows": {**FACT_VALUES, "description": "What must then be known: these facts, with these values."},
        },
        examples=["{role: rep}"],
    ),
    "type": ["object", "null"],
}

STEP: Schema = {
    "type": ["string", "object"],
    "title": "step",
    "description": "An action; or one of record, touch, approve, tick.",
    "examples": ["sign"],
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {
        "record": {**FACT_VALUES, "description": "Facts that become known."},
        "touch": {
            "type": ["string", "number", "boolean", "object"],
            "title": "touch",
            "description": "A contact with the customer.",
            "properties": {"touchpoint": text("The touchpoint."), "after": _AFTER},
            "required": ["touchpoint"],
            "examples": ["call"],
            "additionalProperties": False,
        },
        "approve": keys(
            "approval",
            "Someone approves an action.",
            {"action": text("The action."), "role": _ROLE, "after": _AFTER},
            required=["action"],
            examples=["{action: sign, role: manager}"],
        ),
        "tick": keys(
            "tick",
            "Time passes, and clocks do what is due.",
            {
                "after": _AFTER,
                "stage": text("Where the deal must then stand."),
                "warned": listed("The clocks that warn, or whose limit passes, and no others.", text("A clock.")),
            },
            required=["after"],
            examples=["{after: 61d, stage: lost}"],
        ),
    },
    "additionalProperties": _MOVE,
}

STORY = keys(
    "example",
    "A short story of a deal.",
    {
        "title": text("What it shows."),
        "facts": {**FACT_VALUES, "description": "Facts known at the start."},
        "moves": listed("What is done, in order.", STEP),
    },
    examples=["{moves: [sign]}"],
)

__all__ = ["CLOCK", "DEAL_WORDS", "METRIC", "METRIC_KINDS", "MOMENTS", "STORY"]
