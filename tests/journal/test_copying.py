"""A journal copied is the same journal; what was killed, cut or edited on the way is none."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.journal.archive import COLUMNS, rows_of
from engine.journal.archive_text import csv_lines, json_lines, read_csv, read_json_lines
from engine.journal.connect import connect
from engine.journal.copying import Copied, copy_into, made
from engine.journal.forget import Forgetting, forget
from engine.journal.seal import read_seal, seal
from engine.journal.session import Row
from engine.journal.store import SqlJournal
from engine.journal.verify import Verified, verify, verify_against
from engine.model.entry import Entry
from engine.model.errors import JournalError, StagewrightError, UnreadableFile
from tests.journal.build import NOON, add, keep, moved, started, story

FORMS = {".jsonl": (json_lines, read_json_lines), ".csv": (csv_lines, read_csv)}


def silent(_: int) -> None:
    """Nobody wants to know."""


def all_of(journal: SqlJournal) -> list[Row]:
    with journal.session.reading():
        return list(rows_of(journal.session))


def copied(source: SqlJournal, url: str) -> Copied:
    with source.session.reading(), made(url) as target:
        return copy_into(target, rows_of(source.session), progress=silent, source=source.session)


def archived(rows: Sequence[Row], path: Path) -> Path:
    path.write_bytes(b"".join(FORMS[path.suffix][0](rows)))
    return path


def restored(archive: Path, url: str) -> Copied:
    with made(url) as target:
        return copy_into(target, FORMS[archive.suffix][1](archive), progress=silent)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SqlJournal]:
    """A journal of a bit of everything, whose places have gaps and whose deals are told in turns."""
    with closing(connect(str(tmp_path / "source.db"))) as journal:
        keep(journal, story("acme"))
        keep(journal, story("beta", 3))
        hostile = "=1+1\r\n\u2028\x1b[2J,\"';\u202e'quoted'"
        keep(journal, (started(f"'{hostile}", note=hostile, reason=hostile, facts={"name": hostile}, key=hostile),))
        keep(journal, (started("gone", note="secret"), moved("gone", 2)))
        add(journal, moved("acme", 6, facts={"amount": Decimal("1.5")}, deviating=True, undated=True))
        forget(journal, "gone", Forgetting(NOON, "ana", "=asked"))
        yield journal


def test_a_copy_is_the_same_journal(source: SqlJournal, tmp_path: Path) -> None:
    before = read_seal("".join(seal(source, now=NOON)))
    assert copied(source, str(tmp_path / "copy.db")) == Copied(deals=4, entries=12, definitions=1)
    with closing(connect(str(tmp_path / "copy.db"))) as copy:
        assert all_of(copy) == all_of(source)
        assert list(copy.deals()) == list(source.deals())
        assert verify_against(copy, (before,)) == Verified(())
        assert list(copy.all_entries()) == list(source.all_entries())


def test_a_copy_goes_on_as_a_journal_does(source: SqlJournal, tmp_path: Path) -> None:
    copied(source, str(tmp_path / "copy.db"))
    with closing(connect(str(tmp_path / "copy.db"))) as copy:
        add(copy, moved("acme", 7))
        assert verify(copy) == ()
        with pytest.raises(JournalError, match="append-only"):
            copy.session.rows("DELETE FROM entries")


def test_a_journal_goes_to_postgresql_and_back(source: SqlJournal, tmp_path: Path, postgres_url: str) -> None:
    before = read_seal("".join(seal(source, now=NOON)))
    copied(source, postgres_url)
    with closing(connect(postgres_url)) as there:
        assert verify_against(there, (before,)) == Verified(())
        copied(there, str(tmp_path / "back.db"))
        add(there, moved("acme", 7))
        assert verify(there) == ()
    with closing(connect(str(tmp_path / "back.db"))) as back:
        assert all_of(back) == all_of(source)


def test_a_copy_that_fails_leaves_an_empty_journal_on_postgresql(source: SqlJournal, postgres_url: str) -> None:
    with pytest.raises(JournalError, match="it was cut"), closing(connect(postgres_url)) as there:
        copy_into(there, all_of(source)[:-1], progress=silent)
    with closing(connect(postgres_url)) as there:
        assert verify(there) == ()
        assert list(there.all_entries()) == []
        assert copied(source, postgres_url).entries == 12


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_comes_back_equal(source: SqlJournal, tmp_path: Path, form: str) -> None:
    before = read_seal("".join(seal(source, now=NOON)))
    archive = archived(all_of(source), tmp_path / f"archive{form}")
    assert list(FORMS[form][1](archive)) == all_of(source)
    restored(archive, str(tmp_path / "back.db"))
    with closing(connect(str(tmp_path / "back.db"))) as back:
        assert all_of(back) == all_of(source)
        assert verify_against(back, (before,)) == Verified(())


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_holds_nothing_that_a_terminal_or_spreadsheet_obeys(
    source: SqlJournal, tmp_path: Path, form: str
) -> None:
    data = archived(all_of(source), tmp_path / f"archive{form}").read_bytes()
    assert b',"=' not in data.replace(b':"=', b"")
    assert b"\n=" not in data


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
stories = st.lists(
    st.tuples(texts, texts, texts, st.booleans(), st.lists(st.tuples(texts, texts, st.booleans()), max_size=3)),
    max_size=4,
    unique_by=lambda each: each[0],
)


def entries_of(name: str, note: str, reason: str, moves: Sequence[tuple[str, str, bool]]) -> tuple[Entry, ...]:
    first = started(name, note=note, reason=reason, facts={"name": reason})
    rest = (moved(name, number, note=a, to_stage=b, undated=c) for number, (a, b, c) in enumerate(moves, start=2))
    return (first, *rest)


@settings(max_examples=30, deadline=None)
@given(stories)
def test_any_journal_comes_back_from_an_archive_equal(tmp_path_factory: pytest.TempPathFactory, told: list) -> None:
    folder = tmp_path_factory.mktemp("any")
    with closing(connect(str(folder / "source.db"))) as journal:
        for name, note, reason, gone, moves in told:
            keep(journal, entries_of(f"deal {name}", note, reason, moves))
            _ = gone and forget(journal, f"deal {name}")
        rows = all_of(journal)
    for form, (_, read) in FORMS.items():
        archive = archived(rows, folder / f"archive{form}")
        assert list(read(archive)) == rows
        restored(archive, str(folder / f"back{form}.db"))
        with closing(connect(str(folder / f"back{form}.db"))) as back:
            assert all_of(back) == rows


def test_a_journal_that_is_not_empty_takes_no_copy(source: SqlJournal, tmp_path: Path) -> None:
    with closing(connect(str(tmp_path / "full.db"))) as full:
        keep(full, story("mine"))
        before = all_of(full)
        with pytest.raises(JournalError, match="is not empty"):
            copied(source, str(tmp_path / "full.db"))
        assert all_of(full) == before


def test_an_empty_journal_that_is_there_is_filled(source: SqlJournal, tmp_path: Path) -> None:
    connect(str(tmp_path / "empty.db")).close()
    copied(source, str(tmp_path / "empty.db"))
    with closing(connect(str(tmp_path / "empty.db"))) as copy:
        assert all_of(copy) == all_of(source)
        assert verify(copy) == ()


def test_a_tampered_journal_is_not_copied(source: SqlJournal, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "source.db")) as raw, raw:
        raw.execute("DROP TRIGGER entries_unchanged")
        raw.execute("UPDATE entries SET reason = 'other' WHERE deal = 'acme' AND sequence = 3")
    with pytest.raises(JournalError, match="what would be copied does not fit: deal 'acme', entry 3: it was changed"):
        copied(source, str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


def test_an_entry_that_cannot_be_read_is_not_copied(source: SqlJournal, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "source.db")) as raw, raw:
        raw.execute("DROP TRIGGER entries_unchanged")
        raw.execute("UPDATE entries SET happened_at = 'soon' WHERE deal = 'acme' AND sequence = 3")
    with pytest.raises(JournalError, match="entry 3 of deal 'acme' cannot be read"):
        copied(source, str(tmp_path / "copy.db"))


def test_what_is_written_while_it_is_copied_is_left_out(source: SqlJournal, tmp_path: Path) -> None:
    before = all_of(source)
    with (
        closing(connect(str(tmp_path / "source.db"))) as writer,
        source.session.reading(),
        made(str(tmp_path / "copy.db")) as target,
    ):
        rows = rows_of(source.session)
        first = [next(rows), next(rows)]
        keep(writer, story("late"))
        copy_into(target, (row for part in (first, rows) for row in part), progress=silent, source=source.session)
    with closing(connect(str(tmp_path / "copy.db"))) as copy:
        assert all_of(copy) == before


def test_a_copy_that_fails_leaves_nothing(source: SqlJournal, tmp_path: Path) -> None:
    before = sorted(each.name for each in tmp_path.iterdir())
    with pytest.raises(JournalError, match="it was cut: it has no end"), made(str(tmp_path / "copy.db")) as target:
        copy_into(target, all_of(source)[:-1], progress=silent)
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_a_full_disk_leaves_nothing(source: SqlJournal, tmp_path: Path) -> None:
    keep(source, story("long", 3000))
    rows = all_of(source)

    def into_little_room() -> None:
        with made(str(tmp_path / "copy.db")) as target:
            target.session.rows("PRAGMA max_page_count = 100")
            copy_into(target, rows, progress=silent)

    with pytest.raises(JournalError, match="there is no room left for the journal"):
        into_little_room()
    assert not (tmp_path / "copy.db").exists()


KILLED = """
import os, signal, sys
from engine.journal.archive import rows_of
from engine.journal.connect import connect
from engine.journal.copying import copy_into, made
def kill(done):
    if done >= 2000:
        os.kill(os.getpid(), signal.SIGKILL)
