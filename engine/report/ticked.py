"""What clocks did: a line each for people, a row each for programs, and the sum of it to mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType

from engine.model.entry import Entry, EntryKind
from engine.model.table import Cell, Table
from engine.model.ticked import Came, Ticked
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.wording import moment, zone_named

COLUMNS = (
    *("deal", "process", "version", "owner", "stage", "clock", "came", "action", "from", "to", "reason"),
    *("due_at", "followed", "problem"),
)

_TONES = {Came.WARNED: Tone.CAUTION, Came.MOVED: Tone.GOOD, Came.REFUSED: Tone.BAD, Came.FAILED: Tone.BAD}


def text(
    told: Sequence[Ticked], *, done: bool, zones: Mapping[str, str] = MappingProxyType({}), style: Style = Style.PLAIN
) -> str:
    """A line each, then the sum. ``done``: nothing came in between. ``zones``: by definition; else times are UTC."""
    lines = [_line(each, zone_named(zones.get(each.deal.digest, "UTC")), style) for each in told]
    lines += [""] if lines else []
    return "\n".join([*lines, _sum(told, done=done)]) + "\n"


def _line(each: Ticked, zone: tuple[tzinfo, str], style: Style) -> str:
    owner = f", {each.deal.owner}" if each.deal.owner else ""
    process = f" ({each.deal.process}@{each.deal.version}{owner})" if each.deal.process else ""
    head = each.deal.id + process
    clock = f"{each.clock}: " if each.clock else ""
    said = paint(each.came.value, _TONES.get(each.came, Tone.NORMAL), style)
    return f"{shown(head)}  {shown(clock)}{said}{shown(_more(each, zone))}"


def _more(each: Ticked, zone: tuple[tzinfo, str]) -> str:
    if each.problem:
        return f", {each.problem}"
    if each.came is Came.AHEAD:
        return f": its last entry is of {moment(each.deal.last_at, zone[0])} ({zone[1]}), which is still to come here"
    if each.came is Came.BUSY:
        return ": others were changing it; the next tick sees to it"
    if each.came is Came.STILL:
        return ", as it was told before"
    if not each.entries:
        return ""
    first = each.entries[0]
    if first.kind is EntryKind.REFUSED:
        causes = (verdict.says or verdict.requirement for verdict in first.verdicts if not verdict.stands)
        return f", {first.action} does not meet: " + "; ".join(causes)
    if first.kind is EntryKind.MOVED:
        why = f" ({first.reason})" if first.reason else ""
        return f" from {first.from_stage} to {first.to_stage} by {first.action}{why}" + _followed(each)
    since = f", counting since {moment(first.alarm.since, zone[0])} ({zone[1]})" if first.alarm else ""
    return f" in {each.deal.stage}{since}"


def _followed(each: Ticked) -> str:
    moves = [f"{entry.action} to {entry.to_stage}" for entry in each.entries[1:]]
    return f", then {', '.join(moves)}" if moves else ""


def _sum(told: Sequence[Ticked], *, done: bool) -> str:
    counts = Counter(each.came.value for each in told)
    summed = ", ".join(f"{number:,} {came}" for came, number in counts.items()) or "nothing was due"
    return summed if done else f"{summed}; then it stopped: run it again"


def table(told: Sequence[Ticked], *, done: bool) -> Table:
    """The same for programs, and to be mailed; the sum is its note."""
    return Table("tick", COLUMNS, tuple(map(_row, told)), title="What clocks did", notes=(_sum(told, done=done),))


def _row(each: Ticked) -> tuple[Cell, ...]:
    first = each.entries[0] if each.entries else None
    deal = each.deal
    moved = first if first and first.kind is not EntryKind.WARNED else None
    return (
        *(deal.id, deal.process, deal.version, deal.owner, deal.stage, each.clock, each.came.value),
        *((moved.action, moved.from_stage, moved.to_stage, moved.reason) if moved else ("", "", "", "")),
        each.due_at,
        _followed(each).removeprefix(", then ") if moved else "",
        _problem(each, first),
    )


def _problem(each: Ticked, first: Entry | None) -> str:
    if each.problem or first is None or first.kind is not EntryKind.REFUSED:
        return each.problem
    return ", ".join(verdict.requirement for verdict in first.verdicts if not verdict.stands)
