"""The story of a deal as one HTML page for whoever examines it: whole, without scripts, network or other files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from engine.model.deal import Deal, fold
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process
from engine.report import story
from engine.report.escape import html
from engine.report.happenings import heading
from engine.report.page_frame import head
from engine.report.page_parts import facts, pairs, requirements
from engine.report.page_style import CSS
from engine.report.wording import approval_title, count, moment, reason_title


@dataclass(frozen=True, slots=True)
class Proof:
    """What the journal's chain says of the deal: its last hash, and what did not fit when it was looked at.

    ``definitions`` are name and digest of each version that the deal followed.
    """

    journal: str
    head: str
    verified_at: datetime
    faults: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()


def page(
    processes_by_digest: Mapping[str, Process],
    entries: Sequence[Entry],
    *,
    proof: Proof,
    zone: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """The page. Times are of ``zone`` (its name), or else of the process the deal stands in; UTC in the markup."""
    deal = fold(entries)
    assert deal is not None  # noqa: S101 - a deal has entries
    where, called = story.zone_of(processes_by_digest, deal, zone)
    body = [
        *_header(processes_by_digest, deal, where),
        "<main>",
        *_proof(proof, len(entries), where),
        *_notes([*notes, *story.notes_of(processes_by_digest, entries)]),
        '<section aria-labelledby="story"><h2 id="story">What happened</h2>',
        f'<p class="quiet">{html(_counted(entries))}. Times are of {html(called)}.</p>',
        '<ol class="story">',
        *_entries(processes_by_digest, entries, where),
        "</ol></section>",
        "</main>",
        *_footer(proof),
    ]
    return "\n".join([*head(f"{deal.id}: {deal.process}@{deal.version}", CSS), *body, "</body>", "</html>"]) + "\n"


def _header(processes: Mapping[str, Process], deal: Deal, where: tzinfo) -> Iterator[str]:
    process = processes.get(deal.digest)
    title = f" · {process.title}" if process and process.title else ""
    yield "<header>"
    yield f'<p class="kicker">{html(f"{deal.process}@{deal.version}{title}")}</p>'
    yield f"<h1>{html(deal.id)}</h1>"
    yield f'<p class="lead">{html(story.standing(deal, where))}</p>'
    yield f'<p class="quiet">Owner: {html(deal.owner)}</p>' if deal.owner else ""
    yield "</header>"


def _counted(entries: Sequence[Entry]) -> str:
    refused = sum(entry.kind is EntryKind.REFUSED for entry in entries)
    moves = sum(entry.kind is EntryKind.MOVED for entry in entries)
    told = f"{count(len(entries), 'entry', 'entries')}, {count(moves, 'move')}"
    return f"{told}, {refused} refused" if refused else told


def _proof(proof: Proof, entries: int, where: tzinfo) -> Iterator[str]:
    yield f'<section class="proof {"bad" if proof.faults else "good"}" aria-labelledby="proof">'
    yield '<h2 id="proof">What the chain says</h2>'
    if proof.faults:
        yield f'<p><strong class="badge bad">does not fit</strong> {count(len(proof.faults), "fault")}:</p>'
        yield "<ul>" + "".join(f"<li>{html(fault)}</li>" for fault in proof.faults) + "</ul>"
    else:
        whole = f"{count(entries, 'entry', 'entries')} of this deal: each is as it was written"
        yield f'<p><strong class="badge good">verified</strong> {whole}.</p>'
    rows = [
        ("Looked at", _time(proof.verified_at, where)),
        ("Last hash", f"<code>{html(proof.head)}</code>"),
        ("Journal", f"<code>{html(proof.journal)}</code>"),
    ]
    rows += [(f"Text of {html(name)}", f"<code>{html(digest)}</code>") for name, digest in proof.definitions]
    yield pairs(rows)
    yield "</section>"


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield '<aside aria-label="Notes">' + "".join(f"<p>{html(note)}</p>" for note in notes) + "</aside>"


def _time(when: datetime, where: tzinfo) -> str:
    in_utc = when.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f'<time datetime="{in_utc}">{html(moment(when, where))}</time>'


def _entries(processes: Mapping[str, Process], entries: Sequence[Entry], where: tzinfo) -> Iterator[str]:
    deal: Deal | None = None
    for entry in entries:
        yield from _entry(processes.get(entry.digest), entry, deal, where)
        deal = fold((entry,), deal)


def _entry(process: Process | None, entry: Entry, deal: Deal | None, where: tzinfo) -> Iterator[str]:
    what, path, who = heading(entry, deal)
    tone = " refused" if entry.kind is EntryKind.REFUSED else ""
    name = f"entry-{entry.sequence}"
    yield f'<li class="entry{tone}"><article aria-labelledby="{name}">'
    yield f'<h3 id="{name}">{html(what)} <span class="path">{html(path)}</span></h3>'
    happened = "no date" if entry.undated else _time(entry.happened_at, where)
    by = f' <span class="who">{html(who)}</span>' if who else ""
    yield f'<p class="when">{happened}{by}</p>'
    why = _circumstances(process, entry, where)
    yield pairs(why) if why else ""
    yield from facts(process, entry, deal)
    yield from requirements(process, entry)
    yield f'<p class="kept">{" · ".join(_kept(entry, where))}</p>'
    yield "</article></li>"


def _circumstances(process: Process | None, entry: Entry, where: tzinfo) -> list[tuple[str, str]]:
    """Why and how it came about, as pairs of markup."""
    title = reason_title(process, entry.action, entry.reason)
    told = [
        ("Reason", f"{entry.reason}: {title}" if title else entry.reason),
        ("Note", f"“{entry.note}”" if entry.note else ""),
        ("Contact", entry.touchpoint),
        ("Owner", entry.owner),
        ("Approval", approval_title(process, entry.approval) if entry.approval else ""),
        ("Override", "requirements were waived" if entry.override else ""),
        ("Deviating", "it happened; the process would have refused it" if entry.deviating else ""),
    ]
    if entry.alarm:
        told.append(("Clock", f"{entry.alarm.clock}, counting since {moment(entry.alarm.since, where)}"))
    return [(label, html(text)) for label, text in told if text]


def _kept(entry: Entry, where: tzinfo) -> Iterator[str]:
    """How it came into the journal."""
    yield f"entry {entry.sequence}"
    yield f"recorded {_time(entry.recorded_at, where)}"
    if entry.written_by:
        yield f"by database user {html(entry.written_by)}"
    if entry.key:
        yield f"key {html(entry.key)}"


def _footer(proof: Proof) -> Iterator[str]:
    yield '<footer class="quiet"><p>'
    yield "The chain shows that no entry was changed, removed or put in another order since it was written."
    yield "It cannot show that the last entries are still there, or that nobody wrote the chain anew:"
    yield "compare the last hash with a seal kept elsewhere."
    yield f"Made by stagewright at {_time(proof.verified_at, UTC)} UTC.</p></footer>"
