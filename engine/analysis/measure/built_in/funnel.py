"""How many deals come further from each stage of the pipeline, by when, and what becomes of them in the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON
from engine.analysis.lengths import shares_by
from engine.analysis.measure.built_in.steps import Step, undated_of
from engine.analysis.measure.view import View
from engine.analysis.reached import Reached, onward, to_the_end
from engine.analysis.spans import REACHED
from engine.analysis.words import below
from engine.model.study import Chart, Heading, Mark, Section, Unit

_REACHED = (
    "A deal reached a stage when it first stood there or in a later one; a win comes after all of them. A deal that "
    "skips a stage never stands there, and passes it in the moment it goes on."
)
_WATCHED = (
    "Deals still open count as long as they were watched; ways to go on compete (Aalen-Johansen). Beside each share "
    "stands its 90 % interval."
)


def funnel(view: View) -> Section:
    """A row a stage of the pipeline: the deals that reached it, and the share that came further by each horizon."""
    within = view.within
    steps = [_step(view, title, here, there) for title, here, there in _stages(view)]
    return Section(
        "funnel",
        "Funnel: who comes further",
        (
            Heading("stage", "Stage"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("skipped", "Skips", Unit.COUNT),
            Heading("came", "Went on", Unit.COUNT),
            Heading("ended", "Ended", Unit.COUNT),
            *(Heading(f"by_{_id(each)}", f"Further by day {each:g}", Unit.SHARE) for each in within),
        ),
        tuple(each.row for each in steps),
        says=below(steps, "Of the deals that reached each stage, the share that came further so many days later."),
        notes=_notes(
            view,
            steps,
            "Deals that neither went on to the next stage or a later one nor ended are open.",
        ),
        empty="No deal stood in a stage of the pipeline.",
        charts=_charts(within) if within else (),
    )


def funnel_ends(view: View) -> Section:
    """A row a stage of the pipeline: how many of its deals are won, lost and open in the end, and by a day."""
    last, ends = view.within[-1:], _own_ends(view)
    steps = [_ends(view, title, here, ends) for title, here, _ in _stages(view)]
    shares = tuple((f"{name}_{_id(each)}", f"{title} by day {each:g}") for each in last for _, name, title in ends)
    return Section(
        "funnel-ends",
        "Funnel: won and lost from each stage",
        (
            Heading("stage", "Stage"),
            Heading("deals", "Deals", Unit.COUNT),
            *(Heading(name, title, Unit.COUNT) for _, name, title in ends),
            Heading("open", "Open", Unit.COUNT),
            *(Heading(name, title, Unit.SHARE) for name, title in shares),
        ),
        tuple(each.row for each in steps),
        says=below(steps, "Of the deals that reached each stage: how they came out, from there or from a later one."),
        notes=_notes(view, steps),
        empty="No deal stood in a stage of the pipeline.",
        charts=tuple(
            Chart(
                "funnel-ends",
                f"How deals came out {each:g} days after they reached each stage",
                Mark.STACK,
                labels=("stage",),
                series=tuple(name for name, _ in shares),
                says="What is missing to the whole was still open then.",
            )
            for each in last
        ),
    )


def _own_ends(view: View) -> tuple[tuple[int, str, str], ...]:
    """The outcomes that deals of the process may have, with the ids and titles of their columns."""
    named = ((WON, "won", "Won"), (LOST, "lost", "Lost"), (OTHER, "other", "Other end"))
    return tuple(each for each in named if each[0] != OTHER or OTHER in view.told.ends)


def _stages(view: View) -> list[tuple[str, Reached, Reached]]:
    """What each stage of the pipeline is called, who reached it, and who reached the next."""
    following = view.came[1:]
    return [(view.told.title(stage), here, following[place]) for place, (stage, here) in enumerate(view.stages)]


def _step(view: View, title: str, here: Reached, there: Reached) -> Step:
    spans, cause = onward(view.told, here, there)
    counts = np.bincount(cause, minlength=3).tolist()
    further = shares_by(spans, spans.ways(2), REACHED, within=view.within)
    return Step((title, len(cause), here.skipped, counts[1], counts[2], *further), spans.undated)


def _ends(view: View, title: str, here: Reached, ends: Sequence[tuple[int, str, str]]) -> Step:
    counts = np.bincount(view.told.outcome[here.deal], minlength=4).tolist()
    spans = to_the_end(view.told, here)
    ways, last = spans.ways(3), view.within[-1:]
    shares = [figure for outcome, *_ in ends for figure in shares_by(spans, ways, outcome, within=last)]
    came_out = (counts[outcome] for outcome, *_ in ends)
    return Step((title, len(here.deal), *came_out, counts[OPEN], *shares), spans.undated)


def _charts(within: tuple[float, ...]) -> tuple[Chart, ...]:
    return (
        Chart(
            "funnel",
            "Share of deals that came further from each stage",
            Mark.BARS,
            labels=("stage",),
            series=tuple(f"by_{_id(each)}" for each in within),
        ),
    )


def _notes(view: View, steps: Sequence[Step], *own: str) -> tuple[str, ...]:
    notes = [*own, _REACHED, _WATCHED]
    if view.beyond:
        days = ", ".join(f"{each:g}" for each in view.beyond)
        notes.append(f"Nothing can be told by day {days}: the follow-up is {view.seen_days:.1f} days long.")
    # Told once below all that share it, it must say by itself where the deals are.
    if undated := undated_of(steps, "deal", "in"):
        notes.append(f"Counted, but in no share of the funnel for want of dates: {undated}.")
    if any(figure is None for step in steps if step.row[1] for figure in step.row):
        notes.append("'-': from there nobody was watched for so long, or nobody wrote down when.")
    return below(steps, *notes)


def _id(days: float) -> str:
    return f"{days:g}d".replace(".", "_")
