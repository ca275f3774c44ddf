"""What a condition may look at besides facts, read from the deal, the move and the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.conditions.decision_table import Derive, deriver, read_by
from engine.machine.tracks import reaching
from engine.model.deal import Deal, Times
from engine.model.decision import Move
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Value

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What every situation of one process shares. ``circular`` are the tables that rest on themselves."""

    zone: tzinfo
    touchpoints: frozenset[str]
    reaching: Mapping[str, frozenset[str]]
    probability: Mapping[str, Decimal]
    first_stages: Mapping[str, str]
    reason_groups: Mapping[tuple[str, str], str]
    facts: Mapping[str, Fact]
    defaults: Mapping[str, Value]
    reckons: bool
    circular: frozenset[str]
    derive: Derive


def frame_of(process: Process) -> Frame:
    """The frame of a process. Raises ``BadValue`` for a time zone that this machine does not know."""
    return Frame(
        zone=zone_named(process.time_zone),
        touchpoints=frozenset(process.touchpoints),
        reaching=reaching(process.main),
        probability={stage.id: stage.probability for stage in process.main.stages if stage.probability is not None},
        first_stages={track.id: track.first.id for track in process.all_tracks()},
        reason_groups=dict(_reason_groups(process)),
        facts=process.facts,
        defaults={fact.id: fact.default for fact in process.facts.values() if fact.default is not None},
        reckons=any(fact.table is not None for fact in process.facts.values()),
        circular=frozenset(_circular(process.facts)),
        derive=deriver(process.facts),
    )


def _circular(facts: Mapping[str, Fact]) -> Iterator[str]:
    for name in facts:
        below = list(read_by(facts, name))
        for each in below:
            below += read_by(facts, each).difference(below)
        if name in below:
            yield name


def _reason_groups(process: Process) -> Iterator[tuple[tuple[str, str], str]]:
    """By action and reason: its group, if it has one. Of variants that differ the first is meant."""
    actions = [action for track in process.all_tracks() for action in track.actions]
    for action in reversed(actions):
        for reason in action.reasons:
            if reason.group:
                yield (action.id, reason.code), reason.group


def zone_named(name: str) -> tzinfo:
    """The time zone of that name."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadValue(f"the time zone '{name}' is not known here", hint="such as Europe/Berlin or UTC") from None


class DealSituation:
    """One deal before one move, at one time. Fits ``model.situation.Situation``; reckons only what is asked for."""

    __slots__ = ("deal", "frame", "move", "now", "to")

    def __init__(self, frame: Frame, deal: Deal, move: Move, now: datetime, to: str | None) -> None:
        self.frame = frame
        self.deal = deal
        self.move = move
        self.now = now
        self.to = to

    @property
    def stage(self) -> str:
        """Where the deal stands on the main track."""
        return self.deal.stage

    @property
    def action(self) -> str | None:
        """What is to be done; unknown at a start."""
        return self.move.action or None

    @property
    def reason(self) -> str | None:
        """The reason given."""
        return self.move.reason or None

    @property
    def reason_group(self) -> str | None:
        """The group of the reason given; unknown where it has none."""
        return self.frame.reason_groups.get((self.move.action, self.move.reason))

    @property
    def note(self) -> str | None:
        """The note given."""
        return self.move.note or None

    @property
    def role(self) -> str | None:
        """The role of the mover."""
        return self.move.role or None

    @property
    def today(self) -> date:
        """The day in the zone of the process."""
        return self.now.astimezone(self.frame.zone).date()

    @property
    def days_in_stage(self) -> Decimal:
        """Whole days since the present main stage was entered."""
        return Decimal((self.now - self.deal.entered_at) // _DAY)

    @property
    def probability(self) -> Decimal | None:
        """What the present main stage says of winning."""
        return self.frame.probability.get(self.deal.stage)

    def track(self, name: str) -> str | None:
        """The stage the deal has in a track; its first where it has not moved there."""
        return self.deal.tracks.get(name) or self.frame.first_stages.get(name)

    def done(self, name: str) -> bool:
        """Whether a touchpoint, or an action where no touchpoint has that name, was ever done."""
        return name in self._times(name)

    def count(self, name: str) -> Decimal:
        """How often it was done."""
        times = self._times(name).get(name)
        return Decimal(times.count if times else 0)

    def since(self, name: str) -> timedelta | None:
        """Time since it was last done; unknown where it never was."""
        times = self._times(name).get(name)
        return self.now - times.last_at if times else None

    def reached(self, stage: str) -> bool:
        """Whether the deal has stood in the stage or, over it, in a later one or a won end."""
        return not self.frame.reaching.get(stage, frozenset()).isdisjoint(self.deal.visited)

    def _times(self, name: str) -> Mapping[str, Times]:
        return self.deal.touches if name in self.frame.touchpoints else self.deal.actions
