"""A PostgreSQL for those tests that want one: one server a worker, started when the first test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from hypothesis import settings

from engine.journal.connect import connect
from tests.journal.postgres_server import MISSING, Server, is_missing, server

# How long an example takes says how busy the machine is: benchmarks measure, tests do not.
settings.register_profile("patient", settings.get_profile("ci" if os.environ.get("CI") else "default"), deadline=None)
settings.load_profile("patient")

_NUMBERS = count(1)
_TEMPLATE = "journal_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server, with nothing in it but what tests put there."""
    if is_missing():
        pytest.skip(MISSING)
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_with_template(postgres: Server) -> Server:
    """The server, once it holds an empty journal to be copied: that takes less time than to make one."""
    _do(postgres, f"CREATE DATABASE {_TEMPLATE}")
    with closing(connect(postgres.url(_TEMPLATE))):
        return postgres


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """The URL of a database without anything in it."""
    yield from _database(postgres, "template0")


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty journal. ``STAGEWRIGHT_TEST_POSTGRES`` names another database, which is emptied."""
    url = os.environ.get("STAGEWRIGHT_TEST_POSTGRES")
    yield from _emptied(url) if url else _database(request.getfixturevalue("postgres_with_template"), _TEMPLATE)


def _emptied(url: str) -> Iterator[str]:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(url) as other:
        other.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    yield url


def _database(where: Server, template: str) -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    _do(where, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield where.url(name)
    _do(where, f"DROP DATABASE {name} WITH (FORCE)")


def _do(where: Server, statement: str) -> None:
    import psycopg

    with psycopg.connect(where.url(), autocommit=True) as connection:
        connection.execute(statement)
