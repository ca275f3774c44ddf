"""What follows from an entry, recorded with it or not at all: automatic actions, and the deals that moves start."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.advance.entries import entry_of
from engine.advance.neighbours import Neighbours
from engine.advance.occasion import Batch, Occasion, Outcome
from engine.advance.transfer import entry_there, handed_over, process_there
from engine.journal.store import Journal
from engine.machine.automatic import MOST, following, is_transfer
from engine.machine.compile import Machine
from engine.machine.decide import start as decide_start
from engine.machine.facts import check_facts
from engine.machine.starting import Starting, startings, told
from engine.model.deal import Deal, after, fold
from engine.model.decision import About, Decision, Result, Verdict
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.errors import StagewrightError
from engine.model.names import ENGINE, ID_LIMIT


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when something happens, and what other processes there are."""

    journal: Journal
    neighbours: Neighbours
    occasion: Occasion

    @property
    def of_engine(self) -> Occasion:
        """The same for what the engine does by itself."""
        return replace(self.occasion, actor=ENGINE, role="", key="")


class Unfolding:
    """What happens to one deal on one occasion, while it is worked out: its entries, and the deals that they start.

    ``names`` are those that deals started on the occasion have taken; all that is worked out shares them, so that deals
    which start each other do not go on for ever. What one starts is its own until it is known to succeed.
    """

    def __init__(self, scene: Scene, machine: Machine, deal: Deal | None, names: set[str] | None = None) -> None:
        self.scene, self.machine = scene, machine
        self.now_is = deal
        self.names: set[str] = set() if names is None else names
        self.entries: list[Entry] = []
        self.born: list[Batch] = []
        self.definitions: dict[str, Definition] = {}

    @property
    def deal(self) -> Deal:
        """The deal as it now stands."""
        assert self.now_is is not None  # noqa: S101 - whoever asks has made something happen
        return self.now_is

    def outcome(self, decision: Decision | None = None) -> Outcome:
        """All of it, to be recorded at once."""
        definitions = tuple(self.definitions.values())
        return Outcome(self.deal, tuple(self.entries), decision, started=tuple(self.born), definitions=definitions)

    def happen(self, entry: Entry) -> None:
        """Something that is no move of an action."""
        self.now_is = fold((entry,), self.now_is)
        self.entries.append(entry)

    def move(self, decision: Decision, entry: Entry) -> None:
        """An allowed move, decided as a whole (see ``whole``), and the deals that it starts."""
        machine, before = self.machine, self.deal
        if is_transfer(decision):
            there = self.scene.neighbours(process_there(decision))
            entry = entry_there(entry, there)
            self.machine = there.machine
            self.definitions[there.definition.digest] = there.definition
        now_is = after(before, entry)
        # What starts is told in the terms of the process that the action is of.
        stood = replace(before, facts={**before.facts, **entry.facts}) if is_transfer(decision) else now_is
        starting = startings(machine, stood, decision, now=entry.happened_at)
        verdicts = tuple(self._begin(each, entry) for each in starting)
        if verdicts:
            entry = replace(entry, verdicts=(*entry.verdicts, *verdicts))
        self.entries.append(entry)
        self.now_is = now_is

    def whole(self, decision: Decision, *, exempt: frozenset[About] = frozenset()) -> Decision:
        """The decision with what another process says of it, where it hands the deal over to one.

        Raises ``StagewrightError`` where that process cannot be asked.
        """
        return self._whole(self.deal, decision, exempt)

    def _whole(self, deal: Deal, decision: Decision, exempt: frozenset[About] = frozenset()) -> Decision:
        if not is_transfer(decision):
            return decision
        there = self.scene.neighbours(process_there(decision))
        return handed_over(self.machine, deal, decision, there, now=self.scene.occasion.at, exempt=exempt)

    def _if_it_can_be(self, deal: Deal, decision: Decision) -> Decision:
        """The same for what the engine does by itself: where the other process cannot be asked, it is left undone."""
        try:
            return self._whole(deal, decision)
        except StagewrightError:
            return replace(decision, allowed=False)

    def follow(self) -> None:
        """The automatic actions that are now due, at most 16."""
        by_engine = self.scene.of_engine
        left = MOST
        while left > 0:
            machine = self.machine
            decisions = following(
                machine,
                self.deal,
                now=by_engine.at,
                after=lambda deal, decision: after(deal, entry_of(decision, deal, by_engine)),
                actor=ENGINE,
                most=left,
                whole=self._if_it_can_be,
            )
            for decision in decisions:
                self.move(decision, entry_of(decision, self.deal, by_engine))
            left -= len(decisions)
            if self.machine is machine:
                return  # it was not handed over to a process with automatic actions of its own

    def _begin(self, starting: Starting, by: Entry) -> Verdict:
        """Start the deal if it can be; what came of it."""
        if starting.unclear is not None:
            return starting.unclear
        says = f"a deal of '{starting.process}' starts"
        try:
            return self._started(starting, by, says)
        except StagewrightError as error:
            return told(starting, Result.FAILED, says, needs=str(error))

    def _started(self, starting: Starting, by: Entry, says: str) -> Verdict:
        if len(self.names) >= MOST:
            return told(starting, Result.FAILED, says, needs=f"fewer than {MOST} deals started at once")
        there = self.scene.neighbours(starting.process)
        machine, when = there.machine, by.happened_at
        check_facts(machine.process, starting.facts)
        decision = decide_start(machine, starting.facts, actor=by.actor, role=by.role, now=when)
        if not decision.allowed:
            lacking = "; ".join(verdict.needs or verdict.says for verdict in decision.refusals)
            return told(starting, Result.FAILED, says, needs=lacking)
        name = self._name(by.deal, starting.process)
        new = Unfolding(self.scene, machine, None, self.names)
        new.happen(_first_entry(decision, name, there.definition, by=by, owner=self.deal.owner, key=starting.id))
        new.follow()
        self.born += [(tuple(new.entries), 0, new.deal), *new.born]
        self.definitions |= {there.definition.digest: there.definition, **new.definitions}
        return told(starting, Result.PASSED, f"'{name}' starts in {machine.process.name}")

    def _name(self, deal_id: str, process: str) -> str:
        """A name that nobody has yet. It is taken from here on, whatever else is started."""
        wanted = f"{deal_id[: ID_LIMIT - len(process) - _ROOM]}-{process}"
        name, number = wanted, 1
        while name in self.names or self.scene.journal.deal(name) is not None:
            number += 1
            name = f"{wanted}-{number}"
        self.names.add(name)
        return name


_ROOM = 8
"""For the dashes and the number of a name."""


def _first_entry(decision: Decision, name: str, definition: Definition, *, by: Entry, owner: str, key: str) -> Entry:
    return Entry(
        deal=name,
        sequence=1,
        kind=EntryKind.STARTED,
        happened_at=by.happened_at,
        recorded_at=by.recorded_at,
        process=definition.process,
        version=definition.version,
        digest=definition.digest,
        to_stage=decision.to_stage,
        # Names the move that started it, which can do so once.
        key=f"started:{by.deal}:{by.sequence}:{key}",
        actor=by.actor,
        role=by.role,
        note=f"started by {by.action} of {by.deal}",
        owner=owner,
        facts=decision.sets,
        verdicts=decision.verdicts,
    )
