"""The loan applications of a log as a journal that the process tells: every task a move of whoever did it."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine.advance.move import advance
from engine.advance.occasion import MachineOf, Occasion, machines
from engine.advance.start import start
from engine.history.entries import fact_types, tables_of
from engine.journal.connect import connect
from engine.loading.processes import from_definition, load_process
from engine.model.decision import Move
from engine.model.process import Process
from engine.tables.build import Tables

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Berlin")
"""The clock of the logs: all hours in them move by one where it goes to summer time, so those of work do not."""

CHECK, RETURN, COMPLETE = (
    "Check application form completeness",
    "Return application back to applicant",
    "Applicant completes form",
)
OUT = {
    RETURN: ("hand-back",),
    COMPLETE: ("hand-in-again",),
    "Check credit history": ("find-credit",),
    "AML check": ("find-aml",),
    "Appraise property": ("appraise",),
    "Design loan offer": ("hand-on-offer",),
    "Approve loan offer": ("send-offer",),
    "Reject application": ("begin-rejection", "reject"),
    "Cancel application": ("decline-offer", "cancel"),
    "Approve application": ("accept-offer", "sign"),
}
"""What a task does; where there are two actions, nobody does the first: an hour has passed."""

ACTIVITY = {
    ("main", "checking-form"): CHECK,
    ("main", "returning"): RETURN,
    ("main", "completing"): COMPLETE,
    ("credit", "under-way"): "Check credit history",
    ("aml", "under-way"): "AML check",
    ("property", "under-way"): "Appraise property",
    ("main", "assessing"): "Assess loan risk",
    ("main", "rejecting"): "Reject application",
    ("main", "designing"): "Design loan offer",
    ("main", "approving"): "Approve loan offer",
    ("main", "cancelling"): "Cancel application",
    ("main", "accepting"): "Approve application",
}
"""What the work in a stage of a track is called in the log."""


class Row(NamedTuple):
    """What a log tells of a task, as the measures read it."""

    case: int
    activity: str
    begun: datetime
    done: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the log, its times in UTC."""

    case: int
    name: str
    who: str
    role: str
    enabled: datetime
    begun: datetime
    done: datetime


def tasks_in(path: Path) -> Mapping[int, list[Task]]:
    """The tasks of each case, in the order in which they were done."""
    found: dict[int, list[Task]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            times = (_moment(row[name]) for name in ("enabled_time", "start_time", "end_time"))
            task = Task(int(row["case_id"]), row["activity"], row["resource"], row["role"], *times)
            found[task.case].append(task)
    for tasks in found.values():
        tasks.sort(key=lambda task: task.done)
    return found


def told(tasks: Mapping[int, list[Task]]) -> tuple[Tables, Process]:
    """The five tables of a journal in which all of it was recorded, move by move, and the process."""
    loaded = load_process(HERE / "processes" / "loan-application" / "1.yaml", workspace=HERE)
    assert loaded.value is not None
    assert loaded.definition is not None
    definition = loaded.definition
    journal = connect(":memory:")
    machine_of: MachineOf = machines(lambda _: from_definition(definition))
    latest = max(task.done for each in tasks.values() for task in each)
    for case, its in tasks.items():
        deal = f"loan-{case}"
        begins = min(task.enabled for task in its)
        start(journal, machine_of, deal, definition=definition, facts={}, occasion=Occasion(latest, begins))
        for action, at, who, role in _moves(its):
            move = Move(action=action, actor=who, role=role)
            done = advance(
                journal, machine_of, deal, move=move, occasion=Occasion(latest, at, actor=who, role=role)
            ).decision
            assert done is not None
            assert done.allowed, f"{deal} {action} {at}: {done}"
    return tables_of(journal.all_entries(), fact_types([loaded.value])), loaded.value


def _moves(tasks: list[Task]) -> Iterator[tuple[str, datetime, str, str]]:
    for place, task in enumerate(tasks):
        who, role = task.who, task.role.lower().replace(" ", "-")
        following = tasks[place + 1].name if place + 1 < len(tasks) else ""
        if task.name == CHECK:
            yield "send-back" if following == RETURN else "find-complete", task.done, who, role
        elif task.name == "Assess loan risk":
            yield "find-worthy" if following == "Design loan offer" else "turn-down", task.done, who, role
        else:
            actions = OUT[task.name]
            if len(actions) > 1:
                # An answer waits an hour by the log; where that was reckoned past an evening, it waited that long.
                yield actions[0], max(task.enabled, tasks[place - 1].done), "", ""
            yield actions[-1], task.done, who, role


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
