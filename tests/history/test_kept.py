"""The tables of a journal: by columns and by rows, at once and bit by bit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.history import kept as kept_module
from engine.history.entries import tables_of
from engine.history.kept import kept, kept_tables, refreshed
from engine.journal import columns as columns_module
from engine.journal.changes import Mark
from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.forget import forget
from engine.journal.store import SqlJournal
from engine.model.deal import fold
from engine.model.decision import About, Result, Verdict
from engine.model.errors import JournalError
from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.syntax import TEXT
from tests.history.lives import FACTS, lives
from tests.history.test_columnar import told
from tests.journal.build import SALES, add, keep, moved, started, story

PROCESS = Process(
    "sales", 1, Track("main", (Stage("new"),), ()), facts={name: Fact(name, of) for name, of in FACTS.items()}
)
PROCESSES = (PROCESS,)


JUDGED = (
    started("judged"),
    moved(
        "judged",
        2,
        verdicts=(
            Verdict("here", About.ROLE, Result.PASSED, ""),
            Verdict("there", About.ASKS, Result.PASSED, ""),
            Verdict("there", About.ASKS, Result.FAILED, ""),
            Verdict("where", About.ASKS, Result.WAIVED, 'says "verdicts":[ in quotes'),
        ),
    ),
)


def by_rows(journal: SqlJournal):
    return told(tables_of(journal.all_entries(), FACTS))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "journal.db"
    connect(str(path)).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def journal(request: pytest.FixtureRequest, empty: Path, tmp_path: Path) -> Iterator[SqlJournal]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if on_server else shutil.copy(empty, tmp_path / "journal.db")
    with closing(connect(str(url))) as opened:
        yield opened


@contextmanager
def copy_of(empty: Path) -> Iterator[SqlJournal]:
    with TemporaryDirectory(dir=empty.parent) as folder, closing(connect(shutil.copy(empty, folder))) as opened:
        yield opened


@pytest.fixture
def columns_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is not done by columns fails."""
    monkeypatch.setattr(kept_module, "tables_of", None)


def fill(journal: SqlJournal) -> None:
    keep(journal, story("zebra"))
    keep(journal, story("Ärger '\n\U0001f600", 12))
    keep(journal, (started("acme", undated=True, facts={"city": "\0"}), moved("acme", 2, note="nul \0")))
    keep(journal, story("gone"))
    forget(journal, "gone")


def test_a_journal_by_columns_makes_the_tables_of_its_rows(journal: SqlJournal, columns_alone: None) -> None:
    fill(journal)
    assert told(kept_tables(journal, PROCESSES)) == by_rows(journal)


def test_what_was_passed_can_be_left_out(journal: SqlJournal) -> None:
    fill(journal)
    keep(journal, JUDGED)
    every = kept_tables(journal, ()).verdicts.to_pylist()
    for asked in (frozenset(), frozenset({"here"}), frozenset({"here", "there"})):
        some = [each for each in every if each["verdict"] != "passed" or each["requirement"] in asked]
        assert kept_tables(journal, (), passed=asked).verdicts.to_pylist() == some
        assert kept_tables(Odd(journal), (), passed=asked).verdicts.to_pylist() == some


def test_an_empty_journal_makes_empty_tables(journal: SqlJournal, columns_alone: None) -> None:
    assert told(kept_tables(journal, PROCESSES)) == by_rows(journal)


def test_columns_come_in_batches_that_hold_no_more_than_a_part(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_module, "BATCH", 1_000)
    with copy_of(empty) as journal:
        journal.append_many(
            [((started(f"d{n}"),), 0, fold((started(f"d{n}"),))) for n in range(2_500)], definition=SALES
        )
        with journal.columns() as batches:
            assert batches is not None
            assert [batch.num_rows for batch in batches] == [1_000, 1_000, 500]


def test_a_journal_in_memory_is_read_by_rows() -> None:
    with closing(connect(":memory:")) as journal:
        keep(journal, story())
        assert told(kept_tables(journal, PROCESSES)) == by_rows(journal)


def test_an_entry_that_columns_cannot_judge_is_read_by_rows(journal: SqlJournal) -> None:
    keep(journal, (started(), moved("acme", 2)))
    assert told(kept_tables(Odd(journal), PROCESSES)) == by_rows(journal)


class Odd:
    """A journal with a kind of entry that columns do not know."""

    def __init__(self, journal: SqlJournal) -> None:
        self.journal = journal

    def __getattr__(self, name: str):
        return getattr(self.journal, name)

    @contextmanager
    def columns(self):
        with self.journal.columns() as batches:
            yield (batch.set_column(2, "kind", pa.array(["vanished"] * batch.num_rows)) for batch in batches)


