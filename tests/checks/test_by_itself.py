"""Laws of what acts by itself and of tracks that wait, held against the machine that judges real deals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks.deadlocks import tracks_wait
from engine.checks.endless import clocks_go_round
from engine.checks.idle_clocks import never_acts
from engine.checks.neighbours import Neighbours, check_neighbours
from engine.checks.never_fires import never_fires
from engine.checks.run import check_process
from engine.checks.walking import arrivals_of, walk_of
from engine.conditions.evaluate import evaluate
from engine.machine.arrival import arrive
from engine.machine.automatic import next_move
from engine.machine.clocks import act, next_due
from engine.machine.compile import Machine, compile_process
from engine.machine.decide import decide
from engine.machine.situation import DealSituation
from engine.model.deal import Deal, Times
from engine.model.decision import Move
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.syntax import Value

from .wholes import MAIN_STAGES, SIDE_STAGES, processes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 19, tzinfo=UTC)


def deal(stage: str = "a", side: str = "p", visited: frozenset[str] = frozenset({"a"})) -> Deal:
    return Deal("d", "made", 1, "", stage, NOW, NOW, NOW, tracks={"side": side}, visited=visited | {stage})


def moved(found: Deal, track: str, target: str) -> Deal:
    if track == MAIN:
        return replace(found, stage=target, visited=found.visited | {target})
    return replace(found, tracks={track: target})


def nexts(machine: Machine, found: Deal) -> Iterator[Deal]:
    for track in machine.process.all_tracks():
        for action in track.actions:
            for target in action.targets:
                decision = decide(machine, found, Move(action.id, to=target), now=LATER)
                if decision.allowed:
                    yield moved(found, track.id, target)


def arrived(machine: Machine, stage: str) -> list[Deal]:
    """A deal that another process hands over to the stage, unless it is turned away."""
    decision = arrive(machine, deal(), stage, move=Move("hand-over"), known={}, now=NOW)
    return [deal(stage, visited=frozenset({stage}))] if decision.allowed else []


def all_reached(process: Process, entries: Iterable[str] = ()) -> set[tuple[str, str]]:
    """The slow way: every move tried from every deal that moves lead to."""
    machine = compile_process(process)
    waiting = [deal(), *(found for stage in entries for found in arrived(machine, stage))]
    seen = {(one.stage, one.tracks["side"], one.visited) for one in waiting}
    for one in waiting:
        for after in nexts(machine, one):
            key = (after.stage, after.tracks["side"], after.visited)
            if key not in seen:
                seen.add(key)
                waiting.append(after)
    return {(stage, side) for stage, side, _ in seen}


@settings(max_examples=100, deadline=None)
@given(processes(places_only=True))
def test_the_walk_comes_exactly_where_the_machine_lets_deals_come(process: Process) -> None:
    walk = walk_of((process.main, *process.tracks))
    assert {state.stages for state in walk.states} == all_reached(process)


ENTRIES = st.frozensets(st.sampled_from(MAIN_STAGES))


@settings(max_examples=100, deadline=None)
@given(processes(places_only=True), ENTRIES)
def test_the_walk_begins_too_where_the_machine_lets_deals_arrive(process: Process, entries: frozenset[str]) -> None:
    tracks = (process.main, *process.tracks)
    walk = walk_of(tracks, arrivals=arrivals_of(tracks, entries))
    assert {state.stages for state in walk.states} == all_reached(process, entries)


@settings(max_examples=100, deadline=None)
@given(processes(places_only=True), ENTRIES)
def test_no_stage_is_told_that_only_deals_of_other_processes_come_to(process: Process, entries: frozenset[str]) -> None:
    reached = {stage for pair in all_reached(process, entries) for stage in pair}
    findings = (*check_process(process, entries=entries), *tracks_wait(process, entries=entries))
    told = {one.message.split("'")[1] for one in findings if one.code in ("P101", "P105") and "stage '" in one.message}
    assert not {name for name in told if name in (*MAIN_STAGES, *SIDE_STAGES)} & reached


@settings(max_examples=100, deadline=None)
@given(processes(places_only=True))
def test_no_deal_comes_to_a_stage_of_which_it_is_told_that_none_does(process: Process) -> None:
    reached = {stage for pair in all_reached(process) for stage in pair}
    told = {one.message.split("'")[1] for one in tracks_wait(process) if one.message.startswith("no deal comes")}
    assert not told & reached


@settings(max_examples=100, deadline=None)
@given(processes(places_only=True))
def test_a_deal_that_may_be_stuck_surely_is(process: Process) -> None:
    reached = all_reached(process)
    traps = [one for one in tracks_wait(process) if "may be stuck" in one.message]
    where = [tuple(one.message.split("'")[number] for number in (3, 5)) for one in traps]
    assert set(where) <= reached


VALUES: Mapping[str, list[Value | None]] = {
    "amount": [None, Decimal(0), Decimal(2), Decimal(9)],
    "paid": [None, True, False],
    "word": [None, "x", ""],
}


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    drawn = {name: draw(st.sampled_from(values)) for name, values in VALUES.items()}
    done = draw(st.frozensets(st.sampled_from(["m1", "m2"])))
    found = deal(
        draw(st.sampled_from(MAIN_STAGES)),
        draw(st.sampled_from(SIDE_STAGES)),
        draw(st.frozensets(st.sampled_from(MAIN_STAGES))),
    )
    known = {name: value for name, value in drawn.items() if value is not None}
    return replace(found, facts=known, actions={name: Times(2, NOW) for name in done})


@settings(max_examples=200, deadline=None)
@given(processes(), st.lists(deals(), min_size=5, max_size=5))
def test_an_automatic_action_told_never_to_happen_is_never_taken(process: Process, found: list[Deal]) -> None:
    told = {one.message.split("'")[1] for one in never_fires(process)}
    machine = compile_process(process)
    taken = [next_move(machine, one, now=LATER) for one in found]
    assert not {one.move.action for one in taken if one is not None} & told


def first_to_act(machine: Machine, found: Deal) -> str:
    """The clock that moves the deal once all are due; empty for none."""
    for _ in machine.process.clocks:
        due = next_due(machine, found, now=LATER, last_recorded=lambda *_: None)
        if due is None or due.at > LATER:
            return ""
        if due.clock.then:
            return due.clock.id if act(machine, found, due.clock, now=LATER, actor="engine").allowed else ""
        found = replace(found, alarms={**found.alarms, due.clock.id: due.alarm})
    return ""


@settings(max_examples=200, deadline=None)
@given(processes(), st.lists(deals(), min_size=5, max_size=5), st.sampled_from([timedelta(0), timedelta(days=2)]))
def test_a_clock_told_never_to_act_never_acts_first(process: Process, found: list[Deal], active: timedelta) -> None:
    told = {one.message.split("'")[1] for one in never_acts(process) if "never acts" in one.message}
    machine = compile_process(process)
    # Whom an automatic action can lead away it has led away long before.
    staying = [one for one in found if next_move(machine, one, now=LATER) is None]
    assert not {first_to_act(machine, replace(one, active_at=NOW + active)) for one in staying} & told


def led(machine: Machine, found: Deal) -> Deal | None:
    """The deal after what is done next though nobody does anything; none where nothing is."""
    automatic = next_move(machine, found, now=LATER)
    clock = first_to_act(machine, replace(found, alarms={}))
    name = automatic.move.action if automatic else next((c.then for c in machine.process.clocks if c.id == clock), "")
    if not name:
        return None
    track = machine.process.track_of(name)
    decision = decide(machine, found, Move(name), now=LATER)
    action = next(one for one in machine.actions[name].variants)
    assert track is not None
    values = {
        one.fact: evaluate(one.value.tree, found.facts, DealSituation(machine.frame, found, Move(name), LATER, None))
        for one in action.sets
    }
    known = {fact: value for fact, value in values.items() if value is not None}
    times = Times(found.actions[name].count + 1 if name in found.actions else 1, LATER)
    after = moved(found, track.id, decision.to_stage)
    return replace(after, facts={**found.facts, **known}, actions={**found.actions, name: times})


def goes_on(machine: Machine, found: Deal) -> bool:
    """Whether the deal is still moved after so many moves."""
    deal: Deal | None = found
    for _ in range(16):
        deal = led(machine, deal) if deal is not None else None
    return deal is not None


def all_deals() -> Iterator[Deal]:
    """Deals in each stage, with and without a past."""
    done = {name: Times(2, NOW) for name in ("m1", "m2")}
    for past, stage, side, *values in product((False, True), MAIN_STAGES, SIDE_STAGES, *VALUES.values()):
        drawn = zip(VALUES, values, strict=True)
        known = {name: value for name, value in drawn if value is not None}
        for visited in (frozenset({stage}), frozenset(MAIN_STAGES)):
            yield replace(deal(stage, side, visited), facts=known, actions=done if past else {})


@settings(max_examples=200, deadline=None)
@given(processes())
def test_where_it_is_told_that_a_deal_may_go_round_for_ever_one_does(process: Process) -> None:
    told = list(clocks_go_round(process))
    machine = compile_process(process)
    assert not told or any(goes_on(machine, one) for one in all_deals())


@settings(max_examples=200, deadline=None)
@given(processes())
def test_whatever_a_process_holds_checking_it_gives_findings_and_raises_nothing(process: Process) -> None:
    neighbours = Neighbours(("made",), {"made": process}.get)
    assert all(one.code[0] == "P" for one in (*check_process(process), *check_neighbours(process, neighbours)))
