from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from engine.journal.chain import entry_hash, payload_digest
from engine.journal.codec import envelope_of, envelope_text
from engine.journal.connect import connect
from engine.journal.tampering import Problem
from engine.journal.verify import WITHOUT_SEAL, counts, verify
from tests.journal.build import SALES, keep, moved, started, story
from tests.journal.tampered import Tampered

CHANGED = "it was changed, or the entry before it was and was hashed anew"


def test_an_untouched_journal_has_no_problems(tamper: Tampered) -> None:
    assert tamper.verify() == ()


def test_it_says_what_no_chain_can_show() -> None:
    assert WITHOUT_SEAL == (
        "without a seal kept elsewhere nobody can tell whether the last entries of a deal, or whole deals, are missing,"
        " or whether someone wrote the chain anew"
    )


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'other'",
        "happened_at = '2025-01-01T12:00:00.000000+00:00'",
        "recorded_at = '2025-01-01T12:00:00.000000+00:00'",
        "kind = 'moved'",
        "to_stage = 'won', outcome = 'won'",
        "key = 'mine'",
        "deviating = 1",
        "undated = 1",
        "version = 2",
        "track = 'legal'",
        "hash = zeroblob(32)",
        "payload = zeroblob(32)",
    ],
)
def test_a_changed_entry_is_named(tamper: Tampered, change: str) -> None:
    problems = tamper(f"UPDATE entries SET {change} WHERE deal = 'beta' AND sequence = 3")
    assert Problem("beta", 3, CHANGED) in problems
    assert {(problem.deal, problem.sequence) for problem in problems} == {("beta", 3)}


@pytest.mark.parametrize(
    "change",
    ["kind = 'banana'", "happened_at = 'soon'", "hash = 'text'", "payload = 7", "deviating = 9", "version = 'x'"],
)
def test_an_entry_that_cannot_be_read_is_named(tamper: Tampered, change: str) -> None:
    problems = tamper(f"UPDATE entries SET {change} WHERE deal = 'beta' AND sequence = 3")
    assert Problem("beta", 3, "it cannot be read: it was changed or damaged") in problems
    assert {(problem.deal, problem.sequence) for problem in problems} == {("beta", 3)}


def test_an_entry_whose_time_is_only_written_otherwise_is_the_same_moment(tamper: Tampered) -> None:
    assert tamper("UPDATE entries SET happened_at = '2026-01-01T12:00:00+00:00' WHERE sequence = 1") == ()


def test_an_entry_changed_and_hashed_anew_breaks_the_next(tamper: Tampered) -> None:
    forged = story("acme")[1]
    with closing(sqlite3.connect(tamper.path)) as raw:
        before, payload = (
            raw.execute(f"SELECT {column} FROM entries WHERE deal = 'acme' AND sequence = {sequence}").fetchone()[0]
            for column, sequence in (("hash", 1), ("payload", 2))
        )
    forged = moved("acme", 2, key="second", reason="forged")
    own = entry_hash(before, envelope_text(envelope_of(forged)), payload).hex()
    problems = tamper(f"UPDATE entries SET reason = 'forged', hash = x'{own}' WHERE deal = 'acme' AND sequence = 2")
    assert problems == (Problem("acme", 3, CHANGED),)


def test_a_removed_entry_is_named(tamper: Tampered) -> None:
    problems = tamper(
        "DELETE FROM payloads WHERE id = (SELECT id FROM entries WHERE deal = 'acme' AND sequence = 3)",
        "DELETE FROM entries WHERE deal = 'acme' AND sequence = 3",
    )
    assert problems == (Problem("acme", 3, "it was removed"),)


def test_a_removed_beginning_is_named(tamper: Tampered) -> None:
    problems = tamper("DELETE FROM entries WHERE deal = 'acme' AND sequence <= 2")
    assert problems == (
        Problem("", 0, "entries of 2 payloads were removed"),
        Problem("acme", 1, "it was removed"),
        Problem("acme", 2, "it was removed"),
    )


