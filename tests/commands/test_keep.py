"""Keeping the journal: seals, forgetting, copies and archives, as a person types them."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
from pathlib import Path

import jsonschema
import pytest

SECRET = "a secret that nobody else knows"


@pytest.fixture
def sealed(run, acme):
    """A journal with two deals, and its seal in ``one.seal``."""
    run("start inside-sales beta --fact amount=100 --as bo --role ae --at 2026-03-02T10:00")
    assert run("seal --out one.seal").code == 0
    return acme


def test_a_seal_is_one_line_on_stdout(run, sealed):
    sealed_now = run("seal")
    data = json.loads(sealed_now.out)
    assert sealed_now.out.count("\n") == 1
    assert (data["schema"], data["deals"], data["signed"]) == ("stagewright/seal/1", 2, "sha256")
    jsonschema.validate(data, json.loads(run("schema seal").out))


def test_a_journal_fits_its_seal_and_grows(run, sealed):
    run("start inside-sales core --fact amount=100 --as bo --role ae --at 2026-03-03T10:00")
    found = run("verify --against one.seal")
    assert found.code == 0
    assert ": 1 deal and 1 entry were added since\n" in found.out
    notes = json.loads(run("verify --against one.seal --format json").out)["notes"]
    assert notes[1].endswith("1 deal and 1 entry were added since")


def test_a_journal_put_back_from_an_old_copy_does_not_fit_its_seal(run, sealed):
    old = Path("deals.journal").read_bytes()
    run("start inside-sales core --fact amount=100 --as bo --role ae --at 2026-03-03T10:00")
    assert run("seal --out two.seal").code == 0
    Path("deals.journal").write_bytes(old)
    assert run("verify").code == 0
    found = run("verify --against one.seal --against two.seal")
    assert found.code == 1
    assert "core: the deal was removed: the seal of " in found.out


def test_a_file_may_hold_a_seal_a_line(run, sealed):
    with Path("all.seals").open("a") as file:
        file.write(run("seal").out + "\n" + run("seal").out)
    assert "compared with the seals of " in run("verify --against all.seals").out


def test_a_secret_is_needed_to_verify_and_to_forge(run, sealed, monkeypatch):
    Path("secret").write_text(SECRET + "\n")
    Path("other").write_text(SECRET + "!")
    assert run("seal --secret secret --out signed.seal").code == 0
    assert run("verify --against signed.seal --secret secret").code == 0
    assert run("verify --against signed.seal").code == 2
    assert run("verify --against signed.seal --secret other").code == 2
    assert "anyone could have written it" in run("verify --against one.seal --secret secret").err
    monkeypatch.setenv("STAGEWRIGHT_SEAL_SECRET", "secret")
    assert run("verify --against signed.seal").code == 0
    assert run("verify").code == 0
    assert json.loads(run("seal").out)["signed"] == "hmac-sha256"


@pytest.mark.parametrize("text", ["", "short", "x" * 5000])
def test_a_secret_that_is_none_is_refused(run, sealed, text):
    Path("secret").write_text(text)
    found = run("seal --secret secret")
    assert (found.code, found.out) == (2, "")
    assert "'secret' is no secret" in found.err


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("nothing", "cannot be read: No such file"),
        ("processes", "is no plain file"),
        ("deals.journal", "it is no seal"),
        ("empty", "there is no seal in it"),
        ("cut", "was cut"),
        ("schemas/process.json", "it is no seal"),
    ],
)
def test_what_is_no_seal_is_refused(run, sealed, file, told):
    Path("empty").write_text("\n\n")
    Path("cut").write_text(Path("one.seal").read_text()[:200])
    found = run(f"verify --against {file}")
    assert (found.code, found.out) == (2, "")
    assert told in found.err
    assert file in found.err


def test_a_seal_of_another_journal_is_refused(run, sealed):
    run("start inside-sales acme --fact amount=1 --as bo --role ae --journal other.journal")
    found = run("verify --journal other.journal --against one.seal")
    assert (found.code, found.out) == (2, "")
    assert "is of another journal" in found.err


def test_an_older_seal_is_not_written_over(run, sealed):
    before = Path("one.seal").read_text()
    assert run("seal --out one.seal").code == 2
    assert Path("one.seal").read_text() == before


def test_a_deal_is_forgotten_and_takes_nothing_more(run, sealed):
    run("record acme competitor=Initech --note 'Jane Roe wants it' --as ana --role ae --at 2026-03-02T10:00")
    done = run("forget acme --because 'asked by letter' --as dpo --yes")
    assert done.code == 0
    assert "acme: 2 entries blanked" in done.out
    assert b"Jane Roe" not in Path("deals.journal").read_bytes()
    refusals = [
        run("record acme competitor=Initech --as ana --role ae"),
        run("advance acme qualify --reason referral --as ana --role ae"),
        run("approve acme sign --as mia --role manager"),
        run("can acme --role ae"),
    ]
    assert {(each.code, "'acme' was forgotten; it takes no more entries" in each.err) for each in refusals} == {
        (2, True)
    }
    assert "there is a deal 'acme' already" in run("start inside-sales acme --fact amount=1 --as ana --role ae").err


def test_what_stays_of_a_forgotten_deal_is_still_told(run, sealed):
    run("forget acme --because 'asked by letter' --as dpo --yes")
    why = run("why acme")
    assert why.code == 0
    assert "in prospect" in why.out
    assert "by dpo: asked by letter" in why.out
    assert "ana" not in why.out
    assert "by dpo: asked by letter" in run("why acme --format markdown").out
    assert "by dpo: asked by letter" in json.loads(run("why acme --format json").out)["notes"][0]
    assert [run(line).code for line in ("deals", "verify", "seal", "export deals", "verify --against one.seal")] == [
        0
    ] * 5


def test_forgetting_once_more_is_harmless(run, sealed):
    run("forget acme --because 'asked by letter' --as dpo --yes")
    again = run("forget acme --because other --as bo")
    assert again.code == 0
    assert "had been blanked before (forgotten on " in again.out
    assert "by dpo: asked by letter" in again.out


def test_nobody_is_forgotten_without_being_asked(run, sealed):
    found = run("forget acme --because 'asked by letter'")
    assert found.code == 2
    assert "say --yes where nobody can be asked" in found.err
    assert run("can acme --role ae").code == 0


@pytest.mark.parametrize(
    "line", ["forget acme --yes", "forget acme --yes --because ' '", "forget acmee --yes --because x"]
)
def test_a_deal_is_forgotten_by_its_name_and_for_a_reason(run, sealed, line):
    assert run(line).code == 2
    assert run("can acme --role ae").code == 0


def test_a_story_is_one_page_in_a_file(run, sealed):
    done = run("why acme --format html --out acme.html")
    text = Path("acme.html").read_text()
    assert (done.code, done.out, done.err) == (0, "", "wrote acme.html\n")
    assert json.loads(run("seal").out)["heads"][0][2] in text
    assert '<strong class="badge good">verified</strong> 1 entry of this deal' in text
    assert run("why acme --format html").out.startswith("<!DOCTYPE html>")
    assert run("why acme --out acme.txt").code == 0
    assert Path("acme.txt").read_text() == run("why acme").out


def test_a_page_of_a_tampered_deal_says_so(run, sealed):
    with contextlib.closing(sqlite3.connect("deals.journal")) as raw, raw:
        raw.execute("DROP TRIGGER payloads_unchanged")
        raw.execute("UPDATE payloads SET body = replace(body, '9000', '9001')")
    text = run("why acme --format html").out
    assert "does not fit" in text
    assert "deal &#x27;acme&#x27;, entry 1: its payload was changed" in text


def test_tables_are_exported_as_json_lines(run, sealed):
    rows = [json.loads(line) for line in run("export deals --format jsonl").out.splitlines()]
    assert [(row["deal"], row["amount"], row["closed_at"], row["outcome"]) for row in rows] == [
        ("acme", 9000, None, ""),
        ("beta", 100, None, ""),
    ]
    assert run("export moves --out moves.jsonl").code == 0
    assert run("export --format jsonl --out all").code == 0
    assert Path("all/moves.jsonl").read_text() == Path("moves.jsonl").read_text()


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_an_archive_comes_back_and_fits_the_seal(run, sealed, ending):
    assert "read them back: they are the same" in run(f"journal copy deals.journal a.{ending}").out
    found = run(f"journal copy a.{ending} back.journal")
    assert (found.code, found.out) == (0, "copied 2 deals, 2 entries, 1 definition; the copy verifies\n")
    assert run("verify --journal back.journal --against one.seal").code == 0
    assert run("why acme --journal back.journal").out == run("why acme").out
    assert run(f"journal copy back.journal b.{ending}").code == 0
    assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()


def test_a_journal_is_copied_by_its_path_or_url(run, sealed):
    assert run(f"journal copy sqlite:///{Path.cwd()}/deals.journal copy.journal").code == 0
    assert run("verify --journal copy.journal --against one.seal").code == 0
    assert stat.S_IMODE(os.stat("copy.journal").st_mode) == stat.S_IMODE(os.stat("deals.journal").st_mode)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("deals.journal deals.journal", "is not empty"),
        ("deals.journal there.csv", "'there.csv' is there already"),
        ("there.csv b.jsonl", "a journal on one side"),
        ("there.csv b.journal", "line 1: the columns are not those of an archive"),
        ("none.csv b.journal", "there is no file 'none.csv'"),
        ("none.journal b.journal", "there is no journal 'none.journal'"),
        ("deals.journal no/b.journal", "the folder 'no' does not exist"),
        ("bad.parquet b.journal", "is no Parquet file"),
        ("cut.parquet b.journal", "is no Parquet file"),
        ("cut.jsonl b.journal", "line 5: it is no JSON, or was cut"),
    ],
)
def test_a_copy_that_cannot_be_made_makes_nothing(run, sealed, line, told):
    for ending in ("parquet", "jsonl"):
        run(f"journal copy deals.journal whole.{ending}")
        whole = Path(f"whole.{ending}").read_bytes()
        Path(f"cut.{ending}").write_bytes(whole[: len(whole) * 9 // 10])
    Path("bad.parquet").write_text("PAR1")
    Path("there.csv").write_text("a,b\n")
    before = sorted(each.name for each in Path().iterdir())
    found = run(f"journal copy {line}")
    assert (found.code, found.out) == (2, "")
    assert told in found.err
    assert sorted(each.name for each in Path().iterdir() if "-wal" not in each.name and "-shm" not in each.name) == [
        name for name in before if "-wal" not in name and "-shm" not in name
    ]
