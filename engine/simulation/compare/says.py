"""A comparison of two simulations in sentences: what it brings, how sure that is, and what makes it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.study import Estimate
from engine.simulation.compare.compare import APPROVAL, Comparison
from engine.simulation.compare.paired import Difference
from engine.simulation.compare.sections import Sides, capital, requirements
from engine.simulation.results.dormant import dormant
from engine.simulation.results.ways import stage_name

_WORTH_SAYING = 0.02
"""A part below that share of the whole is not said."""
_CANCELS = 3.0
_HOUR = 1 / 24


def says(comparison: Comparison, sides: Sides) -> Iterator[str]:
    """What there is to say, the most important first."""
    yield _won(comparison, sides)
    yield from _made_by(comparison)
    yield from _waits(comparison, sides)
    yield from _refused(comparison, sides)
    yield from dormant(comparison.base.setup)


def told_runs(runs: int) -> str:
    """``1 run``, ``2,000 runs``."""
    return f"{runs:,} {'run' if runs == 1 else 'runs'}"


def _won(comparison: Comparison, sides: Sides) -> str:
    one, two = sides.base.phrase, capital(sides.other.phrase)
    won, runs = comparison.ended["won"], told_runs(comparison.runs)
    apart = won.apart.value or 0.0
    if not won.more and not won.less:
        same = " No other figure differs either." if _is_alike(comparison) else ""
        return f"{two}, as many deals are won as {one}, in {'all of ' if comparison.runs > 1 else ''}{runs}.{same}"
    if not won.is_sure:
        return f"{two}, {abs(apart):,.1f} {_word(apart)} deals are won than {one}, but {_chance(won.apart)} {runs}."
    share = won.more if apart > 0 else won.less
    return (
        f"{two}, {_sized(won.apart)} {_word(apart)} deals are won than {one}: {won.other:,.1f} in place of "
        f"{won.base:,.1f}, and {_word(apart)} in {100 * share:.0f} % of {runs}."
    )


def _is_alike(comparison: Comparison) -> bool:
    """Whether nothing differs in any run."""
    every = (
        *(comparison.value, comparison.win_rate, comparison.cycle),
        *(each for told in (comparison.ended, comparison.waits, comparison.use) for each in told.values()),
        *comparison.refused.values(),
        *(each for stage in comparison.stages for each in (stage.advance, stage.dwell)),
    )
    return not any(each.more or each.less for each in every)


def _word(apart: float) -> str:
    return "more" if apart > 0 else "fewer"


def _made_by(comparison: Comparison) -> Iterator[str]:
    """The stages that make most of the difference."""
    total = comparison.ended["won"].apart.value or 0.0
    parts = [
        (amount.value or 0.0, f"'{stage_name(each.stage)}', {why}")
        for each in comparison.drivers.stages
        for amount, why in ((each.ways, "by where deals go from there"), (each.pace, "by how soon deals leave it"))
    ]
    parts.append((comparison.drivers.prospects.value or 0.0, "the prospects that come"))
    same = sorted((part for part in parts if part[0] * total > 0), key=lambda part: -abs(part[0]))
    told = [part for part in same if abs(part[0]) > max(_WORTH_SAYING * abs(total), 0.05)][:2]
    # Parts that mostly cancel each other out do not say where the rest comes from.
    if told and comparison.ended["won"].is_sure and abs(told[0][0]) <= _CANCELS * abs(total):
        yield "Most of it comes from " + "; then from ".join(f"{why} ({amount:+,.1f})" for amount, why in told) + "."


def _waits(comparison: Comparison, sides: Sides) -> Iterator[str]:
    for pool, apart in comparison.waits.items():
        if apart.is_sure and abs(apart.apart.value or 0.0) >= _HOUR:
            yield (
                f"Work for '{pool}' waits {_span(apart.other)} {sides.other.phrase}, {_span(apart.base)} "
                f"{sides.base.phrase} (means)."
            )


def _refused(comparison: Comparison, sides: Sides) -> Iterator[str]:
    said = requirements(comparison)
    every = ((name, apart) for name, apart in comparison.refused.items() if name != APPROVAL)
    sure = [(name, apart) for name, apart in every if apart.is_sure and _counts(apart)]
    for name, apart in sure[:2]:
        what = said.get(name, name).rstrip(".")
        yield (
            f"“{what}” refuses {apart.other:,.1f} attempts {sides.other.phrase}, {apart.base:,.1f} {sides.base.phrase}."
        )


def _counts(apart: Difference) -> bool:
    return abs(apart.apart.value or 0.0) >= 0.5


def _span(days: float | None) -> str:
    hours = (days or 0.0) * 24
    return f"{hours * 60:,.0f} min" if hours < 2 else f"{hours:,.1f} h" if hours < 48 else f"{days:,.1f} d"


def _sized(apart: Estimate) -> str:
    """The size of a difference that is sure, with its interval, smallest first."""
    edges = sorted(abs(each) for each in (apart.low, apart.high) if each is not None)
    return f"{abs(apart.value or 0.0):,.1f} ({edges[0]:,.1f} to {edges[1]:,.1f})"


def _chance(apart: Estimate) -> str:
    if apart.low is None or apart.high is None:
        return "how sure that is cannot be told from"
    return f"that may be chance: it is {apart.low:+,.1f} to {apart.high:+,.1f} (90 % interval), from"
