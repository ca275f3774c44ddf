"""Many at once on one PostgreSQL: nothing is lost or there twice, and nobody is refused for having been slower."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from engine.advance.occasion import Outcome
from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.entry import Definition, EntryKind
from tests.journal.build import SALES, deal_of, story
from tests.journal.relay import machine_of_relay, pass_on, relay_in, start_deals

WRITERS, DEALS, DEEDS = 64, 200, 24


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return relay_in(tmp_path_factory.mktemp("relay"))


@pytest.fixture
def journal(postgres_url: str, relay: Definition) -> Iterator[SqlJournal]:
    """A journal in which all deals are started."""
    with closing(connect(postgres_url)) as journal:
        start_deals(journal, relay, DEALS)
        yield journal


def deeds(name: int) -> list[tuple[str, str, str]]:
    """Deal, stage and key of each: half of them on a few deals that everybody wants."""
    dice = random.Random(name)
    deals = [dice.randrange(5 if number % 2 else DEALS) for number in range(DEEDS)]
    return [(f"deal-{deal}", dice.choice("abc"), f"{name}-{number}") for number, deal in enumerate(deals)]


def write_at_once(url: str, relay: Definition, names: Sequence[int]) -> list[Outcome]:
    """A writer for each name does its deeds; what was lost to quicker ones is done again under the same key."""
    machine_of = machine_of_relay(relay)

    def write(name: int) -> list[Outcome]:
        with closing(connect(url, wait_seconds=60)) as journal:
            return [pass_on(journal, machine_of, deal, to=to, key=key) for deal, to, key in deeds(name)]

    with ThreadPoolExecutor(len(names)) as pool:
        return [outcome for outcomes in pool.map(write, names) for outcome in outcomes]


def test_sixty_four_writers_on_two_hundred_deals(journal: SqlJournal, postgres_url: str, relay: Definition) -> None:
    # Two do the same deeds under the same keys, at the same moment.
    names = [number // 2 for number in range(WRITERS)]
    outcomes = write_at_once(postgres_url, relay, names)
    moves = [entry for entry in journal.all_entries() if entry.kind is not EntryKind.STARTED]
    wanted = {key: (deal, to) for name in set(names) for deal, to, key in deeds(name)}
    assert {entry.kind for entry in moves} == {EntryKind.MOVED}
    assert Counter(entry.key for entry in moves) == Counter(wanted.keys())
    assert {entry.key: (entry.deal, entry.to_stage) for entry in moves} == wanted
    assert Counter(outcome.repeated for outcome in outcomes) == {False: len(wanted), True: len(wanted)}
    assert verify(journal) == ()


def test_what_was_acknowledged_to_writers_is_the_chain_of_each_deal(
    journal: SqlJournal, postgres_url: str, relay: Definition
) -> None:
    outcomes = write_at_once(postgres_url, relay, range(16))
    places = sorted((entry.deal, entry.sequence) for outcome in outcomes for entry in outcome.entries)
    stored = [(entry.deal, entry.sequence) for entry in journal.all_entries()]
    assert places == [place for place in stored if place[1] > 1]
    assert verify(journal) == ()


def import_deals(url: str, names: list[str]) -> int:
    with closing(connect(url, wait_seconds=60)) as journal:
        batches = [(story(name), 0, deal_of(story(name))) for name in names]
        return journal.append_many(batches, definition=SALES)


def test_imports_that_cross_each_other_end_with_one_of_each(postgres_url: str) -> None:
    """Of two that take rows in opposite orders, and so wait for each other, the server undoes one."""
    names = [f"deal-{number:04}" for number in range(600)]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(import_deals, postgres_url, order) for order in (names, names[::-1])]
    assert sorted(type(answer.exception()).__name__ for answer in answers) == ["DealExists", "NoneType"]
    with closing(connect(postgres_url)) as journal:
        assert verify(journal) == ()
        assert len(list(journal.all_entries())) == 3000


def open_and_count(url: str) -> int:
    with closing(connect(url, wait_seconds=60)) as journal:
        return len(journal.session.rows("SELECT * FROM meta"))


def test_sixteen_processes_that_open_an_empty_database_make_one_journal(empty_database: str) -> None:
    context = multiprocessing.get_context("forkserver")
    # Loaded once, not by each of the sixteen, so that they come at the same moment.
    context.set_forkserver_preload(["engine.journal.upgrade", "psycopg", __name__])
    with context.Pool(16) as pool:
        assert pool.map(open_and_count, [empty_database] * 16, chunksize=1) == [2] * 16
    with closing(connect(empty_database, create=False)) as journal:
        assert journal.session.rows("SELECT count(*) FROM meta WHERE name = 'journal'") == [(1,)]
        assert verify(journal) == ()
