"""Names of files, kinds of file, definitions and releases."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.loading.catalog import files, find, is_released, latest, names, shipped, versions, workspace_of
from engine.loading.files import load_file
from engine.loading.processes import definition_of, from_definition, load_process
from engine.model.errors import JournalError, UnknownName, UnreadableFile
from engine.model.map import Map
from engine.model.people import People
from engine.model.process import Process
from engine.model.rule import RuleSet
from tests.loading.conftest import CASES, SMALL, Workspace

CASE_SPACE = CASES / "workspace"


def _versions(workspace: Workspace, *numbers: int) -> Path:
    for number in numbers:
        workspace.write(f"processes/small/{number}.yaml", SMALL.replace("version: 1", f"version: {number}"))
    return workspace.folder


def test_a_version_in_a_file_of_another_number_is_told_once(workspace: Workspace) -> None:
    loaded = workspace.process(SMALL, "processes/small/2.yaml")
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N013", "version 1 stands in the file '2.yaml'", "write version: 2, or call the file 1.yaml")
    ]


def test_a_process_in_another_folder_is_told(workspace: Workspace) -> None:
    loaded = workspace.process(SMALL, "processes/smal/1.yaml")
    assert [(one.code, one.message) for one in loaded.findings] == [("N014", "'small' stands in the folder 'smal'")]


@pytest.mark.parametrize(
    ("path", "name", "hint"),
    [
        ("processes/smal/1.yaml", "small", "write process: smal, or move the file to processes/small/"),
        ("processes/Small Ones/1.yaml", "small", "move the file to processes/small/"),
        ("processes/Small Ones/1.yaml", "small-ones", "move the file to processes/small-ones/"),
    ],
)
def test_no_folder_is_proposed_that_could_not_be_one(workspace: Workspace, path: str, name: str, hint: str) -> None:
    loaded = workspace.process(SMALL.replace("process: small", f"process: {name}"), path)
    assert [(one.code, one.hint) for one in loaded.findings] == [("N014", hint)]


def test_a_name_that_can_be_none_is_told_once_with_the_one_that_is_near(workspace: Workspace) -> None:
    loaded = workspace.process(SMALL.replace("process: small", "process: Small Ones"), "processes/small/1.yaml")
    assert [(one.code, one.hint) for one in loaded.findings] == [("S005", "write small-ones")]


@pytest.mark.parametrize(
    ("path", "text", "message", "hint"),
    [
        ("processes/small.yaml", SMALL, "no process is looked for in processes/small.yaml", "processes/small/1.yaml"),
        ("processes/small/1.yml", SMALL, "no process is looked for in processes/small/1.yml", "processes/small/1.yaml"),
        ("processes/a/b/1.yaml", SMALL, "no process is looked for in processes/a/b/1.yaml", "processes/small/1.yaml"),
        (
            "rules/r.yaml",
            "ruleset: r\nversion: 2\n",
            "no rule set is looked for in rules/r.yaml",
            "rules/r/2.yaml",
        ),
        (
            "maps/old/m.yaml",
            "map: m\nprocess: p\nshape: deals\ndeal: A\nstage: B\nstages: {C: d}\n",
            "no map is looked for in maps/old/m.yaml",
            "maps/m.yaml",
        ),
        (
            "maps/m.yml",
            "map: m\nprocess: p\nshape: deals\ndeal: A\nstage: B\nstages: {C: d}\n",
            "no map is looked for in maps/m.yml",
            "maps/m.yaml",
        ),
    ],
)
def test_a_file_that_nothing_looks_for_is_told_with_its_place(
    workspace: Workspace, path: str, text: str, message: str, hint: str
) -> None:
    loaded = load_file(workspace.write(path, text))
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [("N022", message, f"move it to {hint}")]


def test_where_the_file_does_not_tell_its_name_the_place_has_words_for_it(workspace: Workspace) -> None:
    loaded = load_file(workspace.write("rules/r.yaml", "ruleset: R R\nversion: x\n"))
    assert "move it to rules/NAME/VERSION.yaml" in [one.hint for one in loaded.findings]


def test_a_file_outside_a_workspace_may_be_called_anything(tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(SMALL)
    assert load_process(path).findings == ()


@pytest.mark.parametrize(("name", "file"), [("small", "10.yaml"), ("small@2", "2.yaml"), ("small@latest", "10.yaml")])
def test_a_process_is_found_by_name_and_version(workspace: Workspace, name: str, file: str) -> None:
    folder = _versions(workspace, 1, 2, 10)
    assert find(name, workspace=folder) == folder / "processes" / "small" / file
    assert (versions("small", workspace=folder), names(folder)) == ((1, 2, 10), ("small",))


def test_a_process_is_found_by_its_file(workspace: Workspace) -> None:
    path = workspace.write("anything.yaml", SMALL)
    assert find(str(path), workspace=Path("nowhere")) == path


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("smal", "there is no process 'smal'", "did you mean 'small'?"),
        ("small@3", "there is no version '3' of 'small'", "there is 1, 2"),
        ("small@two", "there is no version 'two' of 'small'", "there is 1, 2"),
        (
            "Not A Name",
            "'Not A Name' is neither a process nor a file",
            "write NAME, NAME@2, NAME@latest or a file that ends in .yaml",
        ),
        ("gone/1.yaml", "there is no file 'gone/1.yaml'", ""),
        ("../small", "there is no file '../small'", ""),
    ],
)
def test_an_unknown_name_is_an_error_with_a_guess(workspace: Workspace, name: str, message: str, hint: str) -> None:
    with pytest.raises(UnknownName) as caught:
        find(name, workspace=_versions(workspace, 1, 2))
    assert (str(caught.value), caught.value.hint) == (message, hint)


def test_a_rule_set_is_not_taken_for_an_unknown_process(workspace: Workspace) -> None:
    workspace.write("rules/shared/1.yaml", "ruleset: shared\nversion: 1\n")
    with pytest.raises(UnknownName, match="'shared' is a rule set, not a process") as caught:
        find("shared@1", workspace=_versions(workspace, 1))
    assert caught.value.hint.startswith("rule sets come with the processes that use them")


def test_latest_is_the_highest_released(workspace: Workspace) -> None:
    folder = _versions(workspace, 1, 2, 3)
    workspace.write("processes/small/released.yaml", "2: {digest: abc, date: 2026-01-31, because: Why not}\n")
    assert latest("small", workspace=folder) == 2
    assert (is_released("small", 2, workspace=folder), is_released("small", 3, workspace=folder)) == (True, False)


def test_a_workspace_is_the_nearest_folder_with_processes(workspace: Workspace) -> None:
    path = workspace.write("processes/small/1.yaml", SMALL)
    assert workspace_of(path) == workspace.folder
    assert workspace_of(Path("/")) is None


def test_shipped_data_is_found() -> None:
    assert (shipped() / "processes").is_dir()


def test_all_that_is_checked_below_a_folder_is_listed(workspace: Workspace) -> None:
    for path in ("processes/a/1.yaml", "processes/a/scenarios/x.yaml", "processes/a/released.yaml", "people.yaml"):
        workspace.write(path, "a: b")
    for path in ("rules/r/1.yml", "maps/m.yaml", ".git/x.yaml", "notes.txt"):
        workspace.write(path, "a: b")
    found = [path.relative_to(workspace.folder).as_posix() for path in files(workspace.folder)]
    assert found == [
        "maps/m.yaml",
        "people.yaml",
        "processes/a/1.yaml",
        "processes/a/scenarios/x.yaml",
        "rules/r/1.yml",
    ]


def test_a_missing_folder_is_an_error() -> None:
    with pytest.raises(UnreadableFile, match="there is no folder"):
        files(Path("nowhere"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (CASE_SPACE / "processes" / "everything" / "3.yaml", Process),
        (CASE_SPACE / "rules" / "common" / "1.yaml", RuleSet),
        (CASES / "map.yaml", Map),
        (CASES / "people.yaml", People),
    ],
)
def test_the_kind_of_a_file_is_seen_from_its_keys(path: Path, kind: type) -> None:
    assert isinstance(load_file(path).value, kind)


def test_a_file_that_is_none_of_them_is_told(workspace: Workspace) -> None:
    loaded = load_file(workspace.write("a.yaml", "stages: {}\n"))
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("S002", "the file is neither a process nor a rule set nor a map nor a scenario")
    ]


def test_a_definition_holds_the_texts_under_canonical_paths() -> None:
    path = CASE_SPACE / "processes" / "everything" / "3.yaml"
    definition = definition_of(path, CASE_SPACE)
    assert [name for name, _ in definition.files] == [
        "processes/everything/3.yaml",
        "rules/common/1.yaml",
        "rules/market/2.yaml",
    ]
    assert definition.files[0][1] == path.read_text(encoding="utf-8")
    canonical = json.dumps([list(file) for file in definition.files], ensure_ascii=False, separators=(",", ":"))
    assert definition.digest == hashlib.sha256(canonical.encode()).hexdigest()
    assert load_process(path).definition == definition


def test_a_process_comes_back_from_its_definition_without_any_folder() -> None:
    path = CASE_SPACE / "processes" / "everything" / "3.yaml"
    assert from_definition(definition_of(path)) == load_process(path).value


def test_line_ends_and_byte_order_marks_do_not_change_a_digest(workspace: Workspace, tmp_path: Path) -> None:
    unix = definition_of(workspace.write("processes/small/1.yaml", SMALL))
    windows = workspace.write("processes/small/1.yaml", "\ufeff" + SMALL.replace("\n", "\r\n"))
    assert definition_of(windows) == unix


def test_a_definition_that_no_longer_reads_is_an_error_of_the_journal() -> None:
    definition = definition_of(CASE_SPACE / "processes" / "everything" / "3.yaml")
    with pytest.raises(JournalError, match=r"the definition of everything@3 in the journal no longer reads: .* N009"):
        from_definition(replace(definition, files=definition.files[:2]))


def test_a_faulty_file_has_no_definition(workspace: Workspace) -> None:
    with pytest.raises(UnreadableFile, match=r"has errors: .*unknown key 'bogus'"):
        definition_of(workspace.write("processes/small/1.yaml", SMALL + "bogus: 1\n"))


def test_a_released_version_that_was_changed_is_told(workspace: Workspace) -> None:
    path = workspace.write("processes/small/1.yaml", SMALL)
    released = f"1: {{digest: {definition_of(path).digest}, date: 2026-01-31}}\n"
    workspace.write("processes/small/released.yaml", released)
    assert load_process(path).findings == ()
    loaded = workspace.small("title: Changed\n")
    assert [(one.code, one.message, one.hint, one.source) for one in loaded.findings] == [
        (
            "N015",
            "version 1 was released on 2026-01-31 and has been changed since",
            "put it back, and write what is new into the next one: stagewright next small",
            "version: 1",
        )
    ]
    assert loaded.value is None
    assert loaded.partial


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("- what\n", "1:1", "S003 a release file must be keys with values, not a list"),
        ("1: {digest: abc}\n", "1:13", "S005 'abc' is not a digest"),
        ("1: {date: 2026-01-31}\n", "1:1", "S002 release '1' has no 'digest'"),
        (f"first: {{digest: {'0' * 64}}}\n", "1:1", "S007 'first' cannot be the id of a release"),
    ],
)
def test_a_broken_list_of_releases_is_told_and_not_taken_for_none(
    workspace: Workspace, text: str, place: str, said: str
) -> None:
    workspace.write("processes/small/released.yaml", text)
    loaded = workspace.small()
    assert loaded.value is None
    [finding] = loaded.findings
    assert f"{finding.at.line}:{finding.at.column}" == place
    assert f"{finding.code} {finding.message}" == said
