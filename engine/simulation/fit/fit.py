"""A scenario from history: the five tables to branches, times, facts and arrivals, and to what had to be assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.machine.compile import Machine, compile_process
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.scenario import Arrivals, Branch, Hours, Scenario, Standing, TrackAssumed
from engine.model.study import Section
from engine.numerics.watching import Mask
from engine.simulation.fit.allowed import barred, gathered
from engine.simulation.fit.arrivals import arrived, hours_of_arrivals
from engine.simulation.fit.branches import Spans
from engine.simulation.fit.facts import Prospects, prospects
from engine.simulation.fit.people import staffed as learnt_staff
from engine.simulation.fit.reading import seen_in
from engine.simulation.fit.reasons import reasons_of
from engine.simulation.fit.sections import about, about_stage, counted, doubts, sections_of
from engine.simulation.fit.seen import NONE, Seen, Staffed, Visits, nobody
from engine.simulation.fit.standing import Stood, Way, stood
from engine.simulation.fit.tries import Refused, refusals, tries
from engine.simulation.fit.unseen import Assumed, assumed, reached
from engine.tables.build import Tables

HORIZON = timedelta(weeks=26)
_A_MINUTE = 60
Comment = tuple[str, str]
FEWEST = 10
"""With fewer visits that ended nothing can be said."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A scenario from history, and the same as figures.

    ``notes`` are what it rests on and what was assumed; ``comments`` the same and more, each with the place in the
    scenario that it is about, such as ``stages/demo`` (empty: all of it). ``doubts`` are about the whole of it.
    """

    scenario: Scenario
    notes: tuple[str, ...]
    comments: tuple[Comment, ...]
    sections: tuple[Section, ...]
    doubts: tuple[str, ...] = ()


def fit(
    tables: Tables,
    process: Process,
    machine: Machine | None = None,
    *,
    as_of: datetime,
    since: datetime | None = None,
    scenario_id: str = "fitted",
    horizon: timedelta = HORIZON,
    staffed: Callable[[Seen], Staffed] = learnt_staff,
) -> Fitted:
    """The scenario under which things go on as they went until ``as_of``.

    ``since``: only what was seen since then counts, visits under way then from then on (delayed entry). Visits still
    open are counted as open. Raises ``BadValue`` where history is too short to tell anything.
    """
    machine = machine or compile_process(process)
    seen = seen_in(tables, process, as_of=as_of, since=since)
    _check_enough(seen)
    staff = staffed(seen)
    facts = prospects(seen, machine)
    main = _main(seen, machine, staff, facts, now=as_of)
    tracks = tuple(_side_tracks(seen, staff))
    arrivals = arrived(seen)
    scenario = Scenario(
        id=scenario_id,
        process=process.id,
        version=process.version,
        title=f"As it went until {as_of:%Y-%m-%d}",
        horizon=horizon,
        arrivals=arrivals.value,
        stages=tuple(main.standings),
        facts=facts.facts,
        rows=facts.rows,
        touchpoints=staff.touchpoints,
        approvals=staff.approvals,
        hours=_hours(staff, arrivals.value, seen),
        pools=staff.pools,
        tracks=tuple(each for each, _ in tracks),
    )
    comments = (
        *(("", each) for each in about(seen)),
        *(("arrivals", each) for each in arrivals.notes),
        *main.comments,
        *(each for _, its in tracks for each in its),
        *facts.notes,
        *(("pools", each) for each in staff.notes),
    )
    return _fitted(scenario, comments, seen, main, also=(*arrivals.sections, *staff.sections))


def _fitted(
    scenario: Scenario, comments: tuple[Comment, ...], seen: Seen, main: _Learnt, *, also: tuple[Section, ...]
) -> Fitted:
    counts = tuple((f"stages/{each.standing.stage}", counted(each)) for each in main.stood)
    sections = (*sections_of(seen, main.stood), *also)
    return Fitted(scenario, tuple(map(_said, comments)), (*counts, *comments), sections, tuple(doubts(seen)))


def _hours(staff: Staffed, arrivals: Arrivals, seen: Seen) -> tuple[Hours, ...]:
    """All working hours that the scenario names."""
    missing = arrivals.hours and arrivals.hours not in {each.id for each in staff.hours}
    found = hours_of_arrivals(seen) if missing else None
    return (*staff.hours, found) if found else staff.hours


def _said(comment: Comment) -> str:
    """A comment as a sentence of its own."""
    path, text = comment
    kind, _, name = path.rpartition("/")
    return f"{name}: {text}" if kind.endswith("stages") else text


@dataclass(frozen=True, slots=True)
class _Learnt:
    """The stages of a track as far as they could be learnt."""

    standings: tuple[Standing, ...]
    stood: tuple[Stood, ...]
    comments: tuple[Comment, ...]


def _check_enough(seen: Seen) -> None:
    main = seen.main
    if seen.since >= seen.until:
        raise BadValue(
            f"nothing was seen since then: the follow-up ends on {_day(seen.until)}", hint="name an earlier time"
        )
    ended = int((main.dated & (main.way != NONE) & (main.gone > seen.since)).sum())
    if ended >= FEWEST:
        return
    what = "no visit" if not ended else "1 visit" if ended == 1 else f"only {ended} visits"
    raise BadValue(
        f"history is too short to fit {seen.process.name}: {what} of a stage with dates on both sides ended in a move",
        hint=f"it takes {FEWEST}; 'stagewright scenario {seen.process.id}' writes one from what the process hopes for",
    )


def _day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def _main(seen: Seen, machine: Machine, staff: Staffed, facts: Prospects, *, now: datetime) -> _Learnt:
    deals = gathered(machine, facts.past, now=now)
    bars: dict[Way, Mask] = {way: barred(deals, way, now=now) for way in seen.main.ways}
    found = _of_track(seen.main, seen, staff, at=0, bars=bars, refused=refusals(seen))
    standings = {each.stage: each for each in found.standings}
    comments = list(found.comments)
    while True:
        missing = [_assumed(seen, staff, 0, stage.id) for stage in reached(seen.process, standings)]
        more = [each for each in missing if each]
        if not more:
            break
        standings |= {each.standing.stage: each.standing for each in more}
        comments += [(f"stages/{each.standing.stage}", each.says) for each in more]
    order = [each.id for each in seen.process.main.stages]
    return _Learnt(
        tuple(sorted(standings.values(), key=lambda each: order.index(each.stage))), found.stood, tuple(comments)
    )


def _side_tracks(seen: Seen, staff: Staffed) -> Iterator[tuple[TrackAssumed, tuple[Comment, ...]]]:
    nothing = refusals(replace(seen, names=()))
    for at, visits in enumerate(seen.tracks[1:], 1):
        found = _of_track(visits, seen, staff, at=at, bars={}, refused=nothing)
        if found.standings:
            yield TrackAssumed(visits.track, found.standings), found.comments


def _of_track(
    visits: Visits, seen: Seen, staff: Staffed, *, at: int, bars: Mapping[Way, Mask], refused: Refused
) -> _Learnt:
    learnt: list[Stood] = []
    standings: list[Standing] = []
    comments: list[Comment] = []
    path = "stages" if at == 0 else f"tracks/{visits.track}/stages"
    reasons, plain = reasons_of(seen), nobody(seen)
    for stage in visits.stages:
        if not (visits.dated & (visits.stage == visits.stages.index(stage))).any():
            continue
        its = tries(
            visits,
            stage,
            spent=(staff.spent[at], staff.begun[at]),
            wall=(plain.spent[at], plain.begun[at]),
            bars=bars,
            refused=refused,
        )
        if not (its.spans.seen.cause > 0).any():
            continue
        found = stood(its)
        hours, work = staff.of_stage.get((visits.track, stage), ("", None))
        branches = tuple(_with_reason(each, stage, reasons) for each in found.standing.branches)
        standing = replace(found.standing, branches=branches, hours=hours, work=work)
        standings.append(_only_worked(standing) if work else standing)
        learnt.append(found)
        comments += [(f"{path}/{stage}", each) for each in about_stage(found)]
    return _Learnt(tuple(standings), tuple(learnt), tuple(comments))


def _only_worked(standing: Standing) -> Standing:
    """Where all of the time is work nothing is left to say of any other: seconds that rounding leaves are none."""
    times = (standing.dwell, *(branch.dwell for branch in standing.branches))
    if any(each and max(each.p90, each.p50, *(value for _, value in each.quantiles)) >= _A_MINUTE for each in times):
        return standing
    return replace(standing, dwell=None, branches=tuple(replace(each, dwell=None) for each in standing.branches))


def _with_reason(branch: Branch, stage: str, reasons: Mapping[Way, str]) -> Branch:
    return replace(branch, reason=reasons.get((stage, branch.action, branch.to), ""))


def _assumed(seen: Seen, staff: Staffed, at: int, stage_id: str) -> Assumed | None:
    visits = seen.tracks[at]
    track = seen.process.track(visits.track)
    stage = track.stage(stage_id) if track else None
    if track is None or stage is None:
        return None
    here = visits.stage == visits.stages.index(stage_id)
    rows = visits.dated & here
    spans = Spans(staff.spent[at][rows], np.zeros(int(rows.sum()), np.int64), staff.begun[at][rows])
    left: dict[tuple[str, str], int] = {}
    for way in visits.way[here & ~visits.dated & (visits.way != NONE)].tolist():
        _, action, to = visits.ways[way]
        left[action, to] = left.get((action, to), 0) + 1
    return assumed(track, stage, spans=spans, left=left)
