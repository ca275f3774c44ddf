"""Pages of decisions are short, numbered and of one form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .pages import ROOT

DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_takes_at_most_twenty_lines(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 20


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_the_title_carries_the_number_of_the_file(page: Path) -> None:
    assert page.read_text(encoding="utf-8").startswith(f"# {int(page.stem[:4])}. ")


def test_numbers_run_without_a_gap() -> None:
    assert [int(re.match(r"\d{4}", page.stem)[0]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
