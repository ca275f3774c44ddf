"""What followed from a deed by itself: automatic actions, and the deals that it started."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.names import MAIN
from engine.model.process import Process
from engine.report.escape import shown
from engine.report.wording import facts_text


def left_behind(process: Process, before: Deal | None, now_is: Deal | None) -> str:
    """The facts that a hand-over has left behind, in a line; empty where there are none."""
    if before is None or now_is is None or before.process == now_is.process:
        return ""
    gone = {name: value for name, value in before.facts.items() if name not in now_is.facts}
    return shown(f"left behind: {facts_text(process, gone)}") if gone else ""


def lines(entries: Sequence[Entry], started: Sequence[Deal]) -> Iterator[str]:
    """A line each, in the order in which it followed; the first of ``entries`` is the deed itself."""
    for before, entry in pairwise(entries):
        if entry.kind is EntryKind.MOVED:
            track = "" if entry.track == MAIN else f"{entry.track} "
            there = "" if entry.process == before.process else f" of {entry.process}@{entry.version}"
            why = f" ({entry.reason})" if entry.reason else ""
            yield shown(f"then {entry.action}, by itself: {track}{entry.from_stage} to {entry.to_stage}{there}{why}")
    for deal in started:
        yield shown(f"started {deal.id} in {deal.process}@{deal.version}, in {deal.stage}")
