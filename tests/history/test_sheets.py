"""What a file is its first bytes say; how CSV is written is guessed where nobody said it."""

import gzip
from dataclasses import replace

import numpy as np
import pytest

from engine.history.read import read
from engine.history.sheet import Flaw, Layout, only_rows
from engine.history.sheets import columns_in, guessed, open_sheet, sample
from tests.history.made import MOVES, PROCESS, read_text
from tests.history.test_xes import LOG

TEXT = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,ana,5\nD2,New,2026-01-03,,\n"


@pytest.fixture
def put(tmp_path):
    def put(data, name="file"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return put


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (TEXT.encode(), "utf-8", ","),
        (TEXT.replace(",", ";").replace("5", "1,5").encode(), "utf-8", ";"),
        (TEXT.replace(",", "\t").encode("utf-16"), "utf-16", "\t"),
        (TEXT.replace("ana", "Jürgen").replace(",", "|").encode("cp1252"), "cp1252", "|"),
        (b"", "utf-8", ","),
        (b"Deal\nD1\n", "utf-8", ","),
        (b"Deal;Note\nD1;a, b, c, d\nD2;e\n", "utf-8", ";"),
    ],
)
def test_how_a_file_is_written_is_guessed(put, data, encoding, delimiter):
    assert guessed(put(data)) == Layout(encoding, delimiter)


def test_a_sample_has_all_columns_and_the_first_rows(put):
    sheet = sample(put(TEXT.replace(",", ";").encode()), rows=1)
    assert list(sheet.columns) == ["Deal", "Stage", "At", "Who", "Value"]
    assert (sheet.total, sheet.columns["Deal"].text(0)) == (1, "D1")


def test_columns_without_a_name_or_with_one_that_was_there_are_not_sampled(put):
    assert columns_in(put(b"Deal,,Stage,Deal\n1,2,3,4\n")) == ("Deal", "Stage")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_packed_csv_is_read_as_it_is_plain(put, tmp_path, pack):
    export = read(put(pack(TEXT.encode()), "packed.xlsx"), MOVES, PROCESS)
    assert list(export.deals) == list(read_text(tmp_path, TEXT, MOVES).deals)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_event_log_is_told_whatever_its_name_and_encoding(put, encoding):
    text = ("\n" if encoding == "utf-8" else "") + LOG.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n')
    assert open_sheet(put(text.encode(encoding), "log.csv"), Layout()).total == 5


def test_some_rows_of_a_sheet_keep_their_names_and_their_flaws(put):
    whole = open_sheet(put(TEXT.encode()), Layout())
    flawed = only_rows(whole, np.array([True, True]))
    assert [flawed.cell("At", row) for row in range(2)] == ["C2", "C3"]
    some = only_rows(whole, np.array([False, True]))
    assert (some.cell("At", 0), some.columns["Deal"].text(0)) == ("C3", "D2")


def test_flaws_move_with_their_rows(put):
    whole = open_sheet(put(TEXT.encode()), Layout())
    flaws = (Flaw("At", 0, "x", "bad"), Flaw("At", 1, "y", "worse"))
    some = only_rows(replace(whole, flaws=flaws), np.array([False, True]))
    assert some.flaws == (Flaw("At", 0, "y", "worse"),)
