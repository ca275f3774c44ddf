"""Whether a deal may stand in its stage for longer than its alert: what the ``unless`` comes to, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.machine.facts import NO_FACTS, Facts, view, with_tables
from engine.machine.requirements import ready
from engine.machine.situation import DealSituation, frame_of
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.expression import Expression
from engine.model.process import Process
from engine.model.situation import Situation
from engine.model.values import show_value


@dataclass(frozen=True, slots=True)
class Excuse:
    """Whether the reason is stated (``None``: a fact that would tell is unknown), and the values that state it."""

    holds: bool | None
    why: str = ""


def excuses(process: Process, unless: Expression, deals: Iterable[Deal], *, now: datetime) -> Iterator[Excuse]:
    """The excuse of each deal, which stands in the stage of the alert; no move is under way."""
    frame, condition = frame_of(process), ready(unless)
    for deal in deals:
        situation = DealSituation(frame, deal, Move(""), now, None)
        facts = with_tables(view(deal.facts, NO_FACTS, frame.defaults), situation)
        holds = condition.test(facts, situation)
        yield Excuse(holds if isinstance(holds, bool) else None, why(unless, facts, situation) if holds is True else "")


def excused(deals: Iterable[Deal], processes_by_digest: Mapping[str, Process], *, now: datetime) -> frozenset[str]:
    """The ids of the open deals past the alert of their stage that raise none, for the reason is stated."""
    found: dict[tuple[str, str], list[Deal]] = {}
    for deal in deals:
        if not deal.outcome and not deal.forgotten:
            found.setdefault((deal.digest, deal.stage), []).append(deal)
    ids: set[str] = set()
    for (digest, name), its in found.items():
        process = processes_by_digest.get(digest)
        stage = process.main.stage(name) if process else None
        if process and stage and stage.unless and stage.alert is not None:
            late = [deal for deal in its if now - deal.entered_at > stage.alert]
            asked = excuses(process, stage.unless, late, now=now)
            ids.update(deal.id for deal, excuse in zip(late, asked, strict=True) if excuse.holds)
    return frozenset(ids)


def why(unless: Expression, facts: Facts, situation: Situation) -> str:
    """``waiting_for: their lawyers``, of a condition that is true; where no value is seen that says it, its text."""
    true = [clause for clause in ready(unless).clauses(facts, situation) if clause.holds and not clause.joined]
    seen = {name: value for clause in true for name, value in clause.seen if value is not None and name != "today"}
    said = [f"{name}: {show_value(value)}" for name, value in seen.items()]
    return ", ".join(said) or " ".join(unless.text.split())
