"""Weeks of a forecast: they count from its start, and a last one that is none is told as that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.simulation.results.ends import weeks
from engine.simulation.run import simulate
from tests.simulation.texts import written

SCENARIO = """
    horizon: {horizon}
    arrivals: {{weekly: 7, gaps: even}}
    stages:
      new: {{dwell: 1h, branches: {{go: 100%}}}}
      talk: {{dwell: 1h, branches: {{sign: 100%}}}}
"""


def _weeks(folder: Path, horizon: str):
    return weeks(simulate(written(folder, SCENARIO.format(horizon=horizon)), runs=2, seed=1))


def test_a_last_week_that_is_cut_short_is_told(tmp_path: Path) -> None:
    found = _weeks(tmp_path, "10d")

    assert [row[0] for row in found.rows] == [date(2026, 10, 19), date(2026, 10, 26)]
    assert found.notes == (
        "Weeks count from the start. The last one, from 2026-10-26, is cut short: it ends on 2026-10-29.",
    )


def test_of_whole_weeks_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert _weeks(tmp_path, "2w").notes == ()
