"""Counts over the five tables, one query a question."""

from __future__ import annotations

import duckdb

from engine.model.table import Table

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


def stage_counts(connection: duckdb.DuckDBPyConnection) -> Table:
    """How many deals stand in each stage."""
    return _asked(connection, "stage-counts", _STAGES)


def outcome_counts(connection: duckdb.DuckDBPyConnection) -> Table:
    """How many deals are won, lost, ended otherwise, or open."""
    return _asked(connection, "outcome-counts", _OUTCOMES)


def broken_requirements(connection: duckdb.DuckDBPyConnection) -> Table:
    """Which requirements failed or could not be told, in how many moves of how many deals."""
    return _asked(connection, "broken-requirements", _REFUSALS)


def _asked(connection: duckdb.DuckDBPyConnection, kind: str, sql: str) -> Table:
    answer = connection.execute(sql)
    return Table(kind, tuple(each[0] for each in answer.description), tuple(answer.fetchall()))
