"""A study in every form that is text."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.model.errors import UnknownName
from engine.model.study import Estimate, Heading, Section, Study, Unit
from engine.report.study import FILES, FORMS, render
from engine.report.study_text import text
from engine.report.style import Style
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled
from tests.report.studies import STUDY


def written(study: Study, form: str) -> str:
    told = render(study, form)
    assert isinstance(told, str)
    return told


def test_the_study_as_text() -> None:
    golden("study.txt", text(STUDY, width=110))


def test_the_study_fits_a_narrow_terminal() -> None:
    golden("study-narrow.txt", text(STUDY, width=60))
    assert max(len(line) for line in text(STUDY, width=60).splitlines()) <= 60


def test_the_study_as_json() -> None:
    golden("study.json", written(STUDY, "json"))


def test_the_study_as_csv() -> None:
    golden("study.csv", written(STUDY, "csv"))


def test_the_study_as_markdown() -> None:
    golden("study.md", written(STUDY, "markdown"))


def test_rows_that_are_not_printed_are_counted_and_in_json() -> None:
    section = Section("s", "S", (Heading("n", "n", Unit.COUNT),), tuple((i,) for i in range(44)), shown=3)
    study = replace(STUDY, sections=(section,), flow=None)

    assert "and 41 more; --format json or xlsx has them all" in text(study)
    assert len(json.loads(written(study, "json"))["sections"][0]["rows"]) == 44


def test_many_estimates_beside_each_other_stand_in_a_table_and_not_in_a_block_a_row() -> None:
    headings = (Heading("period", "Month"), *(Heading(f"n{n}", f"Value {n}", Unit.MONEY) for n in range(6)))
    estimate = Estimate(12_345_678.0, 11_234_567.0, 13_456_789.0)
    section = Section("s", "S", headings, tuple((f"2026-{n:02}", *[estimate] * 6) for n in range(1, 4)))
    told = text(replace(STUDY, sections=(section,), flow=None), width=110).splitlines()
    assert [line.split()[0] for line in told if "12,345,678" in line] == ["2026-01", "2026-02", "2026-03"]
    assert any(line.split() == ["11,234,567", "to"] * 6 for line in told)


def test_colour_is_only_for_who_asks_for_it() -> None:
    assert "\x1b" not in text(STUDY)
    assert "\x1b[1mReview of inside-sales" in text(STUDY, style=Style.COLOUR)


def test_what_was_asked_is_told_in_plain_words() -> None:
    asked = (
        ("since", datetime(2026, 1, 1, tzinfo=UTC)),
        ("as_of", datetime(2026, 3, 1, tzinfo=UTC)),
        ("window", timedelta(days=14)),
    )
    told = text(replace(STUDY, asked=asked))

    assert "asked: since 2026-01-01 00:00, window 14d\n" in told


def test_an_empty_study_is_told() -> None:
    told = text(Study("review", "Review", "", None, ()))

    assert told == "Review\n"


def test_hostile_text_is_no_formula_in_csv_and_no_markup_in_markdown() -> None:
    formula = Section("s", "=1+1", (Heading("a", "a"),), (("=cmd|' /C calc'!A0",), ("+1",), ("<img src=x>",)))
    study = replace(STUDY, sections=(formula,), flow=None)

    assert list(csv.reader(written(study, "csv").splitlines())) == [
        ["'=1+1"],
        ["a"],
        ["'=cmd|' /C calc'!A0"],
        ["+1"],
        ["<img src=x>"],
    ]
    assert "<img" not in written(study, "markdown").replace("\\<", "")


def test_hostile_text_keeps_a_line_a_row() -> None:
    assert written(spoiled(STUDY, HOSTILE), "csv").count("\n") == written(STUDY, "csv").count("\n")


def test_an_unknown_form_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown format 'exel'"):
        render(STUDY, "exel")
    assert {*FILES.values()} == {*FORMS}


def test_figures_of_several_units_are_one_column_to_people_and_columns_apart_to_programs() -> None:
    headings = (
        Heading("metric", "Measure"),
        Heading("share", "Share", Unit.SHARE),
        Heading("days", "Days", Unit.DAYS),
        Heading("amount", "Amount", Unit.MONEY),
        Heading("deals", "Deals", Unit.COUNT),
    )
    rows = (
        ("rate", Estimate(0.5, 0.4, 0.6), None, None, 4),
        ("time", None, Estimate(12.5, 10.0, 15.0), None, 3),
        ("worth", None, None, Decimal("1200.50"), 2),
        ("none", None, None, None, 0),
    )
    section = Section("m", "Measured", headings, rows, together=("share", "days", "amount"))
    study = Study("measure", "T", "", None, (section,), currency="EUR")
    text = written(study, "text")
    assert "Measure  Figure                    Deals\n" in text
    for line in ("50.0 % (40.0 to 60.0)", "12.5 (10.0 to 15.0) days", "1,200 EUR", "-"):
        assert line in text
    assert written(study, "csv").split("\n")[1].startswith("metric,share,share_low,share_high,days")
    assert set(json.loads(written(study, "json"))["sections"][0]["rows"][0]) == {each.id for each in headings}


def test_rows_of_many_estimates_stay_rows_with_the_ends_of_intervals_on_two_lines() -> None:
    headings = (Heading("month", "Month"), *(Heading(f"h{n}", f"Won by {n}0d", Unit.SHARE) for n in range(1, 9)))
    row = ("2026-01", *[Estimate(0.154, 0.094, 0.241)] * 8)
    told = text(
        Study("measure", "M", "", None, sections=(Section("cohorts", "Cohorts", headings, (row, row)),)), width=90
    )
    lines = [line.split() for line in told.splitlines()]
    at = lines.index(["2026-01", *["15.4", "%"] * 8])
    assert lines[at + 1 : at + 3] == [["9.4", "to"] * 8, ["24.1"] * 8]
    assert max(map(len, told.splitlines())) <= 90
