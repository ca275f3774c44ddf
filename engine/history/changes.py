"""A history of changed properties: each change of the stage is a visit; what else changed is known from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.history.as_of import LATEST, Moments, last_of_each, latest_at
from engine.history.cells import MISSING
from engine.history.clean import InOrder, in_order, runs_backwards, whole_deals, without_repeats
from engine.history.columns import Coded, Codes, Mask, Rows
from engine.history.facts import Asides, Column, Named, asides
from engine.history.faults import Faults
from engine.history.keys import Times, check_deals, stage_places, times
from engine.history.properties import back_rows, others, rows_of, spread, stage_rows
from engine.history.stream import Visits
from engine.model.map import Known, Map
from engine.model.process import Process


@dataclass(frozen=True, slots=True)
class Changes:
    """The visits, and what else there is to tell: ``passed`` counts the rows of properties that the map does not read.

    ``repeated`` rows name the stage in which the deal stood already; ``truncated`` deals have as many changes as the
    source keeps, so that earlier ones may be lost.
    """

    visits: Visits
    order: InOrder
    passed: Mapping[str, int] = field(default_factory=dict)
    passed_rows: int = 0
    repeated: int = 0
    truncated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _History:
    """A sheet of changes under the eyes of this module: ``keep`` are the rows that count."""

    map_: Map
    wide: Map
    process: Process
    faults: Faults
    happened: Times
    keep: Mask
    newest_first: bool

    def rows(self, property_: str | None) -> Rows:
        if property_ is None:
            return np.zeros(0, np.intp)
        rows = np.flatnonzero(rows_of(self.map_, self.faults.sheet, property_) & self.keep)
        return rows[::-1] if self.newest_first else rows

    def moments(self, rows: Rows) -> Moments:
        """Deals and times of rows. What nobody dated was known when all that is dated had happened."""
        when = self.happened[rows]
        return Moments(self.faults.deal.codes[rows], np.where(when == MISSING, LATEST, when))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The stages entered, in order: ``source`` is the row that tells it, -1 for a first stage told by the next row."""

    deals: Codes
    stage: Codes
    happened: Times
    source: Rows
    numbers: Rows

    def taken(self, these: Mask | Rows) -> _Steps:
        return _Steps(
            self.deals[these], self.stage[these], self.happened[these], self.source[these], self.numbers[these]
        )

    @property
    def is_first(self) -> Mask:
        first = np.ones(len(self.deals), np.bool_)
        first[1:] = self.deals[1:] != self.deals[:-1]
        return first


def read_changes(map_: Map, process: Process, faults: Faults) -> Changes:
    """The visits that a sheet of the shape ``changes`` tells.

    ``map_`` names properties; ``faults.sheet`` is the sheet of the file, which is made wide here.
    """
    wide, faults.sheet = spread(map_, faults.sheet)
    check_deals(map_, faults)
    happened, wrong = times(map_.happened or "", map_, faults)
    passed, names = others(map_, faults.sheet)
    places, misread = stage_places(wide.stage, wide, process, faults)
    unknown = np.isin(faults.sheet.columns[wide.stage].codes, np.fromiter(misread, np.int32, len(misread)))
    unknown &= stage_rows(map_, faults.sheet)
    faults.note(wide.stage, unknown, misread)
    faults.unreadable |= wrong | unknown
    faults.unreadable &= ~passed
    beside = asides(wide, process, faults)

    whole = whole_deals(faults)
    keep = _with_a_stage(map_, faults, without_repeats(faults, whole & ~passed))
    newest_first = runs_backwards(faults.deal.codes[keep], happened[keep])
    history = _History(map_, wide, process, faults, happened, keep, newest_first)
    told, order = _told(history, places)
    truncated = _truncated(map_, told, len(faults.deal.texts))
    steps = _from_the_first(history, told, truncated)
    moved = steps.is_first
    moved[1:] |= steps.stage[1:] != steps.stage[:-1]
    steps = steps.taken(moved)
    return Changes(
        visits=_visits(history, steps, beside),
        order=order,
        passed=_counted(names, passed & ~whole, history),
        passed_rows=int((passed & whole).sum()),
        repeated=int((~moved).sum()),
        truncated=tuple(str(faults.deal.texts[code].as_py()) for code in np.flatnonzero(truncated)),
    )


