"""Shipped scenarios check clean, name their schema, and are of the newest version of their process."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.checking import check_files
from engine.loading.catalog import versions
from engine.loading.scenarios import load_scenario

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "processes").glob("*/scenarios/*"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parts[-3])
def test_a_shipped_scenario_has_no_finding_not_even_a_warning(path: Path) -> None:
    assert check_files([path], workspace=ROOT).findings == ()
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../../../schemas/scenario.json\n"
    )
    scenario = load_scenario(path).value
    assert scenario
    assert scenario.version == versions(scenario.process, workspace=ROOT)[-1]
    assert scenario.because


def test_the_example_that_init_copies_has_one() -> None:
    assert ROOT / "processes/inside-sales/scenarios/base.yaml" in SCENARIOS