def test_a_great_gap_is_told_in_one_sentence(tamper: Tampered) -> None:
    problems = tamper("UPDATE entries SET sequence = 1000000000 WHERE deal = 'acme' AND sequence = 5")
    assert Problem("acme", 5, "it and all up to entry 999999999 were removed") in problems


def test_a_removed_tail_shows_by_the_table_of_deals_as_long_as_that_is_left(tamper: Tampered) -> None:
    cut = (
        "DELETE FROM payloads WHERE id = (SELECT id FROM entries WHERE deal = 'acme' AND sequence = 5)",
        "DELETE FROM entries WHERE deal = 'acme' AND sequence = 5",
    )
    assert tamper(*cut) == (Problem("acme", 0, "its last entries were removed: the table of deals counts 5, not 4"),)


def test_a_removed_deal_shows_by_the_table_of_deals_as_long_as_that_is_left(tamper: Tampered) -> None:
    gone = (
        "DELETE FROM payloads WHERE id IN (SELECT id FROM entries WHERE deal = 'acme')",
        "DELETE FROM entries WHERE deal = 'acme'",
    )
    told = Problem("acme", 0, "all its entries were removed, and its row in the table of deals is left")
    assert tamper(*gone) == (told,)
    assert tamper("DELETE FROM deals WHERE id = 'acme'") == ()


def test_two_entries_in_another_order_are_named(tamper: Tampered) -> None:
    problems = tamper(
        "UPDATE entries SET sequence = 99 WHERE deal = 'acme' AND sequence = 2",
        "UPDATE entries SET sequence = 2 WHERE deal = 'acme' AND sequence = 4",
        "UPDATE entries SET sequence = 4 WHERE deal = 'acme' AND sequence = 99",
    )
    assert Problem("acme", 2, "it was put in another order: it was entry 4") in problems
    assert Problem("acme", 4, "it was put in another order: it was entry 2") in problems
    assert {problem.deal for problem in problems} == {"acme"}


def test_swapped_contents_are_named_too(tamper: Tampered) -> None:
    columns = "kind action reason key happened_at recorded_at track to_stage from_stage payload".split()
    taken = ", ".join(
        f"{name} = (SELECT {name} FROM copied WHERE sequence = 7 - entries.sequence)"
        for name in columns
        if name != "key"
    )
    problems = tamper(
        "CREATE TEMP TABLE copied AS SELECT * FROM entries WHERE deal = 'acme'",
        f"UPDATE entries SET {taken} WHERE deal = 'acme' AND sequence IN (3, 4)",
    )
    told = {(problem.sequence, problem.what) for problem in problems}
    assert (3, "it was put in another order: it was entry 4") in told
    assert (4, "it was put in another order: it was entry 3") in told


def test_an_entry_moved_to_another_deal_is_named(tamper: Tampered) -> None:
    problems = tamper("UPDATE entries SET deal = 'beta', sequence = 6 WHERE deal = 'acme' AND sequence = 5")
    assert Problem("beta", 6, CHANGED) in problems


def test_an_entry_put_in_is_named(tamper: Tampered) -> None:
    problems = tamper(
        "INSERT INTO entries SELECT 1000, deal, 6, kind, happened_at, recorded_at, process, version, digest, track,"
        " action, from_stage, to_stage, outcome, reason, '', deviating, undated, payload, hash"
        " FROM entries WHERE deal = 'acme' AND sequence = 5"
    )
    assert Problem("acme", 6, "it was put in another order: it was entry 5") in problems
    assert Problem("acme", 6, "its payload was removed, and the deal was not forgotten") in problems


