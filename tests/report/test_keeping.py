from __future__ import annotations

from engine.model.past import BadCell
from engine.report import doctor, import_summary, verify
from engine.report.doctor import Check, Health
from engine.report.import_summary import ImportCounts
from engine.report.style import Style
from engine.report.verify import Compared, Fault
from tests.report.golden import golden

CHECKS = (
    Check("python", Health.OK, "3.11.8"),
    Check("people.yaml", Health.NOTE, "there is none: roles are claims", "write one, with who has which role"),
    Check("journal", Health.WRONG, "it cannot be written", "mend the rights of the file"),
)
COUNTS = ImportCounts(
    rows=8800,
    deals=8300,
    moves=21400,
    known=1,
    deviating=7,
    unknown=12,
    undated=640,
    refused=3,
    stages={"won": 4238, "lost": 2473, "open": 1589, "other": 0},
    broken={"reopen is possible from lost": 2, "The budget is confirmed": 1005},
)
CELLS = (
    BadCell("F42", "close_value", "12,x", "'12,x' is not a number", "write digits and a point, such as 5000"),
    BadCell("AA7", "", "?", "there is no stage '?'"),
)
FAULTS = (Fault("acme-1", 4, "the entry was changed"), Fault("acme-2", 0, "it is missing"))


def test_doctor_says_what_to_do() -> None:
    golden("doctor.txt", doctor.text(CHECKS))


def test_doctor_says_when_all_is_well() -> None:
    assert doctor.text(CHECKS[:1]) == "ok     python  3.11.8\n\n1 check: all is well\n"


def test_an_import_is_summed_up_with_every_bad_cell() -> None:
    golden("import.txt", import_summary.text(COUNTS, CELLS))


def test_an_import_without_trouble_is_one_line() -> None:
    assert import_summary.text(ImportCounts(rows=2, deals=1, moves=1)) == "1 new deal with 1 move, from 2 rows\n"


def test_what_did_not_go_in_is_named_by_row_and_the_rest_counted() -> None:
    left = tuple(import_summary.LeftOut(row, "D-1", "there is no stage") for row in range(2, 30))
    told = import_summary.text(ImportCounts(rows=28, deals=0, moves=0, left_out_rows=28), (), left)
    assert "  row 2, deal D-1: there is no stage\n" in told
    assert told.endswith("  and 8 more; --format json names up to a thousand\n")


def test_verify_names_each_fault() -> None:
    golden(
        "verify.txt",
        verify.text(
            FAULTS, deals=3, entries=41, compared=Compared(("2026-03-31T09:00:00Z", "2026-04-30T09:00:00Z"), 2, 3)
        ),
    )


def test_verify_without_a_seal_says_what_it_cannot_see() -> None:
    assert verify.text((), deals=1, entries=2) == (
        "1 deal, 2 entries: every entry is as it was written\n"
        "without a seal, deals that are missing as a whole and last entries cut off cannot be seen\n"
    )


def test_colours_are_used_only_where_they_are_asked_for() -> None:
    coloured = (
        doctor.text(CHECKS, style=Style.COLOUR),
        import_summary.text(COUNTS, CELLS, style=Style.COLOUR),
        verify.text(FAULTS, deals=1, entries=1, style=Style.COLOUR),
    )

    assert ["\x1b[" in text for text in coloured] == [True, True, True]
