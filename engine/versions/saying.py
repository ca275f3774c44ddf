"""Words that sentences on changes share: ids in quotes, lists of them, and what was written."""

from __future__ import annotations

from collections.abc import Iterable

from engine.conditions.unparse import unparse
from engine.model.expression import Assignment, Expression
from engine.model.process import Stage
from engine.model.syntax import Tree

_MOST = 4


def named(ids: Iterable[str]) -> str:
    """``'demo'``, ``'demo' and 'proposal'``; of many the first few, and how many more."""
    return listed(f"'{one}'" for one in ids)


def listed(items: Iterable[str]) -> str:
    """``a``, ``a and b``; of many the first few, and how many more."""
    told = list(dict.fromkeys(items))
    if len(told) > _MOST + 1:
        return ", ".join(told[:_MOST]) + f" and {len(told) - _MOST} more"
    return told[0] if len(told) == 1 else ", ".join(told[:-1]) + " and " + told[-1] if told else ""


def sentence(says: str) -> str:
    """What a requirement says, to stand at the end of a sentence."""
    return says.strip().rstrip(".")


def written(expression: Expression | None) -> str:
    """An expression as it stands in the file."""
    return "" if expression is None else " ".join(expression.text.split())


def where(tree: Tree | None) -> str:
    """`` where amount > 5``, to follow what holds only then."""
    return "" if tree is None else f" where {unparse(tree)}"


def assigned(sets: Iterable[Assignment]) -> str:
    """``signed_on: today, stage_then: stage``."""
    return ", ".join(f"{one.fact}: {written(one.value)}" for one in sets)


def kind_of(stage: Stage) -> str:
    """``an open stage`` or ``an end (won)``."""
    return f"an end ({stage.ends})" if stage.ends else "an open stage"


def in_a_copy(version: str, what: str) -> str:
    """How a scenario comes to what only a version (``inside-sales@3``) needs: in a copy of its own."""
    number = version.rpartition("@")[2]
    return f"copy the scenario, write 'version: {number}' and {what} into the copy"
