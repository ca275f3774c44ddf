"""Histories of people at work, played in a few lines: queues in working hours, and people with much in hand at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from engine.model.names import MAIN
from engine.model.process import Action, Process, Stage, Track
from engine.model.scenario import Hours
from engine.simulation.fit.clock import moment_at, spelled
from engine.simulation.fit.reading import seen_in
from engine.simulation.fit.seen import Seen, seconds
from engine.tables import schema
from engine.tables.build import Tables

ZONE = "Europe/Berlin"
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""A Monday, nine o'clock in Berlin; summer time comes on 29 March."""
OFFICE = Hours("office", {day: ((time(9), time(17)),) for day in range(5)})
HOUR = 3600


class Visit(NamedTuple):
    deal: str
    stage: str
    entered: int
    left: int
    who: str
    """Who ended it."""


def process(*stages: str, by: Mapping[str, str] = {}) -> Process:
    """Stages one after the other to ``won``; ``by`` is the role that leads out of a stage."""
    following = (*stages[1:], "won")
    actions = tuple(
        Action(f"end-{one}", (one,), (other,), by=(by[one],) if one in by else ())
        for one, other in zip(stages, following, strict=True)
    )
    return Process(
        "p", 1, Track(MAIN, (*(Stage(one) for one in stages), Stage("won", ends="won")), actions), time_zone=ZONE
    )


def seen(of: Process, visits: Iterable[Visit], until: int = 0) -> Seen:
    """The visits as the tables tell them; a deal's come one after the other, each enters the next or ``won``."""
    rows = []
    for visit in visits:
        before = rows[-1] if rows and rows[-1]["deal"] == visit.deal else None
        if before is not None:
            rows.pop()
        here = before or _row(visit, "", "", visit.stage, visit.entered, None)
        here["left_at"] = visit.left
        here["to_stage"] = visit.stage
        track = [stage.id for stage in of.main.stages]
        to = track[track.index(visit.stage) + 1]
        rows += [here, _row(visit, f"end-{visit.stage}", visit.stage, to, visit.left, visit.who)]
    for at, row in enumerate(rows):
        row["seq"] = at + 1
        for name in ("entered_at", "left_at"):
            row[name] = None if row[name] is None else row[name] * 1_000_000
    moves = pa.table(
        {
            f.name: pa.array([r[f.name] for r in rows], pa.int64() if pa.types.is_timestamp(f.type) else f.type).cast(
                f.type
            )
            for f in schema.MOVES
        },
        schema=schema.MOVES,
    )
    last = until or max(visit.left for visit in visits)
    empty = {name: getattr(schema, name.upper()).empty_table() for name in ("touches", "facts", "verdicts")}
    tables = Tables(deals=schema.deals({}).empty_table(), moves=moves, **empty)
    return seen_in(tables, of, as_of=datetime.fromtimestamp(last, UTC))


def queue(
    arrivals: Sequence[int], efforts: Sequence[int], people: Sequence[str], *, stage: str = "working"
) -> list[tuple[int, int, str]]:
    """First come, first served: when each came and was done, and by whom, in seconds of any clock."""
    free = dict.fromkeys(people, 0)
    found = []
    for came, effort in zip(arrivals, efforts, strict=True):
        who = min(free, key=lambda each: (max(free[each], came), each))
        free[who] = max(free[who], came) + effort
        found.append((came, free[who], who))
    return found


def in_hours(worked: Iterable[int], hours: Hours = OFFICE) -> list[int]:
    """Working seconds since ``BEGIN`` as moments."""
    since = seconds(BEGIN)
    opened = spelled(hours, ZONE, since=since, until=since + 400 * 86_400)
    base = int(opened.worked[np.searchsorted(opened.begins, since)])
    return moment_at(opened, np.array(list(worked), np.int64) + base).tolist()


def _row(visit: Visit, action: str, source: str, to: str, at: int, who: str | None) -> dict:
    return {
        "deal": visit.deal,
        "seq": 0,
        "process": "p",
        "version": 1,
        "track": MAIN,
        "action": action,
        "from_stage": source,
        "to_stage": to,
        "entered_at": at,
        "left_at": None,
        "dwell_days": None,
        "actor": who or "",
        "reason": "",
    }
