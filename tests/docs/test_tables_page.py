"""The page of the tables tells every column and type, and its query answers what the page says."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pyarrow as pa
import pytest

from engine.model.syntax import Kind
from engine.tables import schema

from .console import transcript
from .pages import ROOT, blocks, rows

PAGE = ROOT / "docs/reference/tables.md"
TYPES = {
    "text": pa.string(),
    "whole number": pa.int32(),
    "days": pa.float64(),
    "number": schema.NUMBER,
    "time": pa.timestamp("us"),
}
SCHEMAS = {
    "deals": schema.deals({}),
    "moves": schema.MOVES,
    "touches": schema.TOUCHES,
    "facts": schema.FACTS,
    "verdicts": schema.VERDICTS,
}


@pytest.mark.parametrize("name", schema.NAMES)
def test_the_page_tells_each_column_and_its_type_in_order(name: str) -> None:
    column = f"column of `{name}`"
    told = [(row.cells[column].strip("`"), TYPES[row.cells["type"]]) for row in rows(PAGE) if column in row.cells]
    assert told == [(field.name, field.type) for field in SCHEMAS[name]]


@pytest.mark.parametrize("name", schema.NAMES)
def test_only_times_numbers_and_days_may_be_null(name: str) -> None:
    column = f"column of `{name}`"
    told = {row.cells["type"] for row in rows(PAGE) if column in row.cells and row.cells["null means"]}
    assert told <= {"time", "number", "days"}


def test_the_page_tells_the_type_of_each_kind_of_fact() -> None:
    told = {
        row.cells["kind of fact"].strip("`"): row.cells["type"].strip("`") for row in rows(PAGE) if len(row.cells) == 2
    }
    kinds = [kind for kind in Kind if kind is not Kind.LIST]
    assert told == {kind.value: str(schema.type_of(kind)) for kind in kinds}


def test_the_query_answers_what_the_page_says(tmp_path: Path) -> None:
    list(transcript(PAGE, tmp_path))
    (query,) = (block.text for block in blocks(PAGE) if block.language == "python")
    (answer,) = (block.text for block in blocks(PAGE) if block.language == "text")
    shown = io.StringIO()
    with contextlib.chdir(tmp_path / "my-sales"), contextlib.redirect_stdout(shown):
        exec(compile(query, "tables.md", "exec"), {})
    assert shown.getvalue().rstrip() == answer.rstrip()
