"""Files that are no table, or not quite."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.history.columns import letter
from engine.history.read import read
from engine.model.errors import StagewrightError, UnreadableFile
from tests.history.made import MOVES, PROCESS, read_bytes, read_text

HEADER = "Deal,Stage,At,Who,Value\n"


def refusal(folder, data: bytes, map_=MOVES) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(folder, data, map_)
    return f"{caught.value} | {caught.value.hint}".replace(str(folder), "")


def test_an_empty_file_is_refused(tmp_path):
    assert refusal(tmp_path, b"") == "'/export.csv' is empty | its first row must name the columns"


def test_a_file_with_only_its_first_row_has_no_deals(tmp_path):
    export = read_text(tmp_path, HEADER, MOVES)
    assert (list(export.deals), export.rows) == ([], 0)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be read: No such file"):
        read(tmp_path / "nowhere.csv", MOVES, PROCESS)


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    export = read_bytes(tmp_path, b"\xef\xbb\xbf" + (HEADER + "D1,New,2026-01-02,,\n").encode(), MOVES)
    assert [deal.id for deal in export.deals] == ["D1"]


def test_a_file_in_another_encoding_is_refused_at_its_line(tmp_path):
    data = (HEADER + "D1,New,2026-01-02,ana,\nD2,New,2026-01-02,J\xfcrgen,\n").encode("cp1252")
    assert refusal(tmp_path, data) == (
        "'/export.csv' is not utf-8: line 3 (byte 0xFC)"
        " | save it as 'CSV UTF-8', or name its encoding, such as cp1252, under 'file' in the map"
    )


def test_the_encoding_of_the_map_is_used(tmp_path):
    data = (HEADER + "D1,New,2026-01-02,J\xfcrgen,\n").encode("cp1252")
    (deal,) = read_bytes(tmp_path, data, replace(MOVES, encoding="cp1252")).deals
    assert deal.moves[0].actor == "Jürgen"


def test_utf_16_is_told_by_its_nuls_and_read_when_named(tmp_path):
    text = HEADER + "D1,New,2026-01-02,ana,\n"
    assert "a NUL in line 1" in refusal(tmp_path, text.encode("utf-16-le"))
    assert [
        deal.id for deal in read_bytes(tmp_path, text.encode("utf-16"), replace(MOVES, encoding="utf-16")).deals
    ] == ["D1"]


def test_an_unknown_encoding_is_refused(tmp_path):
    assert refusal(tmp_path, b"x", replace(MOVES, encoding="utf-9")).startswith("'utf-9' is not an encoding")


def test_another_delimiter_is_told_with_its_mend(tmp_path):
    data = HEADER.replace(",", ";").encode() + b"D1;New;2026-01-02;;\n"
    assert refusal(tmp_path, data) == (
        "the columns of '/export.csv' are parted by a semicolon, not by ','"
        " | write 'file: {delimiter: \";\"}' in the map"
    )
    assert [deal.id for deal in read_bytes(tmp_path, data, replace(MOVES, delimiter=";")).deals] == ["D1"]


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path):
    assert refusal(tmp_path, b"Deal,Stages,At,Who,Value\n") == (
        "'/export.csv' has no column 'Stage' | did you mean 'Stages'?"
    )


def test_a_column_named_twice_is_refused(tmp_path):
    assert refusal(tmp_path, b"Deal,Stage,At,Who,Value,Deal\n") == (
        "'/export.csv' has the column 'Deal' more than once (A and F) | rename one of them"
    )


def test_a_quote_that_is_never_closed_is_refused_at_its_row(tmp_path):
    data = (HEADER + "D1,New,2026-01-02,,\n" + 'D2,New,2026-01-02,"ana,5\n' + "D3,New,2026-01-02,,\n" * 9).encode()
    assert refusal(tmp_path, data).startswith("'/export.csv' cannot be read from row 3 on: a quote is never closed")


def test_a_quote_inside_a_quoted_cell_is_refused_at_its_row(tmp_path):
    data = (HEADER + 'D1,New,2026-01-02,"ana" bo,5\n').encode()
    assert refusal(tmp_path, data) == (
        "'/export.csv' cannot be read from row 2 on: text follows a closing quote"
        " | a quote inside a quoted cell is written twice"
    )


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "export.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode())
        file.seek(2**30, 1)  # a gigabyte that takes no room on the disk
        file.write(b"x")
    with pytest.raises(UnreadableFile, match="a NUL in line 2"):
        read(path, MOVES, PROCESS)


def test_a_long_line_is_refused(tmp_path):
    assert "line 2 is longer than 1,000,000 characters" in refusal(tmp_path, HEADER.encode() + b"x" * 2_000_000)


def test_a_delimiter_that_cannot_be_one_is_refused(tmp_path):
    assert refusal(tmp_path, HEADER.encode(), replace(MOVES, delimiter=", ")).startswith("', ' cannot stand between")


def test_lines_may_end_as_on_any_machine(tmp_path):
    for end in ("\r\n", "\r"):
        text = (HEADER + "D1,New,2026-01-02,,5\n").replace("\n", end)
        assert [deal.id for deal in read_text(tmp_path, text, MOVES).deals] == ["D1"]


def test_columns_are_named_as_a_spreadsheet_names_them():
    assert [letter(index) for index in (0, 5, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "F",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_told_error(tmp_path_factory, data):
    try:
        export = read_bytes(tmp_path_factory.getbasetemp(), HEADER.encode() + data, MOVES)
    except StagewrightError:
        return
    assert export.rows == export.taken + export.blank + export.left_out_rows
