"""Open deals as they would stand under the version that is simulated: as a release today would bring them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.machine.compile import compile_process
from engine.model.deal import Deal
from engine.model.process import Process
from engine.versions.became import became
from engine.versions.carried import Carrier
from engine.versions.kept_values import keeping


@dataclass(frozen=True, slots=True)
class Brought:
    """The deals in the version's words, and of those that it cannot place how many, by the reason why."""

    deals: tuple[Deal, ...]
    left: Mapping[str, int]


def brought(
    deals: Sequence[Deal], olds: Mapping[str, Process], new: Process, between: Iterable[Process], *, now: datetime
) -> Brought:
    """Deals by the names of ``new``; ``olds`` are the processes that they follow, by the digests of their texts.

    A side track that the version does not have is left out of a deal; nothing else of it is.
    """
    between = tuple(between)
    machine = compile_process(new)
    carriers: dict[str, Carrier] = {}
    found: list[Deal] = []
    left: dict[str, int] = {}
    for deal in deals:
        old = olds[deal.digest]
        if old == new:
            found.append(deal)
            continue
        if deal.digest not in carriers:
            names = became(old, new, between)
            carriers[deal.digest] = Carrier(machine, names, keeping(old, new, names))
        kept = {name: stage for name, stage in deal.tracks.items() if (its := new.track(name)) and its.stage(stage)}
        carried = carriers[deal.digest].carry(replace(deal, tracks=kept), now=now)
        if carried.deal is None:
            left[carried.why] = left.get(carried.why, 0) + 1
        else:
            found.append(carried.deal)
    return Brought(tuple(found), left)
