"""How open deals come to another version: a line a deal, judged by the group that stands alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.conditions.generate import function
from engine.machine.compile import Machine, compile_process
from engine.machine.facts import view, with_tables
from engine.machine.situation import DealSituation
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.plan import Candidate, Fate, Plan, PlanLine, TrackStep
from engine.model.process import Process, Split
from engine.versions.apart import apart_again
from engine.versions.became import Became, became
from engine.versions.breaks import breaks, broken_at
from engine.versions.fates import StageFate, renamed, stage_fate, stranded, track_fate, unsure
from engine.versions.kept_values import (
    AMOUNT,
    Keeping,
    amount_fact,
    amount_of,
    carried,
    is_told_in,
    keeping,
)


@dataclass(frozen=True, slots=True)
class Definitions:
    """What deals follow: ``known`` by digest, ``unread`` why a definition cannot be read, ``between`` further versions
    through which the one follows the other.
    """

    known: Mapping[str, Process]
    unread: Mapping[str, str] = field(default_factory=dict)
    between: tuple[Process, ...] = ()


def plan(deals: Iterable[Deal], definitions: Definitions, new: Process, *, digest: str, now: datetime) -> Plan:
    """What becomes of each open deal of the process that is not on the definition ``digest`` of ``new``.

    Deals of which nothing can be said are told of in ``left_out``.
    """
    leaving = _Leaving(new, digest)
    groups: dict[str, _Group] = {}
    machine = compile_process(new)
    lines: list[PlanLine] = []
    waiting: dict[int, tuple[Deal, _Group, tuple[str, ...]]] = {}
    for deal in deals:
        old = definitions.known.get(deal.digest)
        if not leaving.goes(deal, old, definitions.unread):
            continue
        group = groups.get(deal.digest)
        if group is None:
            assert old is not None  # noqa: S101 - else it does not go
            group = groups[deal.digest] = _group(old, new, machine, definitions.between)
        line, among = group.line(deal, now)
        if among:
            waiting[len(lines)] = (deal, group, among)
        lines.append(line)
    _offer(lines, waiting, machine, now)
    return Plan(
        process=new.id,
        version=new.version,
        digest=digest,
        made_at=now,
        lines=tuple(lines),
        left_out=leaving.sentences(),
        currency=new.currency,
        renamed={known: group.renamed for known, group in groups.items()},
        stages=tuple(stage.id for stage in new.main.stages),
        doubts=tuple(_doubts(lines, groups, new)),
        breaks=tuple(breaks((group.old for group in groups.values()), new, definitions.between)),
    )


def _doubts(lines: Iterable[PlanLine], groups: Mapping[str, _Group], new: Process) -> Iterator[str]:
    counts = Counter((line.digest, line.stage, line.to_stage) for line in lines if not line.waits)
    for (digest, stage, to), count in counts.items():
        apart = groups[digest].apart.get(stage, ())
        if to in apart:
            stand, they = ("1 deal stands", "it stays") if count == 1 else (f"{count:,} deals stand", "they stay")
            several = " or ".join(f"'{each}'" for each in apart)
            where = f"'{stage}' of version {groups[digest].old.version}"
            yield f"{stand} in {where} and may belong in {several}, which {new.name} has again: {they} in '{to}'"


class _Leaving:
    """Counts the deals that no line is about."""

    def __init__(self, new: Process, digest: str) -> None:
        self._new, self._digest = new, digest
        self._counts: Counter[str] = Counter()

    def goes(self, deal: Deal, old: Process | None, unread: Mapping[str, str]) -> bool:
        """Whether the plan has a line about the deal."""
        told = self._told(deal, old, unread)
        if told:
            self._counts[told] += 1
        return not told

    def _told(self, deal: Deal, old: Process | None, unread: Mapping[str, str]) -> str:
        if deal.process != self._new.id:
            return f"in the process {deal.process}, not in {self._new.id}"
        if deal.outcome:
            return "closed, so they stay on their version"
        if deal.digest == self._digest:
            return f"on {self._new.name} already"
        if deal.forgotten:
            return "forgotten, so nothing can be added to them and they stay on their version"
        if old is None:
            why = unread.get(deal.digest, "its definition is nowhere to be found")
            return f"on {deal.process}@{deal.version} ({deal.digest[:12]}), which cannot be read, for {why}"
        return ""

    def sentences(self) -> tuple[str, ...]:
        """``3 deals, on inside-sales@2 already``."""
        return tuple(f"{count:,} {'deal' if count == 1 else 'deals'}, {told}" for told, count in self._counts.items())


@dataclass(frozen=True, slots=True)
class _Group:
    """All deals on one definition. ``amount`` is the fact that is theirs; empty where their currency is another.

    ``is_broken``: a step of the way to the new version is not known.
    """

    old: Process
    new: Process
    machine: Machine
    names: Became
    renamed: Mapping[str, str]
    keeping: Keeping
    fates: dict[str, StageFate] = field(default_factory=dict)
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_stages: tuple[str, ...] = ()
    amount: str = AMOUNT
    is_broken: bool = False

    def line(self, deal: Deal, now: datetime) -> tuple[PlanLine, tuple[str, ...]]:
        """What becomes of a deal, and between which stages somebody must choose."""
        fate = self.fates.get(deal.stage)
        if fate is None:
            fate = self.fates[deal.stage] = self._fate(deal.stage)
        facts = self.keeping.since(deal.facts)
        among: tuple[str, ...] = ()
        if fate.splits:
            fate, among = self._split(deal, fate, facts, now), tuple(split.to for split in fate.splits)
        elif fate.fate is Fate.DECIDE:
            among = self.open_stages
        line = PlanLine(
            deal.id,
            deal.version,
            deal.digest,
            deal.length,
            deal.stage,
            fate.fate,
            fate.to,
            fate.why,
            tracks=tuple(map(self._step, deal.tracks.items())) if deal.tracks else (),
            facts=facts,
            owner=deal.owner,
            amount=amount_of(deal.facts, self.amount),
        )
        return line, among if fate.fate is Fate.DECIDE else ()

    def _fate(self, stage: str) -> StageFate:
        if self.is_broken and self.names.stage(stage) != (stage,):
            return unsure(self.new, stage, self.names.stage(stage))
        fate = stage_fate(self.old, self.new, self.names, stage)
        others = [each for each in self.apart.get(stage, ()) if each != fate.to]
        if not others or fate.fate is Fate.DECIDE:
            return fate
        told = " and ".join(f"'{each}'" for each in others)
        return replace(
            fate, why=f"{fate.why}; {told} was one with it, and only a person can say where the deal belongs"
        )

    def told(self, deal: Deal, facts: Mapping[str, str]) -> Deal:
        """The deal in the words of the new version, as far as conditions read it."""
        stages = {place[len("stages/") :]: to for place, to in self.renamed.items() if place.startswith("stages/")}
        visited = frozenset(stages.get(stage, stage) for stage in deal.visited)
        return replace(deal, facts=carried(deal.facts, facts), visited=visited, grants=())

    def _split(self, deal: Deal, fate: StageFate, facts: Mapping[str, str], now: datetime) -> StageFate:
        told = self.told(deal, facts)
        situation = DealSituation(self.machine.frame, told, _NOBODY, now, None)
        # Where a split was declared versions ago, its condition knows facts by their names of then.
        before = {name: value for name, value in deal.facts.items() if facts.get(name, name)}
        seen = with_tables(view({**before, **told.facts}, {}, self.machine.frame.defaults), situation)
        for split in fate.splits:
            if split.when is None and split is not fate.splits[-1]:
                # Only the last takes the rest; of another without a condition nobody can say which deals it means.
                break
            if split.when is None or function(split.when.tree)(seen, situation) is True:
                kind = Fate.STAYS if split.to == deal.stage else fate.fate
                return StageFate(kind, split.to, _chosen(self.new, deal.stage, split))
        return StageFate(Fate.DECIDE, "", stranded(self.new, deal.stage, fate.splits))

    def _step(self, standing: tuple[str, str]) -> TrackStep:
        track, stage = standing
        there = self.new.track(track)
        return TrackStep(track, stage, track_fate(there, stage), is_gone=there is None)


_NOBODY = Move("")


def _group(old: Process, new: Process, machine: Machine, between: tuple[Process, ...]) -> _Group:
    names = became(old, new, between)
    return _Group(
        old,
        new,
        machine,
        names,
        renamed(old, new, names),
        keeping(old, new, names),
        apart=apart_again(old, new, between),
        open_stages=tuple(stage.id for stage in new.main.stages if not stage.ends),
        # Sums of several currencies would mean nothing.
        amount=amount_fact(old, names) if is_told_in(old, new.currency) else "",
        is_broken=bool(broken_at(old, new, between)),
    )


def _chosen(new: Process, stage: str, split: Split) -> str:
    because = f", for {split.when.text}" if split.when else ""
    return f"{new.name} says that a deal in '{stage}' goes to '{split.to}'{because}"


def _offer(
    lines: list[PlanLine],
    waiting: Mapping[int, tuple[Deal, _Group, tuple[str, ...]]],
    machine: Machine,
    now: datetime,
) -> None:
    """Gives the lines that wait for somebody their candidates, all that choose alike together."""
    if not waiting:
        return
    # What reckons with arrays takes longer to be read than a plan of some deals to be made.
    from engine.versions.candidates import candidates

    alike: dict[tuple[str, ...], list[int]] = {}
    for number, (_, _, among) in waiting.items():
        alike.setdefault(among, []).append(number)
    for among, numbers in alike.items():
        deals = [waiting[number][1].told(waiting[number][0], lines[number].facts) for number in numbers]
        offered: tuple[tuple[Candidate, ...], ...] = candidates(machine, deals, among, now=now)
        for number, found in zip(numbers, offered, strict=True):
            lines[number] = replace(lines[number], candidates=found)
