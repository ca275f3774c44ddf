"""What was released stays: the list of releases is added to, and whatever changes later is found."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.commands.checking import check_files
from engine.loading import changelog
from engine.loading.processes import load_process
from engine.loading.released import Release, gone, release_of, releases
from engine.loading.releasing import with_release
from engine.loading.rules import load_rule_set
from engine.loading.write import as_it_was, whole
from engine.model.errors import UnreadableFile, UnwritableFile

ROOT = Path(__file__).parents[2]
PROCESS, RULES = "processes/inside-sales/2.yaml", "rules/qualification/1.yaml"
SECOND = Release(2, "b" * 64, "2026-03-31", "Demos: too many, #1", {"processes/a/2.yaml": "c" * 64})


def released(folder: Path) -> Path:
    """A workspace in which inside-sales@2 was released."""
    for path in (PROCESS, RULES):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    definition = load_process(folder / PROCESS).definition
    assert definition is not None
    home = (folder / PROCESS).parent
    whole(home / "released.yaml", with_release(home, release_of(definition, date="2026-01-31", because="Go")))
    return folder


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("frozen"))


def found(folder: Path) -> list[tuple[str, str, str]]:
    return [
        (one.code, Path(one.at.file).relative_to(folder).as_posix(), one.message)
        for one in check_files([folder / "processes", folder / "rules"], workspace=folder).findings
    ]


def test_after_a_release_there_is_no_finding_whatever_the_line_ends(frozen: Path, tmp_path: Path) -> None:
    assert found(frozen) == []
    shutil.copytree(frozen, tmp_path, dirs_exist_ok=True)
    for path in (PROCESS, RULES):
        (tmp_path / path).write_bytes((tmp_path / path).read_bytes().replace(b"\n", b"\r\n"))
    assert found(tmp_path) == []


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([PROCESS, RULES]), st.floats(0, 1), st.sampled_from("x #:\n0-"))
def test_any_change_of_a_released_file_is_found(frozen: Path, path: str, where: float, sign: str) -> None:
    before = (frozen / path).read_text(encoding="utf-8")
    at = int(where * len(before))
    (frozen / path).write_text(before[:at] + sign + before[at:], encoding="utf-8")
    try:
        loaded = load_process(frozen / PROCESS)
        alone = load_rule_set(frozen / RULES)
    finally:
        (frozen / path).write_text(before, encoding="utf-8")
    assert loaded.value is None
    assert path == PROCESS or alone.value is None


def test_the_finding_names_the_rule_set_that_was_changed(frozen: Path, tmp_path: Path) -> None:
    shutil.copytree(frozen, tmp_path, dirs_exist_ok=True)
    with (tmp_path / RULES).open("a") as file:
        file.write("# more\n")
    assert found(tmp_path) == [
        ("N015", RULES, "this rule set has been changed since it was released with inside-sales@2 (2026-01-31)")
    ]
    [finding] = load_process(tmp_path / PROCESS).findings
    assert finding.message == f"version 2 was released on 2026-01-31, and {RULES} has been changed since"
    assert finding.hint == "put it back, and write what is new into rules/qualification/2.yaml"
    assert finding.source.startswith("uses:")


def test_a_list_of_old_without_files_is_still_held_against_what_is_there(frozen: Path, tmp_path: Path) -> None:
    shutil.copytree(frozen, tmp_path, dirs_exist_ok=True)
    path = tmp_path / PROCESS
    digest = releases(path.parent)[2].digest
    path.with_name("released.yaml").write_text(f"2: {{digest: {digest}}}\n")
    assert found(tmp_path) == []
    with (tmp_path / RULES).open("a") as file:
        file.write("# more\n")
    assert found(tmp_path) == [("N015", PROCESS, "version 2 was released and has been changed since")]


def test_a_released_version_whose_file_is_gone_is_told_also_where_none_is_left(frozen: Path, tmp_path: Path) -> None:
    shutil.copytree(frozen, tmp_path, dirs_exist_ok=True)
    (tmp_path / PROCESS).unlink()
    told = "version 2 was released on 2026-01-31, and there is no file '2.yaml' any more"
    assert found(tmp_path) == [("N025", "processes/inside-sales/released.yaml", told)]
    assert [one.at.line for one in gone((tmp_path / PROCESS).parent)] == [4]


@pytest.mark.parametrize(
    "before",
    [
        f"# ours\n1: {{digest: {'a' * 64}}}  # the first\n\n# more to come\n",
        f"3:\n  digest: {'a' * 64}\n  because: a late one",
        f"{{1: {{digest: {'a' * 64}}}}}  # in braces\n",
        f"{{1: {{digest: {'a' * 64}}},}}\n",
        "{}\n",
        "# nothing yet\n",
        "",
        f"# line ends\r\n1: {{digest: {'a' * 64}}}\r\n",
    ],
)
def test_a_release_is_added_and_everything_that_stood_there_stays(tmp_path: Path, before: str) -> None:
    path = tmp_path / "released.yaml"
    path.write_bytes(before.encode())
    known = releases(tmp_path)
    whole(path, as_it_was(path, with_release(tmp_path, SECOND)))
    assert releases(tmp_path) == {**known, 2: SECOND}
    now = path.read_bytes().decode()
    assert [part for part in re.findall(r"#[^\r\n]*|a{64}", before) if part not in now] == []
    assert ("\r\n" in now, now.count("\n")) == ("\r\n" in before, now.count("\r\n" if "\r\n" in before else "\n"))


@pytest.mark.parametrize("before", ["- a list\n", "1: [\n", "just text\n", "---\n1: {}\n---\n2: {}\n"])
def test_a_list_that_cannot_be_read_is_not_added_to(tmp_path: Path, before: str) -> None:
    (tmp_path / "released.yaml").write_text(before)
    with pytest.raises(UnwritableFile, match="cannot be added to"):
        with_release(tmp_path, SECOND)
    assert (tmp_path / "released.yaml").read_text() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Log\n\nKept by Ana.\n", "# Log\n\n## Version 2 (2026-03-31)\n\nnew\n\nKept by Ana.\n"),
        (
            "# Log\n\nAbout.\n\n## Plans\n\nx\n",
            "# Log\n\nAbout.\n\n## Version 2 (2026-03-31)\n\nnew\n\n## Plans\n\nx\n",
        ),
        (
            "# Log\n\n## Version 1 (2026-01-31)\n\nold\n",
            "# Log\n\n## Version 2 (2026-03-31)\n\nnew\n\n## Version 1 (2026-01-31)\n\nold\n",
        ),
        (
            "# Log\n\n## Version 3 (2026-05-01)\n\nlate\n\n## Before\n",
            "# Log\n\n## Version 3 (2026-05-01)\n\nlate\n\n## Version 2 (2026-03-31)\n\nnew\n\n## Before\n",
        ),
        ("just notes\n", "## Version 2 (2026-03-31)\n\nnew\n\njust notes\n"),
        ("", "## Version 2 (2026-03-31)\n\nnew\n"),
    ],
)
def test_a_section_is_put_in_its_place_among_what_people_wrote(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / "CHANGELOG.md").write_text(before)
    assert changelog.with_section(tmp_path, 2, "## Version 2 (2026-03-31)\n\nnew\n") == after
    assert 2 not in changelog.told_in(tmp_path)


def test_a_changelog_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_bytes(b"\0\1\2")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        changelog.with_section(tmp_path, 2, "## Version 2\n")
