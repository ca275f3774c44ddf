"""The table of changed conditions states how they lie to each other, and by which deal."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.conditions.parse import read
from engine.conditions.prove import Side, relation
from engine.model.rule import Fact
from engine.model.syntax import Tree, Value
from engine.model.values import show_value

from .pages import ROOT, Row, rows
from .test_conditions_page import facts_of_the_page, scope

ROWS = [row for row in rows(ROOT / "docs/explanation/proofs.md") if "before" in row.cells]
FACTS = {name: Fact(name, of) for name, of in facts_of_the_page().items()}


def tree_of(text: str) -> Tree:
    expression, findings = read(text.strip("`"), scope())
    assert expression is not None, findings
    return expression.tree


def told(deal: Mapping[str, Value] | None) -> str:
    if deal is None:
        return ""
    types = facts_of_the_page()
    return ", ".join(f"{k}: {show_value(v, types.get(k))}" for k, v in deal.items()) or "nothing is known"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_changed_condition_is_what_the_page_says(row: Row) -> None:
    proof = relation(Side(None, tree_of(row.cells["before"]), FACTS), Side(None, tree_of(row.cells["after"]), FACTS))
    assert proof.relation.value == row.cells["the change is"]
    assert (told(proof.refused), told(proof.allowed)) == (row.cells["refused now"], row.cells["allowed now"])
