from __future__ import annotations

from pathlib import Path

import pytest

from engine.checks.following import splits_that_leave_some
from engine.loading.processes import load_process

TEXT = """\
process: tiny
version: 2
follows: {version: 1, stages: {demo: SPLIT}}
facts: {amount: {type: money}, kind: {type: choice, of: [new, known], default: new}}
stages: {lead: {}, offer: {}, won: {ends: won}}
actions: {}
"""


@pytest.mark.parametrize(
    ("split", "told"),
    [
        ("offer", 0),
        ("[{to: offer, when: amount > 1}, {to: lead}]", 0),
        ("[{to: offer, when: amount > 1}, {to: lead, when: not given(amount) or amount <= 1}]", 0),
        ('[{to: offer, when: kind == "new"}, {to: lead, when: kind == "known"}]', 0),
        ("[{to: offer, when: amount > 1}, {to: lead, when: amount <= 1}]", 1),
        ("[{to: offer, when: amount > 1}]", 1),
    ],
)
def test_a_split_is_told_where_no_line_may_be_true(split: str, told: int, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(TEXT.replace("SPLIT", split), encoding="utf-8")
    process = load_process(path).value
    assert process
    assert len(list(splits_that_leave_some(process))) == told
