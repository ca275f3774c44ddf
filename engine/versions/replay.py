"""``replay``: past moves judged again by another version, with the facts as they were known at the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

import numpy as np

from engine.machine.columns import microseconds
from engine.machine.compile import compile_process
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.quick import seldom_collecting
from engine.model.study import Study
from engine.model.syntax import Value
from engine.tables.build import Tables
from engine.tables.coded import Ints, Mask, codes_among
from engine.versions.amounts import counted, told_elsewhere
from engine.versions.became import became
from engine.versions.replay_classes import Class, Replayed, ended
from engine.versions.replay_columns import past_columns
from engine.versions.replay_judge import Judged, judged
from engine.versions.replay_judging import GONE, PASSES, REFUSED, UNKNOWN
from engine.versions.replay_learnt import NOTHING_BESIDE, Beside
from engine.versions.replay_money import in_currency, told_currency
from engine.versions.replay_moves import PastMoves, naming, past_moves
from engine.versions.replay_saying import in_short
from engine.versions.replay_sections import sections
from engine.versions.replay_then import Recorded, recorded

KIND = "replay"
Asked = tuple[tuple[str, Value | None], ...]


class Told(Enum):
    """Where past moves come from: only a journal also tells what was said of them when they were made."""

    JOURNAL = "journal"
    FILE = "file"


def replay(
    tables: Tables,
    new: Process,
    olds: Mapping[int, Process],
    *,
    told: Told,
    subject: str,
    as_of: datetime,
    since: date | None = None,
    until: date | None = None,
    between: Iterable[Process] = (),
    beside: Beside = NOTHING_BESIDE,
    currency: str = "",
    asked: Asked = (),
) -> Study:
    """What ``new`` says of the moves of the tables. ``olds`` are the versions they were made by, by number.

    ``between`` are the versions by which no move was made, through which the new one may follow an old one. ``beside``
    is what the journal tells that no table holds. Money is told in the ``currency`` (empty: in that of the deals).

    ``since`` and ``until`` are days where the process is at home, both among those looked at. Raises ``BadValue`` where
    there is no move of the process.
    """
    between = tuple(between)
    currency = currency or told_currency(tables, new, olds)
    tables, uncounted = in_currency(tables, new, olds, between, currency=currency)
    with seldom_collecting():
        replayed, then = classed(
            tables, new, olds, told=told, as_of=as_of, since=since, until=until, between=between, beside=beside
        )
        return Study(
            KIND,
            f"Past moves judged by {new.name}",
            subject,
            as_of,
            sections(replayed),
            says=(in_short(replayed, currency),),
            notes=(
                *_notes(replayed, olds, then, (since, until)),
                *_several(replayed, several((*olds.values(), *beside.texts))),
                *_forgotten(replayed.moves, beside.forgotten),
                *told_elsewhere(uncounted, currency),
            ),
            currency=currency,
            asked=asked,
        )


def classed(
    tables: Tables,
    new: Process,
    olds: Mapping[int, Process],
    *,
    told: Told,
    as_of: datetime,
    since: date | None = None,
    until: date | None = None,
    between: Iterable[Process] = (),
    beside: Beside = NOTHING_BESIDE,
) -> tuple[Replayed, Recorded | None]:
    """The same move by move, and what the journal recorded of them (``None``: a file records nothing)."""
    moves, machine = past_moves(tables, new.id, as_of=as_of), compile_process(new)
    rows = _chosen(moves, since, until, zone=machine.frame.zone) & ~_among(moves, beside.forgotten)
    if not rows.any():
        raise _no_moves(moves, new, (since, until))
    between = tuple(between)
    columns = past_columns(machine, moves, naming(moves, new, olds, between), olds, beside=beside)
    texts = (*olds.values(), *beside.texts)
    then = recorded(moves, texts) if told is Told.JOURNAL else None
    # Nobody tells by which of several texts a move was made.
    known = olds.keys() & set(moves.versions) - several(texts)
    machines = {version: compile_process(olds[version]) for version in known}
    now = judged(columns, rows, then=then, machines=machines)
    before = _said_then(then, moves) if then else _judged_then(moves, olds, new, rows, between)
    fresh = _only_now(now, before)
    return Replayed(moves, new, fresh, _classes(fresh, before, moves.count), columns, ended(moves)), then


def several(texts: Iterable[Process]) -> set[int]:
    """The versions of which there are several texts that do not say the same."""
    found: dict[int, Process] = {}
    return {each.version for each in texts if found.setdefault(each.version, each) != each}


def _chosen(moves: PastMoves, since: date | None, until: date | None, *, zone: tzinfo) -> Mask:
    rows: Mask = ~moves.migrated & ~moves.arrived
    if since is not None:
        rows &= moves.at >= _midnight(since, zone)
    if until is not None:
        rows &= moves.at < _midnight(until + timedelta(days=1), zone)
    return rows


def _among(moves: PastMoves, deals: frozenset[str]) -> Mask:
    """Which moves are of these deals."""
    found: Mask = (codes_among(moves.tables.deals, "deal", tuple(sorted(deals))) >= 0)[moves.deal]
    return found


def _midnight(day: date, zone: tzinfo) -> int:
    return microseconds(datetime.combine(day, time(), zone))


def _no_moves(moves: PastMoves, new: Process, period: tuple[date | None, date | None]) -> BadValue:
    if moves.count and any(period):
        return BadValue(f"no move of {new.id} was made in that time", hint="choose other days for --since and --until")
    return BadValue(
        f"there is no move of {new.id} to judge again",
        hint="name a version of the process that these deals went through",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The moves that were refused then, and by requirement those of which it could not be told whether they meet it."""

    refused: Mask
    unknown: Mapping[str, Ints]


