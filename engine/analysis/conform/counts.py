"""What sections of ``conform`` are counted from: deals with their alignments, and what groups of them add up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from engine.analysis.conform.align import Fit, Step
from engine.analysis.conform.deals import HANDED_OVER, OPEN, HeldDeal
from engine.analysis.conform.words import Skipped, Unasked
from engine.model.decision import Result, Verdict
from engine.model.rule import Force
from engine.model.study import Figure, Heading, Unit

T = TypeVar("T", Skipped, Unasked)

GROUP = (
    Heading("deals", "Deals", Unit.COUNT),
    Heading("share", "Of all deals", Unit.SHARE),
    Heading("won", "Won", Unit.COUNT),
    Heading("lost", "Lost", Unit.COUNT),
    Heading("ended_otherwise", "Other", Unit.COUNT),
    Heading("open", "Open", Unit.COUNT),
    Heading("money", "Money", Unit.MONEY),
)
_KINDS = (("won",), ("lost",), ("other", HANDED_OVER), (OPEN,))


@dataclass(frozen=True, slots=True)
class Aligned:
    """A deal and how it keeps to the process; ``verdicts`` are by the number of the move."""

    deal: HeldDeal
    fit: Fit
    steps: tuple[Step, ...]
    path: str
    told: str
    skipped: tuple[Skipped, ...]
    unasked: tuple[Unasked, ...]
    verdicts: Mapping[int, tuple[Verdict, ...]]
    not_met: tuple[tuple[str, Force], ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """The requirements that must hold and failed in some move."""
        return tuple(requirement for requirement, force in self.not_met if force is Force.MUST)


def not_met_in(verdicts: Mapping[int, tuple[Verdict, ...]]) -> tuple[tuple[str, Force], ...]:
    """The requirements that failed in some move, each once."""
    every = (each for its in verdicts.values() for each in its)
    return tuple(dict.fromkeys((each.requirement, each.force) for each in every if each.result is Result.FAILED))


def group(its: Sequence[Aligned], every: Sequence[Aligned]) -> tuple[Figure, ...]:
    """How many deals, what share of all, how they came out, and their money."""
    outcomes = Counter(each.deal.outcome for each in its)
    return (
        len(its),
        len(its) / len(every),
        *(sum(outcomes[outcome] for outcome in kind) for kind in _KINDS),
        money(its),
    )


def grouped(aligned: Sequence[Aligned], of: Callable[[Aligned], tuple[T, ...]]) -> list[tuple[T, int, list[Aligned]]]:
    """What deals did, how often, and which deals (each once); what most deals did comes first."""
    times: Counter[T] = Counter()
    deals: dict[T, list[Aligned]] = defaultdict(list)
    for one in aligned:
        found = of(one)
        times.update(found)
        for each in dict.fromkeys(found):
            deals[each].append(one)
    return [(each, times[each], deals[each]) for each in sorted(deals, key=lambda each: (-len(deals[each]), each))]


def money(its: Sequence[Aligned]) -> Decimal | None:
    """The money of all whose amount is known; ``None`` where none is."""
    amounts = [each.deal.amount for each in its if each.deal.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None
