"""Workbooks: the same deals as from CSV, cells as they are shown, and what no cell should be."""

import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter

from engine.history.read import read
from engine.history.sheet import Layout
from engine.history.sheets import open_sheet, sample
from engine.model.errors import UnreadableFile
from tests.history.made import MOVES, PROCESS, read_text

HALF_PAST = datetime.fromisoformat("2026-01-02T09:30")
HEADER = ("Deal", "Stage", "At", "Who", "Value")


def book(path, *rows, **sheets):
    made = openpyxl.Workbook()
    made.active.title = "Deals"
    for row in (HEADER, *rows):
        made.active.append(row)
    for name, cells in sheets.items():
        made.create_sheet(name).append(cells)
    made.save(path)
    return path


def refusal(path, layout=Layout()):  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        open_sheet(path, layout)
    return f"{caught.value} | {caught.value.hint}".replace(f"{path.parent}/", "")


def texts(path, column, layout=Layout()):  # noqa: B008
    cells = open_sheet(path, layout).columns[column]
    return [cells.text(row) for row in range(len(cells))]


def test_a_workbook_says_what_the_same_csv_says(tmp_path):
    path = book(
        tmp_path / "export.xlsx",
        ("D1", "New", date(2026, 1, 2), "ana", 1200.5),
        ("D1", "Won", date(2026, 2, 2), None, 1300),
        (7, "New", "2026-01-03", "bo", None),
    )
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,ana,1200.5\nD1,Won,2026-02-02,,1300\n7,New,2026-01-03,bo,\n"
    found, same = read(path, MOVES, PROCESS), read_text(tmp_path, text, MOVES)
    assert list(found.deals) == list(same.deals)
    assert (found.rows, found.taken, found.is_whole) == (3, 3, True)


def test_its_name_does_not_matter(tmp_path):
    assert texts(book(tmp_path / "export.csv", ("D1",)), "Deal") == ["D1"]


def test_cells_are_told_plainly(tmp_path):
    values = (
        1234.5,
        0.1 + 0.2,
        3.0,
        1e21,
        12345678901234,
        True,
        "  text ",
        HALF_PAST,
        date(2026, 1, 2),
    )
    path = book(tmp_path / "export.xlsx", *((value,) for value in (*values, time(9, 30), timedelta(days=2))))
    assert texts(path, "Deal") == [
        "1234.5",
        "0.3",
        "3",
        "1000000000000000000000",
        "12345678901234",
        "true",
        "text",
        "2026-01-02 09:30:00",
        "2026-01-02",
        "09:30:00",
        "2 days, 0:00:00",
    ]


def test_a_number_shown_as_a_percent_is_one_and_takes_the_point_of_the_map(tmp_path):
    path = book(tmp_path / "export.xlsx", (0.155,), (2.5,))
    made = openpyxl.load_workbook(path)
    made.active["A2"].number_format = "0.0%"
    made.save(path)
    assert texts(path, "Deal") == ["15.5%", "2.5"]
    assert texts(path, "Deal", Layout(decimal=",")) == ["15,5%", "2,5"]


def test_dates_are_read_whatever_form_the_map_has_for_texts(tmp_path):
    path = book(tmp_path / "export.xlsx", ("D1", "New", HALF_PAST), ("D1", "Won", "03.02.2026"))
    export = read(path, replace(MOVES, dates=("%d.%m.%Y",)), PROCESS)
    assert [f"{move.happened_at:%Y-%m-%d %H:%M}" for deal in export.deals for move in deal.moves] == [
        "2026-01-02 09:30",
        "2026-02-03 00:00",
    ]


def test_a_formula_counts_by_the_value_saved_with_it_and_without_one_is_reported(tmp_path):
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("D1", "New", "2026-01-02", "ana"))
        sheet.write_formula(1, 4, "=2*600", None, 1200)
    assert texts(path, "Value") == ["1200"]
    made = openpyxl.load_workbook(path)
    made.save(path)
    export = read(path, MOVES, PROCESS)
    (cell,) = export.bad_cells
    assert (cell.cell, cell.value, cell.message) == ("E2", "=2*600", "the formula was saved without its value")
    assert export.bad_cell_count == 1


def test_an_error_in_a_cell_is_reported_once_and_holds_back_its_deal_where_it_must(tmp_path):
    path = book(
        tmp_path / "export.xlsx",
        ("D1", "New", "#N/A", "ana", 5),
        ("D2", "New", "2026-01-02", "#REF!", "#DIV/0!"),
    )
    export = read(path, MOVES, PROCESS)
    assert [(cell.cell, cell.message) for cell in export.bad_cells] == [
        ("C2", "the cell shows the error #N/A"),
        ("D3", "the cell shows the error #REF!"),
        ("E3", "the cell shows the error #DIV/0!"),
    ]
    assert [deal.id for deal in export.deals] == ["D2"]
    assert [each.row for each in export.left_out] == [2]


