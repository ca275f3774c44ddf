"""One door: whichever way a move comes in, it gets one verdict."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.machine.bulk import open_actions
from engine.machine.columns import gather
from engine.machine.compact import decide_compact
from engine.machine.compact import names as named
from engine.machine.decide import decide
from engine.model.decision import About, Decision, Move, Result
from engine.model.names import MAIN
from tests.advance.doors import Doors, Who, names, refusing, results
from tests.machine.building import process
from tests.machine.worlds import ROLES, processes
from tests.machine.written import text_of, told_alike

UNTOLD = frozenset({About.ROLE, About.APPROVAL, About.ASKS})
"""What an export does not tell: no role, no approval, and not what was asked for."""

SPELLED = {
    "amount": ["-1", "0", "0.00", "999.99", "1000", "1000.00", "+1000", "5001"],
    "rate": ["5%", "5.00%", "10%", "+10.0%", "12.5%", "0%"],
    "n": ["-2", "0", "0.5", "0.50", "3", "3.0", "123456789012345678.123456789"],
    "ok": ["true", "yes", "Yes", "false", "no"],
    "hold": ["false", "no", "false", "true"],
    "name": ["", "  ", "Acme", "acme", "ACME Corp", "Zoë"],
    "part": ["c", "Acme", ""],
    "level": ["low", "high", "top"],
    "due": ["2026-03-09", "2026-03-10", "2026-04-30", "9999-12-31"],
    "gap": ["0d", "36h", "2160min", "2d", "1000w"],
}
each = {name: st.sampled_from(spelled) for name, spelled in SPELLED.items()}
texts = st.fixed_dictionaries({}, optional=each)
most = st.fixed_dictionaries(each) | texts
people = st.builds(Who, st.sampled_from(["ana", "mia", "Mia ", "", " "]), st.sampled_from(["", *ROLES]))
bosses = st.builds(Who, st.sampled_from(["mia", "Ana", ""]), st.just("boss"))
moves = st.builds(
    Move,
    st.sampled_from(["act1", "act2", "act3", "sign-off"]),
    to=st.sampled_from(["", "", "s1", "s2", "won", "lost"]),
    reason=st.sampled_from(["", "r1", "r1", "other"]),
    note=st.sampled_from(["", " ", "because"]),
    override=st.sampled_from([False, False, False, True]),
)
records = st.tuples(st.just("record"), people, texts.filter(bool), st.sampled_from(["", "call"]))
approvals = st.tuples(st.just("approve"), bosses, st.sampled_from(["act1", "act3"]))
steered = st.tuples(st.just("open"), people, st.just({}) | texts, st.integers(0, 5), bosses)
asked = st.tuples(st.just("move"), people, st.just({}) | texts, moves)
steps = st.lists(records | approvals | steered | steered | asked, min_size=7, max_size=9)


def milder(spec: dict[str, Any]) -> dict[str, Any]:
    """The process with its requirements on actions alone, and an approval for one of them: deals get far in it."""
    stages = {name: {**one, "to_pass": [], "to_enter": []} for name, one in spec["stages"].items()}
    asked_of = {"approval": [{"by": "boss"}], **spec["actions"]["act1"], "from": "open", "requires": []}
    actions = {**spec["actions"], "act1": asked_of}
    return {**spec, "stages": stages, "actions": actions, "always": [], "override": ["boss"]}


either_way = processes | processes.map(milder) | processes.map(milder)
starts = st.lists(st.tuples(people, most), min_size=4, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(either_way, starts, steps)
def test_every_door_gives_one_verdict(spec: dict[str, Any], beginnings: Any, history: Any):
    spec = told_alike(spec)
    with tempfile.TemporaryDirectory() as folder:
        doors = Doors(text_of(spec), Path(folder))
        try:
            assert doors.process == process(**spec)
            if begins(doors, beginnings):
                live(doors, history)
        finally:
            doors.close()


def begins(doors: Doors, beginnings: Any) -> bool:
    """Whether one of several starts is allowed; each is told alike by both doors."""
    for who, facts in beginnings:
        library, printed = doors.start(who, facts)
        assert library == printed
        if library.allowed:
            return True
    return False


def live(doors: Doors, steps: Any) -> None:
    """One deal's life, each step of it through all doors."""
    for kind, mover, *rest in steps:
        doors.wait()
        if kind == "record":
            one, other = doors.record(mover, *rest)
            assert one == other
        elif kind == "approve":
            one, other = doors.approve(mover, *rest)
            assert one == other
        elif kind == "move":
            through_all(doors, rest[0], mover, rest[1])
        else:
            through_all(doors, rest[0], mover, possible(doors, mover, *rest[1:]))
    assert_alike(doors)


