"""One side as a formula of Z3, three-valued: a condition is two formulas, *is true* and *is false*.

A value is a pair: a formula for *is known*, and the value itself.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import z3

from engine.conditions.decision_table import in_order, read_by
from engine.conditions.evaluate import COMPARISONS
from engine.conditions.functions import FUNCTIONS
from engine.conditions.prove_sides import Side, near, whole
from engine.conditions.prove_world import DAY, LAST_DAY, LONGEST, Formula, NotEncoded, Valued, World
from engine.model.rule import DecisionTable, Hit, Row
from engine.model.syntax import (
    NUMBER,
    YES_NO,
    And,
    Arithmetic,
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
)

_NUMERIC: Mapping[str, Callable[[Any, Any], Any]] = {"+": python.add, "-": python.sub, "*": python.mul}


class Encoder:
    """The conditions of one side over the terms of a world."""

    def __init__(self, side: Side, world: World) -> None:
        self._side = side
        self._world = world
        self._reckoned: dict[str, Valued] = {}
        order = in_order(near(side))
        if any(other in order[at:] for at, name in enumerate(order) for other in read_by(side.facts, name)):
            raise NotEncoded  # a circle of tables: what is unknown in it depends on who is asked first

    def passes(self) -> Formula:
        """The deals that the side lets pass."""
        return self._holds(whole(self._side), yes=True)

    def _holds(self, tree: Tree, *, yes: bool) -> Formula:
        """The condition is true (``yes``), or it is false; both are denied where it is unknown."""
        match tree:
            case And(parts=parts) | Or(parts=parts):
                found = [self._holds(part, yes=yes) for part in parts]
                return self._world.all_of(found) if isinstance(tree, And) is yes else self._world.any_of(found)
            case Not(part=part):
                return self._holds(part, yes=not yes)
            case Compare(left=left) if left.type.kind is Kind.YES_NO:
                return self._same(tree, yes=yes)
            case In(options=Literal(value=())):
                return self._world.written(value=False) if yes else self._world.written(value=True)
            case Call(function="given" | "blank" | "done" | "reached"):
                found = self._test(tree)
                return found if yes else z3.Not(found)
        known, value = self._leaf(tree)
        return z3.And(known, value if yes else z3.Not(value))

    def _same(self, tree: Compare, *, yes: bool) -> Formula:
        true, false = self._holds(tree.left, yes=True), self._holds(tree.left, yes=False)
        also_true, also_false = self._holds(tree.right, yes=True), self._holds(tree.right, yes=False)
        if (tree.operator == "==") is yes:
            return z3.Or(z3.And(true, also_true), z3.And(false, also_false))
        return z3.Or(z3.And(true, also_false), z3.And(false, also_true))

    def _test(self, tree: Call) -> Formula:
        """What is never unknown."""
        subject_tree = tree.arguments[0]
        if tree.function == "done":
            return self._count(tree) >= 1
        if tree.function == "reached":
            return self._world.term(Call("reached", tree.arguments, YES_NO))[1]
        known, value = self._value(subject_tree)
        if tree.function == "given":
            return known
        if subject_tree.type.kind not in (Kind.TEXT, Kind.CHOICE):
            return z3.Not(known)
        return z3.Or(z3.Not(known), self._world.of_texts("blank", (subject_tree,), (value,)))

    def _count(self, tree: Call) -> Formula:
        return self._world.term(Call("count", tree.arguments, NUMBER))[1]

    def _leaf(self, tree: Tree) -> Valued:
        match tree:
            case Compare(operator=operator, left=left, right=right):
                (known, one), (also, other) = self._value(left), self._value(right)
                return z3.And(known, also), COMPARISONS[operator](one, other)
            case In(item=item, options=Literal(value=tuple() as options)):
                known, value = self._value(item)
                return known, self._world.any_of([value == self._world.written(option) for option in options])
        return self._value(tree)

    def _value(self, tree: Tree) -> Valued:
        match tree:
            case Literal(value=value):
                return self._world.written(value=True), self._world.written(value)
            case FactRef(name=name):
                return self._fact(name, tree)
            case ContextRef(name=name):
                known, value = self._world.term(ContextRef(name, self._world.types[name]))
                return known, z3.ToReal(value) if name == "days_in_stage" else value
            case Arithmetic():
                return self._reckon(tree)
            case Call(function="count"):
                return self._world.written(value=True), z3.ToReal(self._count(tree))
            case Call(function="since"):
                self._count(tree)
                return self._world.term(Call("since", tree.arguments, tree.type))
            case Call(function=function, arguments=arguments) if FUNCTIONS[function].apply is not None:
                values = [self._value(argument) for argument in arguments]
                given = self._world.of_texts(function, arguments, tuple(value for _, value in values))
                known = self._world.all_of([known for known, _ in values])
                return known, z3.ToReal(given) if function == "size" else given
        true, false = self._holds(tree, yes=True), self._holds(tree, yes=False)
        return z3.Or(true, false), true

    def _fact(self, name: str, tree: FactRef) -> Valued:
        declared = self._side.facts.get(name)
        if declared is not None and declared.table is not None:
            if name not in self._reckoned:
                self._reckoned[name] = self._table(declared.table)
            return self._reckoned[name]
        known, value = self._world.term(FactRef(name, self._world.types.get(name, tree.type)))
        if declared is None or declared.default is None:
            return known, value
        return self._world.written(value=True), z3.If(known, value, self._world.written(declared.default))

    def _reckon(self, tree: Arithmetic) -> Valued:
        (known, left), (also, right) = self._value(tree.left), self._value(tree.right)
        both = z3.And(known, also)
        kinds = (tree.left.type.kind, tree.right.type.kind)
        if not {Kind.DATE, Kind.DURATION} & set(kinds):
            return (
                both,
                left * right if tree.operator == "*" else left + right if tree.operator == "+" else left - right,
            )
        if kinds == (Kind.DATE, Kind.DATE):
            return both, (left - right) * DAY
        if Kind.DATE not in kinds:
            total = _NUMERIC[tree.operator](left, right)
            return z3.And(both, total >= LONGEST[0], total <= LONGEST[1]), total
        day, span = (left, right) if kinds[0] is Kind.DATE else (right, left)
        # Hours are dropped from what is added to a date: division rounds down, as Python's days do.
        total = day + span / DAY if tree.operator == "+" else day - span / DAY
        return z3.And(both, total >= 1, total <= LAST_DAY), total

    def _table(self, table: DecisionTable) -> Valued:
        rows = [self._row(row) for row in table.rows]
        if table.hit is Hit.SUM:
            return self._sum(table, rows)
        known, value = self._world.written(value=False), self._world.written(table.rows[0].then)
        if table.hit is Hit.FIRST:
            for (true, false), row in zip(reversed(rows), reversed(table.rows), strict=True):
                known = z3.Or(true, z3.And(false, known))
                value = z3.If(true, self._world.written(row.then), value)
            return known, value
        decided = [z3.Or(true, false) for true, false in rows]
        once = z3.PbEq([(true, 1) for true, _ in rows], 1)
        for (true, _), row in zip(rows, table.rows, strict=True):
            value = z3.If(true, self._world.written(row.then), value)
        return self._world.all_of([*decided, once]), value

    def _row(self, row: Row) -> Valued:
        when = Literal(value=True, type=YES_NO) if row.when is None else row.when.tree
        return self._holds(when, yes=True), self._holds(when, yes=False)

    def _sum(self, table: DecisionTable, rows: list[Valued]) -> Valued:
        spans = [row.then for row in table.rows if isinstance(row.then, timedelta)]
        if sum((abs(span // timedelta(microseconds=1)) for span in spans), 0) > LONGEST[1]:
            raise NotEncoded
        nothing = self._world.written(timedelta(0) if spans else Decimal(0))
        terms = [
            z3.If(true, self._world.written(row.then), nothing)
            for (true, _), row in zip(rows, table.rows, strict=True)
            if isinstance(row.then, timedelta if spans else Decimal)
        ]
        known = self._world.all_of([z3.Or(true, false) for true, false in rows])
        return known, z3.Sum([nothing, *terms])
