"""Each kind of change by its example: found at its place and level, and backwards by the code that mirrors it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.loading.processes import load_process
from engine.loading.rules import load_rule_set
from engine.model.change import MIRRORED, Change, Changes, Code
from engine.versions import clocks, facts, metrics, reasons, roles, rule_sets, tracks, whole
from engine.versions.diff import diff
from engine.versions.rule_set_diff import diff_rule_sets

PAGES = Path(__file__).parents[2] / "engine" / "versions" / "pages"
OURS = tuple(code for room in (clocks, facts, metrics, reasons, roles, rule_sets, tracks, whole) for code in room.CODES)
BY_CODE = {code.code: code for code in OURS}


def _both_ways(code: Code, folder: Path) -> tuple[Changes, Changes]:
    text = (PAGES / code.base).read_text(encoding="utf-8")
    assert text.count(code.example.before) == 1
    paths = folder / "old.yaml", folder / "new.yaml"
    paths[0].write_text(text, encoding="utf-8")
    paths[1].write_text(text.replace(code.example.before, code.example.after), encoding="utf-8")
    if text.startswith("ruleset"):
        sets = [load_rule_set(path) for path in paths]
        assert [one.findings for one in sets if one.value is None] == []
        old, new = (one.value for one in sets)
        assert old
        assert new
        return diff_rule_sets(old, new), diff_rule_sets(new, old)
    processes = [load_process(path, workspace=PAGES) for path in paths]
    assert [one.findings for one in processes if one.value is None] == []
    before, after = (one.value for one in processes)
    assert before
    assert after
    return diff(before, after), diff(after, before)


def _of(changes: Changes, code: str) -> list[Change]:
    return [change for change in changes.changes if change.code == code]


@pytest.mark.parametrize("code", OURS, ids=lambda code: code.code)
def test_the_example_is_found_at_its_level_and_mirrored(code: Code, tmp_path: Path) -> None:
    there, back = _both_ways(code, tmp_path)
    found, mirrored = _of(there, code.code), _of(back, code.mirror)
    assert found
    assert {change.level for change in found} <= set(code.levels)
    assert {change.level for change in mirrored} <= set(BY_CODE[code.mirror].levels)
    assert BY_CODE[code.mirror].mirror == code.code
    assert [(one.thing, one.old and one.old.line, one.new and one.new.line) for one in found] == [
        (one.thing if code.code not in RENAMES else found[0].thing, one.new and one.new.line, one.old and one.old.line)
        for one in mirrored
    ]
    assert [MIRRORED[one.level] for one in found if one.level in MIRRORED] == [
        one.level for one in mirrored if one.level in MIRRORED
    ]


RENAMES = ("D403", "D453")
"""The thing is called by its new name, which is another one backwards."""


@pytest.mark.parametrize("code", OURS, ids=lambda code: code.code)
def test_the_example_changes_nothing_else(code: Code, tmp_path: Path) -> None:
    there, _ = _both_ways(code, tmp_path)
    assert {change.code for change in there.changes} <= {code.code, *WITH.get(code.code, ())}


WITH = {"D610": ("D611",), "D952": ("D402",)}
"""What cannot but change along."""


def test_codes_are_in_their_ranges_and_given_once() -> None:
    assert len(BY_CODE) == len(OURS)
    assert [code.code for code in OURS if not code.tells.endswith(".")] == []