def test_an_entry_that_is_there_twice_is_named(tamper: Tampered) -> None:
    problems = tamper(
        "DROP INDEX entries_sequence",
        "UPDATE entries SET sequence = 4 WHERE deal = 'acme' AND sequence = 5",
    )
    assert Problem("acme", 4, "it is there twice") in problems


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("body = replace(body, 'tried', 'told')", "its payload was changed"),
        ("body = body || ' '", "its payload was changed"),
        ("salt = zeroblob(32)", "its payload was changed"),
        ("salt = NULL", "its payload is damaged"),
        ("salt = zeroblob(31)", "its payload is damaged"),
        ("body = x'ff'", "its payload is damaged"),
        ("body = NULL", "its payload was removed, and the deal was not forgotten"),
        ("body = NULL, salt = NULL", "its payload was removed, and the deal was not forgotten"),
    ],
)
def test_a_changed_payload_is_named(tamper: Tampered, change: str, what: str) -> None:
    entry = "(SELECT id FROM entries WHERE deal = 'acme' AND sequence = 3)"
    assert tamper(f"UPDATE payloads SET {change} WHERE id = {entry}") == (Problem("acme", 3, what),)


def test_swapped_payloads_are_named(tamper: Tampered) -> None:
    problems = tamper(
        "CREATE TEMP TABLE copied AS SELECT * FROM payloads WHERE id IN (1, 2)",
        "UPDATE payloads SET (salt, body) = (SELECT salt, body FROM copied WHERE id = 3 - payloads.id) WHERE id < 3",
    )
    assert problems == (Problem("acme", 1, "its payload was changed"), Problem("acme", 2, "its payload was changed"))


def test_a_payload_forged_with_its_digest_breaks_the_chain(tamper: Tampered) -> None:
    body = '{"note":"forged"}'
    digest = payload_digest(bytes(32), body).hex()
    problems = tamper(
        f"UPDATE payloads SET salt = zeroblob(32), body = '{body}' WHERE id = 2",
        f"UPDATE entries SET payload = x'{digest}' WHERE id = 2",
    )
    assert problems == (Problem("acme", 2, CHANGED),)


def test_a_changed_definition_is_named(tamper: Tampered) -> None:
    problems = tamper("UPDATE definitions SET files = replace(files, 'version: 1', 'version: 7')")
    told = f"the text of definition sales@1 was changed: it does not fit its digest {SALES.digest}"
    assert problems == (Problem("", 0, told),)


@pytest.mark.parametrize(
    ("change", "name"), [("process = 'other'", "other@1"), ("version = 9", "sales@9")], ids=["process", "version"]
)
def test_a_renamed_definition_is_named(tamper: Tampered, change: str, name: str) -> None:
    told = Problem("", 0, f"definition {name} was renamed: its entries call it sales@1")
    assert tamper(f"UPDATE definitions SET {change}") == (told,)


def test_a_renamed_definition_without_entries_shows_by_its_text(tamper: Tampered) -> None:
    files = (
        '[["processes/new/3.yaml","process: new # ours\\nversion: 3\\n"],["rules/a/1.yaml","ruleset: a\\nversion: 1"]]'
    )
    digest = sha256(files.encode()).hexdigest()
    assert tamper(f"INSERT INTO definitions VALUES ('{digest}', 'new', 3, '{files}')") == ()
    told = Problem("", 0, "definition new@2 was renamed: its text calls it new@3")
    assert tamper("UPDATE definitions SET version = 2 WHERE process = 'new'") == (told,)


@pytest.mark.parametrize("text", ["''", "'[[1]]'", "'[[1, 2]]'", "'{}'", "7", "x'ff'"])
def test_a_definition_that_cannot_be_read_is_named(tamper: Tampered, text: str) -> None:
    problems = tamper(f"UPDATE definitions SET files = {text}")
    assert problems[0].deal == ""
    assert SALES.digest in problems[0].what


def test_a_removed_definition_is_named(tamper: Tampered) -> None:
    problems = tamper("DELETE FROM definitions")
    assert problems == (Problem("", 0, f"the definition {SALES.digest} of 15 entries was removed"),)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("stage = 'won'", "stage"),
        ("outcome = 'won', closed_at = last_at", "outcome, closed_at"),
        ("owner = 'eve'", "owner"),
        ("length = 4", "length"),
        ("""more = replace(more, '9000.5', '9.5')""", "facts, grants"),
    ],
)
def test_a_row_of_the_projection_that_differs_is_named(tamper: Tampered, change: str, names: str) -> None:
    problems = tamper(f"UPDATE deals SET {change} WHERE id = 'beta'")
    assert problems == (Problem("beta", 0, f"its row in the table of deals differs from its entries in: {names}"),)


