"""A deal of an export to entries: its start, its moves as they were judged, and what nobody can date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, cast

from engine.machine.compile import compile_process
from engine.machine.past import Judged, PastJudge
from engine.model.called import Called
from engine.model.deal import Deal, Folding
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.names import MAIN
from engine.model.past import PastDeal, PastMove
from engine.model.process import Process
from engine.model.syntax import Value

LATE = "late:"
"""What the keys of facts that nobody can date have after the prefix."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What all deals of one import share. ``actor`` is who imports; ``prefix`` begins the keys of its entries.

    ``snapshot``: the export tells where a deal stands now and not all that lay between, so that a later one may leave
    out what an earlier one told. In the stages of ``entered_anew`` a stage named twice in a row was entered twice.
    ``called`` says, by digest, what other texts of the process call otherwise.
    """

    judge: PastJudge
    first_stage: str
    definition: Definition
    now: datetime
    prefix: str
    actor: str
    snapshot: bool = False
    entered_anew: frozenset[str] = frozenset()
    called: Mapping[str, Called] = field(default_factory=dict)


def telling(
    process: Process,
    definition: Definition,
    *,
    now: datetime,
    map_id: str,
    actor: str,
    snapshot: bool = False,
    called: Mapping[str, Called] | None = None,
) -> Telling:
    """What is needed to tell the past of deals of a process."""
    judge = PastJudge(compile_process(process))
    first, prefix = process.main.first.id, f"import:{map_id}:"
    return Telling(judge, first, definition, now, prefix, actor, snapshot, process.main.entered_anew, called or {})


class Happening(NamedTuple):
    """One thing of a deal's past, in its place and time, and its number among them (from 1).

    ``move`` is ``None`` for a start that the export does not tell.
    """

    number: int
    kind: EntryKind
    at: datetime
    undated: bool
    move: PastMove | None


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of a deal, the deal that they make, and what was judged of each (``None``: there was nothing to)."""

    entries: tuple[Entry, ...]
    deal: Deal
    judged: tuple[Judged | None, ...]


def happenings(telling: Telling, past: PastDeal) -> tuple[tuple[Happening, ...], int]:
    """What happened to a deal, in order, and how many rows said nothing new.

    Where nobody wrote down when, it is told with the next time known, or else with that of the import.
    """
    found: list[Happening] = []
    times = _times(past.moves, telling.now)
    stage = telling.first_stage
    repeated = 0
    if past.moves[0].to_stage != stage:
        found.append(Happening(1, EntryKind.STARTED, times[0], undated=True, move=None))
    for move, at in zip(past.moves, times, strict=True):
        kind = EntryKind.MOVED if found else EntryKind.STARTED
        if move.touchpoint and not move.to_stage:
            found.append(Happening(len(found) + 1, EntryKind.TOUCHED, at, move.happened_at is None, move))
            continue
        if found and move.to_stage == stage and stage not in telling.entered_anew:
            if not (move.facts or move.note):
                repeated += 1
                continue
            kind = EntryKind.RECORDED
        stage = move.to_stage
        found.append(Happening(len(found) + 1, kind, at, move.happened_at is None, move))
    return tuple(found), repeated


def _times(moves: Sequence[PastMove], now: datetime) -> list[datetime]:
    times = []
    following = now
    for move in reversed(moves):
        following = move.happened_at or following
        times.append(following)
    times.reverse()
    return times


def tell(telling: Telling, past: PastDeal, happened: Sequence[Happening], deal: Deal | None) -> Told:
    """The entries of what happened, after what the deal (``None``: none yet) has already."""
    entries: list[Entry] = []
    all_judged: list[Judged | None] = []
    folding = None if deal is None else Folding.of(deal)
    for each in happened:
        if folding is None:
            judged = _judged_start(telling, past, each)
            entry = _started(telling, past, each, judged)
            folding = Folding(entry)
        else:
            judged = _judged(telling, folding, each)
            entry = _moved(telling, folding, each, judged) if judged else _recorded(telling, folding, each)
            folding.add(entry)
        entries.append(entry)
        all_judged.append(judged)
    assert folding is not None  # noqa: S101 - a deal that is new has at least a start
    return Told(tuple(entries), folding.deal(), tuple(all_judged))


