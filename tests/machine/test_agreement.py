"""All forms of the machine say the same: stock ``transitions``, frozen, whole decision, compact one, columns."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transitions import Machine as Stock
from transitions import MachineError

from engine.conditions import explain
from engine.conditions.parse import read
from engine.machine.bulk import open_actions
from engine.machine.columns import gather
from engine.machine.compact import compact_of, decide_compact, expand
from engine.machine.compile import Machine
from engine.machine.decide import decide, options
from engine.machine.evidence import teller
from engine.machine.routes import FrozenEvent
from engine.machine.situation import DealSituation
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move
from engine.model.errors import BadValue
from engine.model.process import Action, targets_from
from engine.model.scope import Scope
from tests.machine.building import NOW, TYPES, machine
from tests.machine.worlds import FACTS, LEAVES, OPEN, ROLES, STAGES, Opinion, conditions, deals, moves, processes

SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def stock_trigger(opinion: Opinion) -> str:
    """Where stock ``transitions`` takes the deal: its own stage where no condition lets it go."""
    track, before = opinion.track, opinion.state
    stock: Any = Stock(model=None, states=[stage.id for stage in track.stages], initial=before, auto_transitions=False)
    for action in track.actions:
        for source in action.sources:
            for dest in targets_from(track, action, source, previous=opinion.deal.previous or None):
                stock.add_transition(action.id, source, dest, conditions=[partial(lets, opinion, action, dest)])
    stock.add_model(opinion)
    try:
        moved = opinion.trigger(opinion.move.action)  # type: ignore[attr-defined]
    except (MachineError, AttributeError):
        return ""
    assert moved or opinion.state == before
    return opinion.state if moved else ""


def lets(opinion: Opinion, action: Action, dest: str) -> bool:
    meant = opinion.meant()
    return meant is not None and meant[0] is action and meant[1] == dest and opinion.allowed(action, dest)


def says(decide_it: Any) -> Any:
    """The answer, or that the question was wrong."""
    try:
        return decide_it()
    except BadValue as error:
        return str(error)


@SLOWLY
@given(processes, st.lists(st.tuples(deals(), moves), min_size=4, max_size=8))
def test_stock_trigger_and_the_whole_decision_agree(spec: dict[str, Any], cases: list[tuple[Deal, Move]]):
    selling = machine(**spec)
    for standing, move in cases:
        decision = decide(selling, standing, move, now=NOW)
        assert stock_trigger(Opinion(selling, standing, move)) == (decision.to_stage if decision.allowed else "")


@SLOWLY
@given(processes, st.lists(st.tuples(deals(), moves), min_size=4, max_size=8))
def test_the_compact_form_is_the_whole_decision_without_its_evidence(
    spec: dict[str, Any], cases: list[tuple[Deal, Move]]
):
    selling = machine(**spec)
    for standing, move in cases * 2:
        decision = decide(selling, standing, move, now=NOW)
        compact = decide_compact(selling, standing, move, now=NOW)
        assert compact == compact_of(selling, decision)
        assert expand(selling, compact, standing, move, NOW) == decision


@SLOWLY
@given(processes)
def test_the_frozen_form_leads_where_stock_transitions_lead(spec: dict[str, Any]):
    selling = machine(**spec)
    for stock in selling.tracks.values():
        for name, event in stock.events.items():
            assert isinstance(event, FrozenEvent)
            frozen = [
                (source, target)
                for source, routes in event.frozen.items()
                for route in routes
                for target in route.targets
            ]
            assert frozen == [(each.source, each.dest) for each in stock.get_transitions(name)]


@SLOWLY
@given(processes, st.lists(deals(), max_size=25), st.sampled_from(["", *ROLES]), st.sampled_from(["", "ana", " MIA"]))
def test_columns_say_of_each_deal_what_its_options_say(
    spec: dict[str, Any], standing: list[Deal], role: str, actor: str
):
    selling = machine(**spec)
    openings = open_actions(gather(selling, standing), role=role, actor=actor, now=NOW)
    for place, each in enumerate(standing):
        told = [option(selling, decision) for decision in options(selling, each, role=role, actor=actor, now=NOW)]
        possible = [each for each in told if each is not None]
        assert sorted(openings.of(place)) == sorted(possible)


def option(selling: Machine, decision: Decision) -> tuple[str, str, tuple[int, ...]] | None:
    if any(verdict.about is About.STAGE for verdict in decision.verdicts):
        return None
    numbers = tuple(selling.numbers[verdict.requirement] for verdict in decision.refusals)
    return decision.move.action, decision.to_stage, numbers


SCOPE = Scope(
    facts={
        name: TYPES[spec if isinstance(spec, str) else spec["type"]] for name, spec in FACTS.items() if "of" not in spec
    },
    stages=STAGES,
    actions=("act1",),
    touchpoints=("call",),
    reasons=("r1",),
    reason_groups=("g1",),
    roles=ROLES,
    tracks={"legal": ("open", "signed")},
)
PLAIN = machine(
    facts=FACTS,
    stages={stage: {} for stage in OPEN},
    actions={"act1": {"from": "s1", "to": "s2"}},
    tracks={"legal": {"stages": {"open": {}, "signed": {}}, "actions": {}}},
    touchpoints=["call"],
)


@settings(max_examples=150, deadline=None)
@given(conditions, deals(), moves)
def test_evidence_is_told_fast_as_it_is_told_plainly(text: str, standing: Deal, move: Move):
    expression, _ = read(text, SCOPE)
    if expression is None:  # it reads a choice, which this scope leaves out
        return
    situation = DealSituation(PLAIN.frame, standing, move, NOW, "s2")
    tell = teller(expression.tree)
    plain = explain.clauses(expression.tree, standing.facts, situation)
    assert tell(standing.facts, situation) == plain == tell(standing.facts, situation)


def test_a_compact_verdict_of_another_move_is_not_expanded():
    selling = machine(stages={"a": {}, "b": {}}, actions={"go": {"from": "a", "to": "b", "by": ["boss"]}})
    standing = Deal("x", "selling", 1, "", "a", NOW, NOW, NOW)
    compact = decide_compact(selling, standing, Move("go", role="boss"), now=NOW)
    with pytest.raises(BadValue, match="another deal, move or time"):
        expand(selling, compact, standing, Move("go", role="clerk"), NOW)


def test_every_leaf_can_be_read():
    assert len(LEAVES) > 40
