"""The tables of the conditions page state what the language answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml

from engine.conditions.evaluate import evaluate
from engine.conditions.generate import function
from engine.conditions.parse import read
from engine.loading.processes import load_process
from engine.model.scope import Scope
from engine.model.syntax import Kind, Type, Value
from engine.model.values import parse_value, show_value

from .pages import ROOT, Row, blocks, rows

PAGE = ROOT / "docs/reference/conditions.md"
ROWS = [row for row in rows(PAGE) if "condition" in row.cells]


@dataclass(frozen=True, slots=True)
class AsThePageSays:
    """The situation that the page describes above its tables."""

    today: date = date(2026, 3, 31)
    stage: str | None = "demo"
    to: str | None = "proposal"
    action: str | None = "send-proposal"
    reason: str | None = None
    reason_group: str | None = None
    note: str | None = "As agreed"
    days_in_stage: Decimal | None = Decimal(12)
    probability: Decimal | None = Decimal("0.4")
    role: str | None = "ae"

    def track(self, name: str) -> str | None:
        return {"legal": "not-started"}.get(name)

    def done(self, name: str) -> bool:
        return name in ("call", "demo")

    def count(self, name: str) -> Decimal:
        return Decimal({"call": 2, "demo": 1}.get(name, 0))

    def since(self, name: str) -> timedelta | None:
        return {"call": timedelta(days=3), "demo": timedelta(days=12)}.get(name)

    def reached(self, stage: str) -> bool:
        return stage in ("prospect", "qualified", "demo")


def facts_of_the_page() -> Mapping[str, Type]:
    text = next(block.text for block in blocks(PAGE) if "facts" in block.words)
    declared = yaml.load(text, Loader=yaml.BaseLoader)["facts"]
    return {name: Type(Kind(each["type"]), tuple(each.get("of", ()))) for name, each in declared.items()}


def scope() -> Scope:
    process = load_process(ROOT / "processes/inside-sales/2.yaml").value
    assert process is not None
    reasons = [reason for action in process.main.actions for reason in action.reasons]
    return Scope(
        facts=facts_of_the_page(),
        stages=tuple(stage.id for stage in process.main.stages),
        groups=process.groups,
        actions=tuple(action.id for track in process.all_tracks() for action in track.actions),
        touchpoints=process.touchpoints,
        reasons=tuple(one.code for one in reasons),
        reason_groups=tuple(one.group for one in reasons if one.group),
        roles=tuple(process.roles),
        tracks={track.id: tuple(stage.id for stage in track.stages) for track in process.tracks},
    )


SCOPE = scope()


def facts_of(text: str) -> dict[str, Value]:
    """The facts of ``amount: 9000, contact_role: champion``."""
    facts: dict[str, Value] = {}
    for part in text.split(", ") if text else []:
        name, _, value = part.partition(": ")
        facts[name] = parse_value(value.strip('"'), SCOPE.facts[name])
    return facts


def answers(row: Row) -> set[str]:
    """What the reference and the generated form say; both must say the same."""
    expression, findings = read(row.cells["condition"].strip("`"), SCOPE)
    if expression is None:
        assert findings
        return {"an error"}
    facts = facts_of(row.cells["where"])
    situation = AsThePageSays()
    return {
        show_value(evaluate(expression.tree, facts, situation)),
        show_value(function(expression.tree)(facts, situation)),
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name} {row.cells['condition']}")
def test_condition_gives_the_answer_stated(row: Row) -> None:
    assert answers(row) == {row.cells["answer"]}


def test_the_page_has_examples_of_each_answer() -> None:
    assert {row.cells["answer"] for row in ROWS} == {"true", "false", "unknown", "an error"}
