from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

from engine.loading.plan_file import read_plan
from engine.model.plan import Candidate, Fate, Plan, PlanLine, TrackStep
from engine.report import applied, plan, plan_rows
from engine.report.plan_xlsx import xlsx
from engine.report.style import Style
from tests.report.golden import golden
from tests.report.samples import at

BEFORE = "8bb43c92" * 8


def line(deal: str, stage: str, fate: Fate, to: str, **said) -> PlanLine:
    why = f"'{stage}' is also a stage of inside-sales@2" if fate is Fate.STAYS else f"version 2 tells of '{stage}'"
    return PlanLine(deal, 1, BEFORE, 3, stage, fate, to, why, owner="ana", **said)


OFFERED = tuple(Candidate(f"stage-{number}", min(number, 4), number) for number in range(9))
PLAN = Plan(
    "inside-sales",
    2,
    "4417b66b" * 8,
    at(9),
    (
        line("0071", "demo", Fate.STAYS, "demo", amount=Decimal(15000)),
        line("=cmd()", "interested", Fate.FOLLOWS, "qualified", facts={"rebate": "discount", "tier": ""}),
        line("acme, inc", "talk", Fate.MAPS, "demo", amount=Decimal("9000.50")),
        line("umlaut ü", "pilot", Fate.DECIDE, "", amount=Decimal(70000), candidates=OFFERED),
        line(
            "track",
            "demo",
            Fate.STAYS,
            "demo",
            tracks=(TrackStep("legal", "checked", ""), TrackStep("press", "loud", "", is_gone=True)),
        ),
    ),
    ("2 deals, on inside-sales@2 already",),
    "EUR",
    stages=("prospect", "qualified", "demo", "won"),
)
APPLIED = applied.Applied(replace(PLAN, lines=PLAN.lines[:3]), 2, 1, is_dry_run=True)


def test_a_plan_tells_money_and_who_must_still_be_placed() -> None:
    golden("plan.txt", plan.text(PLAN, width=100, style=Style.PLAIN))
    golden("plan.csv", "".join(plan_rows.csv_lines(PLAN)))
    golden("plan.json", "".join(plan.json_lines(PLAN)))
    golden("applied.txt", applied.text(APPLIED))


def test_nothing_to_do_is_said() -> None:
    told = plan.text(replace(PLAN, lines=()), width=100, style=Style.PLAIN)
    assert "There is nothing to do." in told
    assert "2 deals, on inside-sales@2 already" in told


def test_what_was_done_before_is_told_as_such() -> None:
    told = applied.text(replace(APPLIED, plan=replace(PLAN, lines=(), left_out=()), is_dry_run=False, left=0))
    assert told == "already applied: 2 deals came to inside-sales@2 by this plan before; nothing was added\n"


def test_every_form_comes_back_as_it_was_written(tmp_path) -> None:
    forms = {"plan.json": plan.json_lines(PLAN), "plan.csv": plan_rows.csv_lines(PLAN)}
    for name, pieces in forms.items():
        path = tmp_path / name
        path.write_text("".join(pieces), encoding="utf-8")
        filled, faults = read_plan(path)
        assert not faults
        assert filled is not None
        for told, given in zip(filled.lines, PLAN.lines, strict=True):
            assert (told.deal, told.length, told.to_stage, told.migrate) == (given.deal, 3, given.to_stage, True)
            assert given.digest.startswith(told.base)


def test_a_cell_is_never_a_formula() -> None:
    cells = [cell for row in csv.reader(io.StringIO("".join(plan_rows.csv_lines(PLAN)))) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]
    assert b"<f>" not in xlsx(PLAN)
    assert json.loads("".join(plan.json_lines(PLAN)))["lines"][1]["deal"] == "=cmd()"
