"""The story of a deal, from its entries alone: each move, when, by whom, why, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from engine.model.deal import Deal, fold
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process
from engine.report import details, documents, escape
from engine.report.happenings import UNDATED, Happening, happenings
from engine.report.style import Style, Tone, paint
from engine.report.widths import TERMINAL, pad, width
from engine.report.wording import count, day, span, zone_named

_WIDEST = 36
"""A part of a headline wider than this runs on instead of moving all others to the right."""

FORMATS = ("text", "markdown", "json")


def story(
    processes_by_digest: Mapping[str, Process],
    entries: Sequence[Entry],
    *,
    zone: str | None = None,
    style: Style = Style.PLAIN,
    columns: int = TERMINAL,
    notes: Sequence[str] = (),
) -> str:
    """The story as text. Times are of ``zone`` (its name), or else of the process the deal stands in.

    ``notes`` are what else is known of the deal, in sentences.
    """
    deal = fold(entries)
    if deal is None:
        return "nothing has happened yet\n"
    where, called = zone_of(processes_by_digest, deal, zone)
    told = list(happenings(processes_by_digest, entries, zone=where))
    shape = _shape(told)
    head = _head(processes_by_digest, deal, entries, where, called, style)
    blocks = [_block(happening, shape, style, columns) for happening in told]
    told_last = [escape.shown(note) for note in (*notes_of(processes_by_digest, entries), *notes)]
    return "\n\n".join([head, _spaced(blocks), *told_last]) + "\n"


def _spaced(blocks: Sequence[Sequence[str]]) -> str:
    """Blocks apart from each other, single lines close together."""
    lines: list[str] = []
    for block, before in zip(blocks, [(), *blocks], strict=False):
        lines += [""] if before and len(block) + len(before) > 2 else []
        lines += block
    return "\n".join(lines)


def zone_of(processes: Mapping[str, Process], deal: Deal, zone: str | None) -> tuple[tzinfo, str]:
    """The zone that times are told in, and what it is called."""
    process = processes.get(deal.digest)
    return zone_named(zone or (process.time_zone if process else "UTC"))


def _head(
    processes: Mapping[str, Process], deal: Deal, entries: Sequence[Entry], where: tzinfo, called: str, style: Style
) -> str:
    first = paint(escape.shown(deal.id), Tone.STRONG, style) + "  " + escape.shown(standing(deal, where))
    return "\n".join([first, *(escape.shown(line) for line in _facts_of(processes, deal, entries, called))])


def standing(deal: Deal, where: tzinfo) -> str:
    """``won on 2026-04-20, 49d after its start``, or where it stands and since when; what nobody dated is left out."""
    dated = {"started", "entered", "closed"} - deal.undated
    start = f"started {day(deal.started_at, where)}" if "started" in dated else "started nobody wrote down when"
    if deal.closed_at is None:
        since = f" since {day(deal.entered_at, where)}" if "entered" in dated else ""
        return f"in {deal.stage}{since}, {start}"
    later = f", now in {deal.stage}" if deal.stage != deal.outcome else ""
    outcome = "ended" if deal.outcome == "other" else deal.outcome
    closed = f" on {day(deal.closed_at, where)}" if "closed" in dated else ""
    if {"started", "closed"} <= dated:
        cycle = span(deal.closed_at - deal.started_at)
        return f"{outcome}{closed}, {cycle} after its start on {day(deal.started_at, where)}{later}"
    return f"{outcome}{closed}, {start}{later}"


def _facts_of(processes: Mapping[str, Process], deal: Deal, entries: Sequence[Entry], called: str) -> list[str]:
    process = processes.get(deal.digest)
    title = f", {process.title}" if process and process.title else ""
    owner = f" · owner {deal.owner}" if deal.owner else ""
    moves = sum(entry.kind is EntryKind.MOVED for entry in entries)
    refused = sum(entry.kind is EntryKind.REFUSED for entry in entries)
    counts = count(moves, "move") + (f", {refused} refused" if refused else "")
    return [f"{deal.process}@{deal.version}{title}{owner}", f"{counts} · times in {called}"]


def notes_of(processes: Mapping[str, Process], entries: Sequence[Entry]) -> list[str]:
    """What the story cannot tell, and why."""
    undated = sum(entry.undated for entry in entries)
    notes = [f"{UNDATED}: nobody wrote down when it happened"] if undated else []
    lost = dict.fromkeys(f"{entry.process}@{entry.version}" for entry in entries if entry.digest not in processes)
    return [*notes, *(f"the definition of {name} is not at hand: its titles are left out" for name in lost)]


def _shape(told: Sequence[Happening]) -> tuple[int, int, int]:
    """The widths of when, what and path over the whole story, so that the eye can run down each."""
    parts = [(h.when, h.what, h.path) for h in told]
    widths = [[width(escape.shown(part[i])) for part in parts] for i in range(3)]
    return (max(widths[0]), _widest(widths[1]), _widest(widths[2]))


def _widest(widths: Sequence[int]) -> int:
    return max((wide for wide in widths if wide <= _WIDEST), default=0)


def _block(happening: Happening, shape: tuple[int, int, int], style: Style, columns: int) -> list[str]:
    when, what, path = (
        pad(escape.shown(part), wide)
        for part, wide in zip((happening.when, happening.what, happening.path), shape, strict=True)
    )
    tone = Tone.STRONG if happening.tone is Tone.NORMAL else happening.tone
    parts = [paint(when, Tone.QUIET, style), paint(what, tone, style), path, escape.shown(happening.who)]
    headline = "  ".join(parts).rstrip()
    return [headline, *details.lines(happening.details, indent=shape[0] + 4, style=style, columns=columns)]


def markdown(
    processes_by_digest: Mapping[str, Process],
    entries: Sequence[Entry],
    *,
    zone: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """The story as Markdown: a heading and a nested list."""
    deal = fold(entries)
    if deal is None:
        return "nothing has happened yet\n"
    where, called = zone_of(processes_by_digest, deal, zone)
    head = [standing(deal, where), *_facts_of(processes_by_digest, deal, entries, called)]
    lines = [f"# {escape.markdown(deal.id)}", "", *(escape.markdown(line) + "  " for line in head)]
    for happening in happenings(processes_by_digest, entries, zone=where):
        parts = [escape.markdown(part) for part in (happening.path, happening.who) if part]
        head_line = f"**{escape.markdown(happening.what)}** " + " · ".join(parts)
        lines += ["", f"{escape.markdown(happening.when)} {head_line}".rstrip()]
        lines += ["", *details.markdown(happening.details)] if happening.details else []
    lines += [f"\n{escape.markdown(line)}" for line in (*notes_of(processes_by_digest, entries), *notes)]
    return "\n".join(lines) + "\n"


def json(
    processes_by_digest: Mapping[str, Process],
    entries: Sequence[Entry],
    *,
    zone: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """The story as JSON, with all evidence; times in UTC."""
    deal = fold(entries)
    return documents.story(processes_by_digest, entries, deal, zone=zone, notes=notes)
