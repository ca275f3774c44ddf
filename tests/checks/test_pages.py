"""Each finding has a page, and each page shows what it says: its bad file gives the finding, its good one nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.checks import explain
from engine.conditions.problem import CODES as CONDITION_CODES
from engine.loading import codes
from engine.loading.codes import CODES as LOADING_CODES
from engine.model.errors import UnknownName

from .pages import HEADINGS, examples, found_in, sections

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'"([A-CE-Z]\d{3})"')
REGENERATE = "python -c \"from engine.checks.explain import reference; print(reference(), end='')\""

# No yaml block can hold such a file: what is found in it is tested where files are read.
IN_WORDS = {"Y001", "Y002", "Y003", "S015", "S016"}


def given_somewhere() -> set[str]:
    """Every code that stands in the code as a text of its own."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py"))
    return {code for source in sources for code in CODE.findall(source)}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(explain.codes()) == given_somewhere()


def test_codes_of_reading_and_of_conditions_are_among_them() -> None:
    assert {*LOADING_CODES, *CONDITION_CODES} <= set(explain.codes())


@pytest.mark.parametrize("code", explain.codes())
def test_a_page_has_its_title_and_all_its_parts(code: str) -> None:
    assert explain.page(code).startswith(f"# {code}: {explain.title(code)}\n")
    assert tuple(sections(code)) == HEADINGS
    assert all(sections(code).values())


@pytest.mark.parametrize("code", sorted(LOADING_CODES))
def test_a_page_is_called_what_reading_calls_the_finding(code: str) -> None:
    assert explain.title(code) == LOADING_CODES[code]


@pytest.mark.parametrize("code", [code for code in explain.codes() if code not in IN_WORDS])
def test_the_bad_file_gives_this_finding_and_no_other(code: str, tmp_path: Path) -> None:
    bad, _ = examples(code)
    assert bad is not None
    assert {finding.code for finding in found_in(bad, tmp_path)} == {code}


@pytest.mark.parametrize("code", explain.codes())
def test_the_good_file_gives_no_finding(code: str, tmp_path: Path) -> None:
    _, good = examples(code)
    assert good is not None
    assert found_in(good, tmp_path) == ()


@pytest.mark.parametrize("code", sorted(IN_WORDS))
def test_what_no_page_can_show_is_tested_where_files_are_read(code: str) -> None:
    name = next(name for name, value in vars(codes).items() if value == code)
    tests = [
        path.read_text(encoding="utf-8")
        for room in ("loading", "commands")
        for path in (ROOT / "tests" / room).glob("*.py")
    ]
    assert examples(code)[0] is None
    assert any(f'"{code}"' in text or f"codes.{name}" in text for text in tests)


def test_an_unknown_code_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName, match="no finding 'P999'"):
        explain.page("P999")


def test_the_reference_holds_all_pages() -> None:
    kept = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
    assert kept == explain.reference(), f"write it anew: {REGENERATE} > docs/reference/findings.md"
