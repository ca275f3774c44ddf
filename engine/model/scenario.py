"""A scenario: the assumptions under which a process is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from engine.model.place import NOWHERE, Place
from engine.model.syntax import Value


class Form(Enum):
    """The form of a distribution."""

    LOGNORMAL = "lognormal"
    GAMMA = "gamma"
    WEIBULL = "weibull"
    EXPONENTIAL = "exponential"
    QUANTILES = "quantiles"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Spread:
    """How something spreads, as people know it: by its P50 and P90.

    The unit is seconds for times and the unit of the fact for facts. ``EXPONENTIAL`` and ``CONSTANT`` are given by
    ``p50`` alone (of an exponential P50 = mean × ln 2). ``QUANTILES`` holds at least two (share, value) with shares
    ascending from 0 to 1, between which values are interpolated; a value may repeat.
    """

    form: Form
    p50: float = 0.0
    p90: float = 0.0
    quantiles: tuple[tuple[float, float], ...] = ()
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """What is tried next in a stage: an action, and to where it leads.

    ``share`` (0 to 1) is of attempts: one that the rules refuse leaves the deal where it is, and it draws again.
    ``dwell`` is the time until the attempt; ``None``: that of the stage. ``reason`` is given with the move; empty: the
    first of the action's list.
    """

    action: str
    to: str
    share: float
    dwell: Spread | None = None
    reason: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody of a pool has to do: ``effort`` in seconds of that person's working hours."""

    pool: str
    effort: Spread
    skill: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """What happens to deals in one stage: somebody works on them (``work``), they wait (``dwell``), then one branch.

    ``hours`` names the working hours in which ``dwell`` passes; empty: around the clock. ``seen``: how many visits the
    shares and times rest on, which leaves them open by so much; 0: they are taken as exact.
    """

    stage: str
    branches: tuple[Branch, ...]
    dwell: Spread | None = None
    hours: str = ""
    work: Work | None = None
    seen: int = 0
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How long those of a role take to approve, and how often they do (``granted``, 0 to 1)."""

    role: str
    wait: Spread | None = None
    work: Work | None = None
    granted: float = 1.0
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours in the time zone of the process: by weekday (0 Monday … 6 Sunday) stretches of the day.

    A stretch that ends at 00:00 ends with the day. On ``holidays`` nobody works.
    """

    id: str
    days: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: tuple[date, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Person:
    """One of a pool. ``hours`` empty: those of the pool."""

    name: str
    skills: tuple[str, ...] = ()
    hours: str = ""
    at: Place = field(default=NOWHERE, compare=False)


class Serving(Enum):
    """Who of those who wait is served next; among equals the one that waits longest."""

    FIRST_COME = "first-come"
    BY_FACT = "by-fact"
    BY_STAGE = "by-stage"


@dataclass(frozen=True, slots=True)
class Pool:
    """People who do the same work. ``hours`` empty: they work around the clock.

    ``serving`` ``BY_FACT``: the deal with the highest ``fact`` first, unknown last. ``BY_STAGE``: as ``stages`` are
    listed, the others after them.
    """

    id: str
    people: tuple[Person, ...]
    hours: str = ""
    serving: Serving = Serving.FIRST_COME
    fact: str = ""
    stages: tuple[str, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)


class Gaps(Enum):
    """How prospects follow each other: ``RANDOM`` as a Poisson process, ``EVEN`` all alike, else a form of the gaps."""

    RANDOM = "random"
    EVEN = "even"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How prospects come in.

    ``weekly`` is the mean number a week, before ``months``. ``weeks`` are the numbers of past weeks instead, drawn in
    runs of ``block`` weeks that followed each other. ``weekdays`` (0 Monday) and ``months`` (1 January) are weights;
    absent all are alike. ``hours`` names the hours of the day in which they come; empty: any time. ``spread`` is of the
    gaps between two of them relative to their mean, where ``gaps`` is ``SPREAD``. ``seen``: how many weeks the number
    rests on; 0: it is taken as exact.
    """

    weekly: float = 0.0
    weeks: tuple[int, ...] = ()
    block: int = 4
    weekdays: Mapping[int, float] = field(default_factory=dict)
    months: Mapping[int, float] = field(default_factory=dict)
    hours: str = ""
    gaps: Gaps = Gaps.RANDOM
    spread: Spread | None = None
    seen: int = 0
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FactDrawn:
    """How the values of one fact of new prospects fall.

    Numbers have a ``spread`` (rounded to ``step``), the others ``choices``: values and their shares, summing to 1; of
    a date ``spread`` is in seconds after the start. ``known`` (0 to 1) is how often the fact is known at all.
    """

    fact: str
    spread: Spread | None = None
    step: float = 0.0
    choices: tuple[tuple[Value, float], ...] = ()
    known: float = 1.0
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FactRows:
    """Facts of past prospects, drawn a row at a time, so that what belongs together stays together.

    ``None`` in a row: not known.
    """

    facts: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    at: Place = field(default=NOWHERE, compare=False)


LONGEST_HORIZON = timedelta(weeks=1_000)
"""No simulation looks further ahead."""


@dataclass(frozen=True, slots=True)
class TrackAssumed:
    """What happens in a side track. Without assumptions a track stays in its first stage."""

    track: str
    stages: tuple[Standing, ...]
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Assumptions about one process. ``version`` is the one whose names it uses (0: whichever it is used with).

    ``start`` is the first moment simulated (``None``: now); a ``horizon`` later nothing is looked at. ``luck``: what is
    drawn by another name than its own, for two versions that call it otherwise are to have the same luck
    (``main/qualified`` → ``main/interested``, ``actions/show`` → ``actions/hold-demo``, ``facts/discount`` →
    ``facts/rebate``).
    """

    id: str
    process: str
    horizon: timedelta
    arrivals: Arrivals
    stages: tuple[Standing, ...]
    version: int = 0
    title: str = ""
    because: str = ""
    start: datetime | None = None
    facts: tuple[FactDrawn, ...] = ()
    rows: FactRows | None = None
    touchpoints: Mapping[str, Work] = field(default_factory=dict)
    approvals: tuple[Agreeing, ...] = ()
    hours: tuple[Hours, ...] = ()
    pools: tuple[Pool, ...] = ()
    tracks: tuple[TrackAssumed, ...] = ()
    luck: Mapping[str, str] = field(default_factory=dict)
    at: Place = field(default=NOWHERE, compare=False)
    version_at: Place = field(default=NOWHERE, compare=False)

    def standing(self, stage: str) -> Standing | None:
        """What is assumed of a main stage."""
        return next((each for each in self.stages if each.stage == stage), None)

    def pool(self, pool: str) -> Pool | None:
        """The pool of that id."""
        return next((each for each in self.pools if each.id == pool), None)
