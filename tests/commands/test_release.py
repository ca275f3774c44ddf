"""``release``: a version is frozen once, all of it or nothing, and the changelog tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.loading import write
from engine.model.errors import UnwritableFile

HOME = Path("processes/inside-sales")
RELEASED, CHANGELOG = HOME / "released.yaml", HOME / "CHANGELOG.md"
FIRST = "release inside-sales@1 --because 'Agreed in January' --at 2026-01-31"
SECOND = "release inside-sales --because 'The trial went well' --at 2026-03-31"


def failing_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no file of that name be written."""
    whole = write.whole

    def failed(path: Path, text: str | bytes) -> None:
        if path.name == name:
            raise UnwritableFile(f"cannot write '{path}': the disk is full")
        whole(path, text)

    monkeypatch.setattr(write, "whole", failed)


def test_a_version_is_released_with_its_rule_sets_and_checks_clean_afterwards(run, workspace):
    assert run(FIRST).code == 0
    done = run(SECOND)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("released inside-sales@2 on 2026-03-31: The trial went well\n")
    assert "frozen: processes/inside-sales/2.yaml and rules/qualification/1.yaml" in done.out
    assert "no findings" in run("check").out
    told = CHANGELOG.read_text()
    assert told.startswith("# Changelog of inside-sales\n\n## Version 2 (2026-03-31)\n")
    assert told.index("## Version 2") < told.index("The trial went well") < told.index("## Version 1 (2026-01-31)")
    assert "In version 1 four of ten demos" in told


def test_deals_start_on_the_highest_released_version(run, workspace):
    run(FIRST)
    started = run("start inside-sales acme --fact amount=9000 --as ana --role ae")
    assert (started.code, started.err) == (0, "")
    assert "inside-sales@1" in run("deals").out


def test_what_was_released_before_is_released_no_second_time(run, workspace):
    run(FIRST)
    before = RELEASED.read_text(), CHANGELOG.read_text()
    again = run("release inside-sales@1 --because 'Something else'")
    assert (again.code, again.out) == (0, "inside-sales@1 was already released on 2026-01-31, as it is now\n")
    assert (RELEASED.read_text(), CHANGELOG.read_text()) == before


@pytest.mark.parametrize("path", ["processes/inside-sales/2.yaml", "rules/qualification/1.yaml"])
def test_a_released_version_with_another_content_is_refused_and_the_file_is_named(run, workspace, path):
    run(SECOND)
    with Path(path).open("a") as file:
        file.write("# changed\n")
    refused = run(SECOND)
    assert refused.code == 1
    assert f"{path}:" in refused.out
    assert "N015" in refused.out
    assert "released before with another content; put it back, or keep the change in a new version" in refused.err


def test_a_version_with_errors_is_refused_and_nothing_is_written(run, workspace):
    path = HOME / "2.yaml"
    path.write_text(path.read_text().replace("to: demo,", "to: demmo,"))
    refused = run(SECOND)
    assert refused.code == 1
    assert "unknown stage 'demmo'" in refused.out
    assert refused.err == "not released: inside-sales@2 has errors; mend them, then release it\n"
    assert not RELEASED.exists()
    assert not CHANGELOG.exists()


def test_where_the_second_file_cannot_be_written_a_second_run_completes_it(run, workspace, monkeypatch):
    with monkeypatch.context() as full:
        failing_on("CHANGELOG.md", full)
        assert run(FIRST).code == 2
    assert RELEASED.exists()
    assert not CHANGELOG.exists()
    assert "no findings" in run("check").out
    again = run("release inside-sales@1 --because 'Something else'")
    assert (again.code, "the changelog now tells it" in again.out) == (0, True)
    assert "Agreed in January" in CHANGELOG.read_text()
    assert "Something else" not in CHANGELOG.read_text() + RELEASED.read_text()


def test_where_the_first_file_cannot_be_written_nothing_is(run, workspace, monkeypatch):
    failing_on("released.yaml", monkeypatch)
    assert run(FIRST).code == 2
    assert not RELEASED.exists()
    assert not CHANGELOG.exists()


def test_a_changelog_that_is_no_text_is_told_before_anything_is_written(run, workspace):
    CHANGELOG.write_bytes(b"\xff\xfe\0")
    refused = run(FIRST)
    assert refused.code == 2
    assert "CHANGELOG.md' cannot be read" in refused.err
    assert not RELEASED.exists()


def test_what_people_wrote_into_the_changelog_stays(run, workspace):
    CHANGELOG.write_text("# Our log\n\nKept by Ana.\n\n## Before version 1\n\nA spreadsheet.\n")
    run(FIRST)
    told = CHANGELOG.read_text()
    assert told.startswith("# Our log\n\nKept by Ana.\n\n## Version 1 (2026-01-31)\n")
    assert told.endswith("\n\n## Before version 1\n\nA spreadsheet.\n")


def test_a_changelog_keeps_its_line_ends(run, workspace):
    CHANGELOG.write_bytes(b"\xef\xbb\xbf# Our log\r\n\r\nKept by Ana.\r\n")
    run(FIRST)
    told = CHANGELOG.read_bytes()
    assert told.startswith(b"\xef\xbb\xbf# Our log\r\n\r\n## Version 1")
    assert told.count(b"\n") == told.count(b"\r\n")


def test_a_release_out_of_order_is_told(run, workspace):
    run("release inside-sales@2 --because 'Go' --at 2026-03-31")
    late = run("release inside-sales@1 --because 'For the record' --dry-run")
    assert "version 2 is released already: new deals still start on it" in late.err
    assert "No version before it was released; version 2 was released already." in late.out
    run("next inside-sales")
    early = run("release inside-sales@3 --because 'Go' --at 2026-01-31 --dry-run")
    assert "version 2 was released on 2026-03-31, which is after this day, 2026-01-31" in early.err


def test_a_dry_run_shows_and_writes_nothing(run, workspace):
    shown = run(f"{FIRST} --dry-run")
    assert shown.code == 0
    assert "would add to processes/inside-sales/CHANGELOG.md:\n\n## Version 1 (2026-01-31)" in shown.out
    assert not RELEASED.exists()
    assert not CHANGELOG.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("release inside-sales --because ' '", "--because says nothing"),
        ("release inside-sales --because 'a\x07b'", "a sign that cannot be seen"),
        ("release inside-sales --because x --at 2999-01-01", "2999-01-01 has not come yet"),
        ("release inside-sales --because x --at soon", "'soon' is not a time"),
        ("release inside-sales@9 --because x", "there is no version '9' of 'inside-sales'"),
        ("release outside-sales --because x", "there is no process 'outside-sales'"),
        ("release rules/qualification/1.yaml --because x", "is no version of a process"),
    ],
)
def test_what_cannot_be_released_is_told(run, workspace, line, said):
    refused = run(line)
    assert refused.code == 2
    assert said in refused.err
    assert not RELEASED.exists()


def test_a_file_and_a_folder_elsewhere_are_named_as_well(run, workspace, monkeypatch):
    monkeypatch.chdir(HOME)
    assert run("release 2.yaml --because x").code == 0
    monkeypatch.chdir("/")
    assert run(f"release inside-sales@1 --because x --workspace {workspace}").code == 0
    assert set((workspace / RELEASED).read_text().splitlines()) > {"1:", "2:"}
