"""What is proved of two requirements, held against deals that are decided: shipped ones, each changed a little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from engine.conditions.decision_table import derive
from engine.conditions.evaluate import evaluate
from engine.conditions.prove import Side, relation
from engine.loading.processes import load_process
from engine.machine.situation import DealSituation, frame_of
from engine.model.change import Relation
from engine.model.decision import Move
from engine.model.process import Process
from engine.model.rule import Fact, Requirement
from engine.model.syntax import (
    NUMBER,
    And,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Tree,
    Value,
    children,
)
from tests.machine.building import NOW, deal

FILES = sorted((Path(__file__).parents[2] / "processes").glob("*/[0-9].yaml"))
DEALS = 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}@{file.stem}")
def test_no_deal_contradicts_what_is_proved_of_two_requirements(file: Path):
    loaded = load_process(file)
    assert loaded.value is not None
    process, dice = loaded.value, Random(file.parent.name)
    pairs = [(each, Side(*side, process.facts)) for each in _requirements(process) for side in _changed(each, dice)]
    for requirement, new in dice.sample(pairs, min(len(pairs), 24)):
        _hold(process, requirement, new, dice)


def _hold(process: Process, requirement: Requirement, new: Side, dice: Random) -> None:
    old = Side(requirement.when.tree if requirement.when else None, requirement.condition.tree, process.facts)
    proof = relation(old, new)
    seen = {(_passes(process, old, *one), _passes(process, new, *one)) for one in _deals(process, (old, new), dice)}
    told = (requirement.condition.text, new, proof)
    refused, allowed = (True, False) in seen, (False, True) in seen
    assert not refused or proof.relation not in (Relation.SAME, Relation.LOOSER), told
    assert not allowed or proof.relation not in (Relation.SAME, Relation.STRICTER), told
    if not any(isinstance(each, (ContextRef, Call)) for tree in (*_trees(old), *_trees(new)) for each in _all(tree)):
        plain = ("", Move("act"))
        assert proof.refused is None or _told_apart(process, old, new, (proof.refused, *plain)), told
        assert proof.allowed is None or _told_apart(process, new, old, (proof.allowed, *plain)), told


def _told_apart(process: Process, one: Side, other: Side, deal: tuple[Mapping[str, Value], str, Move]) -> bool:
    return _passes(process, one, *deal) and not _passes(process, other, *deal)


def _passes(process: Process, side: Side, facts: Mapping[str, Value], stage: str, move: Move) -> bool:
    standing = deal(stage or process.main.first.id, entered_at=NOW - timedelta(days=3))
    situation = DealSituation(frame_of(process), standing, move, NOW, process.main.stages[-1].id)
    known = derive(process.facts, facts, situation)
    applies = True if side.when is None else evaluate(side.when, known, situation)
    return applies is False or (applies is True and evaluate(side.must, known, situation) is True)


def _requirements(process: Process) -> tuple[Requirement, ...]:
    found: dict[str, Requirement] = {}
    for track in process.all_tracks():
        lists = [track.always, *(each.requires for each in track.actions)]
        lists += [each for stage in track.stages for each in (stage.to_enter, stage.to_pass)]
        found |= {each.id: each for requirements in lists for each in requirements}
    return tuple(found.values())


def _changed(requirement: Requirement, dice: Random) -> Iterator[tuple[Tree | None, Tree]]:
    """The same a little otherwise: `when` and `must`."""
    when, must = requirement.when.tree if requirement.when else None, requirement.condition.tree
    yield when, must
    yield when, Not(must)
    yield None, must
    yield must, must
    yield when, _with_numbers(must, dice)
    if when is not None:
        yield Not(when), must
        yield _with_numbers(when, dice), must
        yield None, Or((Not(when), must))
    if isinstance(must, (And, Or)):
        yield when, replace(must, parts=must.parts[::-1])
        yield when, must.parts[0]
        yield when, (Or if isinstance(must, And) else And)(must.parts)
    else:
        given = next((each for each in _all(must) if isinstance(each, FactRef)), None)
        if given is not None:
            yield when, And((Call("given", (given,), must.type), must))
            yield when, Or((Not(Call("given", (given,), must.type)), must))


def _with_numbers(tree: Tree, dice: Random) -> Tree:
    """Each number in a comparison a little more or less."""
    match tree:
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(_with_numbers(each, dice) for each in parts))
        case Not(part=part):
            return Not(_with_numbers(part, dice))
        case Compare(right=Literal(value=Decimal() as value) as right):
            more = value * dice.choice((2, Decimal("0.5"))) + (1 if right.type == NUMBER else 0)
            return replace(tree, right=replace(right, value=more))
        case In(options=Literal(value=tuple() as among) as options) if len(among) > 1:
            return replace(tree, options=replace(options, value=among[1:]))
        case _:
            return tree


def _deals(process: Process, sides: tuple[Side, ...], dice: Random) -> Iterator[tuple[Mapping[str, Value], str, Move]]:
    trees = [tree for side in sides for tree in _trees(side)]
    literals = [each for tree in trees for each in _all(tree) if isinstance(each, Literal)]
    literals += [
        each
        for fact in process.facts.values()
        for row in (fact.table.rows if fact.table else ())
        if row.when
        for each in _all(row.when.tree)
        if isinstance(each, Literal)
    ]
    for _ in range(DEALS):
        share = dice.choice((0.5, 0.9, 1))
        facts = {
            name: dice.choice(_values(fact, literals))
            for name, fact in process.facts.items()
            if fact.table is None and dice.random() < share
        }
        reasons = [reason.code for action in process.main.actions for reason in action.reasons]
        move = Move(
            dice.choice(process.main.actions).id,
            reason=dice.choice(["", *reasons]),
            note=dice.choice(("", "because")),
            role=dice.choice(["", *process.roles]),
        )
        yield facts, dice.choice(process.main.stages).id, move


def _values(fact: Fact, literals: list[Literal]) -> list[Value]:
    near = [each.value for each in literals if not isinstance(each.value, (tuple, bool))]
    match fact.type.kind:
        case Kind.YES_NO:
            return [True, False]
        case Kind.CHOICE:
            return list(fact.type.choices)
        case Kind.TEXT:
            return ["", "Acme", *(value for value in near if isinstance(value, str))]
        case Kind.DATE:
            return [NOW.date() + timedelta(days=each) for each in (-40, -1, 0, 1, 29, 31, 400)]
        case Kind.DURATION:
            return [timedelta(0), timedelta(days=3), *(value for value in near if isinstance(value, timedelta))]
        case _:
            numbers = [value for value in near if isinstance(value, Decimal)] or [Decimal(100)]
            return [Decimal(0), *(value + step for value in numbers for step in (-1, 0, 1, value))]


def _trees(side: Side) -> list[Tree]:
    return [side.must] if side.when is None else [side.when, side.must]


def _all(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in children(tree):
        yield from _all(child)
