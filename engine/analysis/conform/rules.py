"""The requirements of a process that past moves would have failed, judged again with the facts as known then.

The five tables alone tell what was known: a fact counts from its own number in the deal on, a touchpoint from its time
on. What they do not tell (roles, approvals, notes) is not judged, or unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, cast

from engine.analysis.conform.deals import HeldDeal, Visit
from engine.machine.compile import Machine
from engine.machine.past import Judged, PastJudge
from engine.model.deal import Deal, Folding
from engine.model.decision import About, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.model.past import PastMove
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind, Value
from engine.model.values import parse_number, parse_value
from engine.tables.open import Opened

_FACTS = "SELECT deal, seq, fact, value FROM facts ORDER BY deal, seq"
_TOUCHES = "SELECT deal, happened_at, touchpoint FROM touches WHERE happened_at IS NOT NULL ORDER BY deal, happened_at"


class Learnt(NamedTuple):
    """A fact, and the number in the deal from which it was known."""

    seq: int
    fact: str
    value: Value


class Touch(NamedTuple):
    """A contact with the customer."""

    at: datetime
    touchpoint: str


class Known(NamedTuple):
    """What was known of deals, and when; ``unread`` are values that do not fit the type that the process declares."""

    facts: Mapping[str, Sequence[Learnt]]
    touches: Mapping[str, Sequence[Touch]]
    unread: int


def known_of(opened: Opened, process: Process) -> Known:
    """What the tables tell of the facts and touchpoints that the process has."""
    facts: dict[str, list[Learnt]] = defaultdict(list)
    read: dict[tuple[str, str], Value | None] = {}
    unread = 0
    for deal, seq, name, text in opened.each_row(_FACTS):
        fact = process.facts.get(name)
        if fact is None or fact.table is not None:
            continue
        if (name, text) not in read:
            read[name, text] = _value(fact, text)
        value = read[name, text]
        if value is None:
            unread += 1
        else:
            facts[deal].append(Learnt(seq, name, value))
    touches: dict[str, list[Touch]] = defaultdict(list)
    for deal, at, touchpoint in opened.each_row(_TOUCHES):
        touches[deal].append(Touch(at.replace(tzinfo=UTC), touchpoint))
    return Known(facts, touches, unread)


Verdicts = Mapping[int, tuple[Verdict, ...]]
"""By the number of a move in its deal, what each requirement would have said of it."""


class Rejudge:
    """Judges the moves of many deals; remembers what it has seen, and so serves one thread."""

    def __init__(self, machine: Machine, known: Known, *, as_of: datetime) -> None:
        main = machine.process.main
        self._first = main.first.id
        self._ends = {stage.id: stage.ends for stage in main.stages}
        self._touchpoints = {
            name: frozenset(variant.touchpoint for variant in routes.variants)
            for name, routes in machine.actions.items()
        }
        self._judge = PastJudge(machine)
        self._known = known
        self._as_of = as_of
        self._reckoned = _reckoned(machine.process)
        self._judged = {*self._ends, *(each.transfer.name for each in main.actions if each.transfer)}

    def verdicts(self, deal: HeldDeal) -> Verdicts:
        """By the number of each move of the main track that can be judged: what each requirement would have said."""
        telling = _Telling(self._known, deal, since=deal.visits[0].seq if deal.journey.arrived else 0)
        folding: Folding | None = None
        found = {}
        visits = _from_its_start(deal.visits)
        for visit, at in zip(visits, _times(visits, self._as_of), strict=True):
            before, own = telling.facts_until(visit.seq)
            given = {name: value for name, value in own.items() if name not in self._reckoned}
            judged = None
            if folding is None:
                if visit.entered_at is not None and visit.stage == self._first:
                    judged = self._judge.start({**before, **given}, now=at)
                folding = Folding(self._entry(visit, at, {**before, **own}, judged, EntryKind.STARTED))
            else:
                touches = telling.touches_until(at, self._touchpoints.get(visit.action, frozenset()))
                self._learn(folding, visit, at, before, touches)
                if visit.track == MAIN and visit.stage in self._judged:
                    past = PastMove(visit.stage, at, visit.actor, visit.reason, "", given)
                    # A judge looks at a deal and keeps nothing of it, so it may look at one still being folded.
                    judged = self._judge.move(cast("Deal", folding), past, now=at)
                folding.add(self._entry(visit, at, own, judged, EntryKind.MOVED))
            if judged is not None:
                found[visit.seq] = _without_stage(judged)
        return found

    def _learn(
        self, folding: Folding, visit: Visit, at: datetime, facts: Mapping[str, Value], touches: Sequence[Touch]
    ) -> None:
        """What became known, and who was touched, before a move."""
        for touch in touches:
            entry = _entry(visit, touch.at, EntryKind.TOUCHED, touchpoint=touch.touchpoint)
            folding.add(entry)
        if facts:
            folding.add(_entry(visit, at, EntryKind.RECORDED, facts=facts))

    def _entry(
        self, visit: Visit, at: datetime, own: Mapping[str, Value], judged: Judged | None, kind: EntryKind
    ) -> Entry:
        # A day that nobody wrote down cannot be stamped or set.
        sets = judged.sets if judged is not None and visit.entered_at is not None else {}
        return _entry(
            visit,
            at,
            kind,
            facts={**sets, **own},
            outcome=self._ends.get(visit.stage, "") if visit.track == MAIN else "",
            action=visit.action or (judged.action if judged else ""),
            # Where the action is told its touchpoint stands among the touches.
            touchpoint=judged.touchpoint if judged and not visit.action else "",
        )


class _Telling:
    """The facts and touchpoints of a deal, handed over in order."""

    def __init__(self, known: Known, deal: HeldDeal, *, since: int) -> None:
        # What a deal brought from another process stands with its arrival.
        self._facts = [each for each in known.facts.get(deal.id, ()) if each.seq >= since]
        self._touches = known.touches.get(deal.id, ())
        self._fact = self._touch = 0

    def facts_until(self, seq: int) -> tuple[dict[str, Value], dict[str, Value]]:
        """What became known before that number, and what with it."""
        before: dict[str, Value] = {}
        own: dict[str, Value] = {}
        while self._fact < len(self._facts) and self._facts[self._fact].seq <= seq:
            each = self._facts[self._fact]
            (own if each.seq == seq else before)[each.fact] = each.value
            self._fact += 1
        return before, own

    def touches_until(self, at: datetime, own: frozenset[str]) -> list[Touch]:
        """The touches up to a move, but for the one that the move is itself (one of ``own``, at the same time)."""
        found = []
        while self._touch < len(self._touches) and self._touches[self._touch].at <= at:
            each = self._touches[self._touch]
            if each.at == at and each.touchpoint in own:
                break
            found.append(each)
            self._touch += 1
        return found


def _value(fact: Fact, text: str) -> Value | None:
    try:
        # The tables hold a percent as its number.
        return parse_number(text) if fact.type.kind is Kind.PERCENT else parse_value(text, fact.type)
    except BadValue:
        return None


def _reckoned(process: Process) -> frozenset[str]:
    """The facts that actions set and stages stamp: beside a move they are what it made, not what it was given."""
    actions = (each for track in process.all_tracks() for action in track.actions for each in action.sets)
    stages = (each for track in process.all_tracks() for stage in track.stages for each in stage.stamps)
    return frozenset(each.fact for each in (*actions, *stages))


def _without_stage(judged: Judged) -> tuple[Verdict, ...]:
    """The verdicts, but for that no action was it: that is told as unasked. What is shared stays shared."""
    if not judged.verdicts or judged.verdicts[0].about is not About.STAGE:
        return judged.verdicts
    return judged.verdicts[1:]


def _from_its_start(visits: Sequence[Visit]) -> Sequence[Visit]:
    """The visits in order, but the first of the main track before all others: a deal is there before its tracks are."""
    start = next(visit for visit in visits if visit.track == MAIN)
    return sorted(visits, key=lambda visit: visit is not start)


def _times(visits: Sequence[Visit], as_of: datetime) -> list[datetime]:
    """When each was; where nobody wrote it down, the next time known."""
    return list(_backwards(visits, as_of))[::-1]


def _backwards(visits: Sequence[Visit], as_of: datetime) -> Iterator[datetime]:
    following = as_of
    for visit in reversed(visits):
        following = visit.entered_at.replace(tzinfo=UTC) if visit.entered_at else following
        yield following


def _entry(
    visit: Visit,
    at: datetime,
    kind: EntryKind,
    *,
    facts: Mapping[str, Value] | None = None,
    outcome: str = "",
    action: str = "",
    touchpoint: str = "",
) -> Entry:
    return Entry(
        visit.deal,
        visit.seq,
        kind,
        at,
        at,
        visit.process,
        1,
        "",
        track=visit.track,
        action=action,
        to_stage=visit.stage,
        outcome=outcome,
        touchpoint=touchpoint,
        facts=facts or {},
        undated=visit.entered_at is None,
    )
