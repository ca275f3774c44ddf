from __future__ import annotations

import pytest

from engine.loading.maps import load_map
from engine.loading.processes import load_process
from engine.model.map import Column, Known, Shape
from tests.loading.conftest import CASES, SMALL, Workspace

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
    assert (loaded.value.encoding, loaded.value.dates, loaded.value.reason) == ("utf-8", (), None)
    assert loaded.value.time_zone == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("file: {encoding: utf-9}", ("S005", "there is no encoding 'utf-9'")),
        ("file: {delimiter: ';;'}", ("S005", "';;' is more than one character")),
        ("file: {time_zone: Mars/Base}", ("S013", "there is no time zone 'Mars/Base'")),
        (
            "file: {decimal: ',', thousands: ','}",
            ("S009", "',' cannot part the thousands: it parts the decimals ('decimal')"),
        ),
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


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (
            "thousands: '.'",
            ("'.' cannot part the thousands: it parts the decimals ('decimal', the default)", 'write decimal: "," too'),
        ),
        (
            "thousands: '.', decimal: '.'",
            (
                "'.' cannot part the thousands: it parts the decimals ('decimal')",
                "write thousands: \",\", or correct 'decimal'",
            ),
        ),
    ],
)
def test_one_sign_cannot_part_thousands_and_decimals(
    workspace: Workspace, signs: str, expected: tuple[str, str]
) -> None:
    loaded = load_map(workspace.write("maps/m.yaml", MAP + f"file: {{{signs}}}\n"))
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [("S009", *expected)]


@pytest.mark.parametrize(
    ("form", "why", "hint"),
    [
        ("MM/DD/YYYY", "it has no signs such as %d, %m and %Y", 'write "%m/%d/%Y"'),
        ("dd.mm.yy", "it has no signs such as %d, %m and %Y", 'write "%d.%m.%y"'),
        ("YYYYMMDD", "it has no signs such as %d, %m and %Y", 'write "%Y%m%d"'),
        ("yyyy-MM-dd HH:mm:ss", "it has no signs such as %d, %m and %Y", 'write "%Y-%m-%d %H:%M:%S"'),
        ("D-MMM-YYYY h:mm AM/PM", "it has no signs such as %d, %m and %Y", 'write "%d-%b-%Y %I:%M %p"'),
        ("%D/%M/%Y", "there is no '%D'", 'write "%d/%m/%Y"'),
        ("%e.%m.%Y", "there is no '%e'", 'write "%d.%m.%Y"'),
        ("%m/%Y", "it has no day (%d)", 'write it like "%Y-%m-%d", with day, month and year'),
        ("%d.%m.", "it has no year (%Y)", 'write it like "%Y-%m-%d", with day, month and year'),
        ("%d %Y", "it has no month (%m)", 'write it like "%Y-%m-%d", with day, month and year'),
        ("iso", "it has no signs such as %d, %m and %Y", 'write it like "%Y-%m-%d", with day, month and year'),
    ],
)
def test_a_form_that_names_no_day_is_told_with_the_form_that_is_meant(
    workspace: Workspace, form: str, why: str, hint: str
) -> None:
    loaded = load_map(workspace.write("maps/m.yaml", MAP + f'file: {{dates: ["%Y-%m-%d", "{form}"]}}\n'))
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [
        ("S005", f"'{form}' is no form of a date: {why}", hint)
    ]


@pytest.mark.parametrize(
    "form", ["%m/%d/%y", "%d %B %Y", "%Y-%j", "%c", "%x", "%G-W%V-%u", "%Y-%m-%dT%H:%M:%S%z", "%m/%d/%y %I:%M %p"]
)
def test_every_form_that_names_a_day_is_taken(workspace: Workspace, form: str) -> None:
    assert load_map(workspace.write("maps/m.yaml", MAP + f'file: {{dates: "{form}"}}\n')).findings == ()


def test_what_values_are_called_is_checked_against_the_process(workspace: Workspace) -> None:
    small = SMALL.replace("amount: {type: money}", "amount: {type: money}\n  budget: {type: yes-no}")
    process = workspace.process(small).value
    assert process
    text = MAP + (
        "reason: {column: Why, values: {Pricey: price, Else: othr}}\n"
        "facts:\n"
        "  kind: {column: K, values: {New: new-business, Again: renewel}}\n"
        "  budget: {column: B, values: {J: true, N: nein}}\n"
        "  amount: {column: A, values: {few: 100, many: '1,000'}}\n"
    )
    loaded = load_map(workspace.write("maps/m.yaml", text), process=process)
    assert [(one.at.line, one.code, one.message, one.hint) for one in loaded.findings] == [
        (7, "N008", "unknown reason 'othr' of small@1", "did you mean 'other'?"),
        (9, "S008", "'renewel' is not one of the choices, as 'kind' must be", "did you mean 'renewal'?"),
        (10, "S008", "'nein' is neither yes nor no, as 'budget' must be", "write true or false"),
        (11, "S008", "'1,000' is not a number, as 'amount' must be", "write digits and a point, such as 5000 or 12.50"),
    ]
