"""Deals that already happened, judged and journalled in bulk: the one way history gets into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.advance.again import Clash, changed_late, check_version, new_part
from engine.advance.imported import ImportSummary, NotRecorded, Tally
from engine.advance.retell import Happening, Telling, Told, happenings, tell, tell_late, telling
from engine.advance.trust import known_actor
from engine.journal.store import Journal
from engine.model.called import Called
from engine.model.deal import Deal, after
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.past import PastDeal
from engine.model.people import People
from engine.model.process import Process
from engine.model.quick import seldom_collecting

Batch = tuple[Sequence[Entry], int, Deal]
Progress = Callable[[int], None]
"""Told the number of deals gone through, from time to time."""

_EVERY = 500


def import_past(
    journal: Journal,
    process: Process,
    definition: Definition,
    deals: Iterable[PastDeal],
    *,
    now: datetime,
    map_id: str,
    strict: bool = False,
    snapshot: bool = False,
    actor: str = "",
    people: People | None = None,
    called: Mapping[str, Called] | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Record what happened to deals (no two of one name), each move with the verdicts on it by the facts known then.

    A move that the process would have refused is recorded as deviating; under ``strict`` nothing of its deal is.
    History goes into new deals and after a deal's last entry; what was imported before by this map is not
    recorded again. ``snapshot``: the export tells where deals stand now, so one that stands elsewhere than an earlier
    export said has moved since. Clocks and automatic actions are off. ``actor`` is who imports; who made a move,
    only the export can say. ``called`` says, by digest, what texts of other versions call otherwise: what was imported
    under them is compared in the words of this one. Raises what the journal raises, and ``UnknownName`` for an actor
    whom ``people`` do not know.
    """
    tally = Tally()
    who = known_actor(people, actor)
    told = telling(process, definition, now=now, map_id=map_id, actor=who, snapshot=snapshot, called=called)
    batches = _batches(_Import(journal, told, tally, strict), deals, progress or _silent)
    with seldom_collecting():
        tally.counts["entries"] = journal.append_many(batches, definition=definition)
    return tally.summary()


@dataclass(frozen=True, slots=True)
class _Import:
    """An import that is going on."""

    journal: Journal
    telling: Telling
    tally: Tally
    strict: bool


def _silent(_: int) -> None:
    """Nobody wants to know how far the import is."""


def _batches(doing: _Import, deals: Iterable[PastDeal], progress: Progress) -> Iterator[Batch]:
    # A journal without deals need not be asked about each one.
    is_empty = next(doing.journal.deals(), None) is None
    number = 0
    for number, past in enumerate(deals, start=1):
        known = None if is_empty else doing.journal.deal(past.id)
        try:
            batch = _more(doing, past, known) if known else _fresh(doing, past)
        except Clash as clash:
            doing.tally.conflict(NotRecorded(past.id, clash.row, str(clash)))
            continue
        if batch is not None:
            yield batch
        if number % _EVERY == 0:
            progress(number)
    progress(number)


def _fresh(doing: _Import, past: PastDeal) -> Batch | None:
    """The batch of a deal that the journal does not know; ``None`` where strictness keeps it out."""
    happened, repeated = happenings(doing.telling, past)
    _check_future(happened, past, doing.telling.now)
    told = tell(doing.telling, past, happened, None)
    if _is_refused(doing, past, happened, told):
        return None
    entries, deal = told.entries, told.deal
    if past.late:
        entries, deal = _with(entries, deal, tell_late(doing.telling, deal, past.late))
    doing.tally.counts["deals"] += 1
    _count(doing.tally, told, repeated)
    return entries, 0, deal


def _more(doing: _Import, past: PastDeal, deal: Deal) -> Batch | None:
    """The batch of what is new about a deal that the journal knows; ``None`` where nothing is, or it is refused."""
    if deal.forgotten:
        raise Clash("the deal was forgotten; it takes no more entries", past.row)
    happened, repeated = happenings(doing.telling, past)
    recorded = doing.journal.entries(deal.id)
    rest = new_part(doing.telling, past, happened, deal, recorded)
    _check_future(rest, past, doing.telling.now)
    late = changed_late(doing.telling, past, deal, recorded)
    if rest or (late and deal.digest not in doing.telling.called):
        check_version(doing.telling, past, deal)
    told = tell(doing.telling, past, rest, deal)
    if _is_refused(doing, past, rest, told):
        return None
    entries, now_is = told.entries, told.deal
    if late:
        entry = tell_late(doing.telling, now_is, late.facts, owner=late.owner, number=late.number)
        entries, now_is = _with(entries, now_is, entry)
    doing.tally.counts["continued" if entries else "unchanged"] += 1
    _count(doing.tally, told, repeated)
    return (entries, deal.length, now_is) if entries else None


def _with(entries: tuple[Entry, ...], deal: Deal, entry: Entry) -> tuple[tuple[Entry, ...], Deal]:
    return (*entries, entry), after(deal, entry)


def _check_future(happened: Sequence[Happening], past: PastDeal, now: datetime) -> None:
    if happened and happened[-1].at > now:
        last = happened[-1]
        row = last.move.row if last.move else past.row
        raise Clash(f"{last.at:%Y-%m-%d %H:%M:%S} UTC is in the future", row)


def _is_refused(doing: _Import, past: PastDeal, happened: Sequence[Happening], told: Told) -> bool:
    if not doing.strict:
        return False
    for each, entry, judged in zip(happened, told.entries, told.judged, strict=True):
        if judged and judged.broken:
            move = f"from '{entry.from_stage}' to '{entry.to_stage}'" if entry.from_stage else "to start"
            row = each.move.row if each.move else past.row
            broken = ", ".join(judged.broken)
            doing.tally.refuse(NotRecorded(past.id, row, f"the move {move} would have been refused: {broken}"))
            return True
    return False


def _count(tally: Tally, told: Told, repeated: int) -> None:
    counts = tally.counts
    counts["repeated_rows"] += repeated
    for entry, judged in zip(told.entries, told.judged, strict=True):
        if entry.kind is EntryKind.RECORDED:
            continue
        counts["moves"] += entry.kind is EntryKind.MOVED
        counts["undated"] += entry.undated
        if judged and judged.broken:
            counts["deviating"] += 1
            tally.broken.update(judged.broken)
        if judged and judged.unknown:
            counts["unclear"] += 1
            tally.unknown.update(judged.unknown)
