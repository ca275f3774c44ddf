"""The tables' rows about one process, deal by deal: what each entered, when, by whom, and how it came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from engine.analysis.conform.align import Journey
from engine.model.names import MAIN
from engine.model.process import Process
from engine.tables.open import Opened

OPEN, HANDED_OVER = "open", "handed over"

_DEALS = "SELECT deal, process, closed_at, outcome, owner, amount FROM deals"
# What has one number in a deal has one place in it; times may be missing or equal.
_MOVES = """
SELECT deal, seq, process, track, action, from_stage, to_stage, entered_at, actor, reason
FROM moves ORDER BY deal, seq
"""


class Visit(NamedTuple):
    """A row of ``moves``. Of a deal handed over the last one is in the other process: ``renewals/onboarding``."""

    deal: str
    seq: int
    process: str
    track: str
    action: str
    from_stage: str
    stage: str
    entered_at: datetime | None
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldDeal:
    """A deal that is held to a process. ``outcome`` is ``won``, ``lost``, ``other``, ``open`` or ``handed over``."""

    id: str
    owner: str
    outcome: str
    amount: Decimal | None
    visits: tuple[Visit, ...]
    journey: Journey


@dataclass(slots=True)
class LeftOut:
    """How many deals are not looked at: of other processes, ended too early, and ended nobody knows when."""

    elsewhere: int = 0
    earlier: int = 0
    undated: int = 0


def held_deals(opened: Opened, process: Process, *, since: date | None, left_out: LeftOut) -> Iterator[HeldDeal]:
    """The deals that ever stood in the process, by id, one by one; the others are counted as they are passed over.

    ``since``: those that ended on that day (UTC) or later, or are open. Nothing else may be asked of the tables
    meanwhile.
    """
    rows = {row[0]: row[1:] for row in opened.rows(_DEALS)}
    here = 0
    for deal, its in groupby(map(Visit._make, opened.each_row(_MOVES)), attrgetter("deal")):
        visits = tuple(_in_process(its, process.id))
        if deal not in rows or not any(visit.track == MAIN and visit.process == process.id for visit in visits):
            continue
        here += 1
        held = _held(process, deal, visits, rows[deal])
        ended = visits[-1].entered_at if held.outcome == HANDED_OVER else rows[deal][1]
        if since is None or held.outcome == OPEN or (ended is not None and ended.date() >= since):
            yield held
        elif ended is None:
            left_out.undated += 1
        else:
            left_out.earlier += 1
    left_out.elsewhere = len(rows) - here


def _in_process(visits: Iterable[Visit], process: str) -> Iterator[Visit]:
    """The visits of the process, and of each other one that a deal was handed over to the first."""
    before = None
    for visit in visits:
        if visit.process == process:
            yield visit
        elif before == process and visit.track == MAIN:
            yield visit._replace(stage=f"{visit.process}/{visit.stage}")
        before = visit.process if visit.track == MAIN else before


def _held(
    process: Process,
    deal: str,
    visits: tuple[Visit, ...],
    row: tuple[str, datetime | None, str, str, Decimal | None],
) -> HeldDeal:
    now_in, _, outcome, owner, amount = row
    by_track = {
        track.id: tuple(visit.stage for visit in visits if visit.track == track.id) for track in process.all_tracks()
    }
    main = [visit for visit in visits if visit.track == MAIN]
    # A start comes from nowhere; a deal handed over comes from a stage, of another process.
    arrived = bool(main[0].from_stage) and main[0].process == process.id
    told = (outcome or OPEN) if now_in == process.id else HANDED_OVER
    journey = Journey(tuple(by_track.values()), closed=told != OPEN, arrived=arrived)
    return HeldDeal(deal, owner or "", told, amount, visits, journey)
