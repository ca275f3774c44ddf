"""Every requirement that a verdict can name has words."""

from pathlib import Path

import pytest

from engine.loading.processes import load_process
from engine.machine.requirements import requirement_ids
from engine.machine.sayings import sayings

SHIPPED = sorted((Path(__file__).parents[2] / "processes").glob("*/[0-9]*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}@{path.stem}")
def test_each_requirement_of_a_shipped_process_has_words(path):
    process = load_process(path).value
    assert process is not None
    told = sayings(process)
    assert [name for name in requirement_ids(process) if not told.get(name)] == []


def test_words_are_those_of_the_requirement():
    process = load_process(Path(__file__).parents[2] / "processes/inside-sales/2.yaml").value
    assert process is not None
    told = sayings(process)
    assert told["budget-known"] == "The budget is confirmed and covers the smallest plan"
    assert told["qualify/asks/contact_role"] == "contact_role is known"
    assert told["proposal/stage"] == "an action leads there from where the deal stood"
