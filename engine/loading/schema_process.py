"""JSON Schema of a process file: the top, the stages, the actions, the tracks."""

from __future__ import annotations

from engine.loading.schema_measures import CLOCK, METRIC, STORY
from engine.loading.schema_parts import (
    WORD,
    Schema,
    also_nothing,
    condition,
    dash_id,
    duration,
    form,
    keys,
    listed,
    mapped,
    named,
    ref,
    some,
    text,
    version,
    yes_no,
)
from engine.loading.schema_rules import REASONS, SHARED
from engine.loading.schema_stages import ASKED, ASKS, REQUIREMENTS, SETS, STAGE

_STAGE_NAME = {**text("A stage, a group of stages, or `open`."), "examples": ["lead"]}
_ROLE = {**text("A role."), "examples": ["rep"]}
_APPROVAL = keys(
    "approval",
    "Someone other than the mover must agree.",
    {
        "by": some("The roles that may approve.", _ROLE),
        "when": condition("Needed unless this is false."),
        "says": text("Why it is needed, in a sentence. Default: approved by its roles."),
        "lasts": duration("How long an approval holds."),
    },
    required=["by"],
    examples=["{by: manager, says: Agreed by the manager}"],
)

_START = keys(
    "start",
    "A deal of another process that this action starts.",
    {
        "process": dash_id("the id of a process", "The process of the new deal."),
        "when": condition("Started only if this is true."),
        "sets": {**SETS, "description": "What the new deal knows; nothing else is carried over."},
    },
    required=["process"],
    examples=["{process: renewals}"],
)

ACTION_VARIANT = keys(
    "action",
    "What advances a deal from a stage to a stage.",
    {
        "title": text("What people call it."),
        "from": some("The stages it starts from: stages, groups, or `open`.", _STAGE_NAME),
        "to": some(
            "Where it leads: stages, `later`, `earlier`, `previous`, or another process (`renewals/onboarding`).",
            text("A stage, or `later`, `earlier`, `previous`."),
        ),
        "by": some("The roles that may do it. Absent: those of the process.", _ROLE),
        "touchpoint": text("Doing it is this contact with the customer."),
        "asks": ASKED,
        "requires": {**REQUIREMENTS, "description": "What this action must meet."},
        "reasons": {
            **REASONS,
            "type": ["string", "object"],
            "description": "The reasons to choose from, or the name of a shared list.",
        },
        "approval": some("Who else must agree.", _APPROVAL),
        "sets": {**SETS, "description": "Facts set every time it is done."},
        "auto": yes_no("The engine does it as soon as `when` is true."),
        "reason": text("The reason that the engine gives where it does it: one of `reasons`. Only with `auto: true`."),
        "when": condition("The action applies only if this is true."),
        "drops": some("Facts that a hand-over to another process leaves behind knowingly.", text("A fact.")),
        "starts": some("Deals of other processes that it starts.", _START),
    },
    required=["from", "to"],
    examples=["{from: lead, to: won}"],
    **{
        "if": {"properties": {"auto": {"const": True}}, "required": ["auto"]},
        "then": {"required": ["when"]},
    },
)

ACTION = {
    **ACTION_VARIANT,
    "type": ["object", "array"],
    "items": ref("variant"),
    "minItems": 1,
    "description": "What advances a deal; a list of variants is tried in order, each with its `when`.",
}

_ALWAYS = {**REQUIREMENTS, "description": "What every move of the track must meet."}

TRACK = keys(
    "track",
    "A second state of the same deal, beside the main one.",
    {
        "title": text("What people call it."),
        "stages": named(
            "stage",
            "The stages, in order; a deal starts in the first.",
            ref("stage"),
            least=1,
            examples=["{asked: {}, agreed: {ends: other}}"],
        ),
        "actions": named(
            "action", "The actions between them.", ref("action"), examples=["{agree: {from: asked, to: agreed}}"]
        ),
        "always": _ALWAYS,
    },
    required=["stages"],
    examples=["{stages: {asked: {}, agreed: {ends: other}}}"],
)

