"""Costs equal to those of r4pm, on every way that deals went in logs that others made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.numerics.alignment import compiled_costs, plain_costs
from engine.numerics.compiled import has_compiler
from tests.numerics import logs, peer
from tests.numerics.frequent import frequent

pytest.importorskip("r4pm")

LOGS = {
    "bpic2012": (logs.bpic2012, "bpic2012/bpic2012.xes.gz", 4336),
    "receipt": (logs.receipt, "receipt/receipt.xes.gz", 116),
    "running-example": (logs.running_example, "running-example/running-example.xes", 6),
}


@pytest.fixture(scope="module", params=LOGS)
def variants(request: pytest.FixtureRequest) -> logs.Variants:
    read: Callable[[], logs.Variants]
    read, file, count = LOGS[request.param]
    logs.file_of(file)
    found = read()
    assert len(found) == count
    return found


@pytest.mark.parametrize("share", [0.02, 0.2])
def test_costs_are_those_of_r4pm_on_every_variant(variants: logs.Variants, share: float, tmp_path: Path) -> None:
    """Of a model of what is frequent: the fewer edges it has, the more there is to mend."""
    model = frequent(variants, share=share)
    sequences = [model.sequence(trace) for trace in variants]
    theirs = peer.costs(model, peer.projection(variants, tmp_path))
    ours = plain_costs(model.automaton, sequences)
    assert dict(zip(variants, ours.tolist(), strict=True)) == theirs
    assert not has_compiler() or compiled_costs(model.automaton, sequences).tolist() == ours.tolist()
