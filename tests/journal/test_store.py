from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from tests.journal.contract import Contract, SqlContract


class TestFile(SqlContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return str(tmp_path / "journal.db")

    @pytest.fixture
    def journal(self, url: str) -> Iterator[SqlJournal]:
        journal = connect(url)
        yield journal
        journal.close()


class TestMemory(Contract):
    @pytest.fixture
    def journal(self) -> Iterator[SqlJournal]:
        journal = connect(":memory:")
        yield journal
        journal.close()


class TestPostgres(SqlContract):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url

    @pytest.fixture
    def journal(self, url: str) -> Iterator[SqlJournal]:
        journal = connect(url)
        yield journal
        journal.close()
