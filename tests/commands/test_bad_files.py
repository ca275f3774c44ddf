"""Files that are not what they should be, given to a command: what is wrong, how to mend it, nothing written."""

import gzip
import os
import sqlite3
import zipfile

import openpyxl
import pytest

MAP = """\
map: log
process: inside-sales@2
shape: moves
deal: Deal
stage: Stage
stages: {Won: won, Lost: lost}
happened: At
"""
CSV = "Deal,Stage,At\nD-1,Won,2026-01-05\n"


@pytest.fixture
def refused(run, workspace):
    """Imports a file that cannot be read, and says what was told."""
    (workspace / "maps").mkdir()
    (workspace / "maps" / "log.yaml").write_text(MAP)
    before = sorted(path for path in workspace.rglob("*"))

    def refused(data: bytes | None, name: str = "deals.csv") -> str:
        if data is not None:
            (workspace / name).write_bytes(data)
        told = run(f"import {name} --map log --at 2026-03-13")
        assert (told.code, told.out) == (2, "")
        assert sorted(path for path in workspace.rglob("*") if path.name != name) == before
        return told.err

    return refused


def workbook(folder, *rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(folder / "made.xlsx")
    data = (folder / "made.xlsx").read_bytes()
    (folder / "made.xlsx").unlink()
    return data


@pytest.mark.parametrize(
    ("data", "told", "mend"),
    [
        (CSV.replace(",", ";").encode(), "parted by a semicolon, not by ','", 'delimiter: ";"'),
        (CSV.replace("D-1", "Jürgen").encode("cp1252"), "is not utf-8: line 2 (byte 0xFC)", "such as cp1252"),
        (CSV.encode("utf-16-le"), "is not text: a NUL in line 1", "utf-16"),
        (b"Deal,Stages,At\nD-1,Won,2026-01-05\n", "has no column 'Stage'", "did you mean 'Stages'?"),
        (b"", "is empty", "its first row must name the columns"),
        (b"<log><trace></log>", "is broken XML: line 1", "export it again"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><log/>', "declares a document type", "remove <!DOCTYPE"),
        (b"<html><body/></html>", "is an HTML page, not an export", "CSV or .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "is a workbook of the old kind (.xls)", "save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
            "is a workbook with a password",
            "save it without one",
        ),
        (b"%PDF-1.7", "is a PDF", "CSV or .xlsx"),
        (b"," * 10_000_000, "is longer than 1,000,000 characters", ""),
        (b"a," * 20_000 + b"\n", "has more than 16,384 columns", "Rows and columns may have been swapped"),
        (gzip.compress(CSV.encode(), mtime=0)[:-12], "is cut short", "fetch it again"),
        (gzip.compress(CSV.encode() + bytes(150_000_000)), "a NUL in line 3", ""),
        (gzip.compress(b"<log>" + b" " * 150_000_000), "grows more than 1,000-fold", ""),
        (b"PK\x03\x04" + bytes(100), "is no workbook that can be read, or is damaged", "save it again as .xlsx"),
        (b"SQLite format 3\0" + bytes(100), "cannot be read as a database of events", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_mend(refused, data, told, mend):
    err = refused(data)
    assert told in err
    assert mend in err


def test_a_bomb_in_a_workbook_is_refused(refused, workspace):
    (workspace / "deals.xlsx").write_bytes(workbook(workspace, ("Deal", "Stage", "At")))
    with zipfile.ZipFile(workspace / "deals.xlsx", "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/more.xml", b" " * 120_000_000)
    assert "grows more than 1,000-fold when unpacked" in refused(None, "deals.xlsx")


def test_another_database_is_refused(refused, workspace):
    connection = sqlite3.connect(workspace / "deals.db")
    connection.execute("CREATE TABLE deals (id TEXT)")
    connection.close()
    assert "is a database, but no event log of OCEL 2.0" in refused(None, "deals.db")


def test_a_folder_is_refused(refused, workspace):
    (workspace / "deals").mkdir()
    assert "'deals' is a directory" in refused(None, "deals")


def test_a_pipe_is_refused(refused, workspace):
    os.mkfifo(workspace / "pipe")
    assert "is no file but a device or a pipe" in refused(None, "pipe")


def test_a_file_that_is_not_there_is_refused(refused):
    assert "'nowhere.csv' cannot be read: No such file" in refused(None, "nowhere.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever runs this may read everything")
def test_a_file_that_may_not_be_read_is_refused(refused, workspace):
    (workspace / "deals.csv").write_text(CSV)
    (workspace / "deals.csv").chmod(0)
    assert "cannot be read: Permission denied" in refused(None)


def test_a_formula_without_its_value_is_named_by_its_cell(run, refused, workspace):
    rows = (("Deal", "Stage", "At"), ("D-1", "=A2", "2026-01-05"), ("D-2", "Won", "2026-01-05"))
    (workspace / "deals.csv").write_bytes(workbook(workspace, *rows))
    told = run("import deals.csv --map log --at 2026-03-13")
    assert told.code == 1
    assert "B2" in told.out
    assert "the formula was saved without its value" in told.out


def test_a_workbook_without_its_reader_says_which_extra_brings_it(refused, workspace, monkeypatch):
    data = workbook(workspace, ("Deal", "Stage", "At"))
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    assert "pip install 'stagewright[xlsx]'" in refused(data)
