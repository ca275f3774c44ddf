"""A deal of an export that the journal knows already: what of it is new, or why nothing of it can go in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.advance.retell import LATE, Happening, Telling
from engine.advance.words import ENTERS, Known, is_of, known, late_facts, next_number, went_on
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
    before = known(telling, entries)
    if not before:
        rest = _without_start(happened, past, entries)
    elif telling.snapshot:
        moved_since = went_on(telling, entries)
        rest = _moved_to(telling, past, happened, deal, before, moved_since=moved_since)
        if rest and moved_since:
            message = f"the deal has gone on in the journal since the last import; it stands in '{deal.stage}' there"
            raise Clash(message, _row(rest[0], past))
    else:
        rest = _unknown(telling, past, happened, deal, entries)
    for told in rest:
        if told.at < deal.last_at or (told.undated and not before):
            raise Clash(_too_early(told, deal, entries), _row(told, past))
    if not before:
        return rest
    first = next_number(telling, before)
    return tuple(told._replace(number=number) for number, told in enumerate(rest, start=first))


def _unknown(
    telling: Telling, past: PastDeal, happened: Sequence[Happening], deal: Deal, entries: Sequence[Entry]
) -> tuple[Happening, ...]:
    """What is told after all that is known. Raises ``Clash`` where they differ."""
    before = known(telling, entries)
    happened, place = _from_where_told(telling, past, happened, deal, before)
    for number, told in enumerate(happened):
        while place < len(before) and before[place].is_merged and _difference(before[place], told):
            place += 1
        is_new = place == len(before)
        if place and _is_in(before[place - 1], told) and (is_new or _difference(before[place], told)):
            # Two stages of this version were one in which the deal stood then.
            if is_new and told is happened[-1] and not went_on(telling, entries):
                _check_part(telling, past, told, deal, before[-1])
            if not is_new or told.at < deal.last_at:
                continue
            if _stays(telling, told, before[-1], deal):
                return _as_recorded(told) + tuple(happened[number + 1 :])
        if is_new:
            return tuple(happened[number:])
        _compare(before[place], told, past)
        place += 1
    left = next((one for one in before[place:] if not one.is_merged), None)
    if left is not None:
        raise Clash(f"the export no longer tells what entry {left.entry.sequence} recorded", past.row)
    return ()


def _from_where_told(
    telling: Telling, past: PastDeal, happened: Sequence[Happening], deal: Deal, before: Sequence[Known]
) -> tuple[Sequence[Happening], int]:
    """What the file tells, and with which of the things known that begins: of those before it need not tell again."""
    if happened[0].move is not None or not _difference(before[0], happened[0]):
        return happened, 0
    first = happened[1]
    place = next((n for n, one in enumerate(before) if not _difference(one, first)), len(before))
    if place == len(before) and (first.undated or _stays(telling, first, before[-1], deal)):
        _compare(before[-1], first, past)
    return happened[1:], place


def _is_in(stood: Known, told: Happening) -> bool:
    """Whether a move leads to what was, in the words of another version, the stage in which the deal stood."""
    return stood.is_other and told.kind is EntryKind.MOVED and _stage(told) in stood.stages


def _stays(telling: Telling, told: Happening, last: Known, deal: Deal) -> bool:
    """Whether a move leads to where the deal stands since what is known last."""
    is_there = told.kind is EntryKind.MOVED and _stage(told) == deal.stage
    return is_there and deal.stage in last.stages and deal.stage not in telling.entered_anew


def _as_recorded(told: Happening) -> tuple[Happening, ...]:
    move = told.move
    return (told._replace(kind=EntryKind.RECORDED),) if move and (move.facts or move.note) else ()


def _stage(told: Happening) -> str:
    return told.move.to_stage if told.move else ""


def _moved_to(
    telling: Telling,
    past: PastDeal,
    happened: Sequence[Happening],
    deal: Deal,
    before: Sequence[Known],
    *,
    moved_since: bool,
) -> tuple[Happening, ...]:
    """Where a deal stands now, if that is elsewhere than the last export said; what lay between no export saw."""
    at = 0
    for place, told in enumerate(happened):
        found = next((n for n in range(at, len(before)) if not _difference(before[n], told)), None)
        if found is None and told.move is None:
            # The start was told before, by an export that saw it.
            continue
        if found is None:
            for one in before[at:]:
                if one.entry.kind in (EntryKind.STARTED, EntryKind.MOVED) and _stage(told) in one.stages:
                    _compare(one, told, past)
            return tuple(happened[place:])
        _compare(before[found], told, past)
        at = found + 1
    last, stood = happened[-1], before[-1]
    if moved_since or _stage(last) in ("", deal.stage):
        return ()
    is_back = _stage(last) not in stood.stages
    if is_back:
        return (last,)
    if last.undated and not moved_since:
        _check_part(telling, past, last, deal, stood)
    return ()


def _check_part(telling: Telling, past: PastDeal, told: Happening, deal: Deal, stood: Known) -> None:
    """Raises ``Clash`` where a stage was split and the export names another part than that to which the deal came.

    Whether it went there since, or the export does not tell the parts apart, only a person can say.
    """
    is_here = deal.digest not in telling.called and (told.undated or told.at < deal.last_at)
    if is_here and stood.is_other and _stage(told) != deal.stage and _stage(told) not in stood.led:
        raise Clash(
            f"the export says '{_stage(told)}', and the deal came to {deal.process}@{deal.version} in '{deal.stage}'; "
            "if it has gone there, make the move by hand with 'stagewright advance'",
            _row(told, past),
        )


def check_version(telling: Telling, past: PastDeal, deal: Deal) -> None:
    """Raises ``Clash`` where the deal follows another process or version: what it would be judged by is not at hand."""
    wanted = telling.definition
    if (deal.process, deal.version) == (wanted.process, wanted.version):
        return
    message = f"the deal follows {deal.process}@{deal.version}, and the map is for {wanted.process}@{wanted.version}"
    if deal.process == wanted.process and deal.version > wanted.version:
        message += f"; let the map say process: {deal.process}@{deal.version}"
    elif deal.process == wanted.process:
        message += f"; import it with a map for {deal.process}@{deal.version}"
        message += (
            "" if deal.outcome else f", or first bring it over: 'stagewright plan {wanted.process}@{wanted.version}'"
        )
    raise Clash(message, past.row)


def _without_start(happened: Sequence[Happening], past: PastDeal, entries: Sequence[Entry]) -> tuple[Happening, ...]:
    """The deal was started by someone else: its start stands, and only what came later can be added."""
    if happened[0].move is not None:
        by, _, rest = entries[0].key.partition(":")
        message = "a deal of this name was started in the journal already"
        if by == "import":
            name = rest.partition(":")[0]
            message += (
                f", by an import with the map '{name}'; change that map where this is the same export, and use it"
            )
        raise Clash(message, past.row)
    return tuple(happened[1:])


def _too_early(told: Happening, deal: Deal, entries: Sequence[Entry]) -> str:
    last = f"{deal.last_at:%Y-%m-%d %H:%M:%S} UTC"
    if told.undated:
        return f"it has no date, and the last entry of the deal is of {last}"
    same = [one for one in entries if one.happened_at == told.at and one.to_stage == _stage(told) != ""]
    if same:
        return f"this move is in the journal already (entry {same[0].sequence}), and not by an import with this map"
    came = entries[-1]
    if came.kind is EntryKind.MIGRATED:
        return (
            f"it happened before the deal came to {came.process}@{came.version} ({last}), and within a deal time never "
            "runs backwards; make the move by hand with 'stagewright advance', and leave the row out of the file"
        )
    return f"it happened before the last entry of the deal ({last})"


def _compare(one: Known, told: Happening, past: PastDeal) -> None:
    """Raises ``Clash`` where the entry is not what is told now; a time that nobody wrote down is not compared."""
    move = told.move
    differs = _difference(one, told)
    if not differs and move is not None and not one.holds(move.facts):
        differs = "facts"
    if not differs and told.kind is EntryKind.STARTED and not one.holds(past.facts):
        differs = "facts"
    if differs:
        message = f"differs in {differs} from what was imported before (entry {one.entry.sequence})"
        raise Clash(message, _row(told, past))


def _difference(one: Known, told: Happening) -> str:
    move, entry = told.move, one.entry
    if not one.is_kind(told.kind) or (move is None and entry.kind is not EntryKind.STARTED):
        return "path"
    is_start = entry.kind is told.kind is EntryKind.STARTED
    if move is not None and move.to_stage and not is_start and move.to_stage not in one.stages:
        return "path"
    if move is not None and told.kind is EntryKind.TOUCHED and entry.touchpoint != move.touchpoint:
        return "touchpoint"
    if entry.undated != told.undated or (not told.undated and entry.happened_at != told.at):
        return "date"
    if move is None:
        return ""
    pairs = [("actor", entry.actor, move.actor), ("note", entry.note, move.note)]
    if entry.kind in ENTERS and told.kind in ENTERS:
        pairs.append(("reason", one.reason, move.reason))
    return next((name for name, was, is_ in pairs if was != is_), "")


def _row(told: Happening, past: PastDeal) -> int:
    return told.move.row if told.move else past.row


@dataclass(frozen=True, slots=True)
class Late:
    """What an export says now of facts that nobody can date and of the owner, where it said otherwise before.

    The facts are called as the deal's own version calls them.
    """

    facts: Mapping[str, Value]
    owner: str
    number: int


def changed_late(telling: Telling, past: PastDeal, deal: Deal, entries: Sequence[Entry]) -> Late | None:
    """What changed since the last import, if anything: such facts are of the day of the export, so that is no clash.

    It is compared with what was imported, not with what is known: whoever recorded another value since knows better.
    A deal that stays on another version takes no facts which that has not.
    """
    facts: dict[str, Value] = {}
    owner = ""
    number = 1
    for entry in entries:
        if is_of(entry, telling):
            owner = entry.owner or owner
            if entry.key.startswith(telling.prefix + LATE):
                facts.update(late_facts(telling, entry))
                number += 1
    changed = {name: value for name, value in past.late.items() if facts.get(name) != value}
    called = telling.called.get(deal.digest)
    if called is not None:
        changed = {called.facts[name]: value for name, value in changed.items() if name in called.facts}
    new_owner = past.owner if past.owner != owner else ""
    return Late(changed, new_owner, number) if changed or new_owner else None
