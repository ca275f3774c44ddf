"""A journal in memory, the shipped process, and the shortest way to do things with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from engine.advance.move import advance
from engine.advance.occasion import MachineOf, Occasion, Outcome, machines
from engine.advance.record import approve, record
from engine.advance.start import start
from engine.journal.connect import connect
from engine.journal.store import Journal
from engine.loading.processes import from_definition, load_process
from engine.model.decision import Move
from engine.model.people import People
from engine.model.process import Process

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Desk:
    """One journal with one process; each thing done is a minute after the last."""

    def __init__(
        self, journal: Journal | None = None, process: str = "inside-sales/2.yaml", people: People | None = None
    ) -> None:
        loaded = load_process(ROOT / "processes" / process)
        assert loaded.value is not None
        assert loaded.definition is not None
        self.process: Process = loaded.value
        self.definition = loaded.definition
        self.journal: Journal = journal or connect(":memory:")
        self.people = people
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    @property
    def machine_of(self) -> MachineOf:
        def read(digest: str) -> Process:
            definition = self.journal.definition(digest) or self.definition
            return from_definition(definition)

        return machines(read)

    def occasion(self, *, role: str = "ae", actor: str = "ana", key: str = "", at: datetime | None = None) -> Occasion:
        self.at += timedelta(minutes=1)
        return Occasion(now=NOW, at=at or self.at, actor=actor, role=role, key=key, people=self.people)

    def start(self, deal: str = "acme", facts: dict | None = None, **who) -> Outcome:
        facts = {"amount": Decimal(9000)} if facts is None else facts
        return start(
            self.journal, self.machine_of, deal, definition=self.definition, facts=facts, occasion=self.occasion(**who)
        )

    def record(self, deal: str = "acme", facts: dict | None = None, touchpoint: str = "", **who) -> Outcome:
        return record(
            self.journal, self.machine_of, deal, facts=facts or {}, touchpoint=touchpoint, occasion=self.occasion(**who)
        )

    def approve(self, action: str, deal: str = "acme", **who) -> Outcome:
        return approve(self.journal, self.machine_of, deal, action=action, occasion=self.occasion(**who))

    def do(self, action: str, deal: str = "acme", *, who: dict | None = None, **move) -> Outcome:
        occasion = self.occasion(**(who or {}))
        asked = Move(action=action, actor=occasion.actor, role=occasion.role, **move)
        return advance(self.journal, self.machine_of, deal, move=asked, occasion=occasion)

    def to_negotiation(self, **facts) -> None:
        self.start(facts={"amount": Decimal(9000), **facts})
        self.do("qualify", reason="referral", facts={"contact_role": "champion"})
        self.do("hold-demo")
        self.record(facts={"budget_confirmed": True})
        self.do("send-proposal")
        self.do("negotiate")
