from __future__ import annotations

import pytest

from engine.loading.people import load_people, people_file
from engine.model.errors import UnreadableFile
from engine.model.people import Person
from tests.loading.conftest import CASES, SMALL, Workspace, brief

PEOPLE = "people:\n  ana: {roles: [seller], name: Ana Kovač}\n  ben: [boss]\n"


def test_people_are_read_in_the_long_form_and_the_short() -> None:
    loaded = load_people(CASES / "people.yaml")
    assert loaded.findings == ()
    assert loaded.value is not None
    assert tuple(loaded.value.persons.values()) == (
        Person("ana", ("seller",), "Ana Kovač"),
        Person("ben", ("boss",)),
        Person("kim"),
        Person("zoe@example.org", ("seller",), "Zoe"),
        Person("Lee Wong", ("boss",)),
    )
    assert loaded.value.ids == ("ana", "ben", "kim", "zoe@example.org", "Lee Wong")


def test_a_team_is_found_by_the_id_and_by_the_name_of_a_person(workspace: Workspace) -> None:
    text = (
        "people:\n"
        "  ana: {roles: [boss], name: Ana Kovač, team: North}\n"
        "  ben: {roles: [], name: Lee, team: North}\n"
        "  kim: {roles: [], name: lee, team: South}\n"
        "  zoe: [boss]\n"
    )
    people = load_people(workspace.write("people.yaml", text)).value
    assert people is not None
    assert people.persons["ana"] == Person("ana", ("boss",), "Ana Kovač", "North")
    # 'Lee' may be either of two, in two teams.
    assert people.teams == {"ana": "North", "ana kovač": "North", "ben": "North", "kim": "South"}


@pytest.mark.parametrize("spelled", ["Zoë", "zoë", " ZOË ", "Zoe\u0308"])
def test_a_person_is_known_however_the_name_is_spelled(workspace: Workspace, spelled: str) -> None:
    people = load_people(workspace.write("people.yaml", "people: {Zoë: [boss]}\n")).value
    assert people is not None
    assert people.person(spelled) == Person("Zoë", ("boss",))
    assert people.person("zoe") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("people: {}\n", ("S006", "'people' is empty")),
        ("people:\n", ("S006", "'people' has no value")),
        ("persons: {ana: []}\n", ("S002", "a people file has no 'people'")),
        ("people: {ana: {role: [boss], roles: []}}\n", ("S001", "unknown key 'role' in 'ana'")),
        ("people: {ana: {name: Ana}}\n", ("S002", "'ana' has no 'roles'")),
        ("people: {ana: [{boss: x}]}\n", ("S003", "an entry of 'ana' must be a text, not keys with values")),
        ("people: {ana: [Boss]}\n", ("S005", "'Boss' is not a role")),
        ("people: {ana: [boss, boss]}\n", ("S011", "the role 'boss' is listed twice")),
        (
            "people: {ana: [], Ana: []}\n",
            ("S011", "'Ana' and 'ana' are one person: capitals and blanks tell nobody apart"),
        ),
        ("people: {ana: [], ana: []}\n", ("Y007", "the key 'ana' is given twice; first on line 1")),
        ("people: {' ': []}\n", ("S007", "' ' cannot be the id of a person")),
        ("people: {--as: []}\n", ("S007", "'--as' cannot be the id of a person")),
        ('people: {"a\\u200bna": []}\n', ("S007", "'a\u200bna' cannot be the id of a person")),
        (
            "people: {Stagewright: []}\n",
            ("S010", "'Stagewright' is who does automatic actions; no person can be called so"),
        ),
    ],
)
def test_what_is_no_list_of_people_is_told(workspace: Workspace, text: str, expected: tuple[str, str]) -> None:
    loaded = load_people(workspace.write("people.yaml", text))
    assert expected in [(one.code, one.message) for one in loaded.findings]
    assert loaded.value is None


def test_a_role_that_no_process_has_is_a_warning_with_what_may_be_meant(workspace: Workspace) -> None:
    workspace.write("processes/small/1.yaml", SMALL)
    path = workspace.write("people.yaml", "people:\n  ana: [sellr]\n  ben: {roles: [pilot, boss]}\n")
    loaded = load_people(path, workspace=workspace.folder)
    assert [(one.code, one.severity.value, one.at.line, one.message, one.hint) for one in loaded.findings] == [
        ("N004", "warning", 2, "no process here has a role 'sellr'", "did you mean 'seller'?"),
        ("N004", "warning", 3, "no process here has a role 'pilot'", "known: seller, boss"),
    ]
    assert loaded.value is not None


def test_roles_are_known_from_a_process_that_has_mistakes(workspace: Workspace) -> None:
    workspace.write("processes/small/1.yaml", SMALL + "bogus: 1\n")
    assert load_people(workspace.write("people.yaml", PEOPLE), workspace=workspace.folder).findings == ()


def test_a_list_of_people_among_the_processes_is_astray(workspace: Workspace) -> None:
    loaded = load_people(workspace.write("processes/small/people.yaml", PEOPLE))
    assert brief(loaded) == ["1:1 N022"]


def test_a_file_of_another_kind_is_told(workspace: Workspace) -> None:
    loaded = load_people(workspace.write("people.yaml", SMALL))
    assert [(one.code, one.message) for one in loaded.findings] == [("S016", "this is a process, not a list of people")]


def test_a_workspace_without_the_file_has_no_people(workspace: Workspace) -> None:
    assert people_file(workspace.folder) is None
    path = workspace.write("people.yaml", PEOPLE)
    assert people_file(workspace.folder) == path


def test_a_file_under_another_ending_does_not_read_as_no_people(workspace: Workspace) -> None:
    workspace.write("people.yml", PEOPLE)
    with pytest.raises(UnreadableFile, match=r"people\.yml' is not read"):
        people_file(workspace.folder)


def test_a_link_that_leads_nowhere_does_not_read_as_no_people(workspace: Workspace) -> None:
    link = workspace.folder / "people.yaml"
    link.symlink_to(workspace.folder / "gone.yaml")
    assert people_file(workspace.folder) == link
    with pytest.raises(UnreadableFile):
        load_people(link)
