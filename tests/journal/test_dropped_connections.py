"""A connection that is cut at any moment: the deed is recorded once, or the person is told that it is not known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.forget import forget
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import DealExists, DealForgotten, DealMovedOn, JournalError, KeyReused
from tests.journal.build import NOON, SALES, add, deal_of, keep, moved, started, story
from tests.journal.postgres_server import Server
from tests.journal.proxy import Proxy, after_question, answer, nth_answer, nth_question, proxy

QUESTIONS_OF_ONE_APPEND = 7
COMMITTED = b"COMMIT\0"


@pytest.fixture
def between(postgres: Server) -> Iterator[Proxy]:
    with proxy(postgres.sockets) as made:
        yield made


@pytest.fixture
def other(postgres_url: str) -> Iterator[SqlJournal]:
    """A journal with one deal, by a way that nobody cuts."""
    with closing(connect(postgres_url)) as journal:
        keep(journal, story("acme", 2))
        yield journal


@pytest.fixture
def journal(between: Proxy, postgres_url: str, other: SqlJournal) -> Iterator[SqlJournal]:
    """The same, through the proxy."""
    with closing(connect(between.url(postgres_url), wait_seconds=1)) as journal:
        yield journal


def slow_commits(journal: SqlJournal, statement: str) -> None:
    """Do something in each commit from now on, once all is written."""
    journal.session.rows(
        f"CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {statement}; RETURN NULL; END$$;"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION late()"
    )


def no_triggers(journal: SqlJournal) -> None:
    journal.session.rows("DROP TRIGGER IF EXISTS late ON entries")


@pytest.mark.parametrize("cut", [nth_answer, nth_question])
@pytest.mark.parametrize("number", range(1, QUESTIONS_OF_ONE_APPEND + 1))
def test_an_entry_is_recorded_once_wherever_the_connection_is_cut(
    between: Proxy, journal: SqlJournal, other: SqlJournal, cut, number: int
) -> None:
    deal = journal.deal("acme")
    between.judge = cut(number)
    third = add(journal, moved("acme", 3, key="k"), before=deal)
    assert between.judge is None, "it was cut"
    assert add(journal, moved("acme", 4)).length == 4
    assert other.deal("acme") == deal_of(other.entries("acme"))
    assert other.entries("acme")[:3] == (*story("acme", 2), moved("acme", 3, key="k"))
    assert third.length == 3
    assert verify(other) == ()


def test_no_more_is_asked_than_what_was_cut(between: Proxy, journal: SqlJournal) -> None:
    deal = journal.deal("acme")
    between.judge = nth_answer(QUESTIONS_OF_ONE_APPEND + 1)
    add(journal, moved("acme", 3), before=deal)
    assert between.judge is not None


def test_a_start_is_recorded_once(between: Proxy, journal: SqlJournal) -> None:
    between.judge = answer(COMMITTED)
    keep(journal, story("beta"))
    assert journal.entries("beta") == story("beta")
    with pytest.raises(DealExists):
        keep(journal, story("beta"))


def test_a_chunk_of_an_import_is_recorded_once(between: Proxy, journal: SqlJournal) -> None:
    between.judge = answer(COMMITTED)
    batches = [(story(f"d{number}"), 0, deal_of(story(f"d{number}"))) for number in range(100)]
    assert journal.append_many(batches, definition=SALES) == 500
    assert len(list(journal.all_entries())) == 502
    assert verify(journal) == ()


def test_what_the_server_still_records_is_waited_for(between: Proxy, journal: SqlJournal, other: SqlJournal) -> None:
    slow_commits(other, "PERFORM pg_sleep(0.3)")
    between.judge = after_question(COMMITTED)
    add(journal, moved("acme", 3))
    no_triggers(other)
    assert [entry.sequence for entry in journal.entries("acme")] == [1, 2, 3]
    assert verify(journal) == ()


def test_what_the_server_still_records_after_all_patience_is_not_known(
    between: Proxy, journal: SqlJournal, other: SqlJournal
) -> None:
    slow_commits(other, "PERFORM pg_sleep(2)")
    between.judge = after_question(COMMITTED)
    with pytest.raises(JournalError, match=r"it is not known whether this was recorded: .* is locked by another"):
        add(journal, moved("acme", 3))


def test_a_commit_that_the_server_undid_is_done_again(journal: SqlJournal, other: SqlJournal) -> None:
    # Sequences are never undone: the first commit ends its own connection, the second does not.
    other.session.rows("CREATE SEQUENCE turns")
    slow_commits(other, "IF nextval('turns') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF")
    add(journal, moved("acme", 3))
    no_triggers(other)
    assert other.session.rows("SELECT last_value FROM turns") == [(2,)]
    assert len(other.entries("acme")) == 3
    assert verify(other) == ()


def end_connections(other: SqlJournal) -> None:
    """End every connection but this one, and wait until they are gone."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    other.session.rows(f"SELECT pg_terminate_backend(pid) {others}")
    until = time.monotonic() + 5
    while other.session.rows(f"SELECT pid {others}"):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_reading_and_writing_go_on_after_a_connection_was_ended(
    journal: SqlJournal, other: SqlJournal, caplog: pytest.LogCaptureFixture
) -> None:
    end_connections(other)
    assert journal.entries("acme") == story("acme", 2)
    end_connections(other)
    add(journal, moved("acme", 3), before=deal_of(story("acme", 2)))
    end_connections(other)
    rebuild(journal)
    end_connections(other)
    forget(journal, "acme")
    end_connections(other)
    assert verify(journal) == ()
    assert caplog.records == []


