"""JSON Schema of a map: how the columns of an export become deals and moves."""

from __future__ import annotations

from engine.loading.schema_parts import (
    WORD,
    Schema,
    also_text,
    choice,
    dash_id,
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

_FACT = also_text(
    keys(
        "column",
        "The column of a fact: its name, or its name and how it is read.",
        {
            "column": text("The name of the column."),
            "known": choice("When it was known.", ["start", "move", "close", "unknown"]),
            "values": _VALUES,
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
        "dates": some("Forms of dates as strptime has them, tried in turn.", text("A form, such as %Y-%m-%d.")),
        "time_zone": text("The zone of times that name none. Default that of the process."),
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
            "process": text("The process, such as inside-sales or inside-sales@2."),
            "file": _FILE,
            "shape": choice("What a row is: a whole deal, or one stage that a deal entered.", ["deals", "moves"]),
            "deal": text("The column that names the deal."),
            "stage": text("The column that names the stage."),
            "stages": {
                **mapped(
                    "stage",
                    "Stages of the export and what they are called in the process.",
                    text("A stage."),
                    examples=["{Qualified: qualified}"],
                ),
                "minProperties": 1,
            },
            "entered": mapped(
                "stage",
                "Stages and the column that says when each was entered.",
                text("A column."),
                examples=["{qualified: Qualified on}"],
            ),
            "happened": text("The column that dates the row."),
            "owner": text("The column of the deal's owner."),
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
        required=["map", "process", "shape", "deal", "stage", "stages"],
    ),
}
