"""What came of a simulation, as a study."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.study import Section, Study
from engine.model.syntax import Value
from engine.simulation.results.doubts import beginnings, doubts
from engine.simulation.results.ends import ends, fans, origins, rates, says, so_far, weeks, worth
from engine.simulation.results.outcome import Outcome, Summary
from engine.simulation.results.pools import bottleneck, pools
from engine.simulation.results.ways import attempts, clocks, cycle, dwell, refusals


def study_of(outcome: Outcome, *, subject: str, asked: Sequence[tuple[str, Value | None]] = ()) -> Study:
    """All of it; nothing in it depends on the engine or on how many threads played."""
    process = outcome.setup.machine.process
    scenario = outcome.setup.scenario
    return Study(
        "simulate",
        f"Forecast of {process.name}",
        subject,
        None,
        sections(outcome),
        says=(*says(outcome), *bottleneck(outcome)),
        notes=_notes(outcome),
        fans=tuple(fans(outcome)),
        currency=process.currency,
        asked=(("scenario", scenario.id), *asked),
    )


def sections(outcome: Outcome) -> tuple[Section, ...]:
    """The figures, from the whole to the parts."""
    found = [ends(outcome)]
    if any(each.value.any() or each.open_value.any() for each in outcome.summaries):
        found.append(worth(outcome))
    if outcome.setup.open_deals:
        found.append(origins(outcome))
    found += [rates(outcome), so_far(outcome), weeks(outcome), dwell(outcome), cycle(outcome)]
    if outcome.plan.has_work:
        found.append(pools(outcome))
    found += [refusals(outcome), attempts(outcome)]
    if outcome.plan.alarms.to.size:
        found.append(clocks(outcome))
    return tuple(found)


def _notes(outcome: Outcome) -> tuple[str, ...]:
    scenario = outcome.setup.scenario
    told = [f"Because: {scenario.because}"] if scenario.because else []
    told += [*doubts(scenario), *beginnings(outcome.setup.machine.process)]
    if outcome.interrupted:
        told.append(f"It was interrupted: {outcome.done:,} of {outcome.runs:,} runs are counted.")
    return tuple(told)


__all__ = ["Outcome", "Summary", "sections", "study_of"]