def test_a_damaged_entry_is_told_as_by_rows(empty: Path) -> None:
    with copy_of(empty) as journal:
        keep(journal, story())
        journal.session.rows("DROP TRIGGER payloads_unchanged")
        journal.session.rows("UPDATE payloads SET body = '{' WHERE id = 2")
        with pytest.raises(JournalError, match="entry 2 of deal 'acme' cannot be read"):
            kept_tables(journal, PROCESSES)


def test_without_the_driver_a_journal_is_read_by_rows(journal: SqlJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(journal, story())
    monkeypatch.setattr(type(journal.session.dialect), "columnar", lambda self: None)
    monkeypatch.setattr(kept_module, "tables_by_columns", None)
    assert told(kept_tables(journal, PROCESSES)) == by_rows(journal)


def test_what_was_added_since_is_seen(journal: SqlJournal) -> None:
    for number in range(30):
        keep(journal, story(f"d{number:02}"))
    before = kept(journal, PROCESSES)
    add(journal, moved("d07", 6, facts={"city": "Oslo"}))
    keep(journal, story("d07a", 3))
    keep(journal, story("zz", 2))
    after = refreshed(before, journal, PROCESSES)
    assert told(after.tables) == by_rows(journal)
    assert after.tables.deals.num_rows == 32


def test_only_what_changed_is_read(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with copy_of(empty) as journal:
        for number in range(30):
            keep(journal, story(f"d{number:02}"))
        before = kept(journal, PROCESSES)
        add(journal, moved("d07", 6))
        read = []
        entries = journal.entries
        monkeypatch.setattr(journal, "entries", lambda deal: read.append(deal) or entries(deal))
        monkeypatch.setattr(kept_module, "tables_by_columns", None)
        refreshed(before, journal, PROCESSES)
        assert read == ["d07"]


def test_forgetting_reaches_tables_that_were_made_before(journal: SqlJournal) -> None:
    for number in range(30):
        keep(journal, story(f"d{number:02}"))
    before = kept(journal, PROCESSES)
    assert "buyer" in before.tables.facts.column("value").to_pylist()[:2]
    forget(journal, "d00")
    after = refreshed(before, journal, PROCESSES)
    assert told(after.tables) == by_rows(journal)
    assert "d00" not in after.tables.facts.column("deal").to_pylist()
    assert refreshed(after, journal, PROCESSES).tables is after.tables


def test_where_nothing_happened_the_tables_stay(journal: SqlJournal) -> None:
    fill(journal)
    before = kept(journal, PROCESSES)
    assert refreshed(before, journal, PROCESSES).tables is before.tables


def test_a_fact_that_a_process_now_has_gets_its_column(journal: SqlJournal) -> None:
    fill(journal)
    before = kept(journal, ())
    assert told(refreshed(before, journal, PROCESSES).tables) == by_rows(journal)
    other = replace(PROCESS, facts={"contact": Fact("contact", TEXT)})
    assert "contact" in refreshed(before, journal, (other,)).tables.deals.column_names


@pytest.mark.parametrize(
    "change",
    [
        {"journal": "another"},
        {"entries": 3},
        {"forgotten": frozenset({"never heard of"})},
    ],
)
def test_of_another_journal_or_one_that_lost_entries_all_is_read(journal: SqlJournal, change: dict) -> None:
    fill(journal)
    now = journal.mark()
    assert journal.changed_since(now) == ()
    before = Mark(**{name: getattr(now, name) for name in Mark.__dataclass_fields__} | change)
    assert journal.changed_since(before) is None


def test_a_table_of_deals_made_anew_hides_no_forgetting(journal: SqlJournal) -> None:
    fill(journal)
    before = kept(journal, PROCESSES)
    forget(journal, "zebra")
    rebuild(journal)
    assert journal.changed_since(before.mark) == ("zebra",)


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_bit_by_bit_makes_the_tables_that_are_made_at_once(empty: Path, data: st.DataObject) -> None:
    names = [f"{letter}{number}" for letter in "aÄ" for number in range(6)]
    told_of = {name: [replace(each, digest=SALES.digest) for each in data.draw(lives(name, most=4))] for name in names}
    with copy_of(empty) as journal:
        for name in names[1:-1]:
            keep(journal, told_of[name][:1])
        known = kept(journal, PROCESSES)
        for _ in range(4):
            name = data.draw(st.sampled_from(names))
            deal = journal.deal(name)
            rest = told_of[name][deal.length if deal else 0 :][:2]
            if data.draw(st.integers(0, 3)) == 0 and deal:
                forget(journal, name)
            elif rest and not (deal and deal.forgotten):
                now = fold(rest, deal)
                journal.append(rest, after=deal.length if deal else 0, deal=now, definition=SALES)
            known = refreshed(known, journal, PROCESSES)
            assert told(known.tables) == by_rows(journal)