def tell_late(telling: Telling, deal: Deal, facts: Mapping[str, Value], *, owner: str = "", number: int = 1) -> Entry:
    """The entry of facts of which nobody can say when they became known, and of who came to own the deal."""
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1,
        kind=EntryKind.RECORDED,
        happened_at=deal.last_at,
        recorded_at=telling.now,
        # It is no move and nobody judges it, so it may go to a deal that stays on another version.
        process=deal.process,
        version=deal.version,
        digest=deal.digest,
        key=f"{telling.prefix}{LATE}{number}",
        undated=True,
        actor=telling.actor,
        owner=owner,
        facts=facts,
    )


def _judged_start(telling: Telling, past: PastDeal, happened: Happening) -> Judged | None:
    """``None`` for a start that the export does not tell: nobody knows what was known then."""
    move = happened.move
    return telling.judge.start({**past.facts, **move.facts}, now=happened.at) if move else None


def _judged(telling: Telling, deal: Folding, happened: Happening) -> Judged | None:
    """``None`` for what is no move."""
    if happened.kind is not EntryKind.MOVED or happened.move is None:
        return None
    # A judge looks at a deal and keeps nothing of it, so it may look at one that is still being folded.
    return telling.judge.move(cast("Deal", deal), happened.move, now=happened.at)


def _started(telling: Telling, past: PastDeal, happened: Happening, judged: Judged | None) -> Entry:
    move, definition = happened.move, telling.definition
    given = {**past.facts, **move.facts} if move else past.facts
    facts = {**judged.sets, **given} if judged and judged.sets and not happened.undated else given
    return Entry(
        past.id,
        1,
        EntryKind.STARTED,
        happened.at,
        telling.now,
        definition.process,
        definition.version,
        definition.digest,
        to_stage=telling.first_stage,
        reason=move.reason if move else "",
        # The key of a start is unique in the whole journal, so it names the deal.
        key=f"{telling.prefix}{happened.number}:{past.id}",
        deviating=judged is not None and bool(judged.broken),
        undated=happened.undated,
        actor=move.actor if move else "",
        note=move.note if move else "",
        owner=past.owner,
        facts=facts,
        verdicts=judged.verdicts if judged else (),
    )


def _recorded(telling: Telling, deal: Folding, happened: Happening) -> Entry:
    move = _move_of(happened)
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1,
        kind=happened.kind,
        happened_at=happened.at,
        recorded_at=telling.now,
        process=telling.definition.process,
        version=telling.definition.version,
        digest=telling.definition.digest,
        key=f"{telling.prefix}{happened.number}",
        undated=happened.undated,
        actor=move.actor,
        note=move.note,
        touchpoint=move.touchpoint,
        facts=move.facts,
    )


def _moved(telling: Telling, deal: Folding, happened: Happening, judged: Judged) -> Entry:
    move = _move_of(happened)
    # A day that nobody wrote down cannot be stamped or set.
    facts = {**judged.sets, **move.facts} if judged.sets and not happened.undated else move.facts
    definition = telling.definition
    # By position, for names cost a tenth of the import.
    return Entry(
        deal.id,
        deal.length + 1,
        EntryKind.MOVED,
        happened.at,
        telling.now,
        definition.process,
        definition.version,
        definition.digest,
        MAIN,
        judged.action,
        deal.stage,
        move.to_stage,
        judged.outcome,
        move.reason,
        f"{telling.prefix}{happened.number}",
        bool(judged.broken),
        happened.undated,
        move.actor,
        "",
        move.note,
        judged.touchpoint,
        facts=facts,
        verdicts=judged.verdicts,
    )


def _move_of(happened: Happening) -> PastMove:
    assert happened.move is not None  # noqa: S101 - only a start may be told by nobody
    return happened.move
