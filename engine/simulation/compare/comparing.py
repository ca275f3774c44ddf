"""A comparison of two simulations as a study."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.study import Study
from engine.model.syntax import Value
from engine.simulation.compare.compare import Comparison
from engine.simulation.compare.says import says
from engine.simulation.compare.sections import Sides, sections
from engine.simulation.results.doubts import beginnings

KIND = "simulate-against"


def study_of(
    comparison: Comparison,
    sides: Sides,
    *,
    subject: str,
    notes: Sequence[str] = (),
    asked: Sequence[tuple[str, Value | None]] = (),
) -> Study:
    """All of it. ``sides`` says what the two are called; ``notes`` what is to be said of the assumptions."""
    processes = [each.setup.machine.process for each in (comparison.base, comparison.other)]
    told = [*notes, *beginnings(*processes)]
    asked_for = max(comparison.base.runs, comparison.other.runs)
    if comparison.runs < asked_for:
        told.append(f"It was interrupted: {comparison.runs:,} of {asked_for:,} runs are compared.")
    return Study(
        KIND,
        _title(comparison, sides),
        subject,
        None,
        sections(comparison, sides),
        says=tuple(says(comparison, sides)),
        notes=tuple(told),
        currency=comparison.other.setup.machine.process.currency,
        asked=tuple(asked),
    )


def _title(comparison: Comparison, sides: Sides) -> str:
    """What is compared; of one version, with its name."""
    two = f"{sides.base.title} and {sides.other.title}, with the same luck"
    names = [each.setup.machine.process.name for each in (comparison.base, comparison.other)]
    return two if any(name in two for name in names) else f"{names[0]}: {two}"