_RENAMED = mapped(
    "new id", "Old ids and what they are called now.", text("The id in this version."), examples=["{old: new}"]
)

FOLLOWS = keys(
    "follows",
    "What became of the version before; what keeps its id needs no line.",
    {
        "version": version("The version before."),
        "stages": mapped(
            "new stage",
            "Old stages and what they are called now; a split lists targets with `when`.",
            {
                "type": ["string", "number", "array"],
                "title": "new stage",
                "description": "The stage in this version, or several with conditions.",
                "minItems": 1,
                "items": keys(
                    "target",
                    "One stage that deals go to; the first whose `when` is true, or that has none.",
                    {"to": text("The stage in this version."), "when": condition("Which deals.")},
                    required=["to"],
                    examples=["{to: lead, when: amount > 0}"],
                ),
            },
            examples=["{old: new}"],
        ),
        "actions": _RENAMED,
        "facts": _RENAMED,
        "reasons": _RENAMED,
    },
    required=["version"],
    examples=["{version: 1}"],
)

PROCESS: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **keys(
        "process",
        "One way to sell, in one version.",
        {
            "process": dash_id("the id of a process", "The name of the process, that of its folder."),
            "version": version("The version, that of the file name."),
            "title": text("What people call it."),
            "because": also_nothing(text("Why this version was made.")),
            "time_zone": text("The zone in which `today` and calendar limits are reckoned. Default UTC."),
            "currency": form("a currency", "^[A-Z]{3}$", "The currency of all money, in three capital letters.", "EUR"),
            "uses": named(
                "rule set",
                "Rule sets and their versions: their rules, facts and reasons.",
                version("The version."),
                examples=["{qualification: 1}"],
            ),
            "follows": FOLLOWS,
            "roles": named(
                "role",
                "Roles, and the roles each includes.",
                also_nothing(listed("Roles it includes.", _ROLE, examples=["[]"])),
                examples=["{rep: [], manager: [rep]}"],
            ),
            "by": some("The roles that may act where an action does not say. Absent: anyone.", _ROLE),
            "override": keys(
                "override",
                "Who may waive requirements and approvals.",
                {"by": some("The roles.", _ROLE)},
                required=["by"],
                examples=["{by: manager}"],
            ),
            "touchpoints": listed(
                "The kinds of contact with a customer.",
                dash_id("a touchpoint", "A kind of contact."),
                examples=["[call, meeting]"],
            ),
            "groups": named(
                "group",
                "Names for several stages.",
                some("The stages.", text("A stage.")),
                examples=["{early: [lead]}"],
            ),
            "facts": named(
                "fact", "The facts known about a deal.", ref("fact"), ids=WORD, examples=["{amount: {type: money}}"]
            ),
            "stages": named(
                "stage",
                "The stages in the order of the pipeline; a deal starts in the first.",
                ref("stage"),
                least=1,
                examples=["{lead: {}, won: {ends: won}}"],
            ),
            "actions": named(
                "action", "What advances a deal.", ref("action"), examples=["{sign: {from: lead, to: won}}"]
            ),
            "always": _ALWAYS,
            "clocks": named(
                "clock",
                "Limits on time in a stage or without activity.",
                CLOCK,
                examples=["{quiet: {in: open, idle: 30d}}"],
            ),
            "tracks": named(
                "track",
                "Second states of the same deal.",
                ref("track"),
                ids=WORD,
                examples=["{legal: {stages: {asked: {}, agreed: {ends: other}}}}"],
            ),
            "metrics": named(
                "metric", "What is to be measured.", METRIC, ids=WORD, examples=["{deals_won: {type: count, of: won}}"]
            ),
            "examples": named(
                "example", "Short stories that `check` runs.", STORY, examples=["{a-usual-win: {moves: [sign]}}"]
            ),
        },
        required=["process", "version", "stages"],
    ),
    "definitions": {
        **SHARED,
        "asks": ASKS,
        "requirements": REQUIREMENTS,
        "stage": STAGE,
        "action": ACTION,
        "variant": ACTION_VARIANT,
        "track": TRACK,
    },
}
