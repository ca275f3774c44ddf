from __future__ import annotations

import pytest

from engine.loading.maps import load_map
from engine.loading.processes import load_process
from engine.model.map import Column, Known, Shape
from tests.loading.conftest import CASES, Workspace

MAP = "map: m\nprocess: small\nshape: deals\ndeal: Id\nstage: Stage\nstages: {New: new}\n"


def test_a_map_is_read_whole() -> None:
    loaded = load_map(CASES / "map.yaml")
    assert loaded.findings == ()
    found = loaded.value
    assert found
    assert (found.id, found.process, found.shape, found.deal) == ("crm", "inside-sales@2", Shape.DEALS, "Deal Id")
    assert (found.encoding, found.delimiter, found.decimal, found.thousands) == ("cp1252", ";", ",", ".")
    assert (found.dates, found.time_zone) == (("%d.%m.%Y", "%Y-%m-%d"), "Europe/Berlin")
    assert found.stages == {"Prospecting": "prospect", "Closed Won": "won", "010": "lost"}
    assert found.entered == {"prospect": "Created", "won": "Closed", "lost": "Closed"}
    assert (found.owner, found.actor, found.note, found.happened) == ("Agent", "Changed By", "Remark", None)
    assert found.reason == Column("Lost Reason", {"Too pricey": "price"})
    assert found.facts == {
        "amount": Column("Close Value"),
        "contact_role": Column(" Role ", {"Boss": "economic-buyer"}, Known.CLOSE),
    }
    assert found.ignore == ("Region", "Product")


def test_the_least_a_map_says_is_enough(workspace: Workspace) -> None:
    loaded = load_map(workspace.write("maps/m.yaml", MAP))
    assert loaded.findings == ()
    assert loaded.value
    assert (loaded.value.encoding, loaded.value.dates, loaded.value.reason) == ("utf-8", ("%Y-%m-%d",), None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("file: {encoding: utf-9}", ("S005", "there is no encoding 'utf-9'")),
        ("file: {delimiter: ';;'}", ("S005", "';;' is more than one character")),
        ("file: {time_zone: Mars/Base}", ("S013", "there is no time zone 'Mars/Base'")),
        ("happened: Date", ("S009", "'happened' does not go with the shape deals")),
        ("facts: {amount: {column: A, known: later}}", ("S004", "'later' is not one of: start, move, close, unknown")),
        ("fact: {amount: A}", ("S001", "unknown key 'fact' in a map file")),
    ],
)
def test_what_a_map_cannot_say_is_told(workspace: Workspace, line: str, expected: tuple[str, str]) -> None:
    loaded = load_map(workspace.write("maps/m.yaml", MAP + line + "\n"))
    assert [(one.code, one.message) for one in loaded.findings] == [expected]
    assert loaded.value is None


def test_a_tab_between_cells_can_be_named(workspace: Workspace) -> None:
    loaded = load_map(workspace.write("maps/m.yaml", MAP + "file: {delimiter: tab, thousands: ' '}\n"))
    assert loaded.value
    assert (loaded.value.delimiter, loaded.value.thousands) == ("\t", " ")


def test_a_map_in_a_file_of_another_name_is_told(workspace: Workspace) -> None:
    loaded = load_map(workspace.write("maps/other.yaml", MAP))
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("N014", "the map 'm' stands in the file 'other.yaml'")
    ]


def test_names_are_checked_against_the_process(workspace: Workspace) -> None:
    process = load_process(CASES / "workspace" / "processes" / "everything" / "3.yaml").value
    text = MAP + "entered: {offr: Date}\nfacts: {amuont: A, grade: G, seats: S}\n"
    loaded = load_map(workspace.write("maps/m.yaml", text.replace("New: new", "New: nwe")), process=process)
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("N001", "unknown stage 'nwe' of everything@3", "did you mean 'new'?"),
        ("N001", "unknown stage 'offr' of everything@3", "did you mean 'offer'?"),
        ("N003", "unknown fact 'amuont' of everything@3", "did you mean 'amount'?"),
        ("N017", "'grade' is reckoned by its table, so no column can give it", "map the facts that the table reads"),
    ]
