"""One deal behind several doors at once: the command line, the library, imports, and what looks at many deals."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import cli
from engine.advance.many import import_past
from engine.advance.move import advance, can
from engine.advance.occasion import Occasion, machines
from engine.advance.record import approve, record
from engine.advance.start import start
from engine.journal.connect import connect
from engine.journal.store import Journal
from engine.loading.processes import load_process
from engine.machine.compile import Machine
from engine.model.deal import Deal
from engine.model.decision import Decision, Move, Result
from engine.model.entry import Entry
from engine.model.errors import StagewrightError
from engine.model.past import PastDeal, PastMove
from engine.model.rule import Force
from engine.model.syntax import Value
from engine.model.values import parse_value

LATER = datetime(2026, 6, 1, tzinfo=UTC)
"""When it is all recorded."""

Texts = Mapping[str, str]
"""Facts as people write them."""


class Said(NamedTuple):
    """What a door says of a move: whether it is allowed, what refuses it, and where the deal stands afterwards."""

    allowed: bool
    refusing: tuple[str, ...]
    stage: str
    tracks: tuple[tuple[str, str], ...] = ()


class Refused(NamedTuple):
    """A door that does not understand the question: the first words of the error."""

    error: str


@dataclass(frozen=True)
class Who:
    """Who does something, in which role."""

    actor: str = ""
    role: str = ""


class Doors:
    """A process on disk, and one deal in two journals that are to hold the same."""

    def __init__(self, text: str, folder: Path) -> None:
        self.folder = folder
        path = folder / "processes/selling/1.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        loaded = load_process(path)
        assert loaded.value is not None, loaded.findings
        assert loaded.definition is not None
        self.process, self.definition = loaded.value, loaded.definition
        self.machine_of = machines(lambda _: self.process)
        self.machine: Machine = self.machine_of(self.definition.digest)
        self.journal: Journal = connect(":memory:")
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def close(self) -> None:
        self.journal.close()

    @property
    def deal(self) -> Deal:
        found = self.journal.deal("acme")
        assert found is not None
        return found

    @property
    def printed_deal(self) -> Deal:
        """The deal in the journal that the command line keeps."""
        journal = connect(str(self.folder / "deals.journal"))
        found = journal.deal("acme")
        journal.close()
        assert found is not None
        return found

    def wait(self) -> None:
        self.at += timedelta(hours=31)

    def occasion(self, who: Who) -> Occasion:
        return Occasion(now=LATER, at=self.at, actor=who.actor, role=who.role)

    def values(self, texts: Texts) -> dict[str, Value]:
        """The facts as a program would give them: equal numbers, written another way."""
        found = {name: parse_value(text, self.process.facts[name].type) for name, text in texts.items()}
        return {name: value.normalize() if isinstance(value, Decimal) else value for name, value in found.items()}

    def typed(self, *words: str, who: Who, facts: Texts | None = None) -> tuple[int, Any]:
        """What a command line answers, as data; an error as the line that tells it."""
        given = [f"--fact={name}={text}" for name, text in (facts or {}).items()]
        line = [*words, *given, f"--as={who.actor}", f"--role={who.role}", f"--at={self.at.isoformat()}"]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run([*line, f"--workspace={self.folder}", "--format=json"])
        assert code in (0, 1, 2), err.getvalue()
        return code, err.getvalue() if code == 2 else json.loads(out.getvalue())

    def start(self, who: Who, facts: Texts) -> tuple[Said, Said]:
        """The library's and the command line's word on a start."""
        values = self.values(facts)
        outcome = start(
            self.journal,
            self.machine_of,
            "acme",
            definition=self.definition,
            facts=values,
            occasion=self.occasion(who),
            owner=who.actor,
        )
        assert outcome.decision is not None
        first = outcome.deal.stage if outcome.deal else ""
        code, document = self.typed("start", "selling@1", "acme", who=who, facts=facts)
        assert code == int(not document["allowed"])
        return (
            Said(outcome.decision.allowed, refusing(outcome.decision), first),
            Said(document["allowed"], printed_refusing(document), document["stage"] or ""),
        )

    def record(self, who: Who, facts: Texts, touchpoint: str) -> tuple[object, object]:
        """Whether both doors record it."""
        pairs = [f"{name}={text}" for name, text in facts.items()]
        code, said = self.typed("record", "acme", *pairs, f"--touchpoint={touchpoint}", who=who)
        values = self.values(facts)
        try:
            record(
                self.journal,
                self.machine_of,
                "acme",
                facts=values,
                touchpoint=touchpoint,
                occasion=self.occasion(who),
            )
        except StagewrightError as error:
            return Refused(str(error)), Refused(first_words(code, said))
        return code, 0

    def approve(self, who: Who, action: str) -> tuple[object, object]:
        """Whether both doors take the approval."""
        code, said = self.typed("approve", "acme", action, who=who)
        try:
            approve(self.journal, self.machine_of, "acme", action=action, occasion=self.occasion(who))
        except StagewrightError as error:
            return Refused(str(error)), Refused(first_words(code, said))
        return code, 0

    def library(self, move: Move) -> tuple[Decision, Said]:
        """What the library makes of a move."""
        occasion = self.occasion(Who(move.actor, move.role))
        outcome = advance(self.journal, self.machine_of, "acme", move=move, occasion=occasion)
        assert outcome.decision is not None
        return outcome.decision, said(outcome.decision, self.deal)

    def command_line(self, move: Move, facts: Texts) -> Said:
        """What ``advance`` makes of it."""
        words = ["advance", "acme", move.action, f"--to={move.to}", f"--reason={move.reason}", f"--note={move.note}"]
        words += ["--override"] if move.override else []
        code, document = self.typed(*words, who=Who(move.actor, move.role), facts=facts)
        assert code == int(not document["allowed"]), document
        deal = self.printed_deal
        return Said(document["allowed"], printed_refusing(document), deal.stage, tuple(sorted(deal.tracks.items())))

    def can(self, who: Who) -> tuple[Mapping[tuple[str, str], Decision], Mapping[tuple[str, str], tuple[str, ...]]]:
        """What is possible by the library, and by the command line: what refuses each action and target."""
        _, decisions = can(self.journal, self.machine_of, "acme", occasion=self.occasion(who))
        _, document = self.typed("can", "acme", who=who)
        printed = {(row["action"], row["to"]): printed_refusing(row) for row in document["rows"]}
        return {(one.move.action, one.to_stage): one for one in decisions}, printed

    def imported(self, before: Sequence[Entry], deal: Deal, move: Move, *, to: str) -> Entry:
        """How an import records the same move of the same deal, as the past."""
        journal = connect(":memory:")
        journal.append(before, after=0, deal=deal, definition=self.definition)
        past = PastMove(to, self.at, move.actor, move.reason, move.note, move.facts)
        summary = import_past(
            journal, self.process, self.definition, [PastDeal("acme", (past,))], now=LATER, map_id="ours"
        )
        assert (summary.continued, summary.conflicts) == (1, ())
        entry = journal.entries("acme")[-1]
        journal.close()
        return entry


def said(decision: Decision, deal: Deal) -> Said:
    return Said(decision.allowed, refusing(decision), deal.stage, tuple(sorted(deal.tracks.items())))


def refusing(decision: Decision) -> tuple[str, ...]:
    return tuple(verdict.requirement for verdict in decision.refusals)


def printed_refusing(document: Any) -> tuple[str, ...]:
    return tuple(
        each["requirement"]
        for each in document["verdicts"]
        if each["force"] == "must" and each["verdict"] in ("failed", "unknown")
    )


def first_words(code: int, said: Any) -> str:
    assert code == 2, said
    return str(said).partition("\n")[0].removeprefix("error: ")


def results(entry: Entry, result: Result) -> frozenset[str]:
    """The firm requirements that came out so."""
    return frozenset(each.requirement for each in entry.verdicts if each.result is result and each.force is Force.MUST)


def names(verdicts: Iterable[Any]) -> frozenset[str]:
    return frozenset(each.requirement for each in verdicts)
