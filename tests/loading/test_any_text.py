"""Files that were changed at random: whatever they say, reading tells it and never raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loading import codes
from engine.loading.document import parse_text
from engine.loading.files import load_file
from engine.loading.loaded import Loaded
from engine.loading.maps import read_map
from engine.loading.processes import load_process, read_process
from engine.loading.rules import read_rule_set
from engine.loading.scenarios import read_scenario
from engine.model.finding import Severity
from tests.loading.conftest import CASES

WORKSPACE = CASES / "workspace"
TEXTS = {
    "process": (WORKSPACE / "processes" / "everything" / "3.yaml").read_text(encoding="utf-8"),
    "ruleset": (WORKSPACE / "rules" / "common" / "1.yaml").read_text(encoding="utf-8"),
    "map": (CASES / "map.yaml").read_text(encoding="utf-8"),
    "scenario": (CASES / "scenario.yaml").read_text(encoding="utf-8"),
}
ROOT = Path(__file__).parents[2]
INSIDE_SALES = load_process(ROOT / "processes" / "inside-sales" / "2.yaml", workspace=ROOT).value
_BITS = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ": ",
        ":",
        ", ",
        "- ",
        '"',
        "'",
        " #",
        "!",
        "&a ",
        "*a",
        "|",
        ">",
        "\t",
        "\n",
        "  ",
        "~",
        "<<: ",
    ]
) | st.sampled_from(
    [
        "true",
        "0",
        "5%",
        "3d",
        "open",
        "later",
        "won",
        "amount",
        "a/b",
        "\\",
        "ä",
        "\u2028",
        "\x85",
        "010",
        "process: x\n",
        "",
    ]
)
_EDITS = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 30), _BITS), min_size=1, max_size=5)


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for at, length, bit in edits:
        at %= len(text) + 1
        text = text[:at] + bit + text[at + length :]
    return text


def _read(kind: str, text: str) -> Loaded[object]:
    document = parse_text(text, "f.yaml")
    readers = {
        "process": lambda: read_process(document, Path("f.yaml"), workspace=WORKSPACE),
        "ruleset": lambda: read_rule_set(document),
        "map": lambda: read_map(document, Path("f.yaml")),
        "scenario": lambda: read_scenario(document, Path("f.yaml"), process=INSIDE_SALES),
    }
    return readers[kind]()


@pytest.mark.parametrize("kind", TEXTS)
@settings(max_examples=120, deadline=None)
@given(_EDITS)
def test_a_file_changed_at_random_is_read_or_told(kind: str, edits: list[tuple[int, int, str]]) -> None:
    text = _edited(TEXTS[kind], edits)
    loaded = _read(kind, text)
    errors = [one for one in loaded.findings if one.severity is Severity.ERROR]
    lines = text.split("\n")
    assert (loaded.value is None) == bool(errors)
    assert list(loaded.findings) == sorted(set(loaded.findings), key=lambda one: one.order)
    assert all(one.code[0] == "C" or one.code in codes.CODES for one in loaded.findings)
    assert all(one.source == lines[one.at.line - 1] for one in loaded.findings if one.at.line)
    assert all(one.at.column <= len(one.source) + 1 for one in loaded.findings)


def test_codes_are_one_table_in_order_without_gaps() -> None:
    for letter in "YSNA":
        numbers = [int(code[1:]) for code in codes.CODES if code[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_shipped_file_loads_clean() -> None:
    paths = [path for folder in ("processes", "rules", "maps") for path in sorted((ROOT / folder).rglob("*.yaml"))]
    told = [str(one) for path in paths for one in load_file(path).findings]
    assert told == []
