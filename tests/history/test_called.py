"""Tables in the words of one version."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history.called import called
from engine.history.entries import tables_of
from engine.model.syntax import NUMBER
from engine.tables.build import GrowingTables
from tests.history.lives import FACTS, lives

STAGES = {"new": "fresh", "offer": "bid", "won": "done"}
ACTIONS = {"ana": "first", "], [": "second"}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3).flatmap(lambda count: st.tuples(*(lives(f"deal-{n}") for n in range(count)))))
def test_names_are_told_anew_in_the_rows_of_one_process(told) -> None:
    tables = tables_of([entry for life in told for entry in life], FACTS)
    now = called(tables, "sale", 2, stages=STAGES, actions=ACTIONS, facts={"size": "users"}, reasons={"ana": "x"})
    stands = {row["deal"]: row["stage"] for row in now.deals.to_pylist()}
    for before, after in zip(tables.moves.to_pylist(), now.moves.to_pylist(), strict=True):
        names = STAGES if before["process"] == "sale" else {}
        is_open = names and before["track"] == "main" and before["left_at"] is None
        expected = stands[before["deal"]] if is_open else names.get(before["to_stage"], before["to_stage"])
        assert after == {
            **before,
            "to_stage": expected,
            "from_stage": names.get(before["from_stage"], before["from_stage"]),
            "action": ACTIONS.get(before["action"], before["action"]) if names else before["action"],
            "reason": "x" if names and before["reason"] == "ana" else before["reason"],
        }
    ours = {row["deal"] for row in tables.deals.to_pylist() if row["process"] == "sale"}
    for before, after in zip(tables.facts.to_pylist(), now.facts.to_pylist(), strict=True):
        is_renamed = before["deal"] in ours and before["fact"] == "size"
        assert after == {**before, "fact": "users" if is_renamed else before["fact"]}
    for before, after in zip(tables.deals.to_pylist(), now.deals.to_pylist(), strict=True):
        names = STAGES if before["process"] == "sale" else {}
        assert after == {**before, "stage": names.get(before["stage"], before["stage"])}
    assert called(tables, "sale", 2, stages={}, actions={}, facts={}, reasons={}) is tables


def test_a_deal_of_another_version_knows_a_fact_under_the_name_that_it_has_since() -> None:
    rows = [(1, 5, None), (1, None, None), (2, 5, None), (1, 5, 7)]
    growing = GrowingTables({"size": NUMBER, "users": NUMBER})
    for place, (version, size, users) in enumerate(rows):
        known = [None if each is None else Decimal(each) for each in (size, users)]
        growing.deals.add((f"D{place}", "sale", version, None, None, "new", "", "", None, *known))
    now = called(growing.whole(), "sale", 2, stages={}, actions={}, facts={"size": "users"}, reasons={})
    assert now.deals.column("users").to_pylist() == [5, None, None, 7]
    assert now.deals.column("size").to_pylist() == [5, None, 5, 5]
