"""What is told between processes is told of a file alone too: its neighbours are those of its own workspace."""

from __future__ import annotations

from pathlib import Path

from engine.commands.checking import check_files
from tests.loading.conftest import Workspace

SALES = """\
process: sales
version: 1
facts: {amount: {type: money}}
stages: {lead: {}, won: {ends: won}}
actions:
  sign: {from: lead, to: won}
  hand-over: {from: won, to: renewals/onbording}
"""
RENEWALS = """\
process: renewals
version: 1
facts: {amount: {type: money}}
stages: {onboarding: {}, won: {ends: won}}
actions: {renew: {from: onboarding, to: won}}
"""


def told(*paths: Path) -> list[tuple[str, str]]:
    return [(Path(one.at.file).parent.name, one.code) for one in check_files(paths).findings]


def test_a_file_checked_alone_finds_the_processes_of_its_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/sales/1.yaml", SALES)
    workspace.write("processes/renewals/1.yaml", RENEWALS)
    assert told(tmp_path / "processes/sales/1.yaml") == [("sales", "P191")]


def test_faults_of_a_neighbour_are_told_in_its_own_file_alone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/sales/1.yaml", SALES)
    workspace.write("processes/renewals/1.yaml", RENEWALS.replace("amount: {type: money}", "amount: {type: mony}"))
    assert {process for process, _ in told(tmp_path / "processes")} == {"renewals"}


def test_a_neighbour_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/sales/1.yaml", SALES)
    path = tmp_path / "processes/renewals/1.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x00\xff\x00")
    assert told(tmp_path / "processes/sales/1.yaml") == []


LEADING_ON = SALES.replace("renewals/onbording", "renewals/recovery")
RECOVERED = RENEWALS.replace("onboarding: {}, won", "onboarding: {}, recovery: {}, won").replace(
    "from: onboarding", "from: open"
)


def test_a_stage_that_another_process_leads_to_is_no_fault_in_a_file_checked_alone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/sales/1.yaml", LEADING_ON)
    workspace.write("processes/renewals/1.yaml", RECOVERED)
    assert told(tmp_path / "processes/renewals/1.yaml") == []
    workspace.write("processes/sales/1.yaml", SALES)
    assert told(tmp_path / "processes/renewals/1.yaml") == [("renewals", "P101")]


def test_a_version_in_the_making_leads_on_before_it_is_released(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/sales/1.yaml", SALES)
    workspace.write("processes/sales/released.yaml", "1: {digest: abc, date: 2026-01-01, because: First}\n")
    workspace.write("processes/sales/2.yaml", LEADING_ON.replace("version: 1", "version: 2"))
    workspace.write("processes/renewals/1.yaml", RECOVERED)
    assert told(tmp_path / "processes/renewals/1.yaml") == []


def test_versions_of_a_process_do_not_lead_to_each_other(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/renewals/1.yaml", RECOVERED)
    renewing = "actions: {renew: {from: open, to: won}, again: {from: onboarding, to: renewals/recovery}}"
    version_2 = RECOVERED.replace("actions: {renew: {from: open, to: won}}", renewing).replace("n: 1", "n: 2")
    workspace.write("processes/renewals/2.yaml", version_2)
    assert told(tmp_path / "processes/renewals/1.yaml") == [("renewals", "P101")]


def test_what_a_faulty_neighbour_still_says_counts(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("processes/sales/1.yaml", LEADING_ON.replace("{type: money}", "{type: mony}"))
    workspace.write("processes/renewals/1.yaml", RECOVERED)
    assert told(tmp_path / "processes/renewals/1.yaml") == []