def test_a_missing_row_of_the_projection_is_named(tamper: Tampered) -> None:
    problems = tamper("DELETE FROM deals WHERE id = 'beta'")
    assert problems == (Problem("beta", 0, "its row in the table of deals is missing"),)


def test_a_row_of_the_projection_that_cannot_be_read_is_named(tamper: Tampered) -> None:
    problems = tamper("UPDATE deals SET more = 'x' WHERE id = 'beta'")
    assert problems == (Problem("beta", 0, "the row of deal 'beta' cannot be read"),)


def test_deals_and_entries_are_counted_even_where_rows_cannot_be_read(tamper: Tampered) -> None:
    tamper("UPDATE deals SET more = 'x', closed_at = 'soon'", "UPDATE entries SET kind = 'banana' WHERE deal = 'beta'")
    with closing(connect(str(tamper.path), create=False, read_only=True)) as journal:
        assert counts(journal) == (3, 15)


def test_dropped_and_changed_triggers_are_named(tamper: Tampered) -> None:
    with closing(sqlite3.connect(tamper.path)) as raw:
        raw.execute("DROP TRIGGER entries_kept")
        raw.execute("DROP TRIGGER payloads_kept")
        raw.execute("CREATE TRIGGER payloads_kept BEFORE DELETE ON payloads BEGIN SELECT 1; END")
        raw.execute("CREATE TRIGGER mine AFTER INSERT ON entries BEGIN DELETE FROM deals; END")
    assert {problem.what for problem in tamper.verify()} == {
        "the trigger 'entries_kept', which guards what is recorded, is gone",
        "it has a trigger 'payloads_kept' that is not the journal's",
        "it has a trigger 'mine' that is not the journal's",
    }


def test_dropped_and_changed_indexes_are_named(tamper: Tampered) -> None:
    problems = tamper(
        "DROP INDEX entries_start_key",
        "DROP INDEX entries_key",
        "CREATE INDEX entries_key ON entries (deal, key)",
    )
    assert {problem.what for problem in problems} == {
        "the index 'entries_start_key', which keeps things from being recorded twice, is gone",
        "the index 'entries_key', which keeps things from being recorded twice, is not the journal's",
    }


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE meta SET value = 'md5/1' WHERE name = 'chain'", "how entries are hashed is 'sha256/1'"),
        ("UPDATE meta SET value = 'mine' WHERE name = 'journal'", "the name of the journal"),
        ("DELETE FROM meta WHERE name = 'journal'", "the name of the journal"),
        ("INSERT INTO meta VALUES ('mine', '1')", "the table 'meta' holds what is not the journal's: mine"),
    ],
)
def test_what_the_journal_says_of_itself_is_verified(tamper: Tampered, change: str, what: str) -> None:
    (problem,) = tamper(change)
    assert problem.what.startswith(what)


def test_several_problems_come_by_deal_and_sequence(tamper: Tampered) -> None:
    problems = tamper(
        "UPDATE entries SET reason = 'x' WHERE deal = 'core' AND sequence = 2",
        "UPDATE entries SET reason = 'x' WHERE deal = 'acme' AND sequence IN (5, 1)",
        "UPDATE payloads SET salt = zeroblob(32) WHERE id = 3",
    )
    places = [(problem.deal, problem.sequence) for problem in problems]
    assert places == [("acme", 1), ("acme", 3), ("acme", 5), ("core", 2)]


def test_a_problem_is_told_with_its_place() -> None:
    assert str(Problem("acme", 3, "it was removed")) == "deal 'acme', entry 3: it was removed"
    assert str(Problem("acme", 0, "its row is missing")) == "deal 'acme': its row is missing"
    assert str(Problem("", 0, "a trigger is gone")) == "a trigger is gone"


def test_a_long_deal_verifies(tmp_path: Path) -> None:
    with closing(connect(str(tmp_path / "long.db"))) as journal:
        keep(journal, story("long", 3000))
        keep(journal, (started("short"),))
        assert verify(journal) == ()
