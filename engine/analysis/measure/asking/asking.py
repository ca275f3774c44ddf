"""Conditions and amounts asked of all deals at once, as they stand at the end of the follow-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

import numpy as np

from engine.analysis.journeys import Journeys, moment
from engine.analysis.measure.asking.columns import DealColumns
from engine.analysis.measure.asking.seen import DealSeen
from engine.analysis.touches import Touched
from engine.machine.compile import compile_process
from engine.machine.requirements import of_tree, reckoned_from
from engine.machine.vectorised import truth, values
from engine.machine.vectors import MICROSECOND, Inexact, Measure, Numbers, Texts, Truth
from engine.model.syntax import ContextRef, Tree, Value, walk
from engine.tables.coded import Mask

_EXACT = Context(prec=6000)
_WORDS = ("action", "reason", "reason.group")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an expression comes to for each deal, exactly: whole numbers to be divided by ten to the ``scale``.

    Microseconds where ``is_span``. 0 where nothing is ``known``; ``values`` are Python's own where 64 bits are few.
    """

    values: np.ndarray[Any, Any]
    known: Mask
    scale: int
    is_span: bool


@dataclass(frozen=True, slots=True, eq=False)
class Everyone:
    """All deals of a look at them, as conditions ask them. Fits ``machine.crowd.Asked``.

    What a tree came to is kept in ``told``, for it may be asked again and again.
    """

    columns: DealColumns
    words: dict[str, str | Texts]
    now: datetime
    told: dict[tuple[str, Tree], object] = field(default_factory=dict)

    @property
    def rows(self) -> slice:
        """All of them."""
        return slice(0, self.count)

    @property
    def stage(self) -> str:
        """They differ."""
        return ""

    @property
    def count(self) -> int:
        """How many they are."""
        return self.columns.told.count

    def holds(self, tree: Tree) -> Truth:
        """Of which deals a condition is true, and of which it is false."""
        key = ("holds", tree)
        found = self.told.get(key)
        if not isinstance(found, Truth):
            found = self.told[key] = self._holds(tree)
        return found

    def amounts(self, tree: Tree) -> Amounts:
        """What a number, money, percent or duration comes to."""
        key = ("amounts", tree)
        found = self.told.get(key)
        if not isinstance(found, Amounts):
            found = self.told[key] = self._amounts(tree)
        return found

    def one_by_one(self, tree: Tree) -> Iterator[Value | None]:
        """What an expression comes to for each deal, asked of one at a time."""
        test, machine = of_tree(tree).test, self.columns.machine
        named = [name for name, fact in machine.process.facts.items() if fact.table is None]
        recorded = [self.columns.recorded(name) for name in named]
        for place in range(self.count):
            facts = {name: each[place] for name, each in zip(named, recorded, strict=True)}
            known = {name: value for name, value in facts.items() if value is not None}
            seen = DealSeen(self.columns, place, self.now)
            yield test(machine.frame.derive(known, seen), seen)

    def _holds(self, tree: Tree) -> Truth:
        try:
            self._prepare(tree)
            found = truth(tree, self)
            return Truth(*(np.broadcast_to(each, self.count) for each in (found.yes, found.no)))
        except Inexact:
            told = [*self.one_by_one(tree)]
            return Truth(*(np.array([each is want for each in told], np.bool_) for want in (True, False)))

    def _amounts(self, tree: Tree) -> Amounts:
        try:
            self._prepare(tree)
            found = values(tree, self)
            if found is None:
                return Amounts(np.zeros(self.count, np.int64), np.zeros(self.count, np.bool_), 0, is_span=False)
            if not isinstance(found, Numbers):
                raise Inexact
            known = np.broadcast_to(found.known, self.count)
            whole = np.where(known, np.broadcast_to(found.values, self.count), 0)
            return Amounts(whole, known, found.scale, found.measure is Measure.MICROSECOND)
        except Inexact:
            return _exact([*self.one_by_one(tree)])

    def _prepare(self, tree: Tree) -> None:
        """Gathers the words that it reads."""
        for each in reckoned_from(self.columns.machine.process, tree):
            for node in walk(each):
                if isinstance(node, ContextRef) and node.name in _WORDS:
                    self.words[node.name] = self.columns.word(node.name)


def everyone(told: Journeys, contacts: Touched) -> Everyone:
    """The deals to be asked, in the words of their process, and their contacts."""
    machine = compile_process(told.process)
    return Everyone(DealColumns(machine, told, contacts), {}, moment(told.until) or datetime.fromtimestamp(0, UTC))


def _exact(told: list[Value | None]) -> Amounts:
    """The same of values that were asked for one by one."""
    known = np.array([each is not None for each in told], np.bool_)
    scale = max((_places(each) for each in told if isinstance(each, Decimal)), default=0)
    whole = [
        each // MICROSECOND
        if isinstance(each, timedelta)
        else int(each.scaleb(scale, _EXACT))
        if isinstance(each, Decimal)
        else 0
        for each in told
    ]
    return Amounts(np.array(whole, object), known, scale, any(isinstance(each, timedelta) for each in told))


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
