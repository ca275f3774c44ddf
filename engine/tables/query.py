"""Counts over the five tables, one query a question."""

from __future__ import annotations

from engine.model.table import Table
from engine.tables.open import Opened

_STAGES = """
SELECT process, version, stage, count(*) AS deals FROM deals GROUP BY ALL ORDER BY process, version, deals DESC, stage
"""
_OUTCOMES = """
SELECT process, version, CASE WHEN outcome = '' THEN 'open' ELSE outcome END AS outcome, count(*) AS deals
FROM deals GROUP BY ALL ORDER BY process, version, deals DESC, outcome
"""
_REFUSALS = """
SELECT requirement, verdict, count(*) AS moves, count(DISTINCT deal) AS deals
FROM verdicts WHERE verdict IN ('failed', 'unknown') GROUP BY ALL ORDER BY moves DESC, requirement, verdict
"""


def stage_counts(tables: Opened) -> Table:
    """How many deals stand in each stage."""
    return _asked(tables, "stage-counts", _STAGES)


def outcome_counts(tables: Opened) -> Table:
    """How many deals are won, lost, ended otherwise, or open."""
    return _asked(tables, "outcome-counts", _OUTCOMES)


def broken_requirements(tables: Opened) -> Table:
    """Which requirements failed or could not be told, in how many moves of how many deals."""
    return _asked(tables, "broken-requirements", _REFUSALS)


def _asked(tables: Opened, kind: str, sql: str) -> Table:
    return Table(kind, tables.names(sql), tuple(tables.rows(sql)))
