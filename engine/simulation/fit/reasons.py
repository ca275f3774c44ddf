"""For which reason each way is mostly gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from engine.model.syntax import Literal, walk
from engine.simulation.fit.seen import Seen
from engine.tables.coded import codes, kept, where


def reasons_of(seen: Seen) -> Mapping[tuple[str, str, str], str]:
    """The most frequent reason of each (stage, action, to), of those that the action has."""
    moves = kept(seen.tables.moves, where(seen.tables.moves, "process", seen.process.id))
    columns = [codes(moves, name) for name in ("from_stage", "action", "to_stage", "reason")]
    if not len(columns[0][0]):
        return {}
    rows, count = np.unique(np.stack([each for each, _ in columns]), axis=1, return_counts=True)
    found: dict[tuple[str, str, str], Counter[str]] = {}
    for (source, action, to, reason), times in zip(rows.T.tolist(), count.tolist(), strict=True):
        if min(source, action, to, reason) < 0:
            continue
        names = [values[code] for (_, values), code in zip(columns, (source, action, to, reason), strict=True)]
        if names[3] in _given_for(seen, names[1]):
            found.setdefault((names[0], names[1], names[2]), Counter())[names[3]] += times
    return {way: min(counted, key=lambda code: (-counted[code], code)) for way, counted in found.items()}


def _given_for(seen: Seen, action_id: str) -> set[str]:
    """The reasons of an action but for those with which a fact is asked for, which a prospect may not know."""
    track = seen.process.track_of(action_id)
    variants = track.variants(action_id) if track else ()
    asked = {
        node.value
        for action in variants
        for ask in action.asks
        if ask.when is not None and ask.fact != "note"
        for node in walk(ask.when.tree)
        if isinstance(node, Literal)
    }
    return {reason.code for action in variants for reason in action.reasons} - asked
