"""One stage: its visits to the branches tried there and the time before each, and how surely that is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.model.scenario import Branch, Form, Spread, Standing
from engine.numerics.lifetimes import likeliest
from engine.numerics.watching import Floats, Ints, Mask
from engine.simulation.fit.branches import Course, Spans, course_of, pooled, quantiles
from engine.simulation.fit.refusals import Patterns, patterns_of, refused_share, settled, tried

OWN_TIMES = 8
"""A branch with fewer ends has the times of the whole stage."""
OBSERVED = 20
"""A stage with fewer ends has a form instead of quantiles."""
LONGEST = 100 * 365 * 86_400
"""Nothing lasts longer, in seconds."""
_SETTLED = 0.01

Way = tuple[str, str, str]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tries:
    """Tries in one stage, one item each, ``cause`` 0 where it goes on, else the number of the way + 1.

    Times are in the hours of the stage, those of ``wall`` (visits, too) by the clock on the wall.

    ``barred`` (ways × tries): which ways the rules refuse. ``visits`` are the visits that they make up; where refused
    tries are told these are fewer. ``broken``: (action, how many, of how many) moves were made that the rules refuse.
    """

    stage: str
    ways: tuple[Way, ...]
    spans: Spans
    barred: Mask
    visits: Spans
    wall: Spans
    broken: tuple[tuple[str, int, int], ...] = ()

    @property
    def told(self) -> bool:
        """Whether refused tries are among them."""
        return self.visits is not self.spans


@dataclass(frozen=True, slots=True, eq=False)
class Stood:
    """What was learnt of a stage. ``course`` tells how visits ended and when, by the clock on the wall; ``refused`` how
    many tries are refused.

    ``form`` tells how times are written: ``quantiles`` or the form chosen. ``pooled`` are the actions that have the
    times of the whole stage. ``told``: refused tries were told.
    """

    standing: Standing
    ways: tuple[Way, ...]
    course: Course
    refused: float
    form: str
    pooled: tuple[str, ...]
    told: bool
    broken: tuple[tuple[str, int, int], ...] = ()

    @property
    def visits(self) -> int:
        """How many visits were under watch."""
        return int(self.course.ended.sum()) + self.course.still


def stood(tries: Tries) -> Stood:
    """The stage as its tries tell; at least one of them must have ended under watch."""
    count = len(tries.ways)
    course = course_of(tries.spans, count)
    patterns = patterns_of(tries.barred)
    shares = course.shares
    refused = 0.0
    if patterns.bars_any and not tries.told:
        shares = tried(shares, patterns)
        refused = refused_share(shares, patterns)
    if int(course.ended.sum()) < OBSERVED:
        whole, form = _by_form(tries.spans)
        own: list[Spread | None] = [None] * count
    else:
        whole, form = _observed(quantiles(pooled(course), 0)), "quantiles"
        own = _own(course, shares, patterns, refused=refused)
    branches = tuple(
        Branch(action, to, float(share), dwell=each)
        for (_, action, to), share, each in zip(tries.ways, shares, own, strict=True)
    )
    few = tuple(way[1] for way, each in zip(tries.ways, own, strict=True) if each is None) if count > 1 else ()
    if refused > _SETTLED and form != "quantiles":
        whole = _scaled(whole, 1 - refused)
    told = max(round(course.seen(tries.spans)), 1)
    standing = Standing(tries.stage, branches, dwell=None if all(own) else whole, seen=told)
    if count == 1 and own[0] is not None:
        standing = replace(standing, branches=(replace(branches[0], dwell=None),), dwell=own[0])
    seen = course_of(tries.wall, count)
    if tries.told:
        refused = 1 - int(seen.ended.sum()) / int(course.ended.sum())
    return Stood(standing, tries.ways, seen, refused, form, few, tries.told, tries.broken)


def _own(course: Course, shares: Floats, patterns: Patterns, *, refused: float) -> list[Spread | None]:
    """The times of each branch that has enough ends."""
    seen = tuple(quantiles(course, branch) for branch in range(len(shares)))
    if refused > _SETTLED:
        everything = quantiles(pooled(course), 0)
        known = tuple(
            points if ends >= OWN_TIMES else everything
            for points, ends in zip(seen, course.ended.tolist(), strict=True)
        )
        return [_observed(points) for points in settled(known, shares, patterns)]
    return [
        _observed(points) if ends >= OWN_TIMES else None
        for points, ends in zip(seen, course.ended.tolist(), strict=True)
    ]


def _observed(points: Points) -> Spread:
    rounded = tuple((share, min(round(value), LONGEST)) for share, value in points)
    if rounded[0][1] == rounded[-1][1]:
        return Spread(Form.CONSTANT, float(rounded[0][1]))
    last = len(rounded) - 1
    bends = [
        (share, float(value))
        for at, (share, value) in enumerate(rounded)
        if at in (0, last) or not rounded[at - 1][1] == value == rounded[at + 1][1]
    ]
    return Spread(Form.QUANTILES, quantiles=tuple(bends))


def _by_form(spans: Spans) -> tuple[Spread, str]:
    """A form for a few times; of one or two an exponential, from how long all were watched."""
    seen = spans.seen
    ended = seen.cause > 0
    if not seen.exits.any():
        return Spread(Form.CONSTANT, 0.0), "constant"
    if int(ended.sum()) < 3:
        start = np.maximum(seen.entries, 0)
        mean = float((seen.exits - start).sum()) / int(ended.sum())
        return Spread(Form.EXPONENTIAL, round(mean * float(np.log(2)), 1)), "exponential"
    times, late = _above_zero(seen.exits), np.maximum(seen.entries, 0).astype(np.float64)
    found = likeliest(times, ended, np.minimum(late, times * 0.999))
    half, most = (min(found.quantile(share), LONGEST) for share in (0.5, 0.9))
    return Spread(Form(found.form), round(half, 1), round(max(most, half), 1)), found.form


def _above_zero(exits: Ints) -> Floats:
    """Times with a logarithm: none at all stands for half of the shortest."""
    shortest = float(exits[exits > 0].min())
    return np.where(exits > 0, exits, shortest / 2).astype(np.float64)


def _scaled(spread: Spread, factor: float) -> Spread:
    return replace(spread, p50=spread.p50 * factor, p90=spread.p90 * factor)
