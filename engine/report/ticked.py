"""What clocks did: a line each for people, a row each for programs, and the sum of it to mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.table import Cell, Table
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint

COLUMNS = (
    *("deal", "process", "version", "owner", "stage", "clock", "came", "action", "from", "to", "reason"),
    *("due_at", "followed", "problem"),
)

_TONES = {"warned": Tone.CAUTION, "moved": Tone.GOOD, "refused": Tone.BAD, "failed": Tone.BAD}


@dataclass(frozen=True, slots=True)
class Rung:
    """What one clock did to a deal (the deal as it then stood), or why nothing. ``came`` is how it came out."""

    deal: Deal
    came: str
    clock: str
    due_at: datetime | None
    entries: tuple[Entry, ...]
    problem: str


def text(rung: Sequence[Rung], *, done: bool, style: Style = Style.PLAIN) -> str:
    """A line each, then the sum. ``done``: nothing came in between."""
    lines = [_line(each, style) for each in rung]
    lines += [""] if lines else []
    return "\n".join([*lines, _sum(rung, done=done)]) + "\n"


def _line(each: Rung, style: Style) -> str:
    owner = f", {each.deal.owner}" if each.deal.owner else ""
    head = f"{each.deal.id} ({each.deal.process}@{each.deal.version}{owner})"
    clock = f"{each.clock}: " if each.clock else ""
    said = paint(each.came, _TONES.get(each.came, Tone.NORMAL), style)
    return f"{shown(head)}  {shown(clock)}{said}{shown(_more(each))}"


def _more(each: Rung) -> str:
    if each.problem:
        return f", {each.problem}"
    if each.came == "ahead":
        return f": its last entry is of {each.deal.last_at:%Y-%m-%d %H:%M} UTC, which is still to come here"
    if each.came == "busy":
        return ": others were changing it; the next tick sees to it"
    if not each.entries:
        return ""
    first = each.entries[0]
    if first.kind is EntryKind.REFUSED:
        causes = (verdict.says or verdict.requirement for verdict in first.verdicts if not verdict.stands)
        return f" to {first.action}, and refused: " + "; ".join(causes)
    if first.kind is EntryKind.MOVED:
        return f", {first.action} from {first.from_stage} to {first.to_stage}" + _followed(each)
    since = f" since {first.alarm.since:%Y-%m-%d %H:%M} UTC" if first.alarm else ""
    return f" in {each.deal.stage}{since}"


def _followed(each: Rung) -> str:
    moves = [f"{entry.action} to {entry.to_stage}" for entry in each.entries[1:]]
    return f", then {', '.join(moves)}" if moves else ""


def _sum(rung: Sequence[Rung], *, done: bool) -> str:
    counts = Counter(each.came for each in rung)
    told = ", ".join(f"{number:,} {came}" for came, number in counts.items()) or "nothing was due"
    return told if done else f"{told}; then it stopped: run it again"


def table(rung: Sequence[Rung], *, done: bool) -> Table:
    """The same for programs, and to be mailed; the sum is its note."""
    return Table("tick", COLUMNS, tuple(map(_row, rung)), title="What clocks did", notes=(_sum(rung, done=done),))


def _row(each: Rung) -> tuple[Cell, ...]:
    first = each.entries[0] if each.entries else None
    deal = each.deal
    moved = first if first and first.kind is not EntryKind.WARNED else None
    return (
        *(deal.id, deal.process, deal.version, deal.owner, deal.stage, each.clock, each.came),
        *((moved.action, moved.from_stage, moved.to_stage, moved.reason) if moved else ("", "", "", "")),
        each.due_at,
        _followed(each).removeprefix(", then ") if moved else "",
        _problem(each, first),
    )


def _problem(each: Rung, first: Entry | None) -> str:
    if each.problem or first is None or first.kind is not EntryKind.REFUSED:
        return each.problem
    return ", ".join(verdict.requirement for verdict in first.verdicts if not verdict.stands)
