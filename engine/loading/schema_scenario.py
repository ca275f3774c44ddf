"""JSON Schema of a scenario: the assumptions under which a process is simulated."""

from __future__ import annotations

from typing import Any

from engine.loading.schema_parts import (
    WORD,
    Schema,
    also_nothing,
    also_text,
    dash_id,
    form,
    keys,
    listed,
    mapped,
    named,
    ref,
    share,
    some,
    text,
    value,
    version,
)
from engine.loading.schema_spreads import counted, hours_id, length, number, spread, spread_keys

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_STRETCH = r"^\d{1,2}:\d{2}(:\d{2})?-\d{1,2}:\d{2}(:\d{2})?$"

_TIMES = spread("time", "How long it takes: p50 and p90, or one value.", length("A time."), "{p50: 2d, p90: 9d}")

_WORK: dict[str, Schema] = {
    "pool": dash_id("the id of a pool", "Who does it."),
    "effort": {**ref("times"), "description": "How long somebody works on it, in hours worked."},
    "skill": dash_id("a skill", "What they must be able to do."),
}


def _work(description: str) -> Schema:
    return keys("work", description, _WORK, required=["pool", "effort"], examples=["{pool: ae, effort: 20min}"])


_BRANCH = keys(
    "branch",
    "What is tried next, and how often.",
    {
        "share": share("How many of the attempts in this stage."),
        "to": text("The stage it leads to, where the action leads to several."),
        "dwell": {**ref("times"), "description": "The time before it. Default that of the stage."},
        "reason": text("The reason given. Default the first of the action's list."),
    },
    required=["share"],
    examples=["{share: 25%}"],
)

_BRANCHES: Schema = {
    **_BRANCH,
    "type": ["string", "object", "array"],
    "title": share("")["title"],
    "pattern": share("")["pattern"],
    "description": "How many of the attempts are this action; a list where it leads to several stages.",
    "items": _BRANCH,
    "minItems": 1,
    "examples": ["25%"],
}

_STANDING = keys(
    "stage",
    "What happens to deals in this stage.",
    {
        "dwell": {**ref("times"), "description": "How long deals stay before something is tried."},
        "hours": {
            **dash_id("the id of hours", "The hours in which the dwell passes. Default around the clock."),
            "examples": ["office"],
        },
        "work": _work("What somebody has to do when a deal enters."),
        "branches": named("action", "What is tried then: actions and their shares, 100% together.", _BRANCHES),
        "seen": {
            **counted("How many visits the shares and times rest on. Default 0: they are exact."),
            "examples": ["240"],
        },
    },
    examples=["{dwell: {p50: 2d, p90: 9d}, branches: {qualify: 60%, lose: 40%}}"],
)

_STAGES = named("stage", "What happens to deals in each stage that they enter and can leave.", ref("standing"), least=1)

_ARRIVALS = keys(
    "arrivals",
    "How prospects come in.",
    {
        "weekly": number("How many a week, on average.", "25"),
        "weeks": listed("How many came in each of the past weeks, in order.", counted("A week."), least=1),
        "block": {**counted("How many weeks that followed each other are drawn together."), "examples": ["4"]},
        "seen": {**counted("How many weeks the number rests on. Default 0: it is exact."), "examples": ["52"]},
        "weekdays": keys(
            "weekdays", "How much each weekday counts. Default 1.", {day: number("Its weight.") for day in WEEKDAYS}
        ),
        "months": keys(
            "months", "How much each month counts. Default 1.", {month: number("Its weight.") for month in MONTHS}
        ),
        "hours": {
            **dash_id("the id of hours", "The hours in which they come. Default any time."),
            "examples": ["office"],
        },
        "gaps": {
            **keys(
                "gaps",
                "How they follow each other: random, even, or how the gaps spread, as parts of their mean.",
                spread_keys(number("A gap.")),
                examples=["random"],
            ),
            "type": ["string", "object"],
            "title": "random or even",
            "pattern": "^(random|even)$",
        },
    },
    examples=["{weekly: 25}"],
)

_HOURS: Schema = {
    **keys(
        "hours",
        "Days of the week, or several as mon-fri, and when on them; holidays apart.",
        {
            "holidays": listed(
                "Days on which nobody works.",
                form("a date", r"^\d{4}-\d{2}-\d{2}$", "A day.", "2026-12-25"),
            )
        },
        examples=["{mon-fri: 09:00-17:00}"],
    ),
    "additionalProperties": some(
        "From when until when, or several such stretches.",
        form("a stretch of the day", _STRETCH, "From when until when.", "09:00-17:00"),
    ),
}

