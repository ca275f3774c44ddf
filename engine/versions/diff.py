"""Two versions of a process compared by ids: each difference has a code, a level, its places and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.model.change import Change, Changes
from engine.model.process import Process
from engine.versions.actions import action_changes
from engine.versions.approvals import approval_changes
from engine.versions.became import became
from engine.versions.clocks import clock_changes
from engine.versions.facts import fact_changes
from engine.versions.metrics import metric_changes
from engine.versions.order import worst_first
from engine.versions.pair import Pair
from engine.versions.reasons import reason_changes
from engine.versions.requirements import requirement_changes
from engine.versions.roles import role_changes
from engine.versions.rule_sets import rule_set_changes
from engine.versions.stages import stage_changes
from engine.versions.tracks import track_changes
from engine.versions.whole import process_changes

SUBJECTS: tuple[Callable[[Pair], Iterator[Change]], ...] = (
    process_changes,
    stage_changes,
    action_changes,
    requirement_changes,
    approval_changes,
    role_changes,
    fact_changes,
    reason_changes,
    clock_changes,
    track_changes,
    metric_changes,
    rule_set_changes,
)


def diff(old: Process, new: Process, *, between: Iterable[Process] = ()) -> Changes:
    """All that differs, worst first. ``between``: the versions through which the one follows the other."""
    steps = tuple(between)
    pair = Pair(old, new, became(old, new, steps), became(new, old, steps))
    found = [change for subject in SUBJECTS for change in subject(pair)]
    return Changes("process", old.name, new.name, worst_first(found), currency=new.currency)