def possible(doors: Doors, who: Who, number: int, boss: Who) -> Move:
    """One of the moves that are open to the deal, or would be with an approval: random ones hardly ever are."""
    options, _ = doors.can(who)
    main = [one for one in options.values() if one.track == MAIN]
    near = [one for one in main if all(each.about is About.APPROVAL for each in one.refusals)]
    chosen = (near or list(options.values()))[number % len(near or options)]
    if any(each.about is About.APPROVAL for each in chosen.refusals):
        one, other = doors.approve(boss, chosen.move.action)
        assert one == other
    return Move(chosen.move.action, to=chosen.to_stage, reason="r1", note="because")


def assert_alike(doors: Doors) -> None:
    """Both journals hold the same deal; equal numbers may be written in several ways."""
    assert doors.printed_deal == doors.deal


def through_all(doors: Doors, facts: Any, who: Who, move: Move) -> None:
    move = replace(move, actor=who.actor, role=who.role, facts=doors.values(facts))
    standing, entries = doors.deal, doors.journal.entries("acme")
    asking(doors, who, move)
    compact = decide_compact(doors.machine, standing, move, now=doors.at)
    decision, library = doors.library(move)
    assert doors.command_line(move, facts) == library
    assert (compact.allowed, named(doors.machine, compact.failing)) == (library.allowed, library.refusing)
    if decision.track == MAIN and decision.to_stage and decision.to_stage != doors.process.main.first.id:
        entry = doors.imported(entries, standing, move, to=decision.to_stage)
        as_the_past(doors, decision, entry, standing)


def asking(doors: Doors, who: Who, move: Move) -> None:
    """``can`` says the same at every door, and what a move is told of which nothing is said but where it leads."""
    options, printed = doors.can(who)
    assert printed == {key: refusing(one) for key, one in options.items()}
    openings = open_actions(gather(doors.machine, [doors.deal]), role=who.role, actor=who.actor, now=doors.at)
    of_many = {(action, to): named(doors.machine, numbers) for action, to, numbers in openings.of(0)}
    here = {key: one for key, one in options.items() if not any(v.about is About.STAGE for v in one.verdicts)}
    assert of_many == {key: refusing(one) for key, one in here.items()}
    for one in (one for one in here.values() if one.move.action == move.action):
        bare = decide(doors.machine, doors.deal, replace(one.move, to=one.to_stage), now=doors.at)
        left = names(bare.refusals) - names(one.refusals)
        assert names(one.refusals) <= names(bare.refusals)
        assert left <= names(v for v in one.verdicts if v.result is Result.UNKNOWN)


def as_the_past(doors: Doors, decision: Decision, entry: Any, standing: Any) -> None:
    """An import judges all but what an export cannot tell, and that as a move by its action would be judged."""
    broken, unknown = results(entry, Result.FAILED), results(entry, Result.UNKNOWN)
    assert entry.deviating == bool(broken)
    if decision.allowed and not decision.move.override:
        assert not entry.deviating
    if not entry.action:
        assert not decision.allowed
        return
    asked_for = Move(
        entry.action, decision.to_stage, entry.reason, entry.note, entry.actor, "boss", decision.move.facts
    )
    now = decide(doors.machine, standing, asked_for, now=doors.at)
    assert broken <= names(now.refusals)
    firm = names(each for each in now.refusals if each.about not in UNTOLD)
    # A variant that does not apply leads nowhere; whether it applied, the past may not tell.
    assert {name.replace("/target", "/when") for name in firm} <= broken | unknown
