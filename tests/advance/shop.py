"""Several processes in one workspace and journal, and time that one can let pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.advance.move import advance, can
from engine.advance.neighbours import Neighbours, neighbours
from engine.advance.occasion import MachineOf, Occasion, Outcome, machines
from engine.advance.record import record
from engine.advance.start import start
from engine.advance.tick import tick
from engine.journal.connect import connect
from engine.journal.store import Journal
from engine.loading.processes import from_definition, load_process
from engine.model.decision import Move
from engine.model.entry import Definition
from engine.model.errors import UnknownName
from engine.model.process import Process
from engine.model.ticked import Ticked

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Shop:
    """What is done is done at ``now``, which only ``wait`` moves."""

    def __init__(self, folder: Path, texts: Mapping[str, str], journal: Journal | None = None) -> None:
        self.folder = folder
        self.loaded: dict[str, tuple[Process, Definition]] = {}
        for name, text in texts.items():
            self.write(name, text)
        self.journal: Journal = journal or connect(":memory:")
        self.now = MORNING

    def write(self, name: str, text: str) -> None:
        path = self.folder / "processes" / name / "1.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"process: {name}\nversion: 1\n{text}", encoding="utf-8")

    def read(self, name: str) -> tuple[Process, Definition]:
        path = self.folder / "processes" / name / "1.yaml"
        if not path.exists():
            raise UnknownName(f"there is no process '{name}'")
        loaded = load_process(path, workspace=self.folder)
        assert loaded.value is not None, loaded.findings
        assert loaded.definition is not None
        self.loaded[loaded.definition.digest] = (loaded.value, loaded.definition)
        return loaded.value, loaded.definition

    @property
    def neighbours(self) -> Neighbours:
        return neighbours(self.read)

    @property
    def machine_of(self) -> MachineOf:
        def process(digest: str) -> Process:
            if digest in self.loaded:
                return self.loaded[digest][0]
            definition = self.journal.definition(digest)
            assert definition is not None
            return from_definition(definition)

        return machines(process)

    def occasion(self, actor: str = "ana", role: str = "", key: str = "") -> Occasion:
        return Occasion(now=self.now, at=self.now, actor=actor, role=role, key=key)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def start(self, process: str, deal: str = "acme", facts: Mapping[str, Any] | None = None, **who: str) -> Outcome:
        _, definition = self.read(process)
        return start(
            self.journal,
            self.machine_of,
            deal,
            definition=definition,
            facts=facts or {},
            occasion=self.occasion(**who),
            owner="ana",
            neighbours=self.neighbours,
        )

    def do(self, action: str, deal: str = "acme", who: Mapping[str, str] | None = None, **move: Any) -> Outcome:
        occasion = self.occasion(**(who or {}))
        asked = Move(action, actor=occasion.actor, role=occasion.role, **move)
        return advance(self.journal, self.machine_of, deal, move=asked, occasion=occasion, neighbours=self.neighbours)

    def can(self, deal: str = "acme") -> dict[str, bool]:
        _, decisions = can(self.journal, self.machine_of, deal, occasion=self.occasion(), neighbours=self.neighbours)
        return {decision.move.action: decision.allowed for decision in decisions}

    def record(self, deal: str = "acme", touchpoint: str = "", **facts: Any) -> Outcome:
        return record(
            self.journal,
            self.machine_of,
            deal,
            facts=facts,
            touchpoint=touchpoint,
            occasion=self.occasion(),
            neighbours=self.neighbours,
        )

    def tick(self, **wait: float) -> list[Ticked]:
        self.wait(**wait)
        return list(tick(self.journal, self.machine_of, now=self.now, neighbours=self.neighbours))

    def told(self, **wait: float) -> list[tuple[str, str, str]]:
        return [(each.deal.id, each.clock, each.came.value) for each in self.tick(**wait)]

    def deal(self, name: str = "acme") -> Any:
        found = self.journal.deal(name)
        assert found is not None
        return found
