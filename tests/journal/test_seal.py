"""Seals: what they say, which are refused, and what a journal held against them gives away."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.forget import forget
from engine.journal.seal import Seal, read_seal, seal
from engine.journal.tampering import Problem
from engine.journal.triggers import SQLITE
from engine.journal.verify import Verified, verify_against
from engine.model.errors import BadSeal, JournalError
from tests.journal.build import NOON, SALES, add, deal_of, keep, moved, started, story
from tests.journal.tampered import Tampered

SECRET = b"a secret that nobody knows"
AT = "2026-01-01T12:00:00Z"


def line_of(path: Path, secret: bytes = b"") -> str:
    with closing(connect(str(path), create=False, read_only=True)) as journal:
        return "".join(seal(journal, now=NOON, secret=secret))


def seal_of(path: Path) -> Seal:
    return read_seal(line_of(path))


def test_a_seal_is_one_line_of_ascii_that_names_the_last_entry_of_each_deal(untouched: Path) -> None:
    line = line_of(untouched)
    data = json.loads(line)
    assert line.isascii()
    assert line.count("\n") == 1
    assert list(data) == "schema journal sealed_at deals entries heads signed signature".split()
    assert [data[name] for name in ("schema", "sealed_at", "deals", "entries", "signed")] == [
        "stagewright/seal/1",
        AT,
        3,
        15,
        "sha256",
    ]
    assert [head[:2] for head in data["heads"]] == [["acme", 5], ["beta", 5], ["core", 5]]


def test_a_seal_comes_back_as_it_was_written(untouched: Path) -> None:
    with closing(connect(str(untouched), read_only=True)) as journal:
        rows = journal.session.rows("SELECT deal, sequence, hash FROM entries WHERE sequence = 5")
        (name,) = journal.session.rows("SELECT value FROM meta WHERE name = 'journal'")[0]
    heads = {deal: (sequence, own) for deal, sequence, own in rows}
    assert seal_of(untouched) == Seal(name, AT, 3, 15, heads)
    assert read_seal(line_of(untouched, SECRET), secret=SECRET) == seal_of(untouched)


def test_a_journal_of_many_deals_is_sealed_page_by_page(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    with closing(connect(str(path))) as journal:
        batches = [((entry := started(f"Ä-{number:05}\n\u2028"),), 0, deal_of((entry,))) for number in range(2500)]
        journal.append_many(batches, definition=SALES)
    found = seal_of(path)
    assert (found.deals, found.entries, len(found.heads)) == (2500, 2500, 2500)
    with closing(connect(str(path))) as journal:
        assert verify_against(journal, (found,)) == Verified(())


def test_an_empty_journal_can_be_sealed(tmp_path: Path) -> None:
    connect(str(tmp_path / "j.db")).close()
    assert seal_of(tmp_path / "j.db").heads == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [('"acme"', '"acne"'), ('"deals":3', '"deals":2'), (AT, "2026-01-02T12:00:00Z"), (",5,", ",4,"), (":3", ": 3")],
)
@pytest.mark.parametrize("secret", [b"", SECRET], ids=["plain", "keyed"])
def test_an_edited_seal_is_refused(untouched: Path, old: str, new: str, secret: bytes) -> None:
    with pytest.raises(BadSeal, match="the seal was cut or edited"):
        read_seal(line_of(untouched, secret).replace(old, new, 1), secret=secret)


def test_a_seal_of_another_secret_is_refused(untouched: Path) -> None:
    with pytest.raises(BadSeal, match="or signed with another secret"):
        read_seal(line_of(untouched, SECRET), secret=SECRET + b"!")


def test_a_signed_seal_needs_its_secret(untouched: Path) -> None:
    with pytest.raises(BadSeal, match="was signed with a secret"):
        read_seal(line_of(untouched, SECRET))


def test_a_signature_cannot_be_taken_off(untouched: Path) -> None:
    plain = line_of(untouched)
    with pytest.raises(BadSeal, match="anyone could have written it"):
        read_seal(plain, secret=SECRET)


@given(st.integers(1, 200), st.data())
def test_a_seal_that_was_cut_anywhere_is_refused(untouched: Path, number: int, data: st.DataObject) -> None:
    line = line_of(untouched).strip()
    cut = line[: data.draw(st.integers(0, len(line) - 1))]
    for text in (cut, line[:number] + line[number + 1 :]):
        with pytest.raises(BadSeal):
            read_seal(text)


@given(st.text(max_size=40))
def test_no_other_text_is_a_seal(text: str) -> None:
    for line in (text, '{"schema":"stagewright/seal/1"' + text, f'{{"schema":"stagewright/seal/1"{text},"signature":"'):
        with pytest.raises(BadSeal):
            read_seal(line)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "stagewright/seal/2"},
        {"heads": [["acme", 1, "zz"]]},
        {"heads": [["acme", 0, "a" * 64]]},
        {"heads": 7},
        {"heads": [["acme", 1, "a" * 64]] * 2, "deals": 2},
        {"deals": 9},
        {"entries": "many"},
        {"journal": "../x"},
        {"sealed_at": "\x1b[2J"},
        {"signed": "none"},
        {"more": 1},
    ],
)
def test_a_seal_well_signed_and_of_another_shape_is_refused(untouched: Path, change: dict[str, object]) -> None:
    data = json.loads(line_of(untouched))
    del data["signature"]
    text = json.dumps({**data, **change}, separators=(",", ":"))[:-1]
    signature = hashlib.sha256(text.encode()).hexdigest()
    with pytest.raises(BadSeal):
        read_seal(f'{text},"signature":"{signature}"}}')


def test_an_untouched_journal_fits_its_seal(tamper: Tampered) -> None:
    assert tamper.against(seal_of(tamper.path)) == Verified(())


def test_what_was_added_since_is_counted_and_no_problem(tamper: Tampered) -> None:
    before = seal_of(tamper.path)
    with closing(connect(str(tamper.path))) as journal:
        add(journal, moved("acme", 6))
        keep(journal, story("delta", 3))
    assert tamper.against(before) == Verified((), deals_since=1, entries_since=4)
    assert tamper.against(before, seal_of(tamper.path)) == Verified(())


def test_a_removed_tail_is_named(tamper: Tampered) -> None:
    before = seal_of(tamper.path)
    tamper(
        "DELETE FROM payloads WHERE id IN (SELECT id FROM entries WHERE deal = 'acme' AND sequence > 3)",
        "DELETE FROM entries WHERE deal = 'acme' AND sequence > 3",
        "DELETE FROM entries WHERE deal = 'beta' AND sequence > 4",
        "DELETE FROM payloads WHERE id NOT IN (SELECT id FROM entries)",
        "DELETE FROM deals",
    )
    with closing(connect(str(tamper.path))) as journal:
        rebuild(journal)
    assert tamper.verify() == ()
    assert tamper.against(before).problems == (
        Problem("acme", 4, f"it and all up to entry 5 were removed: the seal of {AT} has them"),
        Problem("beta", 5, f"it was removed: the seal of {AT} has it"),
    )


def test_a_removed_deal_is_named(tamper: Tampered) -> None:
    before = seal_of(tamper.path)
    gone = (
        "DELETE FROM payloads WHERE id IN (SELECT id FROM entries WHERE deal = 'beta')",
        "DELETE FROM entries WHERE deal = 'beta'",
        "DELETE FROM deals WHERE id = 'beta'",
    )
    assert tamper(*gone) == ()
    told = Problem("beta", 0, f"the deal was removed: the seal of {AT} has 5 entries of it")
    assert tamper.against(before).problems == (told,)


def rewritten(path: Path) -> None:
    """The same deals, one of them told otherwise, in a journal of the same name: all of it fits itself."""
    with closing(sqlite3.connect(path)) as raw:
        (name,) = raw.execute("SELECT value FROM meta WHERE name = 'journal'").fetchone()
    path.unlink()
    with closing(connect(str(path))) as journal:
        keep(journal, (*story("acme", 3), moved("acme", 4, note="forged"), *story("acme")[4:]))
        keep(journal, story("beta"))
        keep(journal, story("core"))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER meta_unchanged")
        raw.execute("UPDATE meta SET value = ? WHERE name = 'journal'", (name,))
        raw.execute(SQLITE["meta_unchanged"])


def test_a_chain_written_anew_is_named(tamper: Tampered) -> None:
    before = seal_of(tamper.path)
    rewritten(tamper.path)
    assert tamper.verify() == ()
    told = f"it, or an entry up to 5, was written anew: the chain fits itself, but not the seal of {AT}"
    assert tamper.against(before).problems == tuple(Problem(name, 1, told) for name in ("acme", "beta", "core"))


def test_an_earlier_seal_narrows_down_what_was_written_anew(tamper: Tampered) -> None:
    real = seal_of(tamper.path)
    with closing(connect(str(tamper.path))) as journal:
        add(journal, moved("acme", 6))
    later = seal_of(tamper.path)
    sequence, own = later.heads["acme"]
    forged = replace(later, sealed_at="2026-02-01T00:00:00Z", heads={**later.heads, "acme": (sequence, bytes(32))})
    told = "it was written anew: the chain fits itself, but not the seal of 2026-02-01T00:00:00Z"
    assert (sequence, len(own)) == (6, 32)
    assert tamper.against(real, forged).problems == (Problem("acme", 6, told),)


def test_a_changed_head_is_told_by_the_chain_and_by_the_seal(tamper: Tampered) -> None:
    before = seal_of(tamper.path)
    tamper("UPDATE entries SET hash = zeroblob(32) WHERE deal = 'acme' AND sequence = 5")
    told = [problem.what for problem in tamper.against(before).problems]
    assert told[-1] == f"its hash is not the one in the seal of {AT}"
    assert len(told) == 2


def test_a_seal_of_another_journal_is_refused(tamper: Tampered, tmp_path: Path) -> None:
    with closing(connect(str(tmp_path / "other.db"))) as journal:
        keep(journal, story())
    with pytest.raises(BadSeal, match=f"the seal of {AT} is of another journal"):
        tamper.against(seal_of(tmp_path / "other.db"))


def test_a_copy_of_the_file_fits_the_seal(tamper: Tampered, tmp_path: Path) -> None:
    before = seal_of(tamper.path)
    assert Tampered(Path(shutil.copy(tamper.path, tmp_path / "copy.db"))).against(before) == Verified(())


def test_a_forgotten_deal_still_fits_the_seal(tamper: Tampered) -> None:
    before = seal_of(tamper.path)
    with closing(connect(str(tamper.path))) as journal:
        forget(journal, "acme")
    assert tamper.against(before) == Verified(())
    assert seal_of(tamper.path).heads == before.heads


def test_a_journal_that_lost_its_name_cannot_be_sealed(tamper: Tampered) -> None:
    tamper("UPDATE meta SET value = 'mine' WHERE name = 'journal'")
    with pytest.raises(JournalError, match="has lost its name"):
        line_of(tamper.path)
