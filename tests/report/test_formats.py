from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.model.errors import UnknownName
from engine.model.table import Cell, Table
from engine.report import formats
from engine.report.style import Style
from engine.report.widths import width
from tests.report.golden import golden

ROWS: tuple[tuple[Cell, ...], ...] = (
    ("acme-1", Decimal("9000.50"), True, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), timedelta(days=49, hours=3), "fine"),
    ("=漢字", Decimal("-5"), None, None, timedelta(hours=25), "a|b\nc " + "very long " * 12),
)
TABLE = Table("sample", ("deal", "amount", "open", "at", "took", "note"), ROWS, "Deals of a day", ("two of two", "=1"))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("format_name", formats.FORMATS)
def test_a_table_looks_as_it_should_in_every_format(format_name: str) -> None:
    golden(f"table.{format_name}", formats.render(TABLE, format_name, zone=BERLIN))


def test_a_cut_is_seen_and_said() -> None:
    told = formats.render(TABLE, "text", width=80)

    assert "…" in told
    assert "what ends in … is cut to fit 80 columns; --format csv gives it whole" in told
    assert max(width(line) for line in told.split("\n")) <= 80


def test_a_table_that_fits_is_not_cut() -> None:
    assert "…" not in formats.render(TABLE, "text", width=400)


def test_a_narrow_terminal_gets_a_block_a_row_with_nothing_lost() -> None:
    told = formats.render(TABLE, "text", width=40)

    assert told.replace("\n", " ").replace(" ", "").count("verylong") == 12
    assert max(width(line) for line in told.split("\n")) <= 40


def test_a_table_without_rows_says_so() -> None:
    empty = Table("sample", ("a", "b"), ())

    assert formats.render(empty, "text") == "nothing to show\n"
    assert formats.render(empty, "csv") == "a,b\n"
    assert json.loads(formats.render(empty, "json"))["rows"] == []


def test_csv_reads_back_with_a_row_a_row() -> None:
    rows = list(csv.reader(io.StringIO(formats.render(TABLE, "csv"))))

    assert [len(row) for row in rows] == [6, 6, 6]
    assert rows[2][:3] == ["'=漢字", "-5", ""]
    assert rows[1][3] == "2026-03-29T01:30:00Z"


def test_json_numbers_are_exact() -> None:
    exact = Table("sample", ("n",), ((Decimal("123456789012345678.123456789"),), (Decimal("1E+3"),), (7,)))

    assert [row["n"] for row in json.loads(formats.render(exact, "json"), parse_float=Decimal)["rows"]] == [
        Decimal("123456789012345678.123456789"),
        1000,
        7,
    ]


def test_json_names_its_kind_and_keeps_dates_as_days() -> None:
    told = json.loads(formats.render(Table("sample", ("day",), ((date(2026, 3, 1),),)), "json"))

    assert (told["schema"], told["rows"]) == ("stagewright/sample/1", [{"day": "2026-03-01"}])


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    twice = Table("s", ("at",), tuple((datetime(2026, 10, 25, hour, 30, tzinfo=UTC),) for hour in (0, 1, 2)))

    assert formats.render(twice, "text", zone=BERLIN).split("\n")[1:4] == [
        "2026-10-25 02:30+0200",
        "2026-10-25 02:30+0100",
        "2026-10-25 03:30",
    ]


def test_colours_are_used_only_where_they_are_asked_for() -> None:
    assert "\x1b[" in formats.render(TABLE, "text", style=Style.COLOUR)
    assert "\x1b[" not in formats.render(TABLE, "text")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UnknownName, match="unknown format 'jsn'"):
        formats.render(TABLE, "jsn")
