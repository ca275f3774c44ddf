"""The waits for requirements and for approvals as sections: how many deals, how long in all, how soon they passed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.analysis.accelerate.waits import GIVEN_UP, PASSED, Waits
from engine.analysis.journeys import Journeys
from engine.analysis.words import below, of_quantile
from engine.machine.sayings import sayings
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics import competing
from engine.numerics.competing import aalen_johansen
from engine.numerics.watching import Quantile

_SHOWN = 15
_FEWEST = 5
"""Of fewer waits than this that ended so, no interval is told."""
_NOTE = (
    "'Half within' is of the waits that ended so as far as anyone watched; one that is not over counts for as long as "
    "it has lasted (Aalen-Johansen). For how long it was missing before the first refusal, nobody can say."
)
_ENDS = {
    "waits": "A wait begins with the first move refused for it, and ends with the first try of the same action "
    "that was not. ",
    "approvals": "A wait begins with the first move refused for want of it, and ends when it was granted or, "
    "where nobody tells when that was, with the first try that was not refused for it. ",
}
_REFUSED = {"waits": "for a requirement", "approvals": "for want of an approval"}


def wait_sections(told: Journeys, found: tuple[Waits, ...]) -> tuple[Section, Section]:
    """The waits for requirements, and those for approvals."""
    says = sayings(told.process)
    approvals = {each.id for track in told.process.all_tracks() for act in track.actions for each in act.approvals}
    kinds = [each for each in found if each.requirement not in approvals]
    granted = [each for each in found if each.requirement in approvals]
    return (
        _section(kinds, says, ("waits", "What deals wait for: requirements", "requirement", "Requirement")),
        _section(granted, says, ("approvals", "What deals wait for: approvals", "approval", "Approval")),
    )


def _section(found: list[Waits], says: Mapping[str, str], names: tuple[str, str, str, str]) -> Section:
    id_, title, column, heading = names
    rows = tuple((each.requirement, says.get(each.requirement, ""), *_figures(each)) for each in found)
    return Section(
        id_,
        title,
        (
            Heading(column, heading),
            Heading("says", "It says"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("passed", "Then granted" if id_ == "approvals" else "Then passed", Unit.COUNT),
            Heading("given_up", "Closed first", Unit.COUNT),
            Heading("still", "Still waiting", Unit.COUNT),
            Heading("total_days", "Days in all", Unit.DAYS),
            Heading("p50_days", "Half within", Unit.DAYS),
        ),
        rows,
        notes=below(rows, _ENDS[id_] + _NOTE),
        empty=f"No move is told of that was refused {_REFUSED[id_]}; only a journal keeps them.",
        shown=_SHOWN,
    )


def _figures(its: Waits) -> tuple[Figure, ...]:
    ways = aalen_johansen(its.spans, its.cause, 2)
    count = np.bincount(its.cause, minlength=3).tolist()
    half = competing.quantile_of_those(competing.way(ways, PASSED), 0.5)
    if count[PASSED] < _FEWEST:
        half = Quantile(half.value, None, None)
    median = of_quantile(half, ways.longest) if half.value is not None else None
    return (len(np.unique(its.deal)), count[PASSED], count[GIVEN_UP], count[0], its.total_days, median)
