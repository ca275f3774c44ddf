"""Each kind of change has a page, and its example shows it: at one of its levels, at the lines that differ."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from engine.loading.document import parse_text
from engine.loading.processes import from_definition
from engine.loading.rules import read_rule_set
from engine.model.change import Change, Level
from engine.model.entry import Definition
from engine.model.errors import UnknownName
from engine.model.place import Place
from engine.model.process import Process
from engine.versions import explain
from engine.versions.codes import CODES
from engine.versions.diff import diff
from engine.versions.rule_set_diff import diff_rule_sets

ROOT = Path(__file__).parents[2]
REGENERATE = "python -c \"from engine.versions.explain import reference; print(reference(), end='')\""
BY_CODE = {code.code: code for code in CODES}
# What these say of a stage comes of the actions around it; they point at the stage. A rule set is told as a whole.
EFFECTS = {"D108", "D109", "D110", "D111", "D112", "D113", "D962"}


def rules() -> tuple[tuple[str, str], ...]:
    """The rule sets beside the base files."""
    folder = ROOT / "engine" / "versions" / "pages"
    return tuple(
        (str(path.relative_to(folder)), path.read_text("utf-8")) for path in sorted(folder.glob("rules/*/*.yaml"))
    )


def compared(before: str, after: str) -> tuple[Change, ...]:
    """What differs between two texts of a process, or of a rule set."""
    if before.startswith("ruleset:"):
        sets = [read_rule_set(parse_text(text, "rules/terms/1.yaml")).value for text in (before, after)]
        assert sets[0]
        assert sets[1]
        return diff_rule_sets(sets[0], sets[1]).changes
    return diff(read(before), read(after)).changes


@cache
def read(text: str) -> Process:
    return from_definition(Definition("selling", 2, "", (("processes/selling/2.yaml", text), *rules())))


def found(code: str) -> list[Change]:
    changes = compared(explain.base_text(code), explain.changed_text(code))
    return [change for change in changes if change.code == code]


def spans(code: str) -> tuple[list[range], list[range]]:
    """The lines that differ, on either side; where nothing stands, those beside it."""
    texts = explain.base_text(code).splitlines(), explain.changed_text(code).splitlines()
    blocks = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
    apart = [block for block in blocks if block[0] != "equal"]
    return [range(b[1], b[2] + 2) for b in apart], [range(b[3], b[4] + 2) for b in apart]


def holds(texts: str, at: Place, lines: list[range]) -> bool:
    """Whether the thing that begins at a place reaches into one of the spans."""
    rows = texts.splitlines()
    own = len(rows[at.line - 1]) - len(rows[at.line - 1].lstrip())
    last = next(
        (n for n, row in enumerate(rows[at.line :], at.line) if row.strip() and len(row) - len(row.lstrip()) <= own),
        len(rows),
    )
    return any(set(range(at.line, last + 1)) & set(span) for span in lines)


@pytest.mark.parametrize("code", BY_CODE)
def test_the_example_of_a_code_gives_that_change_at_one_of_its_levels(code: str) -> None:
    changes = found(code)
    assert changes
    assert {change.level for change in changes} <= set(BY_CODE[code].levels)


@pytest.mark.parametrize("code", sorted(BY_CODE.keys() - EFFECTS))
def test_the_example_of_a_code_is_told_at_the_lines_that_differ(code: str) -> None:
    before, after = spans(code)
    for change in found(code):
        assert change.old or change.new
        sides = ((change.old, before, explain.base_text(code)), (change.new, after, explain.changed_text(code)))
        assert any(holds(text, at, lines) for at, lines, text in sides if at is not None)


@pytest.mark.parametrize("code", BY_CODE)
def test_seen_backwards_the_example_gives_the_mirror(code: str) -> None:
    back = [change.code for change in compared(explain.changed_text(code), explain.base_text(code))]
    assert back.count(BY_CODE[code].mirror) == len(found(code))


# What cannot but change along.
ALONG = {"D610": {"D611"}, "D952": {"D402"}, "D556": {"D206"}}


@pytest.mark.parametrize("code", [code for code in BY_CODE if code >= "D4" and not code.startswith("D50")])
def test_the_example_of_a_code_changes_nothing_else(code: str) -> None:
    told = {change.code for change in compared(explain.base_text(code), explain.changed_text(code))}
    assert told <= {code} | ALONG.get(code, set())


def test_codes_are_in_order_and_each_is_the_mirror_of_its_mirror() -> None:
    assert list(BY_CODE) == sorted(BY_CODE)
    assert all(BY_CODE[BY_CODE[code.mirror].mirror] is code for code in CODES)
    assert len(BY_CODE) == len(CODES)
    reference = explain.reference()
    assert all(f"### {code.code}: {code.title}\n" in reference for code in CODES)
    assert all(code.levels == tuple(sorted(code.levels, key=list(Level).index)) for code in CODES)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(UnknownName, match="no change 'D999'"):
        explain.page("D999")


def test_the_reference_holds_all_pages() -> None:
    kept = (ROOT / "docs" / "reference" / "changes.md").read_text(encoding="utf-8")
    assert kept == explain.reference(), f"write it anew: {REGENERATE} > docs/reference/changes.md"
