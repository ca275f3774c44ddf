"""Who works when on what, and what is left of each visit as time that passes: what ``fit`` asks about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.model.names import ENGINE, MAIN
from engine.model.scenario import Hours, Work
from engine.model.study import Figure, Heading, Section, Unit
from engine.simulation.fit.arrivals import hours_of_arrivals
from engine.simulation.fit.clock import worked_at
from engine.simulation.fit.hours import office_of, said, tells_better
from engine.simulation.fit.seen import NONE, Seen, Staffed, Visits, nobody
from engine.simulation.fit.teams import Team, opened, teams_of
from engine.tables.coded import NEVER, Ints, Mask

_STAGES = 30
_HOUR = 3600.0

OfStage = dict[tuple[str, str], tuple[str, Work | None]]


def staffed(seen: Seen) -> Staffed:
    """Pools, the efforts of their works, and the hours of stages.

    People become a pool where they are seen to do one thing at a time (``fit_doing.one_at_a_time``); a stage in which
    deals wait for customers stays time that passes. Hours of people are kept where they hold on, hours of stages where
    they tell later times better than the wall clock.
    """
    office = office_of(seen)
    teams = teams_of(seen, office)
    of_stage: OfStage = {team.works.kinds[kind]: ("", team.work(kind)) for team in teams for kind in team.kinds}
    hours = {team.hours.id: team.hours for team in teams if team.hours is not None}
    plain = nobody(seen)
    passed = [
        _passing(seen, visits, office, of_stage, (spent, begun))
        for visits, spent, begun in zip(seen.tracks, plain.spent, plain.begun, strict=True)
    ]
    arriving = hours_of_arrivals(seen)
    if office is not None and any(each == office.id for each, _ in of_stage.values()):
        hours[office.id] = office
    if arriving is not None:
        hours.setdefault(arriving.id, arriving)
    return Staffed(
        tuple(spent for spent, _ in passed),
        tuple(begun for _, begun in passed),
        hours=tuple(hours.values()),
        pools=tuple(team.pool for team in teams),
        of_stage=of_stage,
        notes=_notes(teams, hours, is_told=any(each not in ("", ENGINE) for each in seen.people)),
        sections=(_section(teams),) if teams else (),
    )


def _passing(
    seen: Seen, visits: Visits, office: Hours | None, of_stage: OfStage, plain: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """What passes in each visit and had passed at ``since``; stages that pass in the hours are added to ``of_stage``.

    Nothing is left to pass in stages that are all work.
    """
    works = np.array([(visits.track, stage) in of_stage for stage in visits.stages] + [False], np.bool_)[visits.stage]
    spent, begun = (np.where(works, 0, each) for each in plain)
    if office is None:
        return spent, begun
    clock = opened(seen, office)
    for number, stage in enumerate(visits.stages):
        rows = np.flatnonzero(visits.dated & (visits.stage == number))
        left = rows[(visits.left[rows] != NEVER) & (visits.way[rows] != NONE)]
        if (visits.track, stage) in of_stage or len(left) < _STAGES:
            continue
        if tells_better(visits.entered[left], visits.left[left], clock):
            of_stage[visits.track, stage] = (office.id, None)
            entered = worked_at(clock, visits.entered[rows])
            spent[rows] = worked_at(clock, visits.gone[rows]) - entered
            if seen.since != NEVER:
                since = np.full(len(rows), seen.since)
                begun[rows] = np.where(visits.entered[rows] < since, worked_at(clock, since) - entered, 0)
    return spent, begun


def _notes(teams: Sequence[Team], hours: Mapping[str, Hours], *, is_told: bool) -> tuple[str, ...]:
    notes = [f"hours '{each.id}' are {said(each)}" for each in hours.values()]
    days = sorted({day for each in hours.values() for day in each.holidays})
    if days:
        notes.append(f"{len(days)} working days without anything are taken for holidays; add those to come")
    if not teams:
        why = (
            "is seen to do one thing at a time"
            if is_told
            else "is named as the one who made a move (a map says it with 'actor')"
        )
        notes.append(f"nobody {why}: no pool is assumed, the time in a stage passes by itself")
    gone = sum(len(_people(team)) - len(team.pool.people) for team in teams)
    if gone:
        notes.append(f"{gone} people who did nothing in the last quarter of the works are left out of their pools")
    return tuple(notes)


def _people(team: Team) -> Ints:
    return np.unique(team.works.who)


def _section(teams: Sequence[Team]) -> Section:
    return Section(
        id="people",
        title="Who works on what",
        headings=(
            Heading("pool", "pool"),
            Heading("people", "people", Unit.COUNT),
            Heading("stage", "stage"),
            Heading("works", "works", Unit.COUNT),
            Heading("p50_hours", "P50 hours", Unit.NUMBER),
            Heading("p90_hours", "P90 hours", Unit.NUMBER),
            Heading("waited_hours", "hours waited", Unit.NUMBER),
        ),
        rows=tuple(_row(team, kind, team.works.kind == kind) for team in teams for kind in team.kinds),
        notes=("Hours of work, within those of the pool. When a work began is reckoned, nobody told it.",),
    )


def _row(team: Team, kind: int, its: Mask) -> tuple[Figure, ...]:
    track, stage = team.works.kinds[kind]
    effort, waited = (each[its] / _HOUR for each in (team.effort, team.waited))
    p50, p90 = np.quantile(effort, (0.5, 0.9))
    return (
        team.pool.id,
        len(team.pool.people),
        stage if track == MAIN else f"{track}/{stage}",
        int(its.sum()),
        round(float(p50), 2),
        round(float(p90), 2),
        round(float(waited.mean()), 2),
    )
