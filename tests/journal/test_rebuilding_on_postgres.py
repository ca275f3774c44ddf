"""Whoever rebuilds the projection on a server holds off all who write, and undoes nothing of what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from time import monotonic, sleep

import pytest

from engine.journal import deals, statements
from engine.journal.connect import connect
from engine.journal.deals import folds, rebuild, refold
from engine.journal.forget import Forgotten, forget
from engine.journal.session import Session
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.deal import Deal
from engine.model.errors import JournalError
from tests.journal.build import NOON, add, keep, moved, started

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def journal(postgres_url: str) -> Iterator[SqlJournal]:
    with closing(connect(postgres_url)) as journal:
        keep(journal, (started("acme", owner="Wilhelmina", note="Wilhelmina"), moved("acme", 2)))
        keep(journal, (started("beta"),))
        yield journal


@pytest.fixture
def other(postgres_url: str) -> Iterator[SqlJournal]:
    """The same journal, for somebody else."""
    with closing(connect(postgres_url)) as journal:
        yield journal


@pytest.fixture
def meanwhile() -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """Begin something in a thread of its own."""
    with ThreadPoolExecutor() as threads:
        yield threads.submit


def wait_until_one_waits(journal: SqlJournal) -> None:
    """Until somebody waits for a lock. Within a transaction the server tells of them anew only when asked to."""
    give_up = monotonic() + 4
    while not journal.session.rows(f"{_WAITING} AND pg_stat_clear_snapshot() IS NOT NULL")[0][0]:
        assert monotonic() < give_up, "nobody waits"
        sleep(0.01)


def test_who_forgets_between_the_reading_and_the_writing_of_a_rebuild_is_not_undone(
    journal: SqlJournal, other: SqlJournal, meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetting: list[Future[object]] = []

    def read_then_forgotten(session: Session) -> Iterator[Deal]:
        yield from folds(session)
        forgetting.append(meanwhile(lambda: forget(other, "acme")))
        wait_until_one_waits(journal)

    monkeypatch.setattr(deals, "folds", read_then_forgotten)
    assert rebuild(journal) == 2
    assert forgetting[0].result() == Forgotten(2, repeated=False)
    deal = journal.deal("acme")
    assert deal is not None
    assert (deal.forgotten, deal.owner) == (True, "")
    assert verify(journal) == ()


def test_who_rebuilds_while_a_deal_is_forgotten_waits_and_crosses_nobody(
    journal: SqlJournal, other: SqlJournal, meanwhile
) -> None:
    with other.session.writing():
        other.session.dialect.join(other.session.rows)
        other.session.many(statements.close_deal, [("acme",)])
        rebuilding = meanwhile(lambda: rebuild(journal))
        wait_until_one_waits(other)
        # A deadlock would be told here.
        other.session.many(statements.blank_payloads, [("acme",)])
    assert rebuilding.result() == 2
    deal = journal.deal("acme")
    assert deal is not None
    assert deal.forgotten
    assert verify(journal) == ()


@pytest.mark.parametrize(
    "work",
    [
        lambda journal: add(journal, moved("acme", 3)),
        lambda journal: keep(journal, (started("late"),)),
        lambda journal: forget(journal, "acme"),
        lambda journal: journal.watch([(journal.deal("acme"), NOON)]),
    ],
    ids=["append", "start", "forget", "watch"],
)
def test_all_who_write_wait_for_who_holds_the_journal_and_then_go_on(
    journal: SqlJournal, other: SqlJournal, meanwhile, work: Callable[[SqlJournal], object]
) -> None:
    with journal.session.writing():
        journal.session.dialect.hold(journal.session.rows)
        working = meanwhile(lambda: work(other))
        wait_until_one_waits(journal)
        assert not working.done()
    working.result()
    rebuild(journal)
    assert verify(journal) == ()


def test_many_who_append_and_forget_and_rebuild_at_once_come_all_to_an_end(postgres_url: str, meanwhile) -> None:
    names = [f"deal-{number}" for number in range(24)]
    with ExitStack() as opened:
        first, second, third, fourth = (opened.enter_context(closing(connect(postgres_url))) for _ in range(4))
        for name in names:
            keep(first, (started(name, note="Wilhelmina"),))
        done = [
            meanwhile(lambda: [rebuild(second) for _ in range(12)]),
            meanwhile(lambda: [forget(third, name) for name in names[:12]]),
            meanwhile(lambda: [add(fourth, moved(name, 2)) for name in names[12:]]),
        ]
        assert [len(each.result()) for each in done] == [12, 12, 12]
        assert [deal.forgotten for deal in first.deals() if deal.id in names[:12]] == [True] * 12
        assert verify(first) == ()


def test_who_waits_too_long_for_who_rebuilds_is_told_and_has_done_nothing(
    journal: SqlJournal, postgres_url: str
) -> None:
    with closing(connect(postgres_url, wait_seconds=0.1)) as hasty:
        with journal.session.writing():
            refold(journal.session)
            with pytest.raises(JournalError, match="is locked by another program; nothing was recorded"):
                forget(hasty, "acme")
        assert {entry.note for entry in hasty.entries("acme")} == {"Wilhelmina", ""}