def spoil_and_be_cut(journal: SqlJournal, other: SqlJournal) -> None:
    with journal.session.writing():
        journal.session.rows("UPDATE deals SET stage = 'won'")
        end_connections(other)
        journal.session.rows("SELECT 1")


def test_a_connection_that_is_ended_within_a_transaction_undoes_it(journal: SqlJournal, other: SqlJournal) -> None:
    with pytest.raises(JournalError, match=r"^the connection to the journal .* was lost: terminating connection"):
        spoil_and_be_cut(journal, other)
    assert journal.deal("acme") == other.deal("acme") == deal_of(story("acme", 2))


def test_whoever_took_the_place_meanwhile_keeps_it(between: Proxy, journal: SqlJournal, other: SqlJournal) -> None:
    deal = journal.deal("acme")
    add(other, moved("acme", 3, actor="quicker", key="k"), before=deal)
    for judge in (nth_answer(2), nth_answer(4), answer(COMMITTED)):
        between.judge = judge
        with pytest.raises(DealMovedOn, match="it has 3 entries now, not 2"):
            add(journal, moved("acme", 3), before=deal)
    with pytest.raises(KeyReused):
        add(journal, moved("acme", 4, key="k"))
    assert [entry.actor for entry in other.entries("acme")] == ["ana", "bo", "quicker"]


def test_when_the_server_does_not_come_back_it_is_said_that_nobody_knows(
    between: Proxy, journal: SqlJournal, other: SqlJournal
) -> None:
    between.judge, between.shuts = answer(COMMITTED), True
    with pytest.raises(JournalError) as caught:
        add(journal, moved("acme", 3, key="k"))
    assert str(caught.value).startswith("it is not known whether this was recorded: the journal 'postgresql://")
    assert caught.value.hint == (
        "look with 'stagewright why', or do it again with the same --key: under a key it is recorded once"
    )
    assert len(other.entries("acme")) == 3


def test_when_the_server_does_not_come_back_before_a_commit_nothing_was_recorded(
    between: Proxy, journal: SqlJournal, other: SqlJournal
) -> None:
    deal = journal.deal("acme")
    between.judge, between.shuts = nth_answer(4), True
    with pytest.raises(JournalError, match=r"^the journal 'postgresql://.*' cannot be reached: connection"):
        add(journal, moved("acme", 3, happened_at=NOON), before=deal)
    assert len(other.entries("acme")) == 2


def test_a_deal_that_is_forgotten_while_it_is_added_to_stays_forgotten(journal: SqlJournal, other: SqlJournal) -> None:
    """Between the look at the head and the writing, which no test can hit by chance."""
    deal = other.deal("acme")
    places = journal.session.dialect.places

    class Slow:
        def __getattr__(self, name: str) -> object:
            return getattr(dialect, name)

        def places(self, rows, count: int):
            forget(other, "acme")
            return places(rows, count)

    dialect, journal.session.dialect = journal.session.dialect, Slow()
    with pytest.raises(DealForgotten, match="deal 'acme' was forgotten"):
        add(journal, moved("acme", 3), before=deal)
    assert verify(other) == ()


def test_a_closed_journal_stays_closed(journal: SqlJournal) -> None:
    journal.close()
    with pytest.raises(JournalError, match="was lost: the connection is closed"):
        journal.deal("acme")
    with pytest.raises(JournalError, match="was lost: the connection is closed"):
        keep(journal, (started("beta"),))
