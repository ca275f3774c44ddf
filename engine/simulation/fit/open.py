"""Deals as the tables tell them, for a simulation that starts from those open at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from engine.model.deal import Deal
from engine.model.syntax import Value
from engine.simulation.fit.seen import Seen
from engine.tables.coded import NEVER


def open_deals(seen: Seen, facts: Sequence[Mapping[str, Value]]) -> tuple[Deal, ...]:
    """The deals that stand in an open stage with a date, by name; ``facts`` are those of each deal by its number."""
    main, process = seen.main, seen.process
    last = np.append(main.deal[1:] != main.deal[:-1], True)[: len(main.deal)]
    rows = np.flatnonzero(last & main.dated & (main.left == NEVER) & (main.gone == seen.until))
    visited: dict[int, set[str]] = {}
    for deal, stage in zip(main.deal.tolist(), main.stage.tolist(), strict=True):
        visited.setdefault(deal, set()).add(main.stages[stage])
    sides = [_standing(seen, at) for at in range(1, len(seen.tracks))]
    found = []
    for row in rows.tolist():
        deal = int(main.deal[row])
        entered = _moment(int(main.entered[row]))
        found.append(
            Deal(
                seen.names[deal],
                process.id,
                process.version,
                "",
                main.stages[main.stage[row]],
                _moment(int(seen.started[deal])),
                entered,
                entered,
                tracks={track: stage for side in sides for track, stage in side.get(deal, {}).items()},
                facts=facts[deal],
                visited=frozenset(visited[deal]),
                active_at=entered,
            )
        )
    return tuple(sorted(found, key=lambda each: each.id))


def _standing(seen: Seen, at: int) -> dict[int, dict[str, str]]:
    """Where each deal stands in a side track."""
    visits = seen.tracks[at]
    pairs = zip(visits.deal.tolist(), visits.stage.tolist(), strict=True)
    return {deal: {visits.track: visits.stages[stage]} for deal, stage in pairs}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
