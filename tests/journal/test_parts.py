"""A journal verified in parts by several processes comes to what one process finds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.connect import connect
from engine.journal.parts import verify_quickly
from engine.journal.seal import read_seal, seal
from engine.journal.triggers import SQLITE
from engine.journal.verify import verify_against
from engine.model.errors import BadSeal
from tests.journal.build import NOON, add, keep, moved, story

NAMES = [f"deal-{number:02}" for number in range(30)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with closing(connect(str(path))) as journal:
        for name in NAMES:
            keep(journal, story(name))
    return path


@pytest.fixture
def sealed(path: Path) -> str:
    with closing(connect(str(path), read_only=True)) as journal:
        return "".join(seal(journal, now=NOON))


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        for name in SQLITE:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for text in SQLITE.values():
            raw.execute(text)


@pytest.mark.parametrize("workers", [2, 4])
def test_a_sound_journal_is_sound_in_parts(path: Path, sealed: str, workers: int) -> None:
    with closing(connect(str(path))) as journal:
        add(journal, moved("deal-03", 6))
        keep(journal, story("a-new-one"))
        keep(journal, story("zuletzt"))
    with closing(connect(str(path), read_only=True)) as journal:
        found = verify_quickly(journal, [read_seal(sealed)], workers=workers)
        assert found.problems == ()
        assert (found.deals_since, found.entries_since) == (2, 11)
        assert found == verify_against(journal, [read_seal(sealed)])


def test_what_does_not_fit_is_found_in_every_part(path: Path, sealed: str) -> None:
    spoil(
        path,
        "UPDATE entries SET reason = 'x' WHERE deal = 'deal-02' AND sequence = 2",
        "UPDATE payloads SET body = '{}' WHERE id = (SELECT id FROM entries WHERE deal = 'deal-14' AND sequence = 3)",
        "DELETE FROM entries WHERE deal = 'deal-20'",
        "DELETE FROM entries WHERE deal = 'deal-29' AND sequence = 5",
        "UPDATE entries SET deal = x'00' WHERE deal = 'deal-25'",
        "UPDATE meta SET value = 'x' WHERE name = 'chain'",
    )
    with closing(connect(str(path), read_only=True)) as journal:
        alone = verify_against(journal, [read_seal(sealed)])
        found = verify_quickly(journal, [read_seal(sealed)], workers=3)
    assert sorted(found.problems) == sorted(alone.problems)
    assert found.problems[0].what.startswith("how entries are hashed")
    named = {problem.deal for problem in found.problems}
    assert named >= {"deal-02", "deal-14", "deal-20", "deal-25", "deal-29"}


def test_one_deal_alone_makes_one_part(tmp_path: Path) -> None:
    with closing(connect(str(tmp_path / "one.db"))) as journal:
        keep(journal, story("only", 40))
        assert verify_quickly(journal, workers=4).problems == ()


def test_a_journal_in_memory_is_verified_by_this_process() -> None:
    with closing(connect(":memory:")) as journal:
        keep(journal, story())
        assert verify_quickly(journal, workers=4).problems == ()


def test_a_seal_of_another_journal_is_refused_in_parts_too(tmp_path: Path, sealed: str) -> None:
    with closing(connect(str(tmp_path / "other.db"))) as journal:
        keep(journal, story("a"))
        keep(journal, story("b"))
        with pytest.raises(BadSeal, match="another journal"):
            verify_quickly(journal, [read_seal(sealed)], workers=2)


def test_a_server_is_verified_in_parts(postgres_url: str) -> None:
    with closing(connect(postgres_url)) as journal:
        for name in NAMES[:6]:
            keep(journal, story(name))
        assert verify_quickly(journal, workers=2).problems == ()
