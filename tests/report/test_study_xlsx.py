"""The workbook of a study, read back by the other library."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest

from engine.model.errors import MissingExtra
from engine.model.study import Estimate, Heading, KeyFigure, Section, Study, Unit
from engine.report.study_xlsx import xlsx
from tests.report.charts.made import REPORT
from tests.report.hostile import HOSTILE, obeyed, spoiled
from tests.report.studies import STUDY

BAD = (
    "=1+1",
    "+1+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "http://example.com/x",
    "mailto:a@b.c",
    "internal:Sheet1!A1",
    "12",
    "_x0041_",
)


def opened(study: Study) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(study)))


def test_an_overview_comes_first_and_then_a_sheet_a_section() -> None:
    book = opened(STUDY)
    overview = [cell for row in book["Overview"].iter_rows(values_only=True) for cell in row if cell is not None]

    assert book.sheetnames == [
        "Overview",
        "Steps that deals followed",
        "Time from start to end",
        "Deals that went back",
        "Every move between stages",
    ]
    assert overview[0] == "Review of inside-sales"
    assert {"Of 1,816 deals that ended, 612 were won (33.7 %).", "Intervals are 90 %.", "no deal went back"} <= {
        *map(str, overview)
    }


def test_names_of_sheets_have_single_blanks_and_days_say_that_they_are_days() -> None:
    sections = (replace(STUDY.sections[0], title="Speed: a day"),)
    glance = (KeyFigure("Half took at most", Estimate(44.4, 40.0, 50.0), Unit.DAYS),)
    book = opened(replace(STUDY, sections=sections, flow=None, glance=glance))
    assert book.sheetnames == ["Overview", "Speed a day"]
    told = {row[0]: row[1] for row in book["Overview"].iter_rows(values_only=True)}
    assert told["Half took at most (days)"] == 44.4


def test_an_estimate_takes_three_columns_and_what_was_not_reached_is_said() -> None:
    sheet = opened(STUDY)["Time from start to end"]
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0][2:5] == ("P50 days", "P50 days, from", "P50 days, to")
    assert rows[1][2:8] == (57, 55, 59, "> 120", 98, None)


def test_times_are_dates_and_each_unit_has_its_form() -> None:
    book = opened(STUDY)
    times, steps = book["Time from start to end"], book["Steps that deals followed"]

    assert times["L2"].value == datetime(2026, 3, 31)  # noqa: DTZ001 - a cell has no zone
    assert times["L2"].is_date
    assert times["L3"].value == datetime(2026, 3, 31, 14, 5)  # noqa: DTZ001 - a cell has no zone
    assert [steps.cell(2, column).number_format for column in range(2, 7)] == [
        "#,##0",
        "#,##0",
        "0.0%",
        '#,##0.00 "EUR"',
        "#,##0.0",
    ]


def test_the_head_stays_in_sight_and_can_be_filtered() -> None:
    sheet = opened(STUDY)["Steps that deals followed"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F5")
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width


def test_the_same_study_is_the_same_file() -> None:
    assert xlsx(STUDY) == xlsx(STUDY)
    assert xlsx(replace(STUDY, as_of=None)) == xlsx(replace(STUDY, as_of=None))


def test_no_text_is_a_formula_or_a_link() -> None:
    heading = tuple(Heading(f"c{i}", text) for i, text in enumerate(BAD))
    study = replace(STUDY, sections=(Section("s", "=1+1", heading, (BAD,)),), flow=None)
    data = xlsx(study)
    parts = zipfile.ZipFile(io.BytesIO(data))
    texts = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    sheet = opened(study).worksheets[1]

    assert not re.search(r"<f>|<f |hyperlink", texts)
    assert [cell.value for cell in sheet[2]] == list(BAD)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s"}


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    book = opened(spoiled(STUDY, HOSTILE))
    texts = [
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)
    ]

    assert texts
    assert [text for text in (*texts, *book.sheetnames) if obeyed(text)] == []


def test_names_of_sheets_are_allowed_and_differ() -> None:
    titles = ("a/b:c*[d]?", "A b c  d", "History", "'quoted'", "", "x" * 50, "x" * 51, "overview")
    sections = tuple(Section(f"s{i}", title, (Heading("a", "a"),), ()) for i, title in enumerate(titles))
    names = opened(replace(STUDY, sections=sections, flow=None)).sheetnames

    assert len(names) == len({name.lower() for name in names}) == 1 + len(titles)
    assert [name for name in names if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)] == []
    assert "history" not in {name.lower() for name in names}


def test_figures_that_are_none_leave_a_cell_empty() -> None:
    headings = (Heading("a", "a", Unit.NUMBER), Heading("t", "t", Unit.TIME), Heading("y", "y"))
    rows = ((float("nan"), date(1850, 1, 1), True), (None, datetime(2026, 1, 1, tzinfo=UTC), None))
    sheet = opened(replace(STUDY, sections=(Section("s", "S", headings, rows),), flow=None))["S"]

    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] == [
        (None, "1850-01-01", True),
        (None, datetime(2026, 1, 1), None),  # noqa: DTZ001 - a cell has no zone
    ]


def test_without_the_part_that_writes_it_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    with pytest.raises(MissingExtra, match=r"pip install 'stagewright\[xlsx\]'"):
        xlsx(STUDY)


def test_charts_stand_beside_their_tables_and_draw_their_cells() -> None:
    book = opened(REPORT)
    parts = zipfile.ZipFile(io.BytesIO(xlsx(REPORT)))
    charts = [parts.read(name).decode() for name in sorted(parts.namelist()) if name.startswith("xl/charts/chart")]

    assert [len(sheet._charts) for sheet in book] == [0, 3, 1, 1, 2]
    assert "'Won and lost by month'!$B$2:$B$13" in charts[0]
    assert [chart.count("<c:ser>") for chart in charts] == [3, 1, 1, 3, 2, 1, 1]
    assert ["barDir" in chart for chart in charts] == [True, False, True, True, True, True, True]
    assert all(sheet._charts[0].anchor._from.col > sheet.max_column for sheet in book if sheet._charts)
    assert "'Why deals ended'!$B$6:$B$7" in charts[6]


def test_whiskers_of_a_chart_are_as_long_as_the_intervals() -> None:
    parts = zipfile.ZipFile(io.BytesIO(xlsx(REPORT)))
    dwell = parts.read("xl/charts/chart5.xml").decode()
    lengths = re.findall(r"<c:v>([\d.]+)</c:v>", re.findall("<c:plus>.*?</c:plus>", dwell)[0])

    assert lengths == ["0.3", "0.6", "0.8", "2.0", "870.0", "0.0"]


def test_key_figures_come_first_and_are_numbers() -> None:
    rows = list(opened(REPORT)["Overview"].iter_rows(min_row=7, max_row=11, values_only=True))

    assert rows[0] == ("Won", 1034, "2,429,900 EUR")
    assert rows[2] == ("Win rate", 0.476, "45.8 to 49.3")


def test_hostile_names_of_charts_are_texts() -> None:
    bad = spoiled(REPORT, HOSTILE + "'!$A$1")
    parts = zipfile.ZipFile(io.BytesIO(xlsx(bad)))
    charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]

    assert len(charts) == 7
    assert [chart.partition("</c:title>")[0].count("<c:f>") for chart in charts] == [0] * 7
    assert [chart for chart in charts if obeyed(chart)] == []
