"""What actions set and stages stamp, compared by fact and meaning."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.expression import Assignment
from engine.versions.matched import alike
from engine.versions.pair import Pair


def same_sets(old: Sequence[Assignment], new: Sequence[Assignment], pair: Pair) -> bool:
    """Whether the same facts get the same values, in whatever order."""
    if len(old) != len(new):
        return False
    before = {pair.became.fact(one.fact): one.value for one in old}
    return all(one.fact in before and alike(before[one.fact], one.value, pair) for one in new)


def set_otherwise(old: Sequence[Assignment], new: Sequence[Assignment], pair: Pair) -> tuple[tuple[str, str], ...]:
    """The facts, by old id and new id, that get another value, or one in one of the two versions alone."""
    before, after = ({one.fact: one.value for one in sets} for sets in (old, new))
    facts = [(one, pair.became.fact(one)) for one in before] + [(pair.back.fact(one), one) for one in after]
    return tuple(two for two in dict.fromkeys(facts) if not alike(before.get(two[0]), after.get(two[1]), pair))
