"""Processes of a git revision."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from engine.loading import git
from engine.loading.processes import load_process, load_revision
from engine.model.errors import UnknownName

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose one commit holds a workspace below sales/, changed since."""
    for folder in ("processes/inside-sales", "rules"):
        shutil.copytree(ROOT / folder, tmp_path / "sales" / folder)
    commit = (
        "git init -q && git add . && git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -q -m first"
    )
    subprocess.run(commit, shell=True, cwd=tmp_path, check=True)
    path = tmp_path / "sales/processes/inside-sales/2.yaml"
    path.write_text(path.read_text().replace("title: Inside sales", "title: Changed sales"))
    (tmp_path / "sales/rules/qualification/1.yaml").unlink()
    return tmp_path


def test_a_process_is_read_as_it_was_committed_with_its_rule_sets(repository: Path) -> None:
    loaded = load_revision("HEAD:sales/processes/inside-sales/2.yaml", folder=repository / "sales")
    assert loaded.findings == ()
    assert loaded.value is not None
    assert loaded.value.title.startswith("Inside sales")
    assert loaded.definition == load_process(ROOT / "processes/inside-sales/2.yaml").definition


@pytest.mark.parametrize("name", ["nowhere:sales/processes/inside-sales/2.yaml", "HEAD:sales/processes/none/2.yaml"])
def test_what_git_does_not_have_is_told(repository: Path, name: str) -> None:
    with pytest.raises(UnknownName, match="git has no"):
        load_revision(name, folder=repository)


@pytest.mark.parametrize(
    "name", ["-x:a.yaml", "--upload-pack=x:a.yaml", "a.yaml", "HEAD:", "HEAD:a.txt", "a b:c.yaml", ":a.yaml"]
)
def test_what_is_no_revision_never_reaches_git(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_run", lambda *_: pytest.fail("git was run"))
    assert git.split(name) is None
    with pytest.raises(UnknownName, match="names no file of a git revision"):
        load_revision(name, folder=Path())


def test_a_faulty_file_of_a_revision_gives_its_findings(repository: Path) -> None:
    path = repository / "sales/processes/inside-sales/2.yaml"
    path.write_text(path.read_text().replace("to: demo,", "to: demmo,"))
    commit = "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -q -a -m second"
    subprocess.run(commit, shell=True, cwd=repository, check=True)
    loaded = load_revision("HEAD~0:sales/processes/inside-sales/2.yaml", folder=repository)
    assert [finding.code for finding in loaded.findings if "demmo" in finding.message] == ["N001"]
    assert loaded.findings[0].at.file == "HEAD~0:sales/processes/inside-sales/2.yaml"
