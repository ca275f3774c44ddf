"""What people are told about typical mistakes: the whole text, held in ``mistakes.txt`` beside this file."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.conditions.parse import read
from tests.conditions.world import SCOPE

BLOCKS = Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")


def told(condition: str) -> str:
    """The condition, then each finding below the place it points at."""
    expression, findings = read(condition, SCOPE)
    assert expression is None, "there is nothing to tell"
    lines = [condition]
    for finding in findings:
        hint = f" | {finding.hint}" if finding.hint else ""
        lines.append(f"{' ' * finding.at.column}^ {finding.code} {finding.message}{hint}")
    return "\n".join(lines)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0])
def test_a_mistake_is_told_with_its_place_and_its_mend(block: str) -> None:
    assert told(block.partition("\n")[0]) == block
