"""What there is: deals by outcome with their value, the win rate, the period, and what could not be looked at."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON, Journeys, moment
from engine.analysis.words import counted, of_band, share_text
from engine.analysis.worth import worth
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics.intervals import wilson
from engine.tables.coded import NEVER, unknown, where


def overview(told: Journeys) -> Section:
    """A row an outcome, and one for all."""
    counts = np.bincount(told.outcome, minlength=4).tolist()
    values = worth(told, told.outcome, 4)
    (whole,) = worth(told, np.zeros(told.count, np.int64), 1)
    closed = counts[WON] + counts[LOST]
    rows: list[tuple[Figure, ...]] = []
    for outcome, name in ((WON, "won"), (LOST, "lost"), (OTHER, "ended otherwise"), (OPEN, "open")):
        rate = of_band(wilson(counts[outcome], closed)) if outcome in (WON, LOST) and closed else None
        if counts[outcome] or outcome != OTHER:
            rows.append((name, counts[outcome], rate, values[outcome].value, values[outcome].mean))
    rows.append(("all", told.count, None, whole.value, whole.mean))
    return Section(
        "overview",
        "Deals by outcome",
        (
            Heading("outcome", "Outcome"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share of won and lost", Unit.SHARE),
            Heading("value", "Value", Unit.MONEY),
            Heading("mean_value", "Mean of those with a value", Unit.MONEY),
        ),
        tuple(rows) if told.count else (),
        says=_period(told),
        notes=_notes(told),
        empty="There is no deal to look at.",
    )


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
        f"{won:,} of {counted(won + lost, 'deal')} won or lost {'was' if won == 1 else 'were'} won: "
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
    names = {WON: "won", LOST: "lost", OTHER: "ended otherwise"}
    first, now = (
        ", ".join(
            f"{int((each == outcome).sum()):,} {name}" for outcome, name in names.items() if (each == outcome).any()
        )
        for each in (told.outcome, stands)
    )
    went = "deal went" if number == 1 else "deals went"
    return (
        f"Mind: {number:,} {went} from one end straight to another. What counts is the first end since a deal was last "
        f"open: {first}. By where the deals stand now it would be: {now}.",
    )


def _period(told: Journeys) -> tuple[str, ...]:
    started, closed = told.started[told.started != NEVER], told.closed[told.closed != NEVER]
    says = []
    if len(started):
        says.append(f"Started from {moment(started.min()):%Y-%m-%d} to {moment(started.max()):%Y-%m-%d}.")
    if len(closed):
        says.append(f"Closed from {moment(closed.min()):%Y-%m-%d} to {moment(closed.max()):%Y-%m-%d}.")
    return (" ".join(says),) if says else ()


def _notes(told: Journeys) -> tuple[str, ...]:
    notes = []
    if told.since != NEVER:
        notes.append(
            f"Looked at are deals closed since {moment(told.since):%Y-%m-%d} and those still open; times are reckoned "
            "from what was seen since then."
        )
    undated = told.visits.entered == NEVER
    if undated.any():
        deals = len(np.unique(told.visits.deal[undated]))
        visits = counted(int(undated.sum()), "visit")
        notes.append(
            f"Without a date, counted and left out of times: {visits} of a stage, in {counted(deals, 'deal')}."
        )
    stages = told.open_stages
    elsewhere = int((told.visits.stage[told.first] != stages[0]).sum()) if stages else 0
    if elsewhere:
        notes.append(f"First seen in another stage than '{told.title(stages[0])}': {counted(elsewhere, 'deal')}.")
    worthless = _no_value(told)
    if worthless:
        notes.append(f"Without a value, and so left out of sums: {counted(worthless, 'deal')}.")
    return (*notes, *left_out_notes(told), *_tracks(told))


def _no_value(told: Journeys) -> int:
    return int(unknown(told.tables.deals, "amount")[told.rows].sum())


def left_out_notes(told: Journeys) -> tuple[str, ...]:
    """Which deals are not looked at, and why."""
    left_out = told.left_out
    said = (
        (left_out.other_version, f"of other versions of the process (this is {told.process.name})"),
        (left_out.handed_over, "handed over to another process"),
        (left_out.before_since, "closed before that"),
        (left_out.close_undated, "closed nobody knows when"),
        (left_out.not_yet, "of which nothing had happened by then"),
    )
    return tuple(f"Left out: {counted(count, 'deal')} {what}." for count, what in said if count)


def _tracks(told: Journeys) -> tuple[str, ...]:
    moves = told.tables.moves
    other = where(moves, "process", told.process.id) & ~where(moves, "track", told.process.main.id)
    if not other.any():
        return ()
    return (
        f"Steps are those of the main track; {counted(int(other.sum()), 'visit')} of other tracks are not among them.",
    )