def _said_then(then: Recorded, moves: PastMoves) -> Before:
    """What the journal recorded of the moves."""
    refused = np.zeros(moves.count, np.bool_)
    for rows in then.failed.values():
        refused[rows] = True
    return Before(refused, then.unknown)


def _judged_then(
    moves: PastMoves, olds: Mapping[int, Process], new: Process, rows: Mask, between: tuple[Process, ...]
) -> Before:
    """What the version of then would have said, for a file keeps no verdicts; without it, all passed."""
    refused = np.zeros(moves.count, np.bool_)
    unknown: dict[str, list[Ints]] = defaultdict(list)
    for place, version in enumerate(moves.versions):
        old = olds.get(version)
        if old is None:
            continue
        its = rows & (moves.version == place)
        columns = past_columns(compile_process(old), moves, naming(moves, old, olds), olds)
        said = judged(columns, its, then=None, machines={})
        refused |= its & np.isin(said.state, (REFUSED, GONE))
        renamed = became(old, new, (*between, *olds.values()))
        for hit in said.hits:
            if hit.verdict == UNKNOWN:
                owner, slash, rest = hit.requirement.partition("/")
                unknown[f"{renamed.actions.get(owner, renamed.stage(owner)[0])}{slash}{rest}"].append(hit.rows)
    return Before(refused, {name: np.concatenate(its) for name, its in unknown.items()})


def _only_now(now: Judged, before: Before) -> Judged:
    """What is said now, without what could not be told then either."""
    hits = []
    for hit in now.hits:
        known = before.unknown.get(hit.then) if hit.verdict == UNKNOWN else None
        rows = hit.rows if known is None else hit.rows[~np.isin(hit.rows, known)]
        hits += [replace(hit, rows=rows)] if len(rows) else []
    return replace(now, hits=hits)


def _classes(now: Judged, before: Before, count: int) -> Mapping[Class, Mask]:
    state, refused = now.state, before.refused
    unclear = np.zeros(count, np.bool_)
    for hit in now.hits:
        if hit.verdict == UNKNOWN:
            unclear[hit.rows] = True
    unknown = (state == UNKNOWN) & ~refused
    return {
        Class.SAME: (state == PASSES) & ~refused,
        Class.REFUSED: (state == REFUSED) & ~refused,
        Class.UNKNOWN: unknown & unclear,
        Class.NEITHER: unknown & ~unclear,
        Class.GONE: (state == GONE) & ~refused,
        Class.STILL: refused & np.isin(state, (REFUSED, UNKNOWN, GONE)),
        Class.LET: (state == PASSES) & refused,
    }


def _notes(
    replayed: Replayed, olds: Mapping[int, Process], then: Recorded | None, period: tuple[date | None, date | None]
) -> Iterator[str]:
    moves, new = replayed.moves, replayed.new
    yield "Each move is judged by what was known of its deal when it was made, and by nothing that came later."
    missing = [version for version in moves.versions if version not in olds]
    if missing:
        names = ", ".join(f"{new.id}@{version}" for version in missing)
        yield f"Not at hand: {names}. Their moves are judged as if nothing had been renamed since."
    if any(period):
        yield "Only moves of the days asked for are judged."
    yield from _left_out(moves)
    unjudged = np.zeros(moves.count, np.bool_)
    for rows in replayed.now.unjudged:
        unjudged[rows] = True
    if unjudged.any():
        yield f"Roles are not judged for {counted(int(unjudged.sum()), 'move')}: nobody told who made them as what."
    unread = sum(replayed.columns.unread.values())
    if unread:
        yield f"Taken as unknown: {counted(unread, 'value')} of facts not of the type that {new.name} declares."
    if then is None:
        yield "A file tells no roles, notes and approvals: what asks for them cannot be told."
    elif then.tries:
        tries = counted(then.tries, "refused try", many="refused tries")
        yield f"Not judged again: {tries} of the journal, which does not tell where they were to lead."


def _several(replayed: Replayed, versions: set[int]) -> Iterator[str]:
    for version in sorted(versions.intersection(replayed.moves.versions)):
        name = f"{replayed.new.id}@{version}"
        yield f"The journal keeps several texts of {name}, and not by which a move was made: its moves are judged anew."


def _forgotten(moves: PastMoves, forgotten: frozenset[str]) -> Iterator[str]:
    deals = len(np.unique(moves.deal[_among(moves, forgotten)]))
    if deals:
        were = "deal that was" if deals == 1 else "deals that were"
        yield f"Left out: {deals:,} {were} forgotten, of which nothing is known any more."


def _left_out(moves: PastMoves) -> Iterator[str]:
    elsewhere = moves.tables.moves.num_rows - moves.count
    if elsewhere:
        yield f"Left out: {counted(elsewhere, 'move')} in other processes."
    if moves.arrived.any():
        yield f"Left out: {counted(int(moves.arrived.sum()), 'arrival')} of deals handed over from other processes."
    if moves.migrated.any():
        stages = counted(int(moves.migrated.sum()), "new stage")
        yield f"Left out: {stages} by coming to another version: no action led there."
    undated = int((~moves.dated).sum())
    if undated:
        yield f"{counted(undated, 'move')} without a date: judged as at the next time known of the deal."
