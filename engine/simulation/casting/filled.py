"""What nobody has recorded of open deals yet, drawn for them as for new prospects: it becomes known later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.machine.vectors import Inexact, Vector, rows_of
from engine.model.deal import Deal
from engine.simulation.casting.columns import People, stacked, unknown_but
from engine.simulation.casting.facts import Drawing
from engine.simulation.plan import Mask


def lacking(drawing: Drawing, deals: Sequence[Deal]) -> Mapping[str, Mask]:
    """Of each fact that is drawn and that some of the deals lack: which of them do."""
    alone = (*(each.name for each in drawing.choosing), *(each.name for each in drawing.spreading))
    names = (*drawing.by_row, *alone)
    found = {name: np.array([deal.facts.get(name) is None for deal in deals], np.bool_) for name in names}
    return {name: mask for name, mask in found.items() if mask.any()}


def filled(standing: People, lacking: Mapping[str, Mask], drawn: Mapping[str, Vector]) -> People:
    """The same with what they lack as it was drawn; what is recorded stays as it is."""
    facts, inexact = dict(standing.facts), set(standing.inexact)
    size = standing.size
    for name, mask in lacking.items():
        try:
            both = stacked([facts.get(name), drawn[name]], sizes=[size, size])
        except Inexact:
            # No column holds what some have recorded beside what others drew.
            inexact.add(name)
            both = None
        if name in inexact or both is None:
            facts[name] = unknown_but(mask, drawn[name])
        else:
            facts[name] = rows_of(both, np.arange(size) + size * mask)
    return replace(standing, facts=facts, inexact=frozenset(inexact), made={})
