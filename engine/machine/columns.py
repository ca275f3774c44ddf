"""Many deals as columns: each thing that conditions read is gathered once, when it is first read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.machine.compile import Machine
from engine.machine.tracks import stage_of
from engine.machine.vectors import (
    DAY,
    MICROSECOND,
    Bools,
    Inexact,
    Ints,
    Numbers,
    Texts,
    Truth,
    Vector,
    sure,
    vector_of,
)
from engine.model.deal import Deal
from engine.model.names import MAIN

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = _EPOCH.toordinal()
_QUARTER = timedelta(minutes=15) // MICROSECOND
_Made = TypeVar("_Made")
Rows = slice | NDArray[np.intp]
"""Some rows: a stretch of them, or their numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """How often something was done to each deal, and when last in microseconds since 1970 (or ``UNDATED``)."""

    count: Ints
    last: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Deals of one process, in the order of their main stages, so that the deals of a stage are one stretch.

    ``places`` says for each row which of the deals given it is, counted from 0. ``made`` keeps what was gathered.
    """

    machine: Machine
    deals: tuple[Deal, ...]
    places: NDArray[np.int32]
    stretches: Mapping[str, slice]
    made: dict[tuple[str, str], object] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """The bytes of all columns gathered so far, facts and all."""
        return self.places.nbytes + sum(_nbytes(column) for column in self.made.values())

    def fact(self, name: str) -> Vector | None:
        """A fact, or its default; ``None`` where no deal has it. Raises ``Inexact`` where no column can hold it."""
        default = self.machine.frame.defaults.get(name)
        return self._made("fact", name, lambda: vector_of([deal.facts.get(name, default) for deal in self.deals]))

    def rows(self, track: str, stage: str) -> Rows:
        """The rows of the deals that stand in a stage of a track."""
        if track == MAIN:
            stretch: Rows = self.stretches.get(stage, slice(0, 0))
            return stretch
        stages = self.track(track)
        code = stages.labels.index(stage) if stage in stages.labels else -1
        found: Rows = np.flatnonzero(stages.codes == code)
        return found

    def track(self, name: str) -> Texts:
        """The stage of each deal in a track."""
        track = self.machine.process.track(name)
        if track is None:
            raise Inexact
        return self._made("track", name, lambda: _texts(stage_of(deal, track) for deal in self.deals))

    def entered(self) -> Ints:
        """When each deal entered its main stage, in microseconds since 1970."""
        return self._made("entered", "", lambda: _ints(microseconds(deal.entered_at) for deal in self.deals))

    def past(self, name: str) -> Past:
        """What was done to each deal: a touchpoint or, where none has that name, an action."""
        return self._made("past", name, lambda: self._past(name))

    def reached(self, stage: str) -> Truth:
        """Whether each deal has reached a main stage."""
        implied = self.machine.frame.reaching.get(stage, frozenset())
        return self._made(
            "reached", stage, lambda: sure(_bools(not implied.isdisjoint(deal.visited) for deal in self.deals))
        )

    def granted(self) -> Bools:
        """Which deals have any approval."""
        return self._made("granted", "", lambda: _bools(bool(deal.grants) for deal in self.deals))

    def _past(self, name: str) -> Past:
        touched = name in self.machine.frame.touchpoints
        found = [(deal.touches if touched else deal.actions).get(name) for deal in self.deals]
        count = _ints(times.count if times else 0 for times in found)
        return Past(count, _ints(microseconds(times.last_at) if times else 0 for times in found))

    def _made(self, kind: str, name: str, make: Callable[[], _Made]) -> _Made:
        return made_once(self.made, (kind, name), make)


def made_once(made: dict[tuple[str, str], object], key: tuple[str, str], make: Callable[[], _Made]) -> _Made:
    """What was made under this key, made when it is first asked for. Raises ``Inexact`` each time where making did."""
    if key not in made:
        try:
            made[key] = make()
        except Inexact as inexact:
            made[key] = inexact
    found = made[key]
    if isinstance(found, Inexact):
        raise found
    return cast("_Made", found)


def gather(machine: Machine, deals: Iterable[Deal]) -> Columns:
    """The columns of deals that all stand on the machine's version."""
    order = {stage.id: number for number, stage in enumerate(machine.process.main.stages)}
    given = tuple(deals)
    numbers = np.fromiter((order.get(deal.stage, -1) for deal in given), np.int32, len(given))
    places = np.argsort(numbers, kind="stable").astype(np.int32)
    sizes = np.searchsorted(numbers[places], np.arange(len(order) + 1))
    stretches = {stage: slice(int(sizes[number]), int(sizes[number + 1])) for stage, number in order.items()}
    return Columns(machine, tuple(given[place] for place in places), places, stretches)


def microseconds(moment: datetime) -> int:
    """A moment in UTC, in microseconds since 1970."""
    return (moment - _EPOCH) // MICROSECOND


def local_days(moments: Ints, zone: tzinfo) -> Ints:
    """The day of each moment (in microseconds since 1970) in a time zone, as days since year 1."""
    if zone is UTC:
        return moments // DAY + _FIRST_DAY
    # A zone changes its clock at a full quarter of an hour; where it once did not, each moment is asked.
    quarters, which = np.unique(moments // _QUARTER, return_inverse=True)
    edges = [
        (_offset(quarter * _QUARTER, zone), _offset((quarter + 1) * _QUARTER - 1, zone))
        for quarter in quarters.tolist()
    ]
    offsets = np.fromiter((begun for begun, _ in edges), np.int64, len(edges))[which]
    odd = np.fromiter((begun != ended for begun, ended in edges), np.bool_, len(edges))[which]
    for place in np.flatnonzero(odd).tolist():
        offsets[place] = _offset(int(moments[place]), zone)
    return (moments + offsets) // DAY + _FIRST_DAY


def _offset(moment: int, zone: tzinfo) -> int:
    then = (_EPOCH + moment * MICROSECOND).astimezone(zone).utcoffset()
    return then // MICROSECOND if then is not None else 0


def _texts(stages: Iterable[str]) -> Texts:
    found = vector_of([*stages])
    return found if isinstance(found, Texts) else Texts(np.empty(0, np.int32), ())


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _bools(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, np.bool_)


def _nbytes(column: object) -> int:
    if isinstance(column, np.ndarray):
        return int(column.nbytes)
    if isinstance(column, Truth):
        return column.yes.nbytes + column.no.nbytes
    if isinstance(column, Numbers):
        return column.values.nbytes + column.known.nbytes
    if isinstance(column, Texts):
        return column.codes.nbytes
    return column.count.nbytes + column.last.nbytes if isinstance(column, Past) else 0
