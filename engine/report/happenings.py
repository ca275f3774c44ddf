"""A deal's entries as happenings: a headline and labelled details each. How they look is left to story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from engine.model.alarm import AlarmKind
from engine.model.deal import Deal, fold
from engine.model.decision import About, Result, Verdict
from engine.model.ended import ended_approvals
from engine.model.entry import Entry, EntryKind, goes_on
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.syntax import Value
from engine.report.details import Detail
from engine.report.evidence import verdict_details, worth_telling
from engine.report.style import Tone
from engine.report.wording import approval_title, count, moment, reason_title, span, value_text


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry as it is told: ``when``, ``what`` was done, the ``path`` between stages, ``who``, and the details."""

    when: str
    what: str
    path: str
    who: str
    details: tuple[Detail, ...]
    tone: Tone = Tone.NORMAL


UNDATED = "no date"


def happenings(
    processes_by_digest: Mapping[str, Process], entries: Iterable[Entry], *, zone: tzinfo
) -> Iterator[Happening]:
    """The entries in order, each told against what the deal was just before it."""
    entries = tuple(entries)
    ended = {approval.sequence: by for approval, by in ended_approvals(entries)}
    deal: Deal | None = None
    dated = True
    standing: dict[str, Verdict] = {}
    for entry in entries:
        process = processes_by_digest.get(entry.digest)
        news = replace(entry, verdicts=tuple(_news(entry, standing)))
        yield Happening(
            when=UNDATED if entry.undated else moment(entry.happened_at, zone),
            what=_what(entry),
            path=_path(entry, deal),
            who=_who(entry),
            details=(
                *_details(process, news, deal, since=deal.entered_at if deal and dated else None, zone=zone),
                *_void(entry, ended.get(entry.sequence)),
            ),
            tone=Tone.BAD if entry.kind is EntryKind.REFUSED else Tone.NORMAL,
        )
        deal = fold((entry,), deal)
        dated = not entry.undated if entry.to_stage and entry.track == MAIN and _moves(entry) else dated


def _news(entry: Entry, standing: dict[str, Verdict]) -> Iterator[Verdict]:
    """The verdicts without what is required always and came out as it did at the move before."""
    for verdict in entry.verdicts:
        if verdict.about is About.ALWAYS and verdict.result is Result.PASSED and entry.kind is not EntryKind.REFUSED:
            if standing.get(verdict.requirement) == verdict:
                continue
            standing[verdict.requirement] = verdict
        yield verdict


def heading(entry: Entry, deal: Deal | None) -> tuple[str, str, str]:
    """What was done, the path between stages, and who; ``deal`` is what the deal was just before."""
    return _what(entry), _path(entry, deal), _actor(entry)


def _moves(entry: Entry) -> bool:
    return entry.kind in (EntryKind.STARTED, EntryKind.MOVED, EntryKind.MIGRATED)


def _what(entry: Entry) -> str:
    match entry.kind:
        case EntryKind.MOVED | EntryKind.REFUSED:
            return entry.action or "moved"
        case EntryKind.APPROVED:
            return f"approved {entry.action}"
        case EntryKind.WARNED:
            return "warned" if entry.alarm and entry.alarm.kind is AlarmKind.WARN else "limit passed"
        case EntryKind.TOUCHED:
            return entry.touchpoint or "touched"
        case EntryKind.MIGRATED:
            return "new version"
    return str(entry.kind.value)


def _path(entry: Entry, deal: Deal | None) -> str:
    track = "" if entry.track == MAIN else f"{entry.track}: "
    match entry.kind:
        case EntryKind.STARTED:
            return f"in {entry.to_stage}"
        case EntryKind.MOVED:
            there = f"{entry.process}/" if deal and deal.process != entry.process else ""
            return f"{track}{entry.from_stage} → {there}{entry.to_stage}"
        case EntryKind.REFUSED:
            target = f" → {entry.to_stage}" if entry.to_stage else ""
            return f"refused: {track}{entry.from_stage}{target}"
        case EntryKind.MIGRATED if track:
            return f"{track}{entry.from_stage} → {entry.to_stage}"
        case EntryKind.MIGRATED:
            before = f"{deal.version} → " if deal else ""
            stages = f", {entry.from_stage} → {entry.to_stage}" if entry.from_stage != entry.to_stage else ""
            return f"{entry.process} {before}{entry.version}{stages}"
    return ""


def _who(entry: Entry) -> str:
    by = f" · database user {entry.written_by}" if entry.written_by else ""
    return _actor(entry) + by


