"""The five tables written as CSV, JSON lines and Parquet, read back by other programs, are the five tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history.entries import tables_of
from engine.history.write import NAMES, Tables, columns, exact_rows, parquet
from engine.journal.connect import connect
from engine.model.entry import EntryKind
from engine.model.syntax import DATE, MONEY, TEXT, YES_NO, Kind, Type, Value
from engine.report.exact import csv_lines, json_lines
from tests.journal.build import BUDGET, NOON, keep, moved, started, story

FACTS = {
    "amount": MONEY,
    "name": TEXT,
    "signed": YES_NO,
    "signed_on": DATE,
    "span": Type(Kind.DURATION),
    "share": Type(Kind.PERCENT),
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))")
_UNITS = {"d": 86400, "h": 3600, "min": 60, "s": 1}
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


def text_of(cell: str) -> str:
    """What the page of the command says of texts in CSV, undone."""

    def meant(found: re.Match[str]) -> str:
        point = found[1] or found[2] or found[3]
        return chr(int(point, 16)) if point else _SHORT[found[4]]

    return _ESCAPE.sub(meant, cell.removeprefix("'"))


def span_of(cell: str) -> timedelta:
    number, unit = re.fullmatch(r"(-?[\d.]+)([a-z]+)", cell).groups()  # type: ignore[union-attr]
    return timedelta(microseconds=int(Decimal(number) * _UNITS[unit] * 1_000_000))


def time_of(cell: str) -> datetime:
    return datetime.fromisoformat(cell).replace(tzinfo=None)


def reader(of: pa.DataType, text: Callable[[str], str]) -> Callable[[Any], Any]:
    """From a cell to a value of a column of this type."""
    if pa.types.is_string(of):
        return text
    if pa.types.is_timestamp(of):
        return time_of
    if pa.types.is_date(of):
        return date.fromisoformat
    if pa.types.is_duration(of):
        return span_of
    if pa.types.is_boolean(of):
        return lambda cell: cell in ("true", True)
    return {"int32": int, "double": float}.get(str(of), Decimal)


def made_of(cells: list[list[Any]], schema: pa.Schema, text: Callable[[str], str] = str) -> pa.Table:
    arrays = []
    for column, field in zip(cells, schema, strict=True):
        read = reader(field.type, text)
        arrays.append(pa.array([None if cell is None else read(cell) for cell in column], field.type))
    return pa.table(arrays, schema=schema)


def from_csv(path: Path, schema: pa.Schema) -> pa.Table:
    options = pacsv.ConvertOptions(
        column_types={field.name: pa.string() for field in schema},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    found = pacsv.read_csv(path, convert_options=options)
    return made_of([column.to_pylist() for column in found.columns], schema, text_of)


def from_json_lines(path: Path, schema: pa.Schema) -> pa.Table:
    objects = [json.loads(line, parse_float=Decimal) for line in path.read_text().splitlines()]
    assert all(list(each) == schema.names for each in objects)
    return made_of([[each[name] for each in objects] for name in schema.names], schema)


def from_parquet(path: Path, schema: pa.Schema) -> pa.Table:
    return pq.read_table(path).cast(schema)


def check_there_and_back(tables: Tables, folder: Path) -> None:
    """Each of the five, in each of the three forms."""
    for name in NAMES:
        whole = tables.table(name).combine_chunks()
        for form, lines, read in (("csv", csv_lines, from_csv), ("jsonl", json_lines, from_json_lines)):
            path = folder / f"{name}.{form}"
            path.write_text("".join(lines(columns(tables, name), exact_rows(tables, name))), newline="\n")
            assert read(path, whole.schema).equals(whole), path.read_text()
        parquet(tables, name, folder / f"{name}.parquet")
        assert from_parquet(folder / f"{name}.parquet", whole.schema).equals(whole)


def test_a_real_story_comes_back_equal(tmp_path: Path) -> None:
    with closing(connect(":memory:")) as journal:
        keep(journal, story("acme"))
        keep(journal, story("beta", 12))
        keep(journal, (started("core", undated=True, verdicts=(BUDGET,)), moved("core", 2, undated=True)))
        check_there_and_back(tables_of(journal.all_entries(), FACTS), tmp_path)


def test_nothing_and_an_empty_text_are_two_things_in_csv(tmp_path: Path) -> None:
    with closing(connect(":memory:")) as journal:
        keep(journal, (started("a", facts={"name": ""}),))
        keep(journal, (started("b"),))
        tables = tables_of(journal.all_entries(), FACTS)
    lines = list(csv_lines(columns(tables, "deals"), exact_rows(tables, "deals")))
    assert lines[0].split(",")[9] == "name"
    assert [line.split(",")[9] for line in lines[1:]] == ['""', ""]


@pytest.mark.parametrize(
    "text", ["=1+1", "@x", "'quoted", "-5", "C:\\temp\\n", "a\nb", "\x1b[2J", '"', " x ", ",", "\\'"]
)
def test_a_text_is_guarded_and_comes_back(text: str) -> None:
    written = list(csv_lines(("fact",), ((text,),)))[1].removesuffix("\n")
    assert not written.lstrip('"').startswith(("=", "@", "\x1b"))
    bare = written[1:-1].replace('""', '"') if written.startswith('"') else written
    assert text_of(bare) == text


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**15), max_value=10**15)
values: dict[str, st.SearchStrategy[Value]] = {
    "amount": numbers,
    "name": texts,
    "signed": st.booleans(),
    "signed_on": st.dates(),
    "span": st.timedeltas(timedelta(-999), timedelta(999)),
    "share": numbers,
}
facts = st.fixed_dictionaries({}, optional=values)
later = st.tuples(
    st.sampled_from([EntryKind.MOVED, EntryKind.RECORDED, EntryKind.TOUCHED]), texts, facts, st.booleans()
)
lives = st.lists(st.tuples(texts, facts, st.lists(later, max_size=4)), max_size=4, unique_by=lambda life: life[0])
moments = st.timedeltas(timedelta(-9000), timedelta(0)).map(lambda ago: datetime(2026, 1, 1, tzinfo=UTC) + ago)


@settings(max_examples=60, deadline=None)
@given(lives, moments)
def test_the_tables_of_any_journal_come_back_equal(
    tmp_path_factory: pytest.TempPathFactory, told: list[Any], start: datetime
) -> None:
    with closing(connect(":memory:")) as journal:
        for name, known, rest in told:
            first = started(f"d{name}", facts=known, happened_at=start, recorded_at=NOON, owner=name)
            more = [
                moved(
                    first.deal,
                    number,
                    kind=kind,
                    reason=text,
                    touchpoint=text,
                    facts=new,
                    undated=undated,
                    actor=text,
                    happened_at=start + timedelta(seconds=number * 7919, microseconds=number),
                )
                for number, (kind, text, new, undated) in enumerate(rest, start=2)
            ]
            keep(journal, (first, *more))
        check_there_and_back(tables_of(journal.all_entries(), FACTS), tmp_path_factory.mktemp("out"))
