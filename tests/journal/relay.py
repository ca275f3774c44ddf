"""A process whose one action is always allowed, and those who do it until it is recorded."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from engine.advance.move import advance
from engine.advance.occasion import MachineOf, Occasion, Outcome, machines
from engine.advance.start import start
from engine.journal.store import SqlJournal
from engine.loading.processes import from_definition, load_process
from engine.model.decision import Move
from engine.model.entry import Definition
from engine.model.errors import DealMovedOn, JournalError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TRIES = 500
RELAY = """\
process: relay
version: 1
stages: {a: {}, b: {}, c: {}, won: {ends: won}}
actions:
  pass-on: {from: open, to: [a, b, c]}
"""


def relay_in(folder: Path) -> Definition:
    """The process, once it stands in a file."""
    path = folder / "processes" / "relay" / "1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RELAY)
    loaded = load_process(path)
    assert loaded.definition is not None, loaded.findings
    return loaded.definition


def machine_of_relay(relay: Definition) -> MachineOf:
    process = from_definition(relay)
    return machines(lambda _: process)


def start_deals(journal: SqlJournal, relay: Definition, count: int) -> None:
    machine_of = machine_of_relay(relay)
    for number in range(count):
        start(journal, machine_of, f"deal-{number}", definition=relay, facts={}, occasion=Occasion(NOW, NOW))


def pass_on(journal: SqlJournal, machine_of: MachineOf, deal: str, *, to: str, key: str) -> Outcome:
    """What was lost to quicker ones, or is not known, is done again under the same key."""
    for _ in range(TRIES):
        with suppress(DealMovedOn, JournalError):
            move = Move("pass-on", to=to, actor="ana")
            return advance(journal, machine_of, deal, move=move, occasion=Occasion(NOW, NOW, actor="ana", key=key))
    raise AssertionError(f"not recorded in {TRIES} tries")