_PERSON: Schema = {
    **keys(
        "person",
        "One of the pool.",
        {
            "skills": some("What the person can do.", dash_id("a skill", "A skill.")),
            "hours": {
                **dash_id("the id of hours", "The person's own hours. Default those of the pool."),
                "examples": ["office"],
            },
        },
        examples=["{skills: [demo]}"],
    ),
}

_PEOPLE: Schema = {
    **mapped("person", "How many, or each by name.", _PERSON, examples=["4"]),
    "type": ["string", "number", "array", "object"],
    "title": "how many people, or their names",
    "pattern": r"^\d{1,4}$",
    "items": text("A name."),
}

_POOL = keys(
    "pool",
    "People who do the same work.",
    {
        "people": _PEOPLE,
        "hours": hours_id("When they work. Default around the clock."),
        "serves": {
            **keys(
                "first-come, {by: FACT} or {stages: [STAGE]}",
                "Who is served next of those who wait. Default first-come.",
                {
                    "by": text("A fact: the deal with the highest first."),
                    "stages": listed("Stages: deals in the first of them first.", text("A stage."), least=1),
                },
                examples=["{by: amount}"],
            ),
            "type": ["string", "object"],
            "pattern": "^first-come$",
        },
    },
    required=["people"],
    examples=["{people: 4}"],
)

_FACT = also_text(
    keys(
        "fact",
        "How its values fall; a value alone is always so.",
        {
            **spread_keys(value("A value.")),
            "always": value("The one value."),
            "step": value("Values are rounded to this."),
            "choices": {
                **mapped(
                    "value", "Values and their shares, 100% together.", share("Its share."), examples=["{user: 100%}"]
                ),
                "minProperties": 1,
            },
            "after": {**ref("times"), "description": "Of a date: how long after the prospect came."},
            "known": share("How often it is known at all. Default 100%."),
        },
        examples=["{p50: 9000, p90: 40000}"],
    )
)

_ROWS = keys(
    "prospects",
    "Facts of past prospects, drawn a row at a time.",
    {
        "facts": listed("The facts, in the order of the values of a row.", text("A fact."), least=1),
        "rows": listed(
            "The rows; null is not known.",
            listed("The values of one prospect.", also_nothing(value("A value."))),
            least=1,
        ),
    },
    required=["facts", "rows"],
    examples=["{facts: [amount], rows: [[9000], [4000]]}"],
)

_APPROVAL = keys(
    "approval",
    "How long those of the role take to approve, and how often they do.",
    {
        "wait": {**ref("times"), "description": "How long it lies with them."},
        "granted": share("How often they approve. Default 100%."),
        **_WORK,
    },
    examples=["{wait: {p50: 4h, p90: 2d}, granted: 95%}"],
)

_TRACK = keys("track", "What happens in a side track.", {"stages": _STAGES}, required=["stages"])

SCENARIO: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **keys(
        "scenario",
        "Assumptions under which a process is simulated.",
        {
            "scenario": dash_id("the id of a scenario", "The name of the scenario, that of its file."),
            "process": dash_id("the id of a process", "The process, without its version."),
            "version": version("The version whose names are used. Default whichever it is used with."),
            "title": text("What is assumed, in a few words."),
            "because": text("What the assumptions rest on."),
            "horizon": length("How far ahead is looked."),
            "start": form(
                "a date or a time",
                r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$",
                "The first moment simulated, in the time zone of the process. Default now.",
                "2026-12-01",
            ),
            "arrivals": _ARRIVALS,
            "hours": named("hours", "Working hours, in the time zone of the process.", _HOURS),
            "pools": named("pool", "The people who do the work.", _POOL),
            "facts": named("fact", "Facts of new prospects.", _FACT, ids=WORD),
            "prospects": _ROWS,
            "stages": _STAGES,
            "touchpoints": named("touchpoint", "The work before such an action.", _work("Who does it.")),
            "approvals": named("role", "How those of a role approve.", _APPROVAL),
            "tracks": named("track", "What happens in side tracks.", _TRACK, ids=WORD),
        },
        required=["scenario", "process", "horizon", "arrivals", "stages"],
        definitions={"times": _TIMES, "standing": _STANDING},
    ),
}
