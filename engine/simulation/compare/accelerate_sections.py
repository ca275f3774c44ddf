"""What would make a process faster, as a study: what was tried, best first, and what to try first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.study import Figure, Heading, Section, Study, Unit
from engine.model.syntax import Value
from engine.simulation.compare.accelerate import Accelerated, Tried
from engine.simulation.results.dormant import dormant

KIND = "accelerate"


def study_of(found: Accelerated, *, subject: str, asked: Sequence[tuple[str, Value | None]] = ()) -> Study:
    """All of it; nothing in it depends on the engine or on how many threads played."""
    process = found.base.setup.machine.process
    notes = [f"It was interrupted: {found.left:,} of {found.left + len(found.tried):,} were not tried."]
    return Study(
        KIND,
        f"What would make {process.name} faster",
        subject,
        None,
        (_section(found),),
        says=(*_says(found), *dormant(found.base.setup)),
        notes=tuple(notes if found.left else ()),
        currency=process.currency,
        asked=tuple(asked),
    )


def _section(found: Accelerated) -> Section:
    return Section(
        "levers",
        "What a fifth would bring, each alone",
        (
            Heading("setting", "Changed"),
            Heading("won", "Deals won", Unit.NUMBER),
            Heading("value", "Value won", Unit.MONEY),
            Heading("cycle_days", "Days to won", Unit.DAYS),
        ),
        tuple(_row(each) for each in found.tried),
        empty=_nothing(found),
        notes=(
            "Each as 'simulate --set' would have it, beside the scenario as it is, over "
            f"{found.runs:,} runs with the same luck; queues are simulated, so work done sooner shortens the wait of "
            "others. Faster stages mostly win deals sooner, not more of them: those they win more would else be open "
            "at the end. Each is reckoned alone; two together may bring less than both.",
        ),
    )


def _nothing(found: Accelerated) -> str:
    if found.left:
        return "it was interrupted before any change was tried; fewer --runs take less time"
    return "the scenario has no stage that takes time, and nobody works in it"


def _row(tried: Tried) -> tuple[Figure, ...]:
    brings = tried.brings
    return (tried.lever.setting, brings.ended["won"].apart, brings.value.apart, brings.cycle.apart)


def _says(found: Accelerated) -> Iterator[str]:
    if not found.tried:
        return
    by_won = next((each for each in found.tried if _wins(each)), None)
    quicker = [each for each in found.tried if _saves(each)]
    by_days = min(quicker, key=lambda each: each.brings.cycle.apart.value or 0.0, default=None)
    if by_won is None and by_days is None:
        yield (
            f"Nothing that was tried can be told from chance in {found.runs:,} runs: it is not time that holds deals "
            "back, or more runs are needed."
        )
        return
    first = by_won or by_days
    yield f"Try this first: {_sentence(first)}." if first is not None else ""
    if by_days is not None and by_days is not first:
        yield f"What saves most days: {_sentence(by_days)}."


def _sentence(tried: Tried) -> str:
    won, cycle = tried.brings.ended["won"], tried.brings.cycle
    parts = []
    if won.is_sure:
        parts.append(f"{won.apart.value:+,.1f} deals won ({won.apart.low:+,.1f} to {won.apart.high:+,.1f})")
    if cycle.is_sure:
        parts.append(f"{cycle.apart.value:+,.1f} days from start to won")
    return f"{tried.lever.does}, which brings {' and '.join(parts)}"


def _wins(tried: Tried) -> bool:
    won = tried.brings.ended["won"]
    return won.is_sure and (won.apart.value or 0.0) > 0


def _saves(tried: Tried) -> bool:
    cycle = tried.brings.cycle
    return cycle.is_sure and (cycle.apart.value or 0.0) < 0
