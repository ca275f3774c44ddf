"""The five tables as they stood at a moment: what happened later is taken out, and what it ended is open again."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from engine.tables import dialect
from engine.tables.build import Tables
from engine.tables.open import opened

_MOVES = """
SELECT * REPLACE (
    CASE WHEN left_at > $1 THEN NULL ELSE left_at END AS left_at,
    CASE WHEN left_at > $1 THEN NULL ELSE dwell_days END AS dwell_days
) FROM moves WHERE entered_at IS NULL OR entered_at <= $1
"""
_DEALS = f"""
WITH stands AS (
    SELECT deal, {dialect.at_largest("to_stage", by="seq")} AS stage_then FROM moves
    WHERE track = 'main' AND (entered_at IS NULL OR entered_at <= $1) GROUP BY deal
)
SELECT deals.* REPLACE (
    coalesce(stands.stage_then, deals.stage) AS stage,
    CASE WHEN closed_at > $1 THEN NULL ELSE closed_at END AS closed_at,
    CASE WHEN closed_at > $1 THEN '' ELSE outcome END AS outcome
) FROM deals JOIN stands USING (deal) WHERE started_at IS NULL OR started_at <= $1
"""


def until(tables: Tables, moment: datetime) -> Tables:
    """The tables as they stood at the moment (in UTC). What nobody dated is kept.

    The facts that ``deals`` has columns for stay as last known: when each was learnt, the table of facts tells.
    """
    at = moment.astimezone(UTC).replace(tzinfo=None)
    with opened(tables) as now:
        return Tables(
            deals=now.arrow(_DEALS, [at]).cast(tables.deals.schema),
            moves=now.arrow(_MOVES, [at]).cast(tables.moves.schema),
            touches=_told_by(tables.touches, at),
            facts=_told_by(tables.facts, at),
            verdicts=_told_by(tables.verdicts, at),
        )


def last_time(tables: Tables) -> datetime | None:
    """The last time that anything tells of, in UTC; ``None`` where nothing is dated."""
    with opened(tables) as now:
        ((found,),) = now.rows(
            "SELECT max(told_at) FROM (SELECT max(entered_at) AS told_at FROM moves"
            " UNION ALL SELECT max(happened_at) FROM touches UNION ALL SELECT max(closed_at) FROM deals)"
        )
    return found.replace(tzinfo=UTC) if found else None


def _told_by(table: pa.Table, at: datetime) -> pa.Table:
    times = table.column("happened_at")
    known = pc.less_equal(times, pa.scalar(at, pa.timestamp("us")))
    return table.filter(pc.fill_null(known, True))  # noqa: FBT003 - what is undated stays
