from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.forget import forget
from engine.journal.schema import deals as table
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import DealForgotten, UnknownName
from engine.model.ticked import Damaged
from tests.journal.build import NOON, SALES, add, deal_of, keep, moved, started, story


@pytest.fixture
def journal() -> Iterator[SqlJournal]:
    journal = connect(":memory:")
    keep(journal, story("acme", 8))
    keep(journal, (started("beta"), moved("beta", 2, to_stage="won", outcome="won"), moved("beta", 3)))
    yield journal
    journal.close()


def rows(journal: SqlJournal) -> list[tuple[object, ...]]:
    return journal.session.rows("SELECT * FROM deals ORDER BY id")


def test_rebuilding_gives_the_same_rows(journal: SqlJournal) -> None:
    add(journal, moved("acme", 9, touchpoint="demo"))
    before = rows(journal)
    journal.session.rows("DELETE FROM deals")
    assert journal.deal("acme") is None
    assert rebuild(journal) == 2
    assert rows(journal) == before


def test_rebuilding_mends_rows_and_drops_those_without_entries(journal: SqlJournal) -> None:
    before = rows(journal)
    journal.session.rows("UPDATE deals SET stage = 'lost', owner = 'eve', more = 'x'")
    journal.session.rows("INSERT INTO deals SELECT 'ghost', " + _rest(journal) + " FROM deals WHERE id = 'acme'")
    assert verify(journal)
    rebuild(journal)
    assert rows(journal) == before
    assert verify(journal) == ()


def _rest(journal: SqlJournal) -> str:
    columns = [name for _, name, *_ in journal.session.rows("PRAGMA table_info(deals)")]
    return ", ".join(columns[1:])


def test_many_deals_are_rebuilt(journal: SqlJournal) -> None:
    batches = [(story(f"d{number}"), 0, deal_of(story(f"d{number}"))) for number in range(1500)]
    journal.append_many(batches, definition=SALES)
    before = rows(journal)
    journal.session.rows("UPDATE deals SET stage = ''")
    assert rebuild(journal) == 1502
    assert rows(journal) == before


@pytest.mark.parametrize("due_at", ["''", "'0000'", "'soon'", "'2026-01-01'", "0", "x'00'", "'-'"])
def test_whatever_stands_where_a_due_time_should_others_are_met_once(journal: SqlJournal, due_at: str) -> None:
    batches = [((started(f"d{number}"),), 0, deal_of((started(f"d{number}"),))) for number in range(2100)]
    journal.append_many(batches, definition=SALES)
    journal.session.rows(f"UPDATE deals SET due_at = {due_at} WHERE id LIKE 'd%7'")
    met = Counter(deal.id for deal in journal.due(NOON))
    assert set(met.values()) == {1}
    assert {f"d{number}" for number in range(2100) if number % 10 != 7} <= set(met)


def test_a_deal_whose_due_time_cannot_be_read_is_looked_at_and_then_watched(journal: SqlJournal) -> None:
    journal.session.rows("UPDATE deals SET due_at = '' WHERE id = 'acme'")
    acme = journal.deal("acme")
    assert acme is not None
    assert acme in list(journal.due(NOON))
    journal.watch([(acme, NOON + timedelta(days=1))])
    assert [deal.id for deal in journal.due(NOON)] == ["beta"]


@pytest.mark.parametrize(
    "more",
    [
        "",
        "null",
        "[[]]",
        "{",
        "[" * 5000,
        '{"visited":[1]}',
        '{"visited":[],"touches":{"call":[1e999,"2026-01-01T00:00:00.000000+00:00"]}}',
        '{"visited":[],"touches":{"call":[Infinity,"2026-01-01T00:00:00.000000+00:00"]}}',
        '{"visited":[],"touches":{"call":[1,"0001-01-01T00:00:00.000000+23:00"]}}',
        '{"visited":[],"facts":{"amount":{"money":"1e999999999999"}}}',
        '{"visited":[],"facts":{"amount":["money","x"]}}',
        '{"visited":[],"alarms":[1]}',
        '{"visited":[],"alarms":[["a","b","c"]]}',
        '{"visited":[],"grants":[[]]}',
        '{"visited":[],"track_entered_at":{"a":1}}',
        '{"visited":[],"tracks":{"a":[]}}',
    ],
)
def test_whatever_a_row_holds_it_is_told_and_no_more(journal: SqlJournal, more: str) -> None:
    journal.session.many(
        lambda: sa.update(table).values(more=sa.bindparam("m")).where(table.c.id == "acme"), [(more, "acme")]
    )
    found = list(journal.due(NOON))
    assert found[0] == Damaged("acme", "the row of deal 'acme' cannot be read")
    assert [each.id for each in found] == ["acme", "beta"]


def test_a_forgotten_deal_keeps_its_envelopes_and_its_chain(journal: SqlJournal) -> None:
    forget(journal, "acme")
    entries = journal.entries("acme")
    assert [entry.action for entry in entries] == [entry.action for entry in story("acme", 8)]
    assert {(entry.actor, entry.note, entry.owner, entry.verdicts) for entry in entries} == {("", "", "", ())}
    assert all(not entry.facts for entry in entries)
    assert verify(journal) == ()


def test_a_forgotten_deal_says_so_and_knows_no_facts(journal: SqlJournal) -> None:
    forget(journal, "acme")
    deal = journal.deal("acme")
    assert deal is not None
    assert deal.forgotten
    assert (deal.owner, dict(deal.facts), deal.stage) == ("", {}, deal_of(story("acme", 8)).stage)
    before = rows(journal)
    rebuild(journal)
    assert rows(journal) == before


def test_a_forgotten_deal_takes_no_entries(journal: SqlJournal) -> None:
    forget(journal, "acme")
    with pytest.raises(DealForgotten, match="deal 'acme' was forgotten"):
        add(journal, moved("acme", 9))
    with pytest.raises(DealForgotten):
        keep(journal, story("acme"))


def test_forgetting_twice_and_forgetting_nobody(journal: SqlJournal) -> None:
    forget(journal, "acme")
    forget(journal, "acme")
    with pytest.raises(UnknownName, match="there is no deal 'nobody'"):
        forget(journal, "nobody")


def test_nothing_of_a_forgotten_deal_is_left_in_the_files(tmp_path: object) -> None:
    path = f"{tmp_path}/journal.db"
    journal = connect(path)
    keep(journal, (started(note="Wilhelmina", owner="Wilhelmina", facts={"name": "Wilhelmina"}), moved("acme", 2)))
    add(journal, moved("acme", 3, note="Wilhelmina" * 2000))
    forget(journal, "acme")
    for name in (path, f"{path}-wal"):
        with open(name, "rb") as file:
            assert b"Wilhelmina" not in file.read()
    journal.close()
