"""What users hand over by mistake, or others by intent: told with a mend, never a traceback, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import stat

import pytest

FILE = "processes/inside-sales/2.yaml"
TINY = "process: tiny\nversion: 1\nstages: {a: {}, won: {ends: won}}\nactions: {win: {from: a, to: won}}\n"

FILES = {
    "binary": (b"\x00\x01\x02\xff", 2, "Y001"),
    "not-utf8": ("process: caf\xe9\n".encode("latin-1"), 2, "Y002"),
    "tab": (b"process: a\nstages:\n\t- x\n", 1, "Y006"),
    "duplicate-key": (b"process: a\nprocess: b\n", 1, "Y007"),
    "bomb": (
        b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 10)) for c in range(98, 106)),
        1,
        "Y009",
    ),
    "brackets": (b"a: " + b"[" * 200_000, 1, "Y008"),
    "self-alias": (b"a: &a [*a]\n", 1, "Y010"),
    "tag": (b"process: !!python/name:os.system\n", 1, "Y011"),
    "merge-key": (b"a: &a {x: 1}\nb:\n  <<: *a\n", 1, "Y012"),
    "two-documents": (b"process: a\n---\nprocess: b\n", 1, "Y013"),
    "empty": (b"", 1, "Y004"),
    "50-mb": (b"# x\n" * 13_000_000, 2, "Y003"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_process_is_a_finding_with_its_place(run, workspace, name):
    content, code, finding = FILES[name]
    path = workspace / "bad.yaml"
    path.write_bytes(content)
    checked = run("check bad.yaml")
    assert checked.code == code
    assert f" {finding}: " in checked.out
    assert checked.out.startswith("bad.yaml")


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(run, workspace):
    folder = workspace / "processes" / "tiny"
    folder.mkdir()
    (folder / "1.yaml").write_bytes(b"\xef\xbb\xbf" + TINY.replace("\n", "\r\n").encode())
    assert run("check tiny@1").code == 0


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "010", "12:30", "1_000", "~x", "2026-01-01"])
def test_values_are_read_as_they_are_written(run, workspace, word):
    folder = workspace / "processes" / "tiny"
    folder.mkdir()
    (folder / "1.yaml").write_text(TINY.replace("version: 1\n", f"version: 1\ntitle: {word}\n"))
    assert f"tiny@1  {word}\n" in run("show tiny@1").out


def test_ten_mistakes_are_ten_findings_in_order_of_place(run, workspace):
    path = workspace / FILE
    text = path.read_text()
    mistakes = [
        ("title: Inside", "titel: Inside"),
        ("uses: {qualification: 1}", "uses: {qualification: 7}"),
        ("by: [ae]", "by: [ea]"),
        ("type: money", "type: munny"),
        ("probability: 5%", "probability: five"),
        ("target: 7d", "target: 7 days"),
        ('contact_role in ["champion"', 'contact_role in ["champio"'),
        ("to: demo,", "to: demmo,"),
        ("when: discount > 10%", "when: discount >> 10%"),
        ("in: early", "in: erly"),
    ]
    for right, wrong in mistakes:
        assert right in text
        text = text.replace(right, wrong, 1)
    path.write_text(text)
    told = run(f"check {FILE}").out
    places = [line.split(":")[1:3] for line in told.splitlines() if line.startswith(FILE)]
    lines = [text[: text.index(wrong)].count("\n") + 1 for _, wrong in mistakes]
    assert [int(line) for line, _ in places] == sorted(lines)


HOSTILE = {
    "text": lambda path: path.write_text("not a database " * 1000),
    "other": lambda path: sqlite(path, "create table t(x)"),
    "view": lambda path: sqlite(path, "create view entries as select 1 as deal", "create table deals(deal text)"),
}


def sqlite(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("line", ["deals", "why acme", "verify", "start inside-sales acme --fact amount=1"])
def test_a_file_that_is_no_journal_is_refused_and_left_as_it_was(run, workspace, kind, line):
    path = workspace / "deals.journal"
    HOSTILE[kind](path)
    before = path.read_bytes()
    failed = run(line)
    assert failed.code == 2
    assert "error: " in failed.err
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write read-only files")
def test_a_read_only_journal_is_told_and_nothing_is_lost(run, acme):
    path = acme / "deals.journal"
    path.chmod(stat.S_IREAD)
    failed = run("record acme amount=1")
    assert failed.code == 2
    assert "1 entry" in run("verify").out


def test_a_folder_in_place_of_a_file_is_told(run, workspace):
    (workspace / "deals.journal").mkdir()
    assert run("deals").code == 2
    assert run("show processes").code == 2


def test_a_pipe_in_place_of_a_file_is_told_and_not_waited_for(run, workspace):
    os.mkfifo(workspace / "pipe.yaml")
    failed = run("check pipe.yaml")
    assert failed.code == 2
    assert "is no plain file" in failed.err


def test_a_file_that_cannot_be_written_leaves_what_is_there(run, workspace):
    (workspace / "blocked").write_text("a file")
    assert run("show inside-sales --out blocked/x.svg").code == 2
    assert (workspace / "blocked").read_text() == "a file"
    (workspace / "folder.svg").mkdir()
    assert run("show inside-sales --out folder.svg").code == 2


def test_a_link_stays_a_link_and_its_file_is_written(run, workspace):
    (workspace / "real.svg").write_text("old")
    (workspace / "link.svg").symlink_to("real.svg")
    assert run("show inside-sales --out link.svg").code == 0
    assert (workspace / "link.svg").is_symlink()
    assert "<svg" in (workspace / "real.svg").read_text()
