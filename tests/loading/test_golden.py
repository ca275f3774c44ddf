"""Faulty files and the whole text of what is told about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.loading.processes import load_process
from tests.loading.conftest import CASES, told

BAD = sorted((CASES / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_faulty_file_is_told_like_this(path: Path) -> None:
    loaded = load_process(path, workspace=CASES / "workspace")
    assert told(loaded, CASES / "bad") == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_ten_mistakes_give_ten_findings_in_order_of_place() -> None:
    loaded = load_process(CASES / "bad" / "ten-mistakes.yaml")
    assert len(loaded.findings) == 10
    assert [one.at for one in loaded.findings] == sorted(one.at for one in loaded.findings)
    assert all(one.hint and one.source for one in loaded.findings)
