"""The win rate in a sentence, and which deals were not looked at."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import ENDED, LOST, OPEN, OTHER, WON, Journeys
from engine.analysis.words import counted, share_text
from engine.model.errors import BadValue
from engine.numerics.intervals import wilson


def in_short(told: Journeys) -> tuple[str, ...]:
    """The win rate in a sentence."""
    won, lost = (int((told.outcome == outcome).sum()) for outcome in (WON, LOST))
    if not won + lost:
        return (
            (f"None of {counted(told.count, 'deal')} was won or lost yet.",)
            if told.count
            else ("There is no deal to look at.",)
        )
    band = wilson(won, won + lost)
    return (
        f"{won:,} of {counted(won + lost, 'deal')} won or lost {'was' if 1 in (won, won + lost) else 'were'} won: "
        f"{share_text(band.value)} (90 % interval {share_text(band.low)} to {share_text(band.high)}).",
        *_from_end_to_end(told),
    )


def _from_end_to_end(told: Journeys) -> tuple[str, ...]:
    """Where deals went from one end straight to another, that the first one counts, and what else would be."""
    visits = told.visits
    stands = np.where(told.closing >= 0, told.ends[visits.stage[told.last]], OPEN)
    moved = (told.closing >= 0) & (visits.stage[told.last] != visits.stage[told.closing])
    number = int(moved.sum())
    if not number:
        return ()
    first, now = (
        ", ".join(
            f"{int((each == outcome).sum()):,} {name}" for outcome, name in ENDED.items() if (each == outcome).any()
        )
        for each in (told.outcome, stands)
    )
    went = "deal went" if number == 1 else "deals went"
    return (
        f"Mind: {number:,} {went} from one end straight to another. What counts is the first end since a deal was last "
        f"open: {first}. By where the deals stand now it would be: {now}.",
    )


def check_any(told: Journeys) -> None:
    """Raises ``BadValue`` where there is no deal, with what was left out."""
    if not told.count:
        raise BadValue(
            " ".join(("there is no deal to look at.", *left_out_notes(told))),
            hint="name another --process, an earlier --since or a later end, or look at another file",
        )


def left_out_notes(told: Journeys) -> tuple[str, ...]:
    """Which deals are not looked at, and why; and which are, though they went on in another process."""
    left_out = told.left_out
    said = (
        (left_out.other_version, f"of other versions of the process (this is {told.process.name})"),
        (left_out.before_since, "closed before that"),
        (left_out.close_undated, "closed nobody knows when"),
        (left_out.not_yet, "of which nothing had happened by then"),
    )
    return (*_handed_over(told), *(f"Left out: {counted(count, 'deal')} {what}." for count, what in said if count))


def _handed_over(told: Journeys) -> tuple[str, ...]:
    elsewhere = np.array(["/" in stage.id for stage in told.stages], np.bool_)
    number = int((elsewhere[told.visits.stage[told.closing]] & (told.outcome == OTHER)).sum())
    if not number:
        return ()
    return (
        f"Handed over to another process, and counted as ended otherwise when they went: {counted(number, 'deal')}.",
    )
