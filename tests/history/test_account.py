"""The account of an export's rows."""

from engine.history.export import account
from tests.history.made import MOVES, read_text


def test_every_row_and_cell_has_its_line(tmp_path):
    text = (
        "Deal,Stage,At,Who,Value,Region\n"
        "D1,Offer,2026-01-05,,x,\nD1,New,2026-01-02,,,\nD2,Nwe,2026-01-02,,,\nD3,New,,,,\n,,,,,\n"
    )
    table = account(read_text(tmp_path, text, MOVES))
    assert dict(table.rows) == {
        "rows read": 5,
        "rows taken": 3,
        "blank rows": 1,
        "rows left out": 1,
        "rows that the map leaves out on purpose": 0,
        "cells that could not be read": 2,
        "deals": 2,
        "moves": 3,
        "moves without a date": 1,
        "deals whose rows were not in order of time": 1,
    }
    assert table.notes == ("columns not read: Region",)
