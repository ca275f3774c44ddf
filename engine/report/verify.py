"""What ``verify`` says of a journal: how much was looked at, and each thing that does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.table import Table
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.wording import both, count


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: in which deal, at which entry (0: the deal as a whole), and what."""

    deal: str
    sequence: int
    message: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The seals compared with, by the moment they were made, and what was added since the last of them."""

    seals: tuple[str, ...]
    deals: int
    entries: int


def text(
    faults: Sequence[Fault],
    *,
    deals: int,
    entries: int,
    compared: Compared | None = None,
    style: Style = Style.PLAIN,
) -> str:
    """The faults, then the sum; compared with no seal it says what that leaves open."""
    lines = [_line(fault, style) for fault in faults]
    looked = _looked(deals, entries)
    found = (
        paint(count(len(faults), "fault"), Tone.BAD, style)
        if faults
        else paint("every entry is as it was written", Tone.GOOD, style)
    )
    lines += ["", f"{looked}: {found}"] if lines else [f"{looked}: {found}"]
    return "\n".join([*lines, _against(compared)]) + "\n"


def _looked(deals: int, entries: int) -> str:
    return f"{count(deals, 'deal')}, {count(entries, 'entry', 'entries')}"


def _against(compared: Compared | None) -> str:
    if compared is None:
        return "without a seal, deals that are missing as a whole and last entries cut off cannot be seen"
    seals = "the seal" if len(compared.seals) == 1 else "the seals"
    made = shown(both(compared.seals))
    since = f"{count(compared.deals, 'deal')} and {count(compared.entries, 'entry', 'entries')}"
    added = since if compared.deals or compared.entries else "nothing"
    were = "was" if added == "nothing" or (compared.deals, compared.entries) == (1, 0) else "were"
    return f"compared with {seals} of {made}: {added} {were} added since"


def _line(fault: Fault, style: Style) -> str:
    where = f"{shown(fault.deal)}, entry {fault.sequence}" if fault.sequence else shown(fault.deal)
    return f"{paint(where or 'journal', Tone.STRONG, style)}: {shown(fault.message)}"


def table(faults: Sequence[Fault], *, deals: int, entries: int, compared: Compared | None = None) -> Table:
    """The same for programs."""
    rows = tuple((fault.deal, fault.sequence, fault.message) for fault in faults)
    return Table("verify", ("deal", "sequence", "message"), rows, notes=(_looked(deals, entries), _against(compared)))
