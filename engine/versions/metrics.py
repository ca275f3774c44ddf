"""What differs in metrics: codes D8xx."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code
from engine.versions.pair import Pair

CODES: tuple[Code, ...] = ()


def metric_changes(pair: Pair) -> Iterator[Change]:
    """PLACEHOLDER on the branch."""
    del pair
    yield from ()
