"""A formula over metrics, as a derived metric writes it: ``won * mean_value / cycle_time.p50``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from engine.model.place import UNPLACED, Origin, Place


@dataclass(frozen=True, slots=True)
class MetricRef:
    """The figure of another metric; ``stat`` is which of its times is meant, empty where it has one figure.

    ``offset`` is where it stands in the text.
    """

    metric: str
    stat: str = ""
    offset: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """As it is written: ``cycle_time.p50``."""
        return f"{self.metric}.{self.stat}" if self.stat else self.metric


@dataclass(frozen=True, slots=True)
class Operation:
    """``operator`` is one of ``+ - * /``."""

    operator: str
    left: Term
    right: Term
    offset: int = field(default=0, compare=False)


Term = MetricRef | Decimal | Operation


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as someone wrote it: its text, what it says, and where it stands."""

    text: str
    term: Term
    origin: Origin = field(default=UNPLACED, compare=False)

    @property
    def at(self) -> Place:
        """Where it begins."""
        return self.origin.at(0)


def refs(term: Term) -> Iterator[MetricRef]:
    """The metrics that it names, as they stand in it."""
    match term:
        case MetricRef():
            yield term
        case Operation(left=left, right=right):
            yield from refs(left)
            yield from refs(right)
