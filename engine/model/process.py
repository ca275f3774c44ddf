"""A process as declared: one way to sell, in one version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from engine.model.expression import Assignment, Expression
from engine.model.formula import Formula
from engine.model.names import MAIN
from engine.model.place import NOWHERE, Place
from engine.model.rule import Approval, Ask, Fact, Reason, Requirement
from engine.model.story import Story


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a deal stands. ``ends`` is ``won``, ``lost``, ``other``, or empty for an open stage.

    ``unless`` is the condition under which a deal may stand there for longer than ``alert`` without an alarm.
    """

    id: str
    title: str = ""
    ends: str = ""
    probability: Decimal | None = None
    target: timedelta | None = None
    alert: timedelta | None = None
    unless: Expression | None = None
    asks: tuple[Ask, ...] = ()
    stamps: tuple[Assignment, ...] = ()
    to_enter: tuple[Requirement, ...] = ()
    to_pass: tuple[Requirement, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Transfer:
    """``to: renewals/onboarding``: the deal goes on in another process."""

    process: str
    stage: str
    at: Place = field(default=NOWHERE, compare=False)

    @property
    def name(self) -> str:
        """As it is written, and as a move calls where it leads: no stage is called so, for ids have no slash."""
        return f"{self.process}/{self.stage}"


@dataclass(frozen=True, slots=True)
class Start:
    """A new deal that the action starts in another process, with what is set and nothing else."""

    process: str
    when: Expression | None = None
    sets: tuple[Assignment, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Action:
    """What advances a deal. ``drops`` are the facts that a hand-over leaves behind knowingly.

    ``sources`` are stage ids, groups and ``open`` already spelled out. ``targets`` are stage ids or the
    words ``later earlier previous``. An action written as a list has several ``Action`` of one id, told
    apart by ``variant`` (from 1; 0 where it is the only one): the first whose ``when`` is true is meant.
    ``reason`` is what the engine gives where it does an action that is ``auto``.
    """

    id: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    title: str = ""
    variant: int = 0
    by: tuple[str, ...] = ()
    touchpoint: str = ""
    asks: tuple[Ask, ...] = ()
    requires: tuple[Requirement, ...] = ()
    reasons: tuple[Reason, ...] = ()
    approvals: tuple[Approval, ...] = ()
    sets: tuple[Assignment, ...] = ()
    auto: bool = False
    when: Expression | None = None
    transfer: Transfer | None = None
    drops: tuple[str, ...] = ()
    starts: tuple[Start, ...] = ()
    reason: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Track:
    """Stages in the order of the pipeline, and the actions between them; the main one is called ``main``."""

    id: str
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    always: tuple[Requirement, ...] = ()
    title: str = ""
    at: Place = field(default=NOWHERE, compare=False)

    @property
    def first(self) -> Stage:
        """Where a deal starts."""
        return self.stages[0]

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that id."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def is_end(self, stage_id: str) -> bool:
        """Whether that stage is an end."""
        found = self.stage(stage_id)
        return found is not None and bool(found.ends)

    def variants(self, action_id: str) -> tuple[Action, ...]:
        """The action's variants, in the order declared; empty where there is no such action."""
        return tuple(action for action in self.actions if action.id == action_id)

    @property
    def entered_anew(self) -> frozenset[str]:
        """The stages that an action leads from to themselves."""
        return frozenset(stage for action in self.actions for stage in action.sources if stage in action.targets)


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit on time in a stage (``basis`` ``stays``) or without activity (``idle``)."""

    id: str
    stages: tuple[str, ...]
    basis: str
    limit: timedelta
    when: Expression | None = None
    warn: timedelta | None = None
    activity: tuple[str, ...] = ()
    then: str = ""
    reason: str = ""
    track: str = MAIN
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Metric:
    """A declared measure: its kind and its parts, expressions already read."""

    id: str
    kind: str
    title: str = ""
    parts: Mapping[str, MetricPart] = field(default_factory=dict)
    at: Place = field(default=NOWHERE, compare=False)


MetricPart = Expression | Formula | timedelta | str | tuple[str, ...] | Mapping[str, "MetricPart"]


@dataclass(frozen=True, slots=True)
class Split:
    """One target of what a stage of the version before became, and for which deals."""

    to: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Follows:
    """What became of the version before; what keeps its id is not listed. A stage may be split."""

    version: int
    stages: Mapping[str, tuple[Split, ...]] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Process:
    """One version of one way to sell, complete: names resolved, expressions parsed and typed.

    ``facts`` holds those of the rule sets in use too. ``by`` of an action is already the process's
    where the action names none; empty means anyone. ``places`` tells where what has no noun of its own is
    declared: ``roles/ae``, ``groups/early``, ``touchpoints/call``, ``uses/qualification``; and each key at the top:
    ``override``.
    """

    id: str
    version: int
    main: Track
    title: str = ""
    because: str = ""
    time_zone: str = "UTC"
    currency: str = ""
    uses: tuple[tuple[str, int], ...] = ()
    follows: Follows | None = None
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    override_by: tuple[str, ...] | None = None
    touchpoints: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    rule_sets: tuple[RuleSetRef, ...] = ()
    clocks: tuple[Clock, ...] = ()
    tracks: tuple[Track, ...] = ()
    metrics: tuple[Metric, ...] = ()
    examples: tuple[Story, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """``inside-sales@2``."""
        return f"{self.id}@{self.version}"

    @property
    def hand_overs(self) -> tuple[str, ...]:
        """Where deals go on in other processes, as ``renewals/onboarding``, each once."""
        return tuple(dict.fromkeys(each.transfer.name for each in self.main.actions if each.transfer))

    def all_tracks(self) -> Iterator[Track]:
        """The main track, then the others."""
        yield self.main
        yield from self.tracks

    def track(self, track_id: str) -> Track | None:
        """The track of that id."""
        return next((track for track in self.all_tracks() if track.id == track_id), None)

    def track_of(self, action_id: str) -> Track | None:
        """The track an action belongs to: action ids are unique across tracks."""
        return next((track for track in self.all_tracks() if track.variants(action_id)), None)


@dataclass(frozen=True, slots=True)
class RuleSetRef:
    """A rule set in use, with the lists of reasons it shares."""

    id: str
    version: int
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


def role_may(process: Process, role: str, by: tuple[str, ...]) -> bool:
    """Whether a role, or one it includes at any depth, is among those allowed; ``by`` empty: anyone."""
    if not by:
        return True
    seen: set[str] = set()
    waiting = [role]
    while waiting:
        current = waiting.pop()
        if current in by:
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(process.roles.get(current, ()))
    return False


def roles_that_may(process: Process, by: tuple[str, ...]) -> tuple[str, ...]:
    """All declared roles allowed by ``by``, in the order declared: who can mend a refusal."""
    return tuple(role for role in process.roles if role_may(process, role, by))


def targets_from(track: Track, action: Action, source: str, *, previous: str | None = None) -> tuple[str, ...]:
    """The stages the action can lead to from ``source``, in pipeline order of each word; of a transfer its name.

    ``later`` and ``earlier`` are open stages of the pipeline; an end lies behind all of them, wherever it is declared.
    ``previous`` is the last open stage the deal stood in before this one (none where it stood in no other).
    """
    if action.transfer is not None:
        return (action.transfer.name,)
    order = {stage.id: position for position, stage in enumerate(track.stages)}
    open_stages = [stage.id for stage in track.stages if not stage.ends]
    ends = {stage.id for stage in track.stages if stage.ends}
    at = len(order) if source in ends else order.get(source, -1)
    found: list[str] = []
    for target in action.targets:
        if target == "later":
            found += [s for s in open_stages if order[s] > at]
        elif target == "earlier":
            found += [s for s in open_stages if order[s] < at]
        elif target == "previous":
            found += [s for s in open_stages if s == previous and s != source]
        else:
            found.append(target)
    return tuple(dict.fromkeys(found))
