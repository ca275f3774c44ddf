"""A deal of an export that the journal knows already: what of it is new, or why nothing of it can go in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.advance.commit import holds_facts
from engine.advance.retell import LATE, Happening, Telling
from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.past import PastDeal
from engine.model.syntax import Value


class Clash(Exception):
    """The past of a deal cannot be recorded."""

    def __init__(self, message: str, row: int) -> None:
        super().__init__(message)
        self.row = row


def new_part(
    telling: Telling, past: PastDeal, happened: Sequence[Happening], deal: Deal, entries: Sequence[Entry]
) -> tuple[Happening, ...]:
    """What happened after what was imported before. Raises ``Clash`` where that past is told otherwise now."""
    before = [entry for entry in entries if _is_of(entry, telling) and not entry.key.startswith(telling.prefix + LATE)]
    if telling.snapshot and before:
        return _since(past, happened, deal, before, moved_since=entries[-1].sequence != _last_of(telling, entries))
    for entry, told in zip(before, happened, strict=False):
        _compare(entry, told, past)
    if len(before) > len(happened):
        raise Clash(f"the export no longer tells what entry {before[len(happened)].sequence} recorded", past.row)
    rest = tuple(happened[len(before) :])
    if not before:
        rest = _without_start(rest, past)
    for told in rest:
        if told.at < deal.last_at or (told.undated and not before):
            raise Clash(_too_early(told, deal), _row(told, past))
    return rest


def _since(
    past: PastDeal, happened: Sequence[Happening], deal: Deal, before: Sequence[Entry], *, moved_since: bool
) -> tuple[Happening, ...]:
    """Where a deal stands now, if that is elsewhere than the last export said; what lay between no export saw."""
    at = 0
    for place, told in enumerate(happened):
        found = next((n for n in range(at, len(before)) if not _difference(before[n], told)), None)
        if found is None:
            for entry in before[at:]:
                if told.move and entry.to_stage == told.move.to_stage:
                    _compare(entry, told, past)
            return _after(happened[place:], past, deal, before, moved_since=moved_since)
        _compare(before[found], told, past)
        at = found + 1
    is_back = not moved_since and happened[-1].move is not None and happened[-1].move.to_stage != deal.stage
    return _after(happened[-1:], past, deal, before, moved_since=moved_since) if is_back else ()


def _after(
    rest: Sequence[Happening], past: PastDeal, deal: Deal, before: Sequence[Entry], *, moved_since: bool
) -> tuple[Happening, ...]:
    """The rest, numbered on; all of it is later than the deal's last entry."""
    if moved_since:
        message = f"the deal has gone on in the journal since the last import; it stands in '{deal.stage}' there"
        raise Clash(message, _row(rest[0], past))
    for told in rest:
        if told.kind is EntryKind.STARTED or told.at < deal.last_at:
            raise Clash(_too_early(told, deal), _row(told, past))
    return tuple(told._replace(number=len(before) + place) for place, told in enumerate(rest, start=1))


def _last_of(telling: Telling, entries: Sequence[Entry]) -> int:
    return max((entry.sequence for entry in entries if _is_of(entry, telling)), default=0)


def check_version(telling: Telling, past: PastDeal, deal: Deal) -> None:
    """Raises ``Clash`` where the deal follows another process or version: what it would be judged by is not at hand."""
    wanted = telling.definition
    if (deal.process, deal.version) != (wanted.process, wanted.version):
        raise Clash(
            f"the deal follows {deal.process}@{deal.version}, and the map is for {wanted.process}@{wanted.version}",
            past.row,
        )


def _is_of(entry: Entry, telling: Telling) -> bool:
    return entry.key.startswith(telling.prefix)


def _without_start(happened: tuple[Happening, ...], past: PastDeal) -> tuple[Happening, ...]:
    """The deal was started by someone else: its start stands, and only what came later can be added."""
    if happened[0].move is not None:
        raise Clash("a deal of this name was started in the journal already", past.row)
    return happened[1:]


def _too_early(told: Happening, deal: Deal) -> str:
    last = f"{deal.last_at:%Y-%m-%d %H:%M:%S} UTC"
    if told.undated:
        return f"it has no date, and the last entry of the deal is of {last}"
    return f"it happened before the last entry of the deal ({last})"


def _compare(entry: Entry, told: Happening, past: PastDeal) -> None:
    """Raises ``Clash`` where the entry is not what is told now; a time that nobody wrote down is not compared."""
    move = told.move
    differs = _difference(entry, told)
    if not differs and move is not None and not holds_facts(entry, move.facts):
        differs = "facts"
    if not differs and told.kind is EntryKind.STARTED and not holds_facts(entry, past.facts):
        differs = "facts"
    if differs:
        raise Clash(f"differs in {differs} from what was imported before (entry {entry.sequence})", _row(told, past))


def _difference(entry: Entry, told: Happening) -> str:
    move = told.move
    if entry.kind is not told.kind:
        return "path"
    if move is not None and told.kind is EntryKind.MOVED and entry.to_stage != move.to_stage:
        return "path"
    if move is not None and told.kind is EntryKind.TOUCHED and entry.touchpoint != move.touchpoint:
        return "touchpoint"
    if entry.undated != told.undated or (not told.undated and entry.happened_at != told.at):
        return "date"
    if move is None:
        return ""
    pairs = [("actor", entry.actor, move.actor), ("note", entry.note, move.note)]
    if told.kind in (EntryKind.STARTED, EntryKind.MOVED):
        pairs.append(("reason", entry.reason, move.reason))
    return next((name for name, was, is_ in pairs if was != is_), "")


def _row(told: Happening, past: PastDeal) -> int:
    return told.move.row if told.move else past.row


@dataclass(frozen=True, slots=True)
class Late:
    """What an export says now of facts that nobody can date and of the owner, where it said otherwise before."""

    facts: Mapping[str, Value]
    owner: str
    number: int


def changed_late(telling: Telling, past: PastDeal, entries: Sequence[Entry]) -> Late | None:
    """What changed since the last import, if anything: such facts are of the day of the export, so that is no clash.

    It is compared with what was imported, not with what is known: whoever recorded another value since knows better.
    """
    facts: dict[str, Value] = {}
    owner = ""
    number = 1
    for entry in entries:
        if _is_of(entry, telling):
            owner = entry.owner or owner
            if entry.key.startswith(telling.prefix + LATE):
                facts.update(entry.facts)
                number += 1
    changed = {name: value for name, value in past.late.items() if facts.get(name) != value}
    new_owner = past.owner if past.owner != owner else ""
    return Late(changed, new_owner, number) if changed or new_owner else None
