"""JSON Schema of a rule set, and of what it shares with a process: facts, tables, requirements, reasons."""

from __future__ import annotations

from engine.loading.schema_parts import (
    WORD,
    Schema,
    also_text,
    choice,
    condition,
    dash_id,
    keys,
    listed,
    mapped,
    named,
    ref,
    text,
    value,
    version,
)

FACT_TYPES = ("yes-no", "number", "money", "percent", "text", "choice", "date", "duration")

_WHEN = condition("A condition: this applies only if it is true.")

TABLE = keys(
    "decision table",
    "Rows of conditions; what the rows say is the value of the fact. Such a fact is reckoned, never recorded.",
    {
        "hit": choice(
            "Which row counts: the first that holds, the only one, or the sum of all.", ["first", "unique", "sum"]
        ),
        "rows": listed(
            "The rows, in order.",
            keys(
                "row",
                "Where `when` is true the table says `then`. No `when`: always.",
                {"when": _WHEN, "then": value("The value, of the type of the fact.")},
                required=["then"],
                examples=["{when: amount > 5000, then: 1}"],
            ),
            least=1,
        ),
    },
    required=["hit", "rows"],
    examples=["{hit: first, rows: [{when: amount > 5000, then: 1}, {then: 0}]}"],
)

FACT = keys(
    "fact",
    "A typed value known about a deal.",
    {
        "type": choice("What the fact holds.", FACT_TYPES),
        "title": text("What people call it."),
        "of": listed("The choices, where the type is choice.", text("A choice, as written."), least=1),
        "default": value("The value where nothing is recorded. Without it the fact is then unknown."),
        "table": ref("table"),
    },
    required=["type"],
    examples=["{type: money}"],
    **{
        "if": {"properties": {"type": {"const": "choice"}}, "required": ["type"]},
        "then": {"required": ["of"]},
        "else": {"not": {"type": "object", "required": ["of"]}},
        "not": {"type": "object", "required": ["default", "table"]},
    },
)

_REQUIREMENT_KEYS = {
    "when": _WHEN,
    "must": condition("A condition. The move is refused unless it is true."),
    "should": condition("A condition. Where it is not true the move is let through with a warning."),
    "says": text("The requirement in a sentence, as the seller reads it."),
    "fix": text("What to do to meet it."),
}
_REQUIRED = ["{must: amount > 0, says: Write down the amount}"]
_MUST_OR_SHOULD: Schema = {
    "required": ["says"],
    "anyOf": [{"required": ["must"]}, {"required": ["should"]}],
    "not": {"type": "object", "required": ["must", "should"]},
}

REQUIREMENT = also_text(
    keys(
        "requirement",
        "What a move must meet: a condition that says itself, or the name of a rule.",
        _REQUIREMENT_KEYS,
        examples=_REQUIRED,
        **_MUST_OR_SHOULD,
    )
)

REASON = also_text(
    keys(
        "reason",
        "A title, or a title and the group that reports gather it in.",
        {"title": text("The reason in words."), "group": text("The group that reports gather it in.")},
        required=["title"],
        examples=["Too expensive"],
    )
)

REASONS = named("reason", "Codes and what they mean.", ref("reason"), least=1, examples=["{price: Too expensive}"])

FACT_VALUES = mapped(
    "value",
    "Facts and their values.",
    value("The value, as the type of the fact has it."),
    examples=["{amount: 5000}"],
)

_RULE = keys(
    "rule",
    "A requirement with a name.",
    {
        **_REQUIREMENT_KEYS,
        "examples": keys(
            "examples",
            "Facts that pass, and facts that refuse. `check` tries them.",
            {
                "pass": listed("Each meets the rule.", FACT_VALUES),
                "refuse": listed("Each does not.", FACT_VALUES),
            },
            examples=["{pass: [{amount: 5000}], refuse: [{amount: 0}]}"],
        ),
    },
    examples=_REQUIRED,
    **_MUST_OR_SHOULD,
)

SHARED: dict[str, Schema] = {"table": TABLE, "fact": FACT, "requirement": REQUIREMENT, "reason": REASON}

RULE_SET: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **keys(
        "rule set",
        "Named rules, facts and lists of reasons, shared by processes.",
        {
            "ruleset": dash_id("the id of a rule set", "The name of the rule set, that of its folder."),
            "version": version("The version, that of the file name."),
            "title": text("What people call it."),
            "facts": named(
                "fact",
                "The facts that the rules look at. A process that uses the set has them.",
                ref("fact"),
                ids=WORD,
                examples=["{amount: {type: money}}"],
            ),
            "reasons": named(
                "list of reasons",
                "Lists of reasons, each with a name.",
                REASONS,
                examples=["{loss: {price: Too expensive}}"],
            ),
            "rules": named(
                "rule",
                "The rules, each with a name.",
                _RULE,
                examples=["{has-amount: {must: amount > 0, says: Write down the amount}}"],
            ),
        },
        required=["ruleset", "version"],
    ),
    "definitions": SHARED,
}