def test_blank_rows_are_counted_and_the_first_that_is_not_names_the_columns(tmp_path):
    made = openpyxl.Workbook()
    for row in ((), (), HEADER, ("D1", "New", "2026-01-02"), (), (" ",), ("D2", "New", "2026-01-03")):
        made.active.append(row)
    made.active.row_dimensions[4000].height = 30
    made.save(tmp_path / "export.xlsx")
    export = read(tmp_path / "export.xlsx", MOVES, PROCESS)
    assert (export.rows, export.taken, export.blank) == (4, 2, 2)
    assert [deal.row for deal in export.deals] == [4, 7]


def test_a_cell_beside_the_columns_makes_its_row_a_misfit(tmp_path):
    path = book(tmp_path / "export.xlsx", ("D1", "New", "2026-01-02", "", 5, None, "note"), ("D2", "New", "2026-01-02"))
    export = read(path, MOVES, PROCESS)
    assert [each.reason for each in export.left_out] == ["has 7 cells where the first row has 5"]


def test_merged_cells_are_noted(tmp_path):
    path = book(tmp_path / "export.xlsx", ("D1", "New", "2026-01-02"), ("D1", "Won", "2026-01-03"))
    made = openpyxl.load_workbook(path)
    made.active.merge_cells("A2:A3")
    made.save(path)
    export = read(path, MOVES, PROCESS)
    assert export.notes == ("1 areas of merged cells: only the first cell of each has a value",)
    assert [(cell.cell, cell.message) for cell in export.bad_cells] == [("A3", "the deal is not named")]


def test_a_sheet_is_chosen_by_name_or_is_the_first_that_is_shown(tmp_path):
    path = book(tmp_path / "export.xlsx", Old=("Other",))
    made = openpyxl.load_workbook(path)
    made["Deals"].sheet_state = "hidden"
    made.save(path)
    assert list(sample(path).columns) == ["Other"]
    assert list(sample(path, Layout(sheet="Deals")).columns) == list(HEADER)
    assert refusal(path, Layout(sheet="Deal")) == "'export.xlsx' has no sheet 'Deal' | did you mean 'Deals'?"


def test_a_missing_column_and_an_empty_sheet_are_refused(tmp_path):
    assert refusal(book(tmp_path / "a.xlsx"), Layout(wanted=("Deals",))) == (
        "'a.xlsx' has no column 'Deals' | did you mean 'Deal'?"
    )
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    assert refusal(tmp_path / "b.xlsx").startswith("sheet 'Sheet' of 'b.xlsx' is empty")


def test_a_wrong_size_in_the_file_is_not_believed(tmp_path):
    path = rewritten(book(tmp_path / "a.xlsx", ("D1",)), b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    assert texts(path, "Deal") == ["D1"]


def test_a_flood_of_cells_in_a_row_is_refused(tmp_path):
    path = rewritten(book(tmp_path / "a.xlsx"), b"</row>", b"<c/>" * 10_000_000 + b"</row>")
    assert refusal(path).startswith("'a.xlsx' has more than 16,384 columns")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made, made.open("xl/more.xml", "w") as part:
        for _ in range(110):
            part.write(b" " * 2**20)
    assert refusal(path) == "'a.xlsx' grows more than 1,000-fold when unpacked: it is not read | "


def test_entities_are_refused(tmp_path):
    bad = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>\n<worksheet '
    path = rewritten(book(tmp_path / "a.xlsx"), b"<worksheet ", bad)
    assert "declares a document type in its part 'xl/worksheets/sheet1.xml'" in refusal(path)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"a.txt": b""}, "'a.xlsx' is a zip file, but no workbook"),
        ({"content.xml": b""}, "'a.xlsx' is an OpenDocument file"),
        ({"xl/workbook.bin": b""}, "'a.xlsx' is a workbook of the binary kind (.xlsb)"),
        ({"xl/workbook.xml": b"<workbook"}, "'a.xlsx' is no workbook that can be read, or is damaged"),
        ({"xl/workbook.xml": b"<workbook/>"}, "'a.xlsx' is no workbook that can be read, or is damaged"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path, parts, told):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    assert refusal(tmp_path / "a.xlsx").startswith(told)


@pytest.mark.parametrize("size", [10, 500, 3000])
def test_a_workbook_cut_short_is_refused(tmp_path, size):
    path = book(tmp_path / "a.xlsx", ("D1",))
    path.write_bytes(path.read_bytes()[:size])
    assert refusal(path).startswith("'a.xlsx' is no workbook that can be read, or is damaged")


def rewritten(path, old, new):
    with zipfile.ZipFile(path) as made:
        parts = {info.filename: made.read(info) for info in made.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data.replace(old, new) if "sheet1" in name else data)
    return path