def _actor(entry: Entry) -> str:
    return f"{entry.actor} ({entry.role})" if entry.actor and entry.role else entry.actor or entry.role


def _details(
    process: Process | None, entry: Entry, deal: Deal | None, *, since: datetime | None, zone: tzinfo
) -> Iterator[Detail]:
    if since and entry.kind is EntryKind.MOVED and entry.track == MAIN and not entry.undated:
        yield from _stay(entry, since)
    yield from _circumstances(entry, deal)
    if entry.alarm:
        yield Detail("clock", f"{entry.alarm.clock}, counting since {moment(entry.alarm.since, zone)}")
    if entry.approval:
        yield Detail("approval", approval_title(process, entry.approval))
    yield from _why(process, entry)
    yield from _facts(process, entry, deal)
    yield from _verdicts(process, entry)


def _void(entry: Entry, by: Entry | None) -> Iterator[Detail]:
    """That an approval came to nothing: the deal went another way first."""
    if by is not None and goes_on(by):
        came = f"the deal came to version {by.version}, and an approval is of the version for which it is given"
        yield Detail("void", came, tone=Tone.CAUTION)
    elif by is not None:
        instead = f"'{by.action}' was done" if by.action else f"the deal went to '{by.to_stage}'"
        yield Detail("void", f"{instead} instead of '{entry.action}'", tone=Tone.CAUTION)


def _stay(entry: Entry, since: datetime) -> Iterator[Detail]:
    stay = entry.happened_at - since
    if stay >= timedelta(minutes=1):
        yield Detail("after", f"{span(stay)} in {entry.from_stage}")


def _circumstances(entry: Entry, deal: Deal | None) -> Iterator[Detail]:
    if entry.touchpoint and entry.kind not in (EntryKind.TOUCHED, EntryKind.REFUSED):
        yield Detail("contact", entry.touchpoint)
    if entry.owner and (deal is None or entry.owner != deal.owner):
        yield Detail("owner", entry.owner)
    if entry.override:
        done = "was asked for" if entry.kind is EntryKind.REFUSED else "waived what is told below as waived"
        yield Detail("override", done, tone=Tone.CAUTION)
    if entry.deviating:
        yield Detail("deviates", _deviates(entry), tone=Tone.CAUTION)


def _deviates(entry: Entry) -> str:
    broken = sum(not verdict.stands and verdict.result is Result.FAILED for verdict in entry.verdicts)
    return f"it happened; the process would have refused it ({count(broken, 'requirement')} broken)"


def _why(process: Process | None, entry: Entry) -> Iterator[Detail]:
    if entry.kind is EntryKind.MIGRATED:
        # Its reason is a word for programs; what it means is the sentence.
        if entry.note:
            yield Detail("why", entry.note)
        lost = [place.partition("/")[2] for place, name in entry.renamed.items() if not name]
        if lost:
            yield Detail("unknown", f"{', '.join(lost)}: the version cannot read the value", tone=Tone.CAUTION)
        return
    if entry.reason:
        title = reason_title(process, entry.action, entry.reason)
        yield Detail("reason", f"{entry.reason}: {title}" if title else entry.reason)
    if entry.note:
        yield Detail("note", f"“{entry.note}”")


def _facts(process: Process | None, entry: Entry, deal: Deal | None) -> Iterator[Detail]:
    if not entry.facts:
        return
    before = deal.facts if deal else {}
    # The facts of a refused move were offered; nothing was recorded.
    label = "offered" if entry.kind is EntryKind.REFUSED else "facts"
    told = ", ".join(_fact(process, name, value, before) for name, value in entry.facts.items())
    yield Detail(label, told)


def _fact(process: Process | None, name: str, value: Value, before: Mapping[str, Value]) -> str:
    text = f"{name} {value_text(process, name, value)}"
    if name not in before or before[name] == value:
        return text
    return f"{text} (was {value_text(process, name, before[name])})"


def _verdicts(process: Process | None, entry: Entry) -> Iterator[Detail]:
    """What refused or warned comes with all its evidence, what passed with the values it saw."""
    for verdict in _in_order(entry):
        yield from verdict_details(process, verdict)
        if verdict.fix and entry.kind is EntryKind.REFUSED and not verdict.stands:
            yield Detail("fix", verdict.fix, depth=1)


def _in_order(entry: Entry) -> list[Verdict]:
    told = [verdict for verdict in entry.verdicts if worth_telling(verdict)]
    # A refusal is told by what refused it; what passed the while does not matter.
    if entry.kind is EntryKind.REFUSED:
        return [verdict for verdict in told if verdict.result is not Result.PASSED]
    return told
