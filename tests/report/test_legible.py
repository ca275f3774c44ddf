"""What people read of a study: units, decimals, whole words, and nothing said twice or of nothing."""

import io
from dataclasses import replace

import openpyxl
import pytest

from engine.model.study import Chart, Edge, Estimate, Flow, Heading, Mark, Node, Section, Study, Unit, Way
from engine.report.flow_svg import svg
from engine.report.study import render

NAMES = (
    Heading("stage", "Stage"),
    Heading("p50_days", "Half within", Unit.DAYS),
    Heading("value", "Value", Unit.MONEY),
)


def _study(*sections):
    return Study("review", "Review", "", None, sections)


def _times(*days, title="Times", notes=()):
    return Section("times", title, NAMES, tuple(("new", each, None) for each in days), notes=notes)


def test_quantiles_of_one_figure_are_told_in_one_unit():
    headings = (Heading("what", "What"), *(Heading(name, name.upper(), Unit.DAYS) for name in ("p10", "p90")))
    told = str(render(_study(Section("apart", "Apart", headings, (("sales", -3.9, -1.5),))), "text"))
    assert "P10 (days)  P90 (days)" in told
    assert "-3.9        -1.5" in told


def test_columns_that_differ_in_a_number_alone_are_told_in_one_unit_and_drawn_in_it():
    headings = (Heading("stage", "Stage"), *(Heading(f"at_{by}", f"{by} % sooner", Unit.DAYS) for by in (10, 30)))
    chart = Chart("haste", "Haste", Mark.BARS, ("stage",), ("at_10",))
    study = _study(Section("haste", "Haste", headings, (("demo", 1.2, 3.6),), charts=(chart,)))
    assert "10 % sooner (days)  30 % sooner (days)" in str(render(study, "text"))
    assert "10 % sooner (hours)" not in str(render(study, "html"))


@pytest.mark.parametrize(
    ("days", "unit", "told"),
    [
        ((0.0001, 0.0005), "seconds", "8.6"),
        ((0.0035, Estimate(0.05, 0.0, 0.08)), "minutes", "72.0 (0.0 to 115.2)"),
        ((0.2, 1.5), "hours", "36.0"),
        ((0.2, 3), "days", "3.0"),
        ((0.003, Estimate(None, beyond=9.0)), "days", "< 0.1"),
    ],
)
@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_a_column_of_short_times_has_a_short_unit(days, unit, told, form):
    page = str(render(_study(_times(*days)), form))

    assert f"Half within ({unit})" in page
    assert told in page.replace("&lt;", "<").replace("\\<", "<")


def test_spreadsheets_keep_days_and_say_so():
    study = _study(_times(0.25))
    book = openpyxl.load_workbook(io.BytesIO(render(study, "xlsx")))

    assert [cell.value for cell in book["Times"]["B"]] == ["Half within (days)", 0.25]
    assert "stage,p50_days,value\nnew,0.25,\n" in render(study, "csv")


def test_figures_of_a_column_have_as_many_decimals():
    numbers = Section("n", "Numbers", (Heading("n", "N", Unit.NUMBER),), ((0.25,), (12.5,), (3.0,)))

    assert [line.strip() for line in render(_study(numbers), "text").splitlines()[-3:]] == ["0.25", "12.50", "3.00"]


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_column_without_any_figure_is_left_out(form):
    assert "Value" not in str(render(_study(_times(1.0)), form))
    assert '"value"' in str(render(_study(_times(1.0)), "json"))


@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_a_note_that_sections_share_is_read_once_below_the_first_that_is_shown(form):
    hidden = _times(0.5, title="Hidden", notes=("Of all.",))
    first, second = (_times(days, title=f"No. {days}", notes=("Of all.",)) for days in (1.0, 2.0))
    page = str(render(_study(replace(hidden, rows=()), first, second), form))

    assert page.rindex("Of all.") < page.rindex("No. 2.0")
    assert page.rindex("Of all.") > page.rindex("No. 1.0")


def test_what_there_is_nothing_of_takes_one_line():
    empty = replace(_times(), empty="no deal moved back")
    text = str(render(_study(empty, _times(1.0), replace(empty, empty="No deal skipped.")), "text"))

    assert text.endswith("\n\nNo deal moved back. No deal skipped.\n")
    assert text.count("Times") == 1


def test_rows_that_nobody_need_read_are_in_json_alone():
    section = replace(_times(1.0), shown=-1, empty="every deal keeps to it")

    assert "new" not in str(render(_study(section), "text"))
    assert "Every deal keeps to it." in str(render(_study(section), "text"))
    assert "<td" not in str(render(_study(section), "html"))
    assert '"new"' in str(render(_study(section), "json"))


def test_sheets_are_named_in_whole_words_and_an_empty_one_says_why():
    section = replace(_times(title="Contact points before a win and before a loss"), id="contacts-before-close")
    book = openpyxl.load_workbook(io.BytesIO(render(_study(replace(section, empty="No touchpoint.")), "xlsx")))

    assert book.sheetnames == ["Overview", "Contacts before close"]
    assert book["Contacts before close"]["A2"].value == "No touchpoint."


def test_ids_stay_whole_where_another_column_can_be_folded():
    headings = (Heading("id", "Deal"), Heading("steps", "Steps"), Heading("more", "More"))
    rows = (("006bm00000LKJNbAAP", "one two three four " * 6, "appointmentscheduled"),)
    text = str(render(_study(Section("s", "S", headings, rows)), "text", width=80))

    assert "006bm00000LKJNbAAP" in text
    assert "appointmentscheduled" in text


def test_each_stage_tells_how_many_deals_start_there():
    nodes = tuple(Node(name, name.title(), "", 900, 900, 0) for name in ("lead", "demo"))
    starts = (
        Edge("", "lead", Way.START, 50, 50, 0.05),
        Edge("", "demo", Way.START, 850, 850, 0.94),
        Edge("lead", "demo", Way.NEXT, 50, 50, 1.0),
    )
    picture = svg(Flow(nodes, starts), title="Map", id="map")

    assert ">50 deals start here<" in picture
    assert ">starts here<" in picture
    assert ">850 · " in picture
    assert "900 deals<" not in picture


def test_how_far_shares_are_apart_is_told_in_points_and_not_in_percent():
    section = Section(
        "s", "S", (Heading("what", "What"), Heading("apart", "Apart", Unit.SHARE.apart)), (("rate", 0.144),)
    )
    told = str(render(Study("measure", "T", "f", None, (section,)), "text"))
    assert "Apart (points)" in told
    assert "14.4" in told
    assert "14.4 %" not in told
    assert (Unit.DAYS.apart, Unit.MONEY.apart) == (Unit.DAYS, Unit.MONEY)
