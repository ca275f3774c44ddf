"""Laws of ways through the stages, over random graphs."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from engine.checks.paths import no_way_out, no_way_to_win, unreachable_stages
from engine.model.finding import Finding
from engine.model.process import Action, Process, Stage

from .making import process

Edges = Mapping[str, frozenset[str]]
NAMES = ("a", "b", "c", "d", "e", "f")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Process, Edges]:
    """A process of up to six open stages, a won and a lost end, and any moves between them."""
    opened = NAMES[: draw(st.integers(1, 6))]
    targets = st.frozensets(st.sampled_from([*opened, "won", "lost"]), max_size=3)
    edges = {stage: draw(targets) for stage in opened} | {"won": frozenset[str](), "lost": frozenset[str]()}
    stages = [*(Stage(name) for name in opened), Stage("won", ends="won"), Stage("lost", ends="lost")]
    actions = [Action(f"from-{name}", (name,), tuple(sorted(edges[name]))) for name in opened if edges[name]]
    return process(stages, actions), edges


def beyond(edges: Edges, start: str) -> set[str]:
    """The slow way: all stages that a walk from one comes through."""
    found = {start}
    for _ in edges:
        found |= {target for stage in found for target in edges[stage]}
    return found


def named(findings: list[Finding], edges: Edges) -> list[str]:
    """The stage that each finding is about: the first named."""
    return [next(word for word in finding.message.split("'") if word in edges) for finding in findings]


@given(graphs())
def test_every_unreachable_stage_is_told_or_lies_behind_one_that_is(graph: tuple[Process, Edges]) -> None:
    made, edges = graph
    reached = beyond(edges, "a")
    findings = list(unreachable_stages(made))
    if not made.main.actions:
        # One cause for all of them, told where every deal stays.
        assert [(one.code, "has no 'actions'" in one.message) for one in findings] == [("P101", True)]
        return
    told = named(findings, edges)
    assert not reached & set(told)
    assert set(edges) - reached <= {stage for root in told for stage in beyond(edges, root)}


@given(graphs())
def test_no_told_stage_lies_behind_another(graph: tuple[Process, Edges]) -> None:
    made, edges = graph
    told = named(list(unreachable_stages(made)), edges)
    assert not [one for one in told for other in told if one != other and one in beyond(edges, other)]


@given(graphs())
def test_no_stage_is_told_twice(graph: tuple[Process, Edges]) -> None:
    made, edges = graph
    told = [named(list(check(made)), edges) for check in (unreachable_stages, no_way_out, no_way_to_win)]
    flat = [stage for stages in told for stage in stages]
    assert len(flat) == len(set(flat))


@given(graphs())
def test_where_nothing_is_told_every_stage_is_reached_and_every_deal_can_be_won(graph: tuple[Process, Edges]) -> None:
    made, edges = graph
    findings = [*unreachable_stages(made), *no_way_out(made), *no_way_to_win(made)]
    sound = beyond(edges, "a") == set(edges) and all("won" in beyond(edges, s) for s in edges if s in NAMES)
    assert sound is (not findings)
