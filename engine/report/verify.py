"""What ``verify`` says of a journal: how much was looked at, and each thing that does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.table import Table
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.wording import count


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: in which deal, at which entry (0: the deal as a whole), and what."""

    deal: str
    sequence: int
    message: str


def text(faults: Sequence[Fault], *, deals: int, entries: int, against: str = "", style: Style = Style.PLAIN) -> str:
    """The faults, then the sum. ``against`` names the seal compared with; without one it says what that leaves open."""
    lines = [_line(fault, style) for fault in faults]
    looked = f"{count(deals, 'deal')}, {count(entries, 'entry', 'entries')}"
    found = (
        paint(count(len(faults), "fault"), Tone.BAD, style)
        if faults
        else paint("every entry is as it was written", Tone.GOOD, style)
    )
    lines += ["", f"{looked}: {found}"] if lines else [f"{looked}: {found}"]
    if against:
        lines.append(f"compared with the seal {shown(against)}")
    else:
        lines.append("without a seal, deals that are missing as a whole and last entries cut off cannot be seen")
    return "\n".join(lines) + "\n"


def _line(fault: Fault, style: Style) -> str:
    where = f"{shown(fault.deal)}, entry {fault.sequence}" if fault.sequence else shown(fault.deal)
    return f"{paint(where or 'journal', Tone.STRONG, style)}: {shown(fault.message)}"


def table(faults: Sequence[Fault], *, deals: int, entries: int) -> Table:
    """The same for programs."""
    rows = tuple((fault.deal, fault.sequence, fault.message) for fault in faults)
    looked = f"{count(deals, 'deal')}, {count(entries, 'entry', 'entries')}"
    return Table("verify", ("deal", "sequence", "message"), rows, notes=(looked,))
