"""Two readers of CSV, one of them for plain files only: whatever it reads, it reads as the other does."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.history.csv import read_sheet
from engine.history.quick_csv import read_quickly
from engine.history.sheet import Layout
from engine.model.errors import UnreadableFile

WAYS = (Layout(), Layout(wanted=("a", "b"), deal="a"), Layout(wanted=("b",), deal="b"), Layout(delimiter=";"))
CELLS = st.text(st.sampled_from('ab" \t\x1c\xa0é€,;\n\r'), max_size=4)
QUOTED = CELLS.map(lambda text: '"' + text.replace('"', '""') + '"')
PLAIN = st.sampled_from(("x", "é", "1", '"q"', '"a ""b"""', '"1,2"', '"over\nlines"', "y ", "\xa0z", '""', ""))
EVEN = st.tuples(PLAIN, PLAIN).map(",".join)
ROWS = st.lists(EVEN, max_size=6) | st.lists(
    EVEN | st.lists(CELLS | QUOTED, min_size=1, max_size=4).map(",".join), max_size=6
)
TEXTS = st.tuples(ROWS, st.sampled_from(("\n", "\r\n", "\r")), st.booleans()).map(
    lambda made: made[1].join(["a,b", *made[0]]) + made[1] * made[2]
)


def told(read, path, layout):
    """All that a reader says, or how it refuses."""
    try:
        sheet = read(path, layout)
    except UnreadableFile as error:
        return (str(error), error.hint)
    if sheet is None:
        return None
    columns = {name: (each.texts.to_pylist(), each.codes.tolist()) for name, each in sheet.columns.items()}
    rest = (sheet.letters, sheet.numbers.tolist(), sheet.unread, sheet.total, sheet.blank, sheet.misfits)
    return (columns, *rest)


@settings(deadline=None)
@given(TEXTS | st.text(max_size=40).map("a,b\n".__add__), st.sampled_from(WAYS))
@example('a,b\n"1","2"\n', WAYS[0])
@example('a,b\n"1\n1",2\n,""\n', WAYS[1])
@example("\ufeffa,b\n1,2\n", WAYS[1])
@example("a,b\nnull,NA\nN/A,nan\n", WAYS[0])
def test_what_both_read_they_read_alike(tmp_path_factory, text, layout):
    path = tmp_path_factory.getbasetemp() / "export.csv"
    path.write_bytes(text.encode())
    quick = told(read_quickly, path, layout)
    assert quick in (None, told(read_sheet, path, layout))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4",
        'a,b\n"1, one","2 ""two"""\n',
        'a,b\n"over\nlines",2\n',
        "a,b\nJürgen,€\n",
        "a,b\n,2\n",
        "\ufeffa,b\n1,2\n",
        "a,b,c\n1,2,3\n" * 3,
    ],
)
def test_a_plain_file_is_read_quickly(tmp_path, text):
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode())
    assert told(read_quickly, path, WAYS[1]) == told(read_sheet, path, WAYS[1]) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n\n",
        b"a,b\n1\n",
        b'a,b\n1" x,2\n',
        b'a,b\n"1" x,2\n',
        b"a,b\n\xff,2\n",
        b"a,b\n\0,2\n",
        b"a,b\r1,2\r",
        b"",
    ],
)
def test_anything_odd_is_left_to_the_other_reader(tmp_path, data):
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    assert told(read_quickly, path, WAYS[0]) is None


def test_quotes_and_rows_are_followed_over_the_parts_that_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.history.quick_csv._PART", 64)
    path = tmp_path / "export.csv"
    path.write_text("a,b\n" + "".join(f'"{i}\n""{"x" * (i % 70)}",{i}\n' for i in range(300)))
    assert told(read_quickly, path, WAYS[0]) == told(read_sheet, path, WAYS[0])
