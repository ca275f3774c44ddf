"""What is read stays as it is, what cannot be told is said, and what is advised can be typed."""

import contextlib
import os
import shlex
import signal
import sys

import pytest

import cli
from tests.commands.test_map import HISTORIES
from tests.commands.test_review import CSV, MAP


@pytest.fixture
def crm(workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    (workspace / "crm.csv").write_text(CSV)
    return workspace


@pytest.mark.parametrize(
    "line",
    [
        "review crm.csv --map crm --out crm.csv",
        "review crm.csv --map crm --out maps/../crm.csv",
        "review crm.csv --map crm --out link.csv",
        "review crm.csv --map crm --format json --out maps/crm.yaml",
        "review crm.csv --process inside-sales@2 --format json --out processes/inside-sales/2.yaml",
        "conform inside-sales@2 crm.csv --map crm --out crm.csv",
        "conform inside-sales@2 crm.csv --map crm --format csv --out maps/crm.yaml",
        "conform inside-sales@2 crm.csv --map crm --format csv --out processes/inside-sales/2.yaml",
        "draft crm.csv --map crm --out maps/crm.yaml",
        "map crm.csv --out crm.csv",
        "show inside-sales@2 --format svg --out processes/inside-sales/2.yaml",
    ],
)
def test_what_is_read_is_never_written_over(run, crm, line):
    (crm / "link.csv").symlink_to(crm / "crm.csv")
    before = _contents(crm)
    told = run(line)

    assert (told.code, told.out) == (2, "")
    assert "is what is read here; nothing was written" in told.err
    assert _contents(crm) == before


@pytest.mark.parametrize("line", ["review --format json", "draft", "export deals --format csv"])
def test_nor_is_the_journal(run, acme, line):
    os.link(acme / "deals.journal", acme / "deals.yaml")
    before = _contents(acme)

    assert run(f"{line} --out deals.yaml").code == 2
    assert _contents(acme) == before


def test_a_draft_goes_into_yaml_alone(run, crm):
    (crm / "r.html").write_text("<html>")
    told = run("draft crm.csv --map crm --out r.html")

    assert (told.code, (crm / "r.html").read_text()) == (2, "<html>")
    assert "error: 'r.html': a draft is a process, written as YAML\n  name a file that ends in .yaml" in told.err


def test_a_map_made_from_a_shipped_one_is_called_after_the_file(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "salesforce.csv").write_text(HISTORIES["salesforce"])
    (tmp_path / "oh.csv").write_text(HISTORIES["salesforce"])

    assert "keep it with --out maps/oh.yaml" in run("map oh.csv --preset salesforce").err
    assert "keep it with --out maps/our-salesforce.yaml" in run("map salesforce.csv --preset salesforce").err


def test_what_map_advises_can_be_typed_as_it_stands(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our deals.csv").write_text(HISTORIES["salesforce"])
    assert run("map 'our deals.csv' --preset salesforce --out 'my maps/ours.yaml' --name ours").code == 0
    (tmp_path / "my maps").mkdir(exist_ok=True)
    advice = run("map 'our deals.csv' --preset salesforce --out 'my maps/again.yaml' --name again").err

    assert run(shlex.join(shlex.split(advice.rpartition("stagewright ")[2]))).code == 0


def test_without_a_workspace_a_map_is_found_by_its_name_below_maps(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oh.csv").write_text(HISTORIES["salesforce"])
    assert run("map oh.csv --preset salesforce --out maps/salesforce.yaml").code == 0
    (tmp_path / "maps" / "salesforce.yaml").write_text("no map")

    assert run("review oh.csv --map salesforce").code == 2


@pytest.mark.parametrize("command", ["review crm.csv", "draft crm.csv", "conform inside-sales@2 crm.csv"])
@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        (CSV.replace("2026-0", "never-"), "", f"no deal of 'crm.csv' could be read; {CSV.count(chr(10)) - 1} of"),
        ("Deal,Stage,At,Owner\n", "", "'crm.csv' has no rows"),
        (CSV, "--at 2020-01-01", "no deal had begun by 2020-01-01"),
    ],
)
def test_of_nothing_nothing_is_told(run, crm, command, text, at, told):
    (crm / "crm.csv").write_text(text)
    ran = run(f"{command} --map crm {at}")

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_map_that_would_read_no_deal_is_not_proposed(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oh.csv").write_text(HISTORIES["salesforce"].replace("2026-01-0", "soon-"))
    ran = run("map oh.csv --preset salesforce --out oh.yaml")

    assert (ran.code, ran.out) == (2, "")
    assert "no deal of 'oh.csv' could be read" in ran.err
    assert "check this" not in ran.err
    assert not (tmp_path / "oh.yaml").exists()


@pytest.mark.parametrize("command", ["review", "draft", "conform inside-sales@2"])
def test_where_there_is_no_journal_a_file_would_do(run, workspace, command):
    ran = run(command)

    assert ran.code == 2
    assert "there is no journal 'deals.journal'" in ran.err
    assert "name a FILE to read, or a journal with --journal" in ran.err


def test_misfits_beyond_five_are_counted_and_what_there_is_none_of_is_not_told(run, crm):
    rows = "".join(f"X-{each},Nowhere,2026-01-01,ana\n" for each in range(7))
    (crm / "crm.csv").write_text(CSV + rows)
    err = run("review crm.csv --map crm").err

    assert err.count("Nowhere") == 5
    assert "and 2 cells more" in err or "and 2 rows more" in err
    assert "'import --dry-run' names each" in err
    assert " 0 " not in f" {err}"


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is an HTML page, not an export"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a picture"),
        (bytes(range(256)) * 9, "is a binary file, not an export"),
    ],
)
def test_what_is_no_export_is_called_what_it_is(run, tmp_path, monkeypatch, start, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oh.csv").write_bytes(start)
    ran = run("map oh.csv")

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_no_picture_is_poured_over_a_terminal(run, workspace, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("show inside-sales@2 --format png")

    assert (ran.code, ran.out) == (2, "")
    assert "say where with --out inside-sales.png" in ran.err


def _contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_review_of_a_bare_file_is_called_after_it(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oh.csv").write_text(HISTORIES["salesforce"])
    assert run("map oh.csv --preset salesforce --out maps/ours.yaml").code == 0
    path = tmp_path / "maps" / "ours.yaml"
    path.write_text("".join(f"{line}\n" for line in path.read_text().splitlines() if not line.startswith("title:")))

    assert run("review oh.csv --map ours").out.startswith("Review of oh.csv\n")


def test_a_window_that_is_no_number_is_told_in_plain_words(run, crm):
    told = run("review crm.csv --map crm --window abc")

    assert (told.code, told.err) == (
        2,
        "error: --window: 'abc' is no number of days\n  write more than 0 days, such as 14\n",
    )


def test_deals_that_all_keep_to_the_process_are_not_listed(run, crm):
    first = "".join(f"{line}\n" for line in CSV.splitlines() if line.startswith(("Deal,", "D-0,", "D-1,")))
    (crm / "crm.csv").write_text(first)
    told = run("conform inside-sales@2 crm.csv --map crm").out

    assert "The deals behind each number" not in told
    assert "Every deal keeps to the process, and none failed a requirement that must hold." in " ".join(told.split())


def test_advice_on_a_draft_can_be_typed_too(run, crm):
    path = crm / "our draft.yaml"
    path.write_text("buy: milk\n")
    assert "stagewright check 'our draft.yaml'" in run("draft crm.csv --map crm --out 'our draft.yaml'").err


def test_an_interrupt_that_a_library_swallowed_is_an_interrupt(monkeypatch, capsys):
    def swallowed(**_):
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise AttributeError("partially initialized module")

    monkeypatch.setattr(cli.root, "main", swallowed)
    monkeypatch.setattr(cli, "_interrupts", [])
    # Whoever runs tests in the background has the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(SystemExit) as left:
            cli.main([])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (left.value.code, capsys.readouterr().err) == (130, "interrupted\n")