source = connect(sys.argv[1], read_only=True)
with source.session.reading(), made(sys.argv[2]) as target:
    copy_into(target, rows_of(source.session), progress=kill)
"""


@pytest.mark.parametrize("there", [False, True], ids=["absent", "empty"])
def test_a_copy_killed_in_the_middle_leaves_nothing_that_looks_whole(
    source: SqlJournal, tmp_path: Path, there: bool
) -> None:
    keep(source, story("long", 3000))
    target = tmp_path / "copy.db"
    _ = there and connect(str(target)).close()
    arguments = [sys.executable, "-c", KILLED, str(tmp_path / "source.db"), str(target)]
    assert subprocess.run(arguments, check=False).returncode == -signal.SIGKILL
    assert target.exists() is there
    assert copied(source, str(target)).entries == 3012
    with closing(connect(str(target))) as copy:
        assert verify(copy) == ()


def test_memory_of_a_copy_is_that_of_a_page(source: SqlJournal, tmp_path: Path) -> None:
    keep(source, story("long", 5000))
    seen: list[int] = []
    with source.session.reading(), made(str(tmp_path / "copy.db")) as target:
        copy_into(target, rows_of(source.session), progress=seen.append)
    assert seen == [1000, 2000, 3000, 4000, 5000, 5016]


Edit = Callable[[list[dict[str, object]]], object]
EDITS: dict[str, tuple[Edit, str]] = {
    "cut": (lambda rows: rows.pop(), "it was cut: it has no end"),
    "cut in the middle": (lambda rows: rows.pop(5), "its end speaks of 17 rows, and there are 16"),
    "without its first line": (lambda rows: rows.pop(0), "does not begin as an archive"),
    "of a later form": (lambda rows: rows[0].update(name="stagewright/archive/2"), "does not begin as an archive"),
    "twice": (lambda rows: rows.extend(list(rows)), "something follows its end"),
    "with an entry twice": (
        lambda rows: (rows.insert(7, rows[6]), rows[-1].update(value=str(len(rows) - 1))),
        "something is in it twice",
    ),
    "without its definition": (
        lambda rows: (rows.pop(4), rows[-1].update(value=str(len(rows) - 1))),
        "names what is not in it",
    ),
    "with a changed reason": (lambda rows: rows[6].update(reason="other"), "it was changed"),
    "with a changed body": (lambda rows: rows[6].update(body="{}"), "its payload was changed"),
    "with a body that is none": (lambda rows: rows[6].update(body="{"), "entry 2 of deal 'acme' cannot be read"),
    "with another name": (lambda rows: rows[3].update(value="x"), "the name of the journal"),
    "with a kind that is none": (lambda rows: rows[6].update(kind="lost"), "cannot be read"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_archive_that_was_edited_makes_nothing(source: SqlJournal, tmp_path: Path, edit: str) -> None:
    archive = archived(all_of(source), tmp_path / "archive.jsonl")
    rows = [json.loads(line) for line in archive.read_text().splitlines()]
    change, told = EDITS[edit]
    change(rows)
    archive.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(JournalError, match=told):
        restored(archive, str(tmp_path / "back.db"))
    assert not (tmp_path / "back.db").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "it is no JSON, or was cut"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it is no object"),
        ("{}", "it is neither"),
        ('{"what":"meta","name":"x"}', "'value' is missing"),
        ('{"what":"meta","name":"x","value":1}', "'value' is no text"),
        ('{"what":"meta","name":"x","value":"\\ud800"}', "'value' holds half a character"),
        ('{"what":"meta","name":"x","value":"y","deal":"z"}', "meta has no 'deal'"),
        ('{"what":"meta","name":"x","value":"y","more":"z"}', "there is no column 'more'"),
        ('{"what":"entry","hash":"xy"}', "'hash' is not hexadecimal"),
        ('{"what":"entry","id":-1}', "'id' is out of range"),
        ('{"what":"entry","id":1e99}', "'id' is no number"),
        ('{"what":"entry","id":99999999999999999999999}', "'id' is out of range"),
    ],
)
def test_a_line_of_json_that_is_no_row_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "archive.jsonl"
    path.write_text('{"what":"archive","name":"stagewright/archive/1"}\n' + line + "\n")
    with pytest.raises(UnreadableFile, match=f"line 2: {told}"):
        list(read_json_lines(path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("what,", "waht,"), "line 1: the columns are not those of an archive"),
        (lambda text: text[: text.rindex('"')], "a quote is never closed, or it was cut"),
        (lambda text: text.replace("archive,", "archive,,"), "line 2: it has 28 cells, and must have 27"),
        (lambda text: text.replace(",12,", ",zwölf,"), "line [0-9]+: 'id' is no number"),
        (lambda text: text.replace(",false,", ",no,", 1), "'deviating' is no yes-no"),
        (lambda text: "", "line 1"),
    ],
)
def test_a_line_of_csv_that_is_no_row_is_named(
    source: SqlJournal, tmp_path: Path, change: Callable[[str], str], told: str
) -> None:
    path = archived(all_of(source), tmp_path / "archive.csv")
    path.write_bytes(change(path.read_bytes().decode()).encode())
    with pytest.raises(UnreadableFile, match=told):
        list(read_csv(path))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(list(FORMS)), st.integers(0, 400))
def test_any_bytes_are_an_archive_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, form: str, at: int
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    rows = [("archive", "stagewright/archive/1", *[None] * (len(COLUMNS) - 2))]
    whole = b"".join(FORMS[form][0](rows))
    (folder / f"archive{form}").write_bytes(whole[:at] + data + whole[at:])
    with pytest.raises(StagewrightError):
        restored(folder / f"archive{form}", str(folder / "back.db"))
    assert not (folder / "back.db").exists()


def test_a_folder_that_is_not_there_is_told(source: SqlJournal, tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="does not exist"):
        copied(source, str(tmp_path / "no" / "copy.db"))


def test_who_wrote_is_copied_as_the_server_wrote_it_down(tmp_path: Path, postgres_url: str) -> None:
    with closing(connect(postgres_url)) as there:
        keep(there, story("acme"))
        users = {entry.written_by for entry in there.entries("acme")}
        copied(there, str(tmp_path / "here.db"))
    with closing(connect(str(tmp_path / "here.db"))) as here:
        assert len(users) == 1
        assert {entry.written_by for entry in here.entries("acme")} == users != {""}
        restored(archived(all_of(here), tmp_path / "a.csv"), str(tmp_path / "back.db"))
        with closing(connect(str(tmp_path / "back.db"))) as back:
            assert all_of(back) == all_of(here)


def test_a_copy_on_postgresql_writes_down_its_own_writers_afterwards(source: SqlJournal, postgres_url: str) -> None:
    copied(source, postgres_url)
    with closing(connect(postgres_url)) as there:
        add(there, moved("acme", 7))
        assert [bool(entry.written_by) for entry in there.entries("acme")] == [False] * 6 + [True]


def test_a_deal_is_forgotten_on_postgresql_too(postgres_url: str) -> None:
    with closing(connect(postgres_url)) as there:
        keep(there, story("acme"))
        before = read_seal("".join(seal(there, now=NOON)))
        forget(there, "acme", Forgetting(NOON, "ana", "asked"))
        assert verify_against(there, (before,)) == Verified(())
        assert {(entry.actor, entry.written_by) for entry in there.entries("acme")} == {("", "")}
