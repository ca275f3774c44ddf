from __future__ import annotations

import os
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
    """Where a server is to be had: ``STAGEWRIGHT_TEST_POSTGRES`` is the URL of a database that may be emptied."""

    @pytest.fixture
    def url(self) -> str:
        url = os.environ.get("STAGEWRIGHT_TEST_POSTGRES")
        if not url:
            pytest.skip("STAGEWRIGHT_TEST_POSTGRES names no server")
        psycopg = pytest.importorskip("psycopg")
        with psycopg.connect(url) as server:
            server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return url

    @pytest.fixture
    def journal(self, url: str) -> Iterator[SqlJournal]:
        journal = connect(url)
        yield journal
        journal.close()
