"""The page of needs says the truth: each line it quotes stands in the file it names, and no need is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Row, rows

PAGE = ROOT / "docs/explanation/what-companies-need.md"
MET = [row for row in rows(PAGE) if "where it says so" in row.cells]
NEEDS = range(1, 16)


def plain(text: str) -> str:
    return " ".join(text.split())


def quoted(row: Row) -> list[str]:
    return re.findall(r"`([^`]+)`", row.cells["where it says so"])


def file_of(row: Row) -> Path:
    link = re.search(r"\]\(([^)]+)\)", row.cells["file"])
    assert link is not None
    return PAGE.parent / link[1]


def missing(row: Row) -> list[str]:
    text = plain(file_of(row).read_text(encoding="utf-8"))
    return [line for line in quoted(row) if plain(line) not in text]


@pytest.mark.parametrize("row", MET, ids=lambda row: row.name)
def test_what_the_page_quotes_stands_in_the_file_it_names(row: Row) -> None:
    assert quoted(row) != []
    assert missing(row) == []


def test_each_of_the_fifteen_needs_is_on_the_page() -> None:
    assert {int(row.cells["no."]) for row in MET} == set(NEEDS)


def test_a_line_that_is_not_there_is_found() -> None:
    row = Row(PAGE, 1, {"file": "[bids](../../processes/bids/1.yaml)", "where it says so": "`ends: drawn`"})
    assert missing(row) == ["ends: drawn"]
