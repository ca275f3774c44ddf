"""Visits of stages as columns: what deals went through, cut down to the stages that a draft keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.model.process import Process
from engine.tables.open import Opened

Whole = npt.NDArray[np.int64]
Days = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_VISITS = """
SELECT deal, seq, to_stage, entered_at, reason FROM moves WHERE track = 'main' AND process = ? ORDER BY deal, seq
"""
_DAY = np.timedelta64(86_400_000_000, "us")
_START = np.datetime64("1970-01-01", "us")


@dataclass(frozen=True, slots=True)
class Paths:
    """A row a visit, in order of deal and time. ``stage`` holds places in ``stages``; ``entered`` are days since 1970.

    ``entered`` is NaN where nobody dated it. ``seq`` is that of the move which entered the stage. ``counted``: the move
    into the stage is among those asked about.
    """

    deals: tuple[str, ...]
    stages: tuple[str, ...]
    deal: Whole
    stage: Whole
    seq: Whole
    entered: Days
    reason: npt.NDArray[np.object_]
    counted: Mask

    @property
    def begins(self) -> Mask:
        """Whether the deal's story begins with this visit."""
        first = np.ones(len(self.deal), np.bool_)
        first[1:] = self.deal[1:] != self.deal[:-1]
        return first

    @property
    def is_last(self) -> Mask:
        """Whether the deal's story ends with this visit."""
        last = np.ones(len(self.deal), np.bool_)
        last[:-1] = self.deal[1:] != self.deal[:-1]
        return last

    @property
    def next_stage(self) -> Whole:
        """Where the deal went from here; -1: it is still here."""
        after = np.full(len(self.stage), -1, np.int64)
        after[:-1] = self.stage[1:]
        after[self.is_last] = -1
        return after

    @property
    def left(self) -> Days:
        """When the next stage was entered; NaN where it was not, or nobody dated it."""
        when = np.full(len(self.entered), np.nan)
        when[:-1] = self.entered[1:]
        when[self.is_last] = np.nan
        return when

    @property
    def code(self) -> Mapping[str, int]:
        """From stage to its place in ``stages``."""
        return {stage: place for place, stage in enumerate(self.stages)}

    def of(self, rows: Mask | Whole) -> Paths:
        """Those visits alone."""
        return replace(
            self,
            deal=self.deal[rows],
            stage=self.stage[rows],
            seq=self.seq[rows],
            entered=self.entered[rows],
            reason=self.reason[rows],
            counted=self.counted[rows],
        )


def paths_of(tables: Opened, process: Process, *, since: datetime | None = None) -> Paths:
    """What the deals went through. Stages that the process does not know come after those that it knows."""
    columns = tables.columns(_VISITS, [process.id])
    stages = tuple(stage.id for stage in process.main.stages)
    deals, deal = np.unique(_texts(columns["deal"]), return_inverse=True)
    names = _texts(columns["to_stage"])
    known = (*stages, *sorted(set(names.tolist()) - set(stages)))
    code = {stage: place for place, stage in enumerate(known)}
    entered = _days(columns["entered_at"])
    return Paths(
        deals=tuple(deals.tolist()),
        stages=known,
        deal=deal.astype(np.int64),
        stage=np.array([code[name] for name in names.tolist()], np.int64),
        seq=np.ma.filled(np.ma.asarray(columns["seq"]), 0).astype(np.int64),
        entered=entered,
        reason=_texts(columns["reason"]),
        counted=np.ones(len(entered), np.bool_) if since is None else entered >= days_of(since),
    )


def reduced(paths: Paths, keep: Mask) -> Paths:
    """Without the stages that are not kept (a mask over ``stages``); what then stays in one stage is one visit."""
    paths = paths.of(keep[paths.stage])
    again = np.zeros(len(paths.deal), np.bool_)
    again[1:] = (paths.deal[1:] == paths.deal[:-1]) & (paths.stage[1:] == paths.stage[:-1])
    return paths.of(~again)


def supposed(paths: Paths, first: int) -> Mask:
    """Visits of the first stage that nobody saw: an undated start, where all that is dated comes later.

    Deals that a process reads begin in its first stage, whether or not anybody told of it.
    """
    after = paths.next_stage
    found: Mask = paths.begins & (paths.stage == first) & (after >= 0) & np.isnan(paths.entered) & ~np.isnan(paths.left)
    return found


def led_in(paths: Paths, first: int) -> Paths:
    """With a visit of the first stage, which nobody dated, before deals that were first seen in another one."""
    rows = np.flatnonzero(paths.begins & (paths.stage != first))
    return replace(
        paths,
        deal=np.insert(paths.deal, rows, paths.deal[rows]),
        stage=np.insert(paths.stage, rows, first),
        seq=np.insert(paths.seq, rows, paths.seq[rows] - 1),
        entered=np.insert(paths.entered, rows, np.nan),
        reason=np.insert(paths.reason, rows, ""),
        counted=np.insert(paths.counted, rows, paths.counted[rows]),
    )


def deals_in(paths: Paths) -> Whole:
    """How many deals were in each stage."""
    many = len(paths.stages)
    pairs = np.unique(paths.deal[paths.counted] * many + paths.stage[paths.counted])
    return np.bincount(pairs % many, minlength=many)


def days_of(time: datetime) -> float:
    """A time (UTC) as ``entered`` has it."""
    return float((np.datetime64(time.replace(tzinfo=None), "us") - _START) / _DAY)


def earlier_deals(paths: Paths, share: float) -> Mask:
    """A mask over deals: those that began first. Deals that nobody dated count as the earliest."""
    began = np.full(len(paths.deals), np.inf)
    dated = ~np.isnan(paths.entered)
    np.minimum.at(began, paths.deal[dated], paths.entered[dated])
    began[np.isinf(began)] = -np.inf
    rank = np.empty(len(began), np.int64)
    rank[np.argsort(began, kind="stable")] = np.arange(len(began))
    return rank < round(share * len(began))


def _texts(column: Any) -> npt.NDArray[np.object_]:
    return np.ma.filled(np.ma.asarray(column).astype(object), "")


def _days(column: Any) -> Days:
    masked = np.ma.asarray(column)
    days = (np.asarray(masked.filled(_START) if np.ma.isMaskedArray(column) else masked, "M8[us]") - _START) / _DAY
    return np.where(np.ma.getmaskarray(masked) | np.isnan(days), np.nan, days)
