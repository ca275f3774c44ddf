"""Requirements of one move, against the slow way: every move, every pair of requirements, interval by interval."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks.together import never_together
from engine.machine.tracks import passed
from engine.model.process import Action, Process, Stage, targets_from

from .making import must, process

Span = tuple[int, int]
SPANS = st.tuples(st.integers(0, 6), st.integers(1, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
MAYBE = st.none() | SPANS


def needs(name: str, span: Span | None) -> tuple:
    """That the amount lies in a span."""
    return () if span is None else (must(name, f"amount >= {span[0]} and amount <= {span[1]}"),)


@st.composite
def pipelines(draw: st.DrawFn) -> tuple[Process, dict[str, Span]]:
    """Stages and actions, each of which may want the amount in a span."""
    spans: dict[str, Span] = {}

    def drawn(name: str) -> tuple:
        span = draw(MAYBE)
        if span is not None:
            spans[name] = span
        return needs(name, span)

    opened = ["a", "b", "c", "d"]
    stages = [Stage(s, to_enter=drawn(f"{s}/to_enter/1"), to_pass=drawn(f"{s}/to_pass/1")) for s in opened]
    stages.append(Stage("won", ends="won", to_enter=drawn("won/to_enter/1")))
    targets = st.sampled_from([("later",), ("earlier",), ("won",), ("b",), ("c", "won")])
    sources = st.frozensets(st.sampled_from(opened), min_size=1).map(lambda found: tuple(sorted(found)))
    actions = [Action(f"do-{n}", draw(sources), draw(targets), requires=drawn(f"do-{n}/requires/1")) for n in range(3)]
    return process(stages, actions), spans


def expected(made: Process, spans: dict[str, Span]) -> set[frozenset[str]]:
    """All pairs that some move needs and that have no amount in common."""
    found = set()
    for action in made.main.actions:
        for source in action.sources:
            for target in targets_from(made.main, action, source):
                goal = made.main.stage(target)
                assert goal is not None
                stages = passed(made.main, source, target)
                needed = [*action.requires, *goal.to_enter, *(r for stage in stages for r in stage.to_pass)]
                found |= {
                    frozenset(pair)
                    for pair in combinations({requirement.id for requirement in needed}, 2)
                    if not _meet(*(spans[name] for name in pair))
                }
    return found


def _meet(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


@settings(max_examples=150, deadline=None)
@given(pipelines())
def test_exactly_the_pairs_that_exclude_each_other_are_told_and_each_once(drawn: tuple) -> None:
    made, spans = drawn
    told = [frozenset(finding.message.split("'")[1:4:2]) for finding in never_together(made)]
    assert len(told) == len(set(told))
    assert set(told) == expected(made, spans)
