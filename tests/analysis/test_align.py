"""The automata of a process allow what its machine allows; journeys cost what the product of its tracks says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.conform.align import Fit, Journey, fits, models_of, overall, steps_of
from engine.machine.compile import Machine, compile_process
from engine.machine.judge import judge_past
from engine.model.deal import Folding
from engine.model.decision import About
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadValue
from engine.model.past import PastMove
from engine.model.process import Transfer
from engine.numerics.alignment import Kind, plain_costs
from engine.numerics.automaton import Automaton, automaton
from tests.analysis.worlds import SIDE, STAGES, entered, machines
from tests.machine.building import NOW, machine, process

LINE = machine(
    stages={"lead": {}, "demo": {}, "offer": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
    actions={
        "show": {"from": "lead", "to": "demo"},
        "present": {"from": "lead", "to": "demo"},
        "quote": {"from": "demo", "to": "offer"},
        "sign": {"from": "offer", "to": "won"},
        "lose": {"from": "open", "to": "lost"},
        "reopen": {"from": "lost", "to": "previous"},
    },
    tracks={"legal": {"stages": {"new": {}, "ok": {}}, "actions": {"approve": {"from": "new", "to": "ok"}}}},
)


def main(*stages: str, closed: bool = True, arrived: bool = False) -> Journey:
    return Journey((stages, ()), closed, arrived)


def told(journey: Journey) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.kind.value, step.stage, step.actions) for step in steps_of(models_of(LINE), [journey])[0]]


def moves_are_possible(of: Machine, stages: Sequence[str]) -> bool:
    """Whether the machine finds an action for each move, told one by one, of a deal that starts as all do."""
    if not stages:
        return True
    if stages[0] != of.process.main.first.id:
        return False
    deal = Folding(_entry(1, EntryKind.STARTED, stages[0]))
    for number, stage in enumerate(stages[1:], 2):
        decision = judge_past(of, deal.deal(), PastMove(stage, NOW), now=NOW)
        if any(each.about is About.STAGE for each in decision.verdicts):
            return False
        deal.add(_entry(number, EntryKind.MOVED, stage))
    return True


def _entry(number: int, kind: EntryKind, stage: str) -> Entry:
    ends = {"won": "won", "lost": "lost"}
    return Entry("D", number, kind, NOW, NOW, "selling", 1, "d", to_stage=stage, outcome=ends.get(stage, ""))


@given(machines(), entered(*STAGES).map(lambda stages: ("a", *stages) if stages[:1] != ("a",) else stages))
@settings(deadline=None)
def test_a_deal_keeps_to_the_process_where_the_machine_has_an_action_for_each_move(
    of: Machine, stages: tuple[str, ...]
) -> None:
    (fit,) = fits(models_of(of), [Journey((stages, ()), closed=False)])
    assert (fit.cost == 0) == moves_are_possible(of, stages)


@given(machines(), entered(*STAGES, "nowhere"), entered(*SIDE, "nowhere"), st.booleans(), st.randoms())
@settings(deadline=None)
def test_the_cost_is_that_of_the_product_of_the_tracks(
    of: Machine, stages: tuple[str, ...], side: tuple[str, ...], closed: bool, random: object
) -> None:
    models = models_of(of)
    journey = Journey((stages, side), closed)
    (one, ones), (other, others) = models.of(journey)
    first, second = (one.whole, other.whole) if closed else (one.begun, other.begun)
    both = product_of(first, second)
    # However the tracks came in turn: their labels do not wait for each other.
    labels = [*one.sequence(ones), *(label + first.labels + 1 for label in other.sequence(others))]
    assert fits(models, [journey])[0].cost == plain_costs(both, [_shuffled(labels, len(ones), random)])[0]


def product_of(one: Automaton, other: Automaton) -> Automaton:
    """Both at once. The labels of the other come after those of the one; each has one that neither can do."""
    states = {pair: number for number, pair in enumerate(product(range(one.states), range(other.states)))}
    edges = [(states[e.source, q], e.label, states[e.target, q]) for e in one.edges for q in range(other.states)]
    after = one.labels + 1
    edges += [
        (states[q, e.source], e.label + after, states[q, e.target]) for e in other.edges for q in range(one.states)
    ]
    return automaton(
        edges,
        states=len(states),
        labels=after + other.labels,
        initial=states[one.initial, other.initial],
        finals=[states[pair] for pair in product(one.finals, other.finals)],
    )


def _shuffled(labels: list[int], first: int, random: object) -> list[int]:
    ones, others = labels[:first], labels[first:]
    turns = [True] * len(ones) + [False] * len(others)
    random.shuffle(turns)  # type: ignore[attr-defined]
    return [ones.pop(0) if turn else others.pop(0) for turn in turns]


@given(machines(), entered(*STAGES, "nowhere"), entered(*SIDE), st.booleans())
@settings(deadline=None)
def test_the_steps_told_cost_what_was_said(
    of: Machine, stages: tuple[str, ...], side: tuple[str, ...], closed: bool
) -> None:
    models, journey = models_of(of), Journey((stages, side), closed)
    (steps,) = steps_of(models, [journey])
    assert sum(step.kind is not Kind.BOTH for step in steps) == fits(models, [journey])[0].cost
    assert [step.stage for step in steps if step.track == "main" and step.place >= 0] == list(stages)


def test_a_skipped_stage_is_told_with_the_actions_that_lead_there() -> None:
    assert told(main("lead", "offer", "won")) == [
        ("both", "lead", ()),
        ("model", "demo", ("show", "present")),
        ("both", "offer", ("quote",)),
        ("both", "won", ("sign",)),
    ]


def test_a_move_back_that_no_action_makes_is_unasked() -> None:
    assert [each[:2] for each in told(main("lead", "demo", "lead", "demo", "lost"))] == [
        ("both", "lead"),
        ("both", "demo"),
        ("log", "lead"),
        ("log", "demo"),
        ("both", "lost"),
    ]


def test_a_deal_may_come_back_to_where_it_was_lost() -> None:
    fit, elsewhere = fits(
        models_of(LINE), [main(*"lead demo lost demo lost".split()), main("lead", "lost", "demo", "lost")]
    )
    assert (fit.cost, elsewhere.cost) == (0, 1)


def test_a_stage_that_the_process_has_not_is_unasked() -> None:
    assert ("log", "pilot", ()) in told(main("lead", "pilot", "lost"))


def test_an_open_deal_need_not_reach_an_end() -> None:
    still, ended = fits(models_of(LINE), [main("lead", "demo", closed=False), main("lead", "demo")])
    assert (still, ended) == (Fit(0, 2), Fit(1, 4))


def test_a_deal_handed_over_starts_where_it_was_handed_to() -> None:
    arrived, here = fits(models_of(LINE), [main("offer", "won", arrived=True), main("offer", "won")])
    assert (arrived.cost, here.cost) == (0, 2)


def test_a_side_track_may_tell_its_first_stage_or_not() -> None:
    journeys = [Journey((("lead", "lost"), side)) for side in [(), ("new",), ("new", "ok"), ("ok",), ("ok", "new")]]
    assert [fit.cost for fit in fits(models_of(LINE), journeys)] == [0, 0, 0, 0, 1]


def test_a_transfer_to_another_process_is_an_end() -> None:
    selling = process(stages={"lead": {}, "won": {"ends": "won"}}, actions={"hand": {"from": "lead", "to": "won"}})
    handing = replace(selling.main.actions[0], targets=(), transfer=Transfer("renewals", "start"))
    handing_over = compile_process(replace(selling, main=replace(selling.main, actions=(handing,))))
    (fit,) = fits(models_of(handing_over), [Journey((("lead", "renewals/start"),))])
    assert fit.cost == 0


def test_fitness_is_one_less_the_share_of_the_worst() -> None:
    (fit,) = fits(models_of(LINE), [main("lead", "offer", "won")])
    # The shortest way that the process knows is to lose a lead: two moves.
    assert fit == Fit(1, 5)
    assert fit.fitness == pytest.approx(0.8)


def test_the_fitness_of_many_deals_weighs_each_by_what_it_could_cost() -> None:
    assert overall([(Fit(1, 5), 3), (Fit(0, 5), 1)]) == pytest.approx(1 - 3 / 20)
    assert overall([]) == 1


def test_a_process_without_a_way_to_an_end_is_refused() -> None:
    stuck = machine(stages={"lead": {}, "won": {"ends": "won"}}, actions={})
    with pytest.raises(BadValue, match="no chain of actions of selling@1 leads to an end"):
        models_of(stuck)
