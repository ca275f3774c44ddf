from __future__ import annotations

import difflib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.loading.processes import load_process
from engine.loading.write import next_version, whole
from engine.model.errors import UnreadableFile, UnwritableFile
from engine.model.process import Follows
from tests.loading.conftest import CASES, SMALL, Workspace


def _changes(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_the_next_version_differs_in_its_head_alone() -> None:
    path = CASES / "workspace" / "processes" / "inside-sales" / "2.yaml"
    target, text = next_version(path)
    assert target == path.with_name("3.yaml")
    assert _changes(path.read_text(encoding="utf-8"), text) == [
        "-version: 2",
        "+version: 3",
        "-because: In version 1 four of ten demos were held with people who could not buy.",
        "+because:",
        "-follows:                                  # what became of version 1; what keeps its id needs no line",
        "-  version: 1",
        "-  stages: {interested: qualified}         # also actions, facts, reasons; a split lists targets with `when:`",
        "+follows:                                  # what became of version 2; what keeps its id needs no line",
        "+  version: 2",
    ]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("follows: {version: 1} # what became of version 1", "follows: {version: 2} # what became of version 2"),
        ("follows: {version: 1} # version 12 is to come", "follows: {version: 2} # version 12 is to come"),
        ("follows:\n  version: 1 # not version 1a\n", "follows:\n  version: 2 # not version 1a\n"),
        ("follows: # as version 1 was\n  version: 1\n", "follows: # as version 2 was\n  version: 2\n"),
    ],
)
def test_a_comment_beside_follows_names_the_version_that_is_followed_now(
    workspace: Workspace, was: str, becomes: str
) -> None:
    text = SMALL.replace("version: 1", "version: 2") + was
    _, after = next_version(workspace.write("processes/small/2.yaml", text))
    assert after.endswith(becomes)


def test_a_first_version_gets_follows_and_because(workspace: Workspace) -> None:
    _, text = next_version(workspace.write("processes/small/1.yaml", SMALL))
    assert _changes(SMALL, text) == ["-version: 1", "+version: 2", "+because:", "+follows: {version: 1}"]


_BECAUSE = ["", "because:\n", "because: Short # why\n", "because: >-\n  Long and\n\n  longer\n\n", 'because: "q"\n']
_FOLLOWS = [
    "",
    "follows: {version: 2} # before\n",
    "follows: {version: 2, stages: {old: new}}\n",
    "follows:\n  # what came of it\n  stages:\n    old: new # renamed\n    older:\n      - to: new\n"
    "  version: 2 # the one before\n  facts: {value: amount}\n",
    "follows:\n  version: 2\n  stages:\n    old:\n      - {to: new, when: amount > 1}\n      - to: offer\n\n",
]
_HEADS = [
    "process: small\nversion: 3 # now\ntitle: Small\n",
    "title: 'Small'\nversion: 3\nprocess: small\n",
    "version: 3\nprocess: small\n",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(_HEADS), st.permutations([0, 1]), st.sampled_from(_BECAUSE), st.sampled_from(_FOLLOWS))
def test_the_next_version_is_the_same_process_one_further(
    workspace: Workspace, head: str, order: list[int], because: str, follows: str
) -> None:
    parts = [because, follows]
    text = head + "".join(parts[index] for index in order) + SMALL.split("\n", 2)[2]
    before = workspace.process(text, "processes/small/3.yaml")
    target, written = next_version(workspace.folder / "processes" / "small" / "3.yaml")
    after = workspace.process(written, f"processes/small/{target.name}")
    target.unlink()
    assert (before.findings, after.findings) == ((), ())
    assert before.value
    assert after.value == replace(before.value, version=4, because="", follows=Follows(3))
    comments = [line for line in text.split("\n") if "# now" in line or "# the one before" in line]
    assert all(comment.partition("#")[2] in written for comment in comments)


def test_a_process_in_braces_has_a_next_version_too(workspace: Workspace) -> None:
    text = '{process: small, version: 1, because: "x", stages: {new: {}, won: {ends: won}}}'
    _, written = next_version(workspace.write("processes/small/1.yaml", text))
    loaded = workspace.process(written, "processes/small/2.yaml")
    assert loaded.value
    assert (loaded.value.version, loaded.value.because, loaded.value.follows) == (2, "", Follows(1))


def test_an_existing_next_version_is_not_overwritten(workspace: Workspace) -> None:
    path = workspace.write("processes/small/1.yaml", SMALL)
    workspace.write("processes/small/2.yaml", SMALL)
    with pytest.raises(UnwritableFile, match=r"2\.yaml' exists"):
        next_version(path)


def test_what_is_no_process_has_no_next_version(workspace: Workspace) -> None:
    with pytest.raises(UnreadableFile, match="is no process with a version"):
        next_version(workspace.write("rules/r/1.yaml", "ruleset: r\nversion: 1\n"))


def test_a_file_is_written_whole_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "1.yaml"
    whole(path, "grün\n")
    whole(path, "blau\n")
    assert path.read_bytes() == b"blau\n"
    assert [one.name for one in path.parent.iterdir()] == ["1.yaml"]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "1.yaml"
    path.write_text("old")
    path.chmod(0o600)
    whole(path, "new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "1.yaml"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnwritableFile, match="No space left on device"):
        whole(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["1.yaml"]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableFile, match="cannot write"):
        whole(tmp_path / "file" / "1.yaml", "x")


def test_a_version_copied_from_windows_has_plain_line_ends(workspace: Workspace) -> None:
    path = workspace.write("processes/small/1.yaml", "\ufeff" + SMALL.replace("\n", "\r\n"))
    _, text = next_version(path)
    assert "\r" not in text
    assert load_process(workspace.write("processes/small/2.yaml", text)).value
