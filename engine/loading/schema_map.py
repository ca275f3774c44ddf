"""JSON Schema of a map: how the columns of an export become deals and moves."""

from __future__ import annotations

from engine.loading.schema_parts import (
    WORD,
    Schema,
    also_text,
    choice,
    dash_id,
    form,
    keys,
    listed,
    mapped,
    named,
    some,
    text,
    value,
)

_VALUES = mapped(
    "value",
    "Values of the export and what they are called in the process.",
    text("The value in the process."),
    examples=["{Yes: true}"],
)

KINDS = ("yes-no", "number", "money", "percent", "text", "date", "duration")

_FACT = also_text(
    keys(
        "column",
        "The column of a fact: its name, or its name and how it is read.",
        {
            "column": text("The name of the column."),
            "known": choice("When it was known.", ["start", "move", "close", "unknown"]),
            "values": _VALUES,
            "type": choice("Its type, in a map without a process.", KINDS),
        },
        required=["column"],
        examples=["{column: Amount}"],
    )
)

_FILE = keys(
    "file",
    "How the file is written.",
    {
        "encoding": text("The encoding. Default utf-8."),
        "delimiter": value("What stands between cells. Default a comma."),
        "decimal": value("The sign before decimals. Default a point."),
        "thousands": value("The sign between thousands. Default none."),
        "dates": some(
            "Forms of dates as strptime has them, tried in turn. Default any that ISO 8601 allows.",
            text("A form, such as %Y-%m-%d."),
        ),
        "time_zone": text("The zone of times that name none. Default that of the process, or UTC."),
        "sheet": text("The sheet of a workbook. Default the first that is not hidden."),
        "of": text("The kind of object that is a deal, in an OCEL file. Default the only one."),
    },
    examples=['{dates: "%d.%m.%Y"}'],
)

MAP: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **keys(
        "map",
        "How the columns of an export become deals and moves.",
        {
            "map": dash_id("the id of a map", "The name of the map, that of its file."),
            "title": text("What people call it."),
            "process": text(
                "The process, such as inside-sales or inside-sales@2. Without one the map tells of a history alone."
            ),
            "currency": form("a currency", "^[A-Z]{3}$", "The currency of money, in a map without a process.", "EUR"),
            "file": _FILE,
            "shape": choice(
                "What a row is: a whole deal, a stage that a deal entered, anything that happened, or a change.",
                ["deals", "moves", "events", "changes"],
            ),
            "deal": text("The column that names the deal."),
            "stage": text(
                "The column that names the stage (in events: what happened; in changes: the property of the stage)."
            ),
            "stages": {
                **mapped(
                    "stage",
                    "Stages of the export and what they are called in the process, in the order of the pipeline.",
                    text("A stage."),
                    examples=["{Qualified: qualified}"],
                ),
                "minProperties": 1,
            },
            "ends": named(
                "stage",
                "Stages that are ends, in a map without a process.",
                choice("How it ends.", ["won", "lost", "other"]),
                examples=["{won: won, lost: lost}"],
            ),
            "touchpoints": mapped(
                "touchpoint",
                "What happened that is a contact with the customer (a pattern: * is anything), and its name.",
                text("A touchpoint."),
                examples=['{"Call*": call}'],
            ),
            "leave_out": some(
                "What happened and is left out on purpose (patterns: * is anything).", text("A pattern, such as O_*.")
            ),
            "where": mapped(
                "column",
                "Columns and the values that a row must have to be read.",
                some("A value, or several.", text("A value.")),
                examples=["{Pipeline: Sales}"],
            ),
            "property": text("The column that names the property that changed."),
            "value": text("The column of its new value."),
            "before": text("The column of its value before."),
            "created": text("The property whose row says when the deal was made."),
            "outcome": text("A second property of stages: its values are ends, 'open' leads back."),
            "truncated_at": form(
                "a number", "^[1-9][0-9]*$", "How many changes of a property the source keeps at most.", "20"
            ),
            "entered": mapped(
                "stage",
                "Stages and the column that says when each was entered.",
                text("A column."),
                examples=["{qualified: Qualified on}"],
            ),
            "happened": text("The column that dates the row."),
            "owner": text("The column of the deal's owner (in changes: the property)."),
            "actor": text("The column of who moved it."),
            "reason": also_text(
                keys(
                    "column",
                    "The column of the reason.",
                    {"column": text("The name of the column."), "values": _VALUES},
                    required=["column"],
                    examples=["{column: Lost because}"],
                )
            ),
            "note": text("The column of the note."),
            "facts": named(
                "fact", "Facts and the columns that hold them.", _FACT, ids=WORD, examples=["{amount: Amount}"]
            ),
            "ignore": listed("Columns that are left out on purpose.", text("A column."), examples=["[Region]"]),
        },
        required=["map", "shape", "deal", "stage"],
    ),
}
