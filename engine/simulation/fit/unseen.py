"""Stages of which history does not tell enough: what is assumed of them instead, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.model.process import Process, Stage, Track, targets_from
from engine.model.scenario import Branch, Form, Spread, Standing
from engine.simulation.fit.branches import Spans

_WEEK = 7 * 86_400.0
_LN_2 = 0.6931471805599453


@dataclass(frozen=True, slots=True)
class Assumed:
    """A stage that nobody was seen to leave, with what is said about it."""

    standing: Standing
    says: str


def assumed(track: Track, stage: Stage, *, spans: Spans, left: dict[tuple[str, str], int]) -> Assumed | None:
    """Assumptions for a stage; ``None`` where no action leads out of it.

    ``left`` counts undated visits by how they went on: (action, to).
    """
    ways = dict(left) or dict.fromkeys(_possible(track, stage.id), 1)
    if not ways:
        return None
    whole = sum(ways.values())
    dwell, how = (Spread(Form.CONSTANT, 0.0), "nought") if left else _dwell(stage, spans)
    branches = tuple(Branch(action, to, count / whole) for (action, to), count in ways.items())
    if left:
        visits = "1 visit has" if whole == 1 else f"{whole:,} visits have"
        says = f"{visits} no dates: shares are theirs, and it takes no time, for deals count from their first date on"
    elif len(spans.exits):
        stand = len(spans.exits)
        seen = "1 visit was seen, and it did not end" if stand == 1 else f"{stand:,} visits were seen, and none ended"
        says = f"{seen}: every way out alike, times are {how}"
    else:
        says = f"no visit was seen: every way out alike, times are {how}"
    # Of what nobody saw it is assumed as it stands here: nothing tells how far off it may be.
    return Assumed(Standing(stage.id, branches, dwell=dwell, seen=whole if left else 0), says)


def reached(process: Process, standings: dict[str, Standing]) -> Iterator[Stage]:
    """Open stages that deals come to by these standings, by clocks or automatic actions, and of which none tells."""
    main = process.main
    by_itself = [(clock.then, clock.stages) for clock in process.clocks if clock.then and clock.track == main.id]
    by_itself += [(action.id, action.sources) for action in main.actions if action.auto]
    found, waiting = {main.first.id}, [main.first.id]
    while waiting:
        stage = waiting.pop()
        known = standings.get(stage)
        targets = {branch.to for branch in known.branches} if known else set()
        for action_id, stages in by_itself:
            for action in main.variants(action_id):
                if stage in stages and stage in action.sources:
                    targets |= set(targets_from(main, action, stage))
        for target in sorted(targets - found):
            declared = main.stage(target)
            if declared and not declared.ends:
                found.add(target)
                waiting.append(target)
    for each in main.stages:
        if each.id in found and each.id not in standings:
            yield each


def _possible(track: Track, stage: str) -> list[tuple[str, str]]:
    """The ways out that somebody can try: of each action the first place that it leads to."""
    found: dict[str, str] = {}
    for action in track.actions:
        if stage not in action.sources or action.auto or action.transfer:
            continue
        targets = [each for each in targets_from(track, action, stage) if each != stage]
        if targets and not _leads_back(track, stage, targets[0]):
            found.setdefault(action.id, targets[0])
    return list(found.items())


def _leads_back(track: Track, stage: str, target: str) -> bool:
    order = [each.id for each in track.stages]
    return not track.is_end(target) and order.index(target) < order.index(stage)


def _dwell(stage: Stage, spans: Spans) -> tuple[Spread, str]:
    """What the process expects or, where it says nothing, what the visits still open allow."""
    if stage.target:
        half = stage.target.total_seconds()
        most = max(half, stage.alert.total_seconds()) if stage.alert else 3 * half
        return Spread(Form.LOGNORMAL, half, most), "its target and alert" if stage.alert else "its target"
    seen = spans.seen
    watched = float((seen.exits - np.maximum(seen.entries, 0)).sum()) if len(seen.exits) else 0.0
    if watched > 0:
        # Half an end in all the time that was watched.
        return Spread(Form.EXPONENTIAL, round(2 * watched * _LN_2, 1)), "as if one half had ended in all that time"
    return Spread(Form.LOGNORMAL, _WEEK, 3 * _WEEK), "a week for half of them, three for nine in ten"
