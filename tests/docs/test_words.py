"""The pages use the words of the glossary, and none of those they replace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .pages import PAGES, ROOT, rows

REPLACED = re.compile(
    r"\b(workflows?|opportunit(?:y|ies)|guards?|validators?|state machines?|leads? \d|audit\w*)\b", re.I
)


def prose(page: Path) -> str:
    """The text of a page without its code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`]*`", "", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_uses_the_words_of_the_glossary(page: Path) -> None:
    assert REPLACED.findall(prose(page)) == []


def test_the_glossary_tells_each_word_once() -> None:
    words = [word.strip("*") for row in rows(ROOT / "docs/glossary.md") for word in row.cells["word"].split(", ")]
    assert sorted(words) == sorted(set(words))
    assert {"process", "stage", "action", "deal", "fact", "rule", "requirement", "journal", "entry"} <= set(words)