def _counted(names: Counter[str], held: Mask, history: _History) -> Mapping[str, int]:
    """The rows of each property that is not read, without those of deals that are held back as a whole."""
    kinds = history.faults.sheet.columns[history.map_.property or ""]
    less = Counter(kinds.texts[code].as_py() for code in kinds.codes[held].tolist())
    return {name: count - less[name] for name, count in names.most_common() if count > less[name]}


def _with_a_stage(map_: Map, faults: Faults, keep: Mask) -> Mask:
    """The rows of ``keep`` whose deal has a row that tells a stage: of the others nobody can say where they stood."""
    told = np.zeros(len(faults.deal.texts), np.bool_)
    told[faults.deal.codes[keep & stage_rows(map_, faults.sheet)]] = True
    without: Mask = keep & ~told[faults.deal.codes]
    faults.leave_out(without, f"no row of its deal tells a change of '{map_.stage}'")
    return keep & ~without


def _told(history: _History, places: Codes) -> tuple[_Steps, InOrder]:
    """The changes of the stage in order of time, and how their rows stood in the file."""
    deals, sheet = history.faults.deal.codes, history.faults.sheet
    back = back_rows(history.map_, sheet)
    tells = (stage_rows(history.map_, sheet) | back) & history.keep
    order = in_order(deals, history.happened, np.flatnonzero(tells))
    rows = order.rows
    stage = _back_again(history, places, rows, back)
    steps = _Steps(deals[rows], stage, history.happened[rows], rows, sheet.numbers[rows].astype(np.intp))
    return steps.taken(stage >= 0), order


def _back_again(history: _History, places: Codes, rows: Rows, back: Mask) -> Codes:
    """The stage of each row; a deal that is open again stands where it stood, -1 where nobody told."""
    stage = places[rows]
    again = np.flatnonzero(back[rows])
    if again.size:
        moved = np.flatnonzero(rows_of(history.map_, history.faults.sheet, history.map_.stage)[rows])
        deals = history.faults.deal.codes[rows]
        # The rows are in order, so their places serve as times.
        stood = latest_at(Moments(deals[moved], moved.astype(np.int64)), Moments(deals[again], again.astype(np.int64)))
        stage[again] = _at(stage, _at(moved, stood))
    return stage


def _truncated(map_: Map, told: _Steps, deals: int) -> Mask:
    """The deals that have as many changes of the stage as the source keeps."""
    counted = np.bincount(told.deals, minlength=deals)
    found: Mask = counted >= map_.truncated_at if map_.truncated_at else np.zeros(deals, np.bool_)
    return found


def _from_the_first(history: _History, told: _Steps, truncated: Mask) -> _Steps:
    """With the stage before the first change, dated where a row says when the deal was made.

    Where earlier changes may be lost, nobody can say when the first stage that is left was entered.
    """
    first = np.flatnonzero(told.is_first)
    before = _stage_before(history, told.source[first])
    has = before >= 0
    born = history.rows(history.map_.created)
    created = _at(born, last_of_each(history.moments(born), Moments(told.deals[first], None)))
    dated = has & (created >= 0) & ~truncated[told.deals[first]]
    added = _Steps(
        deals=told.deals[first],
        stage=before,
        happened=np.where(dated, history.happened[created], MISSING),
        source=np.where(dated, created, -1),
        numbers=np.where(dated, history.faults.sheet.numbers[created], told.numbers[first]).astype(np.intp),
    ).taken(has)
    lost = truncated[told.deals] & told.is_first
    lost[first[has]] = False
    happened = np.where(lost, MISSING, told.happened)
    order = np.argsort(np.concatenate([np.flatnonzero(told.is_first)[has] * 2, np.arange(len(told.deals)) * 2 + 1]))
    return _Steps(
        np.concatenate([added.deals, told.deals]),
        np.concatenate([added.stage, told.stage]).astype(np.int32),
        np.concatenate([added.happened, happened]),
        np.concatenate([added.source, told.source]),
        np.concatenate([added.numbers, told.numbers]),
    ).taken(order)


