"""What was learnt from history, and what was assumed, as a study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.model.process import Process
from engine.model.study import Section, Study
from engine.model.syntax import Value
from engine.simulation.fit.fit import Fitted


def study_of(
    fitted: Fitted,
    process: Process,
    *,
    subject: str,
    as_of: datetime,
    asked: Sequence[tuple[str, Value | None]] = (),
    tested: Sequence[Section] = (),
    says: Sequence[str] = (),
) -> Study:
    """The scenario's figures and notes; ``tested`` and ``says`` are how it did on deals that it was not fitted to."""
    return Study(
        "fit",
        f"Scenario {fitted.scenario.id} of {process.name}",
        subject,
        as_of,
        (*tested, *fitted.sections),
        says=(*fitted.doubts, *says),
        notes=tuple(f"{note}." for note in fitted.notes),
        currency=process.currency,
        asked=tuple(asked),
    )
