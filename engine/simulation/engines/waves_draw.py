"""One wave: a batch of deals in a stage is drawn for, waits, tries its branches, and goes on."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.numerics.dice import GOLDEN, mixed
from engine.numerics.distributions import CELLS
from engine.simulation.engines.hours import all_passed
from engine.simulation.engines.lives import life
from engine.simulation.engines.script import VISITED, masks
from engine.simulation.engines.waves_board import Batch, Board, Place, Scene, Step
from engine.simulation.plan import AGAIN, NEVER, NONE, Ints, Keys, Mask, Purpose

_MASK = (1 << 64) - 1
_VISITED = np.uint64(VISITED & _MASK)
_VISITING = np.uint64(GOLDEN)
_GRANT = np.uint64((Purpose.GRANT + 1) * GOLDEN & _MASK)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

Onward = Iterator[tuple[int, Batch]]
"""Deals that are still on their way, by the stage in which they wait."""


class Rung(NamedTuple):
    """The clock that acts first on each deal of a batch: when, where to, as which way."""

    due: Ints
    to: Ints
    way: Ints


class Drawn(NamedTuple):
    """What was drawn for a batch: the hash of who, where and how often before, the draw, and the branch (from 0)."""

    base: Keys
    draw: Keys
    tried: Ints


def go_on(board: Board, stage: int, batch: Batch) -> Onward:
    """One draw for all of a batch."""
    place, end = board.of.places[stage], board.of.end
    if place.is_end:
        return
    again = board.drawn_before(stage, batch.deal)
    drawn = _drawn(board, place, batch, again)
    now, contact, rung = _waited(board, place, batch, drawn)
    now = np.where((again > 0) & (now <= batch.since), batch.since + AGAIN, now)
    to, way = place.to[drawn.tried], place.way + drawn.tried
    is_called = np.zeros(now.size, np.bool_)
    if rung is not None:
        is_called = (rung.due < now) & (rung.due < end)
        now = np.where(is_called, np.maximum(rung.due, batch.since), now)
        to, way = np.where(is_called, rung.to, to), np.where(is_called, rung.way, way)
    is_open = now >= end
    is_refused = _refused(board, place, batch, drawn, way, now, is_called | is_open)
    if is_refused is not None:
        rows = np.flatnonzero(is_refused)
        yield stage, Batch(batch.deal[rows], batch.entered[rows], contact[rows], now[rows])
        rows = np.flatnonzero(~is_refused)
        batch, now, way, to, is_open = batch.of(rows), now[rows], way[rows], to[rows], is_open[rows]
    _leave(board, stage, batch, now, way, is_open)
    to[is_open] = NONE
    for other in place.leads:
        rows = np.flatnonzero(to == other)
        if rows.size:
            moment = now[rows]
            yield other, Batch(batch.deal[rows], moment, moment, moment)


def one_by_one(board: Board, stage: int, batch: Batch) -> Onward:
    """Each of a batch goes all its way."""
    visits, refusals = array("q"), array("q")
    barred, needs = masks(board.barred[:, batch.deal]), masks(board.needs[:, batch.deal])
    chosen, until = (np.full(batch.deal.size, NONE) if each is None else each for each in (batch.chosen, batch.until))
    columns = (batch.deal, board.keys[batch.deal], batch.entered, batch.contact, batch.since, chosen, until)
    lists = [column.tolist() for column in columns]
    for deal, key, entered, contact, since, branch, waits, its_barred, its_needs in zip(
        *lists, barred, needs, strict=True
    ):
        seen = [int(board.seen[each][deal]) if each in board.seen else 0 for each in range(len(board.of.stages))]
        start = (deal, key, stage, entered, contact, since, branch, waits, its_barred, its_needs)
        for _ in life(board.of.stages, start, seen, board.of.end, visits.extend, refusals.extend):
            pass
    board.visits.add(*np.array(visits, np.int64).reshape(-1, 5).T)
    board.refusals.add(*np.array(refusals, np.int64).reshape(-1, 4).T)
    yield from ()


def _drawn(board: Board, place: Place, batch: Batch, again: Ints) -> Drawn:
    base = board.keys[batch.deal] + place.key
    if again.any():
        base += again.astype(np.uint64) * _VISITED
    draw = mixed(base + _VISITING)
    if batch.chosen is not None:
        return Drawn(base, draw, batch.chosen - place.way)
    high, tried = draw >> _HALF, np.zeros(draw.size, np.int64)
    for upto in place.upto:
        tried += high >= upto
    return Drawn(base, draw, tried)


def _waited(board: Board, place: Place, batch: Batch, drawn: Drawn) -> tuple[Ints, Ints, Rung | None]:
    """When each tries its branch, its last contact then, and the clock that acts on it."""
    rung = _rung(board, place, batch.deal, batch.entered, batch.contact) if place.alarms else None
    if not place.steps:
        return np.full(batch.deal.size, NEVER), batch.contact, rung
    if place.alike and batch.chosen is None:
        seconds = _seconds(board.of, place.tables[drawn.tried], drawn.draw)
        return _after(board.of, place.steps[0][0], batch.since, seconds), batch.contact, rung
    now, contact = batch.since.copy(), batch.contact.copy()
    for number, steps in enumerate(place.steps):
        rows = np.flatnonzero(drawn.tried == number)
        for step in steps if rows.size else ():
            _pass(board, place, batch, drawn, step, rows, now, contact, rung)
    return now, contact, rung


def _pass(
    board: Board,
    place: Place,
    batch: Batch,
    drawn: Drawn,
    step: Step,
    rows: Ints,
    now: Ints,
    contact: Ints,
    rung: Rung | None,
) -> None:
    """A phase passes for some rows of a batch: changes ``now`` and, where it is a contact, ``contact`` and ``rung``."""
    if step.need != NONE:
        rows = rows[board.is_put(board.needs, step.need, batch.deal[rows])]
    if step.phase.own and batch.until is not None:
        now[rows] = np.maximum(batch.until[rows], batch.since[rows])
    else:
        its = drawn.draw[rows] if step.phase.own else mixed(drawn.base[rows] + step.key)
        now[rows] = _after(board.of, step, now[rows], _seconds(board.of, step.table, its))
    if rung is not None and step.phase.touches:
        rows = rows[rung.due[rows] >= now[rows]]
        contact[rows] = now[rows]
        for old, new in zip(rung, _rung(board, place, batch.deal[rows], batch.entered[rows], now[rows]), strict=True):
            old[rows] = new


def _rung(board: Board, place: Place, deal: Ints, entered: Ints, contact: Ints) -> Rung:
    rung = Rung(*(np.full(deal.size, each) for each in (NEVER, NONE, NONE)))
    for after, idle, to, way, _ in place.alarms:
        due = (contact if idle else entered) + after
        is_first = due < rung.due
        if board.any_barred(way, way + 1):
            is_first &= ~board.is_put(board.barred, way, deal)
        rung.due[is_first], rung.to[is_first], rung.way[is_first] = due[is_first], to, way
    return rung


def _seconds(of: Scene, table: Ints | int, draw: Keys) -> Ints:
    """``distributions.drawn`` of each, from the table that begins there."""
    low = (draw & _LOW).view(np.int64)
    cell, within = low >> 22, low & 0x3FFFFF
    tail = np.flatnonzero(cell == CELLS - 1)
    if tail.size:
        rest = within[tail]
        cell[tail], within[tail] = CELLS + (rest >> 12), (rest & 0xFFF) << 10
    cell += table
    within *= of.widths[cell]
    within += 1 << 21
    within >>= 22
    within += of.values[cell]
    return within


def _after(of: Scene, step: Step, moments: Ints, seconds: Ints) -> Ints:
    if step.calendar == NONE:
        return moments + seconds
    return all_passed(of.calendars, step.calendar, moments, seconds)


def _refused(
    board: Board, place: Place, batch: Batch, drawn: Drawn, way: Ints, now: Ints, is_past: Mask
) -> Mask | None:
    """Who is refused, and written down as such; ``None``: nobody. Those who are past it try nothing."""
    refused = denied = None
    if place.steps and board.any_barred(place.way, place.way + len(place.steps)):
        refused = board.is_put(board.barred, way, batch.deal) & ~is_past
    for number, (agreed, granted) in enumerate(place.approvals):
        rows = np.flatnonzero((drawn.tried == number) & ~is_past) if agreed != NONE else ()
        if len(rows):
            rows = rows[board.is_put(board.needs, agreed, batch.deal[rows])]
            denied = np.zeros(now.size, np.bool_) if denied is None else denied
            denied[rows] = (mixed(drawn.base[rows] + _GRANT) >> _HALF) >= np.uint64(granted)
    if refused is not None and denied is not None:
        denied &= ~refused
        refused = refused | denied
    elif refused is None:
        refused = denied
    if refused is None or not refused.any():
        return None
    rows = np.flatnonzero(refused)
    board.refusals.add(batch.deal[rows], way[rows], now[rows], 0 if denied is None else denied[rows])
    return refused


def _leave(board: Board, stage: int, batch: Batch, now: Ints, way: Ints, is_open: Mask) -> None:
    """Visits that end, or last beyond the end."""
    if is_open.any():
        now, way = np.where(is_open, NONE, now), np.where(is_open, NONE, way)
    board.visits.add(batch.deal, stage, batch.entered, now, way)
