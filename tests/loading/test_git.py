"""Processes of a git revision."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from engine.loading import git
from engine.loading.files import load_file_of_revision
from engine.loading.processes import load_process, load_revision
from engine.model.errors import UnknownName
from engine.model.rule import RuleSet

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


def test_a_path_that_begins_with_a_dot_counts_from_the_folder(repository: Path) -> None:
    folder = repository / "sales" / "processes" / "inside-sales"

    assert load_revision("HEAD:./2.yaml", folder=folder).value is not None
    with pytest.raises(UnknownName) as refused:
        load_revision("HEAD:2.yaml", folder=folder)
    assert refused.value.hint == "the path counts from the top of the repository; from here write HEAD:./2.yaml"


@pytest.mark.parametrize(
    "name", ["-x:a.yaml", "--upload-pack=x:a.yaml", "a.yaml", "HEAD:", "HEAD:a.txt", "a b:c.yaml", ":a.yaml"]
)
def test_what_is_no_revision_never_reaches_git(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_run", lambda *_: pytest.fail("git was run"))
    assert git.split(name) is None
    with pytest.raises(UnknownName, match="names no file of a git revision"):
        load_revision(name, folder=Path())


@pytest.mark.parametrize(
    ("ref", "there"), [("HEAD", True), ("HEAD~1", False), ("nowhere", False), ("--all", False), ("HEAD:sales", False)]
)
def test_a_revision_is_there_or_not(repository: Path, ref: str, there: bool) -> None:
    assert git.has_revision(ref, folder=repository / "sales") is there


def test_a_rule_set_of_a_revision_is_read_as_one(repository: Path) -> None:
    loaded = load_file_of_revision("HEAD:sales/rules/qualification/1.yaml", folder=repository)

    assert isinstance(loaded.value, RuleSet)
    assert loaded.value.at.file == "HEAD:sales/rules/qualification/1.yaml"


def test_a_faulty_file_of_a_revision_gives_its_findings(repository: Path) -> None:
    path = repository / "sales/processes/inside-sales/2.yaml"
    path.write_text(path.read_text().replace("to: demo,", "to: demmo,"))
    commit = "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -q -a -m second"
    subprocess.run(commit, shell=True, cwd=repository, check=True)
    loaded = load_revision("HEAD~0:sales/processes/inside-sales/2.yaml", folder=repository)
    assert [finding.code for finding in loaded.findings if "demmo" in finding.message] == ["N001"]
    assert loaded.findings[0].at.file == "HEAD~0:sales/processes/inside-sales/2.yaml"


def test_the_commits_of_a_file_are_told_newest_first_with_the_names_that_it_had(repository: Path) -> None:
    script = (
        "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false"
        " -c core.commentChar=auto commit -q -a --author '\x1f\t=b <b@c>' -m '\x01second\x1f x'"
    )
    subprocess.run(f"git checkout -q . && git mv sales/processes sales/moved && {script}", shell=True, cwd=repository)
    folder = repository / "sales/moved/inside-sales"
    second, first = git.log("2.yaml", folder=folder, most=5)
    assert (second.parent, first.parent) == (first.id, "")
    assert second.files == (git.Touched("R", "sales/moved/inside-sales/2.yaml", "sales/processes/inside-sales/2.yaml"),)
    assert [touched.how for touched in first.files] == ["A"]
    assert git.prefix(folder) == "sales/moved/inside-sales/"
    assert len(git.log(".", folder=folder, most=1)) == 1


def test_the_contents_of_several_files_are_asked_for_at_once(repository: Path) -> None:
    rules = "HEAD:sales/rules/qualification/1.yaml"
    found = git.contents([rules, "HEAD:none\n", "HEAD:nowhere", "nothing:at all", "HEAD:sales"], folder=repository)
    assert found == {rules: (ROOT / "rules/qualification/1.yaml").read_bytes()}
    names = git.ids([rules, "HEAD:nowhere", "HEAD:sales", "HEAD:sales/"], folder=repository)
    assert names.keys() == {rules, "HEAD:sales", "HEAD:sales/"}
    assert names["HEAD:sales"] == names["HEAD:sales/"] != names[rules]
    assert git.contents([], folder=repository) == git.ids([], folder=repository) == {}


def test_where_there_is_no_repository_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git.prefix(tmp_path) is None
