from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.connect import connect
from tests.journal.build import keep, story
from tests.journal.tampered import Tampered


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("untouched") / "journal.db"
    with closing(connect(str(path))) as journal:
        for name in ("acme", "beta", "core"):
            keep(journal, story(name))
    return path


@pytest.fixture
def tamper(untouched: Path, tmp_path: Path) -> Tampered:
    return Tampered(Path(shutil.copy(untouched, tmp_path)))
