"""Deals driven through a process by the machine itself, entry by entry, and what each move looked like before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from engine.advance.entries import blank_entry, entry_of
from engine.advance.occasion import Occasion
from engine.history.entries import fact_types, tables_of
from engine.machine.compile import Machine
from engine.machine.decide import decide
from engine.machine.decide import start as decide_start
from engine.model.deal import Deal, after, fold
from engine.model.decision import Move
from engine.model.entry import Entry, EntryKind
from engine.tables.build import Tables
from tests.machine.building import NOW
from tests.machine.worlds import VALUES
from tests.machine.worlds import moves as random_moves

SPELLS = [timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=4, hours=5)]
FACTS = st.fixed_dictionaries({}, optional=dict(VALUES))


@dataclass(frozen=True)
class Done:
    """A move that was made: the deal before it, and what was asked for."""

    deal: Deal
    move: Move
    entry: Entry


deeds = st.one_of(
    st.tuples(st.just("move"), random_moves),
    st.tuples(st.just("move"), random_moves),
    st.tuples(st.just("record"), FACTS),
    st.tuples(st.just("touch"), st.just("call")),
    st.tuples(
        st.just("approve"), st.tuples(st.sampled_from(["act1", "act2", "act3"]), st.sampled_from(["mia", "ana"]))
    ),
)
lives = st.tuples(FACTS, st.lists(st.tuples(st.sampled_from(SPELLS), deeds), max_size=12))


def driven(machine: Machine, stories: Sequence[Any], *, version: int = 1) -> tuple[list[Entry], list[Done]]:
    """All entries of the deals that live so, and the moves among them. Every move is decided by the machine."""
    entries: list[Entry] = []
    done: list[Done] = []
    for number, (facts, story) in enumerate(stories):
        its, moves = _driven(machine, f"d{number}", facts, story, version)
        entries += its
        done += moves
    return entries, done


def tables(machine: Machine, entries: Sequence[Entry]) -> Tables:
    """The five tables of these entries."""
    return tables_of(entries, fact_types([machine.process]))


def _driven(machine: Machine, name: str, facts: Any, story: Any, version: int) -> tuple[list[Entry], list[Done]]:
    process = machine.process
    at = NOW - timedelta(days=90)
    begun = decide_start(machine, facts, actor="ana", role="boss", now=at)
    if not begun.allowed:
        return [], []
    first = Entry(name, 1, EntryKind.STARTED, at, at, process.id, version, "d", facts=begun.sets, actor="ana")
    first = replace(first, to_stage=begun.to_stage, outcome=begun.outcome, verdicts=begun.verdicts)
    entries, done = [first], []
    deal = fold(entries)
    assert deal is not None
    for spell, (what, how) in story:
        at += spell
        occasion = Occasion(now=at, at=at, actor="ana", role="boss")
        if what == "move":
            occasion = replace(occasion, actor=how.actor, role=how.role)
            decision = decide(machine, deal, how, now=at)
            entry = entry_of(decision, deal, occasion)
            if decision.allowed:
                done.append(Done(deal, how, entry))
        elif what == "record":
            entry = replace(blank_entry(deal, occasion, EntryKind.RECORDED), facts=how)
        elif what == "touch":
            entry = replace(blank_entry(deal, occasion, EntryKind.TOUCHED), touchpoint=how)
        else:
            action, actor = how
            entry = replace(blank_entry(deal, occasion, EntryKind.APPROVED), action=action, actor=actor)
            entry = replace(entry, approval=f"{action}/approval/1")
        entries.append(entry)
        deal = after(deal, entry)
    return entries, done
