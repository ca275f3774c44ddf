"""The terms of one deal as Z3 knows them, and what holds of them in every deal.

Numbers are exact fractions, dates whole days, durations microseconds, texts and choices numbers that stand for them.
What texts hold (``contains``, ``size``) is told of the texts that are written in the conditions only, so a formula may
allow more than can be; never less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import z3

from engine.conditions.evaluate import NUMERIC
from engine.conditions.functions import FUNCTIONS, is_blank, lower
from engine.conditions.imagine import subject
from engine.conditions.linear import whole
from engine.conditions.solve import texts_apart, texts_imply
from engine.model.syntax import NUMBER, YES_NO, Call, ContextRef, Kind, Literal, Tree, Type, Value

DAY = timedelta(days=1) // timedelta(microseconds=1)
LAST_DAY = date.max.toordinal()
LONGEST = (timedelta.min // timedelta(microseconds=1), timedelta.max // timedelta(microseconds=1))
_TESTS = ("contains", "starts_with", "ends_with")
_MOST_PAIRS = 400

Formula = Any
"""A formula or a value of Z3, which has no types to tell."""

Valued = tuple[Formula, Formula]
"""Whether it is known, and the value."""


class NotEncoded(Exception):
    """Something cannot be said exactly in the language of the prover."""


class World:
    """What both sides share: the terms of one deal, and what holds of them in every deal."""

    def __init__(self, types: Mapping[str, Type]) -> None:
        self.context = z3.Context()
        self.types = types
        self.terms: dict[Tree, Valued] = {}
        self._codes: dict[str, int] = {}
        self._applied: dict[tuple[str, tuple[Any, ...]], tuple[Formula, ...]] = {}
        self._of: dict[tuple[str, tuple[Any, ...]], tuple[Tree, ...]] = {}

    def term(self, term: Tree) -> Valued:
        """Whether the term is known, and its value."""
        if term not in self.terms:
            name = repr(len(self.terms))
            known = z3.Bool(f"known {name}", self.context)
            self.terms[term] = (known, self._unknown(f"value {name}", term))
        return self.terms[term]

    def _unknown(self, name: str, term: Tree) -> Formula:
        if term.type.kind is Kind.YES_NO:
            return z3.Bool(name, self.context)
        if term.type.kind in NUMERIC and not whole(term):
            return z3.Real(name, self.context)
        return z3.Int(name, self.context)

    def all_of(self, parts: Sequence[Formula]) -> Formula:
        """All the parts hold."""
        return z3.And(*parts) if parts else self.written(value=True)

    def any_of(self, parts: Sequence[Formula]) -> Formula:
        """One of the parts holds."""
        return z3.Or(*parts) if parts else self.written(value=False)

    def written(self, value: Value) -> Formula:
        """A value that is written out."""
        match value:
            case bool():
                return z3.BoolVal(value, self.context)
            case Decimal():
                exact = Fraction(value)
                return z3.RatVal(exact.numerator, exact.denominator, self.context)
            case date():
                return z3.IntVal(value.toordinal(), self.context)
            case timedelta():
                return z3.IntVal(value // timedelta(microseconds=1), self.context)
            case str():
                return z3.IntVal(self._code(value), self.context)
        raise NotEncoded

    def text_of(self, code: int) -> str | None:
        """The text that a number stands for, if it stands for one that is written somewhere."""
        return next((text for text, known in self._codes.items() if known == code), None)

    def _code(self, text: str) -> int:
        return self._codes.setdefault(text, len(self._codes))

    def of_texts(self, function: str, trees: tuple[Tree, ...], values: tuple[Formula, ...]) -> Formula:
        """A function of texts, of which is known only what ``facts_of_texts`` tells."""
        key = (function, tuple(value.get_id() for value in values))
        self._applied[key] = values
        self._of[key] = trees
        return self._symbol(function, len(values))(*values)

    def _symbol(self, function: str, arity: int) -> Formula:
        whole_number = z3.IntSort(self.context)
        gives = whole_number if function in ("size", "lower") else z3.BoolSort(self.context)
        return z3.Function(function, *([whole_number] * arity), gives)

    def natural(self) -> list[Formula]:
        """What holds of the terms in every deal."""
        found = self._of_texts()
        for term, (known, value) in list(self.terms.items()):
            found += self._bounds(term, known, value)
        return found

    def _bounds(self, term: Tree, known: Formula, value: Formula) -> list[Formula]:
        match term:
            case ContextRef(name="today" | "days_in_stage" | "probability" | "to"):
                return _of_word(term.name, known, value)
            case Call(function="count"):
                return [value >= 0, known == (value >= 1)]
            case Call(function="since"):
                times = self.terms.get(Call("count", term.arguments, NUMBER))
                return [value >= 0, value <= LONGEST[1], *([] if times is None else [known == (times[1] >= 1)])]
            case Call(function="reached"):
                stage = self.terms.get(ContextRef("stage", self.types.get("stage", YES_NO)))
                return [known == value] + ([] if stage is None else [self._stands_there(term, value, stage)])
        if term.type.choices:
            return [self.any_of([value == self.written(choice) for choice in term.type.choices])]
        if term.type.kind is Kind.DATE:
            return [value >= 1, value <= LAST_DAY]
        if term.type.kind is Kind.DURATION:
            return [value >= LONGEST[0], value <= LONGEST[1]]
        return []

    def _stands_there(self, reached: Call, value: Formula, stage: Valued) -> Formula:
        # Who stands in a stage has reached it.
        here = z3.And(stage[0], stage[1] == self.written(subject(reached)))
        return z3.Implies(here, value)

    def _of_texts(self) -> list[Formula]:
        """What functions of texts give for each text that is written, and how tests of one text hang together."""
        found: list[Formula] = []
        for term in self.terms:
            for choice in term.type.choices:
                self._code(choice)
        for text in list(self._codes):
            self._code(lower(text))
        for (function, _), values in list(self._applied.items()):
            if len(self._codes) ** len(values) <= _MOST_PAIRS:
                found += self._examples(function, len(values))
        for key, values in self._applied.items():
            found += self._laws(key[0], self._of[key], values)
        return found

    def _examples(self, function: str, arity: int) -> list[Formula]:
        symbol = self._symbol(function, arity)
        found = []
        for texts in product(list(self._codes), repeat=arity):
            given: Any = is_blank(texts[0]) if function == "blank" else _apply(function, texts)
            if isinstance(given, str):
                given = self._code(given)
            value = int(given) if isinstance(given, Decimal) else given
            found.append(symbol(*(z3.IntVal(self._codes[text], self.context) for text in texts)) == value)
        return found

    def _laws(self, function: str, trees: tuple[Tree, ...], values: tuple[Formula, ...]) -> list[Formula]:
        holds = self._symbol(function, len(values))(*values)
        if function == "size":
            return [holds >= 0, (holds == 0) == (values[0] == self.written(""))]
        if function == "lower":
            # No text is lowered to one with capitals, and lowering twice changes nothing.
            capitals = [text for text in self._codes if lower(text) != text]
            return [self._symbol("lower", 1)(holds) == holds, *(holds != self._codes[text] for text in capitals)]
        if function in _TESTS and values[0].get_id() == values[1].get_id():
            return [holds]  # every text contains, and begins and ends with, itself
        if function in _TESTS and isinstance(trees[1], Literal):
            return self._of_test(function, trees[0], str(trees[1].value), values[0], holds)
        return []

    def _of_test(self, function: str, tree: Tree, part: str, text: Formula, holds: Formula) -> list[Formula]:
        size = self._symbol("size", 1)(text)
        found = [z3.Implies(holds, size >= len(part)), size >= 0]
        if isinstance(tree, Call) and tree.function == "lower" and lower(part) != part:
            found.append(z3.Not(holds))
        if not part:
            found.append(holds)
        if not is_blank(part):
            found.append(z3.Implies(holds, z3.Not(self._symbol("blank", 1)(text))))
        for key, (other_text, *_) in self._applied.items():
            written = self._of[key][-1]
            if key[0] not in _TESTS or not isinstance(written, Literal) or other_text.get_id() != text.get_id():
                continue
            also = self._symbol(key[0], 2)(*self._applied[key])
            if texts_imply(function, part, key[0], str(written.value)):
                found.append(z3.Implies(holds, also))
            if texts_apart(function, part, key[0], str(written.value)):
                found.append(z3.Not(z3.And(holds, also)))
        return found


def _of_word(word: str, known: Formula, value: Formula) -> list[Formula]:
    match word:
        case "today":
            return [known, value >= 1, value <= LAST_DAY]
        case "days_in_stage":
            return [value >= 0]
        case "probability":
            return [value >= 0, value <= 1]
    return []  # a move may also lead to another process


def _apply(function: str, texts: tuple[str, ...]) -> Value:
    apply = FUNCTIONS[function].apply
    if apply is None:
        raise NotEncoded
    return apply(*texts)
