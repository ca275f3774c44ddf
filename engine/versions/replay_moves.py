"""Past moves as columns, in the order of deal and number, and what each of their names became in another version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from engine.machine.columns import microseconds
from engine.machine.vectors import Texts
from engine.model.names import MAIN
from engine.model.process import Process, Split
from engine.tables.build import Tables
from engine.tables.coded import (
    NEVER,
    Ints,
    Mask,
    codes,
    in_one_piece,
    in_order,
    kept,
    moments,
    places,
    where,
    whole_numbers,
)
from engine.versions.became import Became, became


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """A column of names: which of the ``values`` each row has."""

    codes: Ints
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PastMoves:
    """All that deals entered in one process, in whatever version, side tracks too: one row each.

    ``deal`` is the row in ``tables.deals``; ``key`` orders rows by deal and number. ``start`` is the row with which a
    deal's stay in the process begins. ``at`` is in microseconds since 1970; what nobody dated has the next time known.
    ``version`` is a place in ``versions``. ``before`` is the row of the main track before this one in the same stay
    (-1: none). ``migrated``: nobody moved, the deal came to another version.
    """

    tables: Tables
    deal: Ints
    key: Ints
    width: int
    start: Ints
    at: Ints
    dated: Mask
    version: Ints
    versions: tuple[int, ...]
    track: Names
    action: Names
    source: Names
    target: Names
    reason: Names
    is_main: Mask
    before: Ints
    migrated: Mask

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.deal)

    @property
    def begins(self) -> Mask:
        """With which rows a stay begins."""
        found: Mask = self.start == np.arange(self.count)
        return found

    @property
    def starts(self) -> Mask:
        """Which rows are starts: they come from nowhere."""
        found: Mask = self.begins & (self.source.codes == _code(self.source, ""))
        return found

    @property
    def arrived(self) -> Mask:
        """Which rows are arrivals from another process."""
        return self.begins & ~self.starts


def past_moves(tables: Tables, process: str, *, as_of: datetime) -> PastMoves:
    """The moves of that process in the tables."""
    tables = _joined(tables)
    deal = places(tables.moves, "deal", tables.deals)
    seq = whole_numbers(tables.moves, "seq")
    # Facts and verdicts have numbers beyond the last move's.
    numbered = (tables.moves, tables.facts, tables.verdicts)
    width = 1 + max(int(whole_numbers(table, "seq").max(initial=0)) for table in numbered)
    key = deal * width + seq
    table = tables.moves
    if (np.diff(key) <= 0).any():
        order = np.argsort(key, kind="stable")
        table, deal, key = in_order(table, order), deal[order], key[order]
    here = where(table, "process", process)
    begins = _begins(deal, here)[here]
    table, deal, key = kept(table, here), deal[here], key[here]
    start = np.maximum.accumulate(np.where(begins, np.arange(len(deal)), 0)) if len(deal) else deal
    told = moments(table, "entered_at")
    version, numbers = codes(table, "version")
    track, action, source, target, reason = (
        Names(*codes(table, name)) for name in ("track", "action", "from_stage", "to_stage", "reason")
    )
    is_main = track.codes == _code(track, MAIN)
    unmoved = (action.codes == _code(action, "")) & ~begins
    unmoved[1:] &= version[1:] != version[:-1]
    return PastMoves(
        tables,
        deal,
        key,
        width,
        start,
        _timed(told, deal, microseconds(as_of)),
        told != NEVER,
        version,
        tuple(numbers),
        track,
        action,
        source,
        target,
        reason,
        is_main,
        last_before(is_main, start),
        unmoved,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """What the ids of old versions became: by place of the version in ``PastMoves.versions``."""

    became: tuple[Became, ...]

    def fact(self, name: str, known: Mapping[str, object]) -> str:
        """What a fact is called now; its own name where no version says more."""
        names = [each.fact(name) for each in self.became]
        return next((each for each in names if each in known), name)

    def stages(self, version: int, stage: str) -> tuple[Split, ...]:
        """What a stage became in the order declared; itself where nothing is said of it."""
        return self.became[version].stages.get(stage) or (Split(stage),)

    def stage(self, version: int, stage: str) -> str:
        """What a stage became; of several, the first."""
        return self.stages(version, stage)[0].to

    def placed(self, version: int, track: str, stage: str) -> tuple[Split, ...]:
        """What a stage of a track became; only those of the main one are ever renamed."""
        return self.stages(version, stage) if track == MAIN else (Split(stage),)

    def action(self, version: int, action: str) -> str:
        """What an action is called now."""
        return self.became[version].action(action)

    def reason(self, version: int, reason: str) -> str:
        """What a reason is called now."""
        return self.became[version].reason(reason)


def naming(moves: PastMoves, new: Process, olds: Mapping[int, Process], between: Iterable[Process] = ()) -> Naming:
    """What the versions of the moves became in ``new``; one that is not at hand is taken to have renamed nothing.

    ``between`` are versions by which no move was made, through which the one may follow the other.
    """
    between = (*between, *olds.values())
    return Naming(
        tuple(
            became(olds[version], new, between) if version in olds and version != new.version else Became()
            for version in moves.versions
        )
    )


def renamed(moves: PastMoves, names: Names, what: Mapping[tuple[int, str], str]) -> tuple[Ints, tuple[str, ...]]:
    """A column by the names of now; ``what`` has one for each version and old name."""
    values = tuple(dict.fromkeys(what.values()))
    number = {name: at for at, name in enumerate(values)}
    table = np.array(
        [[number[what[version, old]] for old in names.values] for version in range(len(moves.versions))], np.int64
    ).reshape(len(moves.versions), len(names.values))
    return (table[moves.version, names.codes] if moves.count else names.codes), values


def so_far(flags: Mask, start: Ints) -> Ints:
    """How many rows before each one, from its ``start`` on, are flagged."""
    if not len(flags):
        return np.zeros(0, np.int64)
    before: Ints = np.cumsum(flags) - flags
    found: Ints = before - before[start]
    return found


def last_before(flags: Mask, start: Ints) -> Ints:
    """The last flagged row before each one, from its ``start`` on; -1: none."""
    if not len(flags):
        return np.zeros(0, np.int64)
    latest = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))
    found: Ints = np.concatenate([[-1], latest[:-1]])
    found[found < start] = -1
    return found


def previous_of(moves: PastMoves, olds: Mapping[int, Process]) -> Texts:
    """The last open main stage before the present one, by its old name; -1: there was none."""
    left = last_before(moves.is_main & ~np.isin(moves.source.codes, ends_of(moves, olds)), moves.start)
    return Texts(np.where(left < 0, -1, moves.source.codes[left]).astype(np.int32), moves.source.values)


def ends_of(moves: PastMoves, olds: Mapping[int, Process]) -> list[int]:
    """The codes of the sources that are ends, and of nowhere."""
    closed = {stage.id for old in olds.values() for stage in old.main.stages if stage.ends} | {""}
    return [at for at, each in enumerate(moves.source.values) if each in closed]


def _code(names: Names, value: str) -> int:
    return names.values.index(value) if value in names.values else -2


def _joined(tables: Tables) -> Tables:
    return Tables(
        in_one_piece(tables.deals, "deal", "process", "outcome", "owner", "amount"),
        in_one_piece(
            tables.moves,
            *("deal", "seq", "process", "version", "track", "action", "from_stage", "to_stage", "entered_at", "reason"),
        ),
        in_one_piece(tables.touches, "deal", "happened_at", "touchpoint"),
        in_one_piece(tables.facts, "deal", "seq", "happened_at", "fact", "value"),
        in_one_piece(tables.verdicts, "deal", "seq", "requirement", "verdict"),
    )


def _begins(deal: Ints, here: Mask) -> Mask:
    """Where a deal, or its stay in a process, begins."""
    found = np.ones(len(deal), np.bool_)
    found[1:] = (deal[1:] != deal[:-1]) | (here[1:] != here[:-1])
    return found


def _timed(told: Ints, deal: Ints, as_of: int) -> Ints:
    """The times; where nobody wrote one down, the next one of the deal, or ``as_of``."""
    found = told.copy()
    for row in np.flatnonzero(told == NEVER)[::-1].tolist():
        is_last = row + 1 == len(deal) or deal[row + 1] != deal[row]
        found[row] = as_of if is_last else found[row + 1]
    return found
