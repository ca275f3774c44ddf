"""Moves refused only as something had not been recorded by then: how many, by what, and what could not be recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from engine.tables.coded import Ints
from engine.versions.replay_classes import Class, Replayed
from engine.versions.replay_judging import REFUSED


def until_recorded(replayed: Replayed) -> str:
    """How many of the moves refused would only have had to wait until something was recorded."""
    only = replayed.classes[Class.REFUSED].copy()
    every = int(only.sum())
    for hit in replayed.now.hits:
        if hit.verdict == REFUSED and not hit.lacks:
            only[hit.rows] = False
    lacking = int(only.sum())
    if not lacking:
        return ""
    if lacking < every:
        return f", {lacking:,} of them only until something more was recorded"
    return " until something more was recorded"


def lacking_says(replayed: Replayed) -> Iterable[str]:
    """What refuses moves only until something is recorded, and which facts the versions of then did not even have."""
    its = [(hit, hit.rows[replayed.classes[Class.REFUSED][hit.rows]]) for hit in replayed.now.hits if hit.lacks]
    its = [(hit, rows) for hit, rows in its if len(rows)]
    if not its:
        return
    moves: dict[str, list[Ints]] = defaultdict(list)
    for hit, rows in its:
        moves[hit.requirement].append(rows)
    waiting = sorted(
        ((name, len(each_once(rows))) for name, rows in moves.items()), key=lambda each: (-each[1], each[0])
    )
    told = ", ".join(f"{name} {count:,}" for name, count in waiting)
    yield f"Refused only as what is asked had not been recorded or given by then: {told}."
    columns = replayed.columns
    for place, version in enumerate(replayed.moves.versions):
        old = columns.olds.get(version)
        asked = {name for hit, rows in its if (replayed.moves.version[rows] == place).any() for name in hit.reads}
        new = sorted(asked - {columns.naming.became[place].fact(name) for name in old.facts}) if old else []
        if new:
            facts = "this fact" if len(new) == 1 else "these facts"
            yield f"{', '.join(new)}: {replayed.new.id}@{version} did not have {facts}."


def each_once(rows: list[Ints]) -> Ints:
    """The rows, each once: several ways of one requirement may have named one."""
    if not rows:
        return np.zeros(0, np.int64)
    found = np.zeros(max(int(each.max()) for each in rows) + 1, np.bool_)
    for each in rows:
        found[each] = True
    return np.flatnonzero(found)
