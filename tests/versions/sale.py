"""Two versions of a small process: in the second everything has become something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.loading.processes import load_process
from engine.model.deal import Deal, fold
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.process import Process

OLD = """process: sale
version: 1
currency: EUR
roles: {rep: [], boss: [rep]}
touchpoints: [call]
facts:
  amount: {type: money}
  users: {type: number}
  tier: {type: text}
  budget: {type: yes-no}
stages: {new: {}, call: {}, meet: {}, chat: {}, offer: {}, pilot: {}, hold: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  ring: {from: new, to: call, touchpoint: call}
  go: {from: open, to: later, approval: [{by: boss, says: The boss agrees}]}
  win: {from: open, to: won}
  lose: {from: open, to: lost}
tracks:
  legal:
    stages: {none: {}, asked: {}, checked: {}}
    actions: {ask: {from: none, to: asked}, check: {from: asked, to: checked}}
  press:
    stages: {quiet: {}, loud: {}}
    actions: {shout: {from: quiet, to: loud}}
"""
NEW = """process: sale
version: 2
currency: EUR
because: Everything is called otherwise now.
follows:
  version: 1
  stages:
    call: talk
    meet: demo
    chat: demo
    offer: [{to: small, when: amount < 1000}, {to: large, when: amount >= 1000}]
  actions: {ring: phone}
  facts: {users: seats}
roles: {rep: [], boss: [rep]}
override: {by: [boss]}
touchpoints: [call]
facts:
  amount: {type: money}
  seats: {type: number}
  tier: {type: choice, of: [gold, basic]}
  budget: {type: yes-no}
stages:
  new: {}
  talk: {}
  demo: {to_pass: [{must: seats > 3, says: There are enough seats}]}
  small: {asks: [tier]}
  large: {to_enter: [{must: budget, says: There is a budget}, {must: reached("talk"), says: They talked}]}
  hold: {ends: lost}
  won: {ends: won}
  lost: {ends: lost}
actions:
  phone: {from: new, to: talk, touchpoint: call}
  go: {from: open, to: later, approval: [{by: boss, says: The boss agrees}]}
  win: {from: open, to: won}
  lose: {from: open, to: lost}
tracks:
  legal:
    stages: {none: {}, asked: {}, signed: {}}
    actions: {ask: {from: none, to: asked}, sign: {from: asked, to: signed}}
"""
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def loaded(folder: Path, text: str) -> tuple[Process, Definition]:
    """A process of a text, put where it belongs below a workspace."""
    version = text.partition("version: ")[2].partition("\n")[0]
    name = text.partition("process: ")[2].partition("\n")[0]
    path = folder / "processes" / name / f"{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    found = load_process(path, workspace=folder)
    assert found.value is not None, found.findings
    assert found.definition is not None
    return found.value, found.definition


def life(
    definition: Definition, deal: str, *stages: str, facts: Mapping[str, Any] | None = None, tracks: str = ""
) -> tuple[Entry, ...]:
    """A deal that went through main stages, a day each, and then to stages of side tracks (``legal/asked``)."""
    return tuple(_entries(definition, deal, stages, facts or {"amount": Decimal(900)}, tracks.split()))


def _entries(
    definition: Definition, deal: str, stages: tuple[str, ...], facts: Mapping[str, Any], tracks: list[str]
) -> Iterator[Entry]:
    steps = [("main", stage) for stage in stages] + [tuple(each.split("/")) for each in tracks]
    before: dict[str, str] = {}
    for number, (track, stage) in enumerate(steps, start=1):
        at = START + timedelta(days=number)
        yield Entry(
            *(deal, number, EntryKind.MOVED if number > 1 else EntryKind.STARTED, at, at),
            *(definition.process, definition.version, definition.digest, track),
            action=("ring" if stage == "call" else "go") if number > 1 else "",
            from_stage=before.get(track, ""),
            to_stage=stage,
            outcome={"won": "won", "lost": "lost"}.get(stage, ""),
            owner="ana" if number == 1 else "",
            actor="ana",
            facts=facts if number == 1 else {},
        )
        before[track] = stage


def deal_of(entries: tuple[Entry, ...]) -> Deal:
    """The fold of some entries."""
    found = fold(entries)
    assert found is not None
    return found