def _stage_before(history: _History, rows: Rows) -> Codes:
    """The stage before the change in each of these rows; -1 where none is named, or cannot be read (noted)."""
    column = history.wide.before
    if column is None:
        return np.full(len(rows), -1, np.int32)
    places, wrong = stage_places(column, history.wide, history.process, history.faults)
    cells = history.faults.sheet.columns[column]
    asked = np.zeros(len(places), np.bool_)
    asked[rows] = True
    named = {code: error for code, error in wrong.items() if cells.texts[code].as_py()}
    history.faults.note(column, asked & np.isin(cells.codes, np.fromiter(named, np.int32, len(named))), named)
    return places[rows]


def _visits(history: _History, steps: _Steps, beside: Asides) -> Visits:
    """The steps with what was known at each of them, as ``stream`` reads them."""
    faults, map_ = history.faults, history.map_
    at = Moments(steps.deals, _since(steps))
    facts: list[Named] = []
    late: list[Named] = []
    for named in beside.facts[Known.MOVE]:
        rows = history.rows(map_.facts[named.fact].column)
        known, last = _known(history, rows, at)
        facts.append(Named(named.fact, _picked(named.column, known)))
        is_last = np.roll(steps.is_first, -1)
        after = np.where(is_last & (last != known), last, -1)
        since = np.where(after >= 0, history.happened[after], MISSING) if len(after) else history.happened[:0]
        late.append(Named(named.fact, _picked(named.column, after), since))
    owner = None
    if beside.owner is not None:
        owner = _picked(beside.owner, _known(history, history.rows(map_.owner), at)[1])
    reason = None
    if beside.reason is not None and map_.reason is not None:
        reason = _picked(beside.reason, _reasons(history, steps, history.rows(map_.reason.column), at))
    actor = None if beside.actor is None else _picked(beside.actor, steps.source)
    note = None if beside.note is None else _picked(beside.note, steps.source)
    none: dict[Known, tuple[Named, ...]] = dict.fromkeys(Known, ())
    return Visits(
        deals=Coded(faults.deal.texts, steps.deals),
        stage=steps.stage,
        happened=steps.happened,
        numbers=steps.numbers.astype(np.int32),
        asides=Asides(owner, actor, reason, note, {**none, Known.MOVE: tuple(facts), Known.UNKNOWN: tuple(late)}),
    )


def _since(steps: _Steps) -> Times:
    """When each step was taken; for one that nobody dated, when the one before it was."""
    here = np.arange(len(steps.deals))
    certain = (steps.happened != MISSING) | steps.is_first
    last: Times = steps.happened[np.maximum.accumulate(np.where(certain, here, 0))]
    return last


def _known(history: _History, rows: Rows, at: Moments) -> tuple[Rows, Rows]:
    """The last of the rows at or before each moment, and the last of all of the deal; -1 where there is none."""
    moments = history.moments(rows)
    return _at(rows, latest_at(moments, at)), _at(rows, last_of_each(moments, at))


def _reasons(history: _History, steps: _Steps, rows: Rows, at: Moments) -> Rows:
    """The row that gives the reason of each step: one given since the step before, for an end also one given later."""
    known, last = _known(history, rows, at)
    assert at.times is not None  # noqa: S101 - the steps have times
    before = np.where(steps.is_first, MISSING, np.roll(at.times, 1))
    fresh = np.where((known >= 0) & (history.happened[known] > before), known, -1)
    ends = np.array([bool(stage.ends) for stage in history.process.main.stages], np.bool_)
    closing = np.roll(steps.is_first, -1) & ends[steps.stage] & (fresh < 0) & (last != known)
    return np.where(closing, last, fresh)


def _picked(column: Column, rows: Rows) -> Column:
    return Column(_at(column.codes, rows).astype(np.int32), column.get)


def _at(values: npt.NDArray[Any], places: Rows) -> npt.NDArray[Any]:
    """The values at these places; -1 where the place is."""
    return np.where(places >= 0, values[places], -1) if values.size else np.full(len(places), -1)
