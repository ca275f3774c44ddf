"""A row for each stage of the pipeline, and what is in no figure of it for want of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.analysis.words import counted
from engine.model.study import Figure


@dataclass(frozen=True, slots=True)
class Step:
    """The row of a stage, whose title comes first, and how many of its deals or visits no figure tells of."""

    row: tuple[Figure, ...]
    undated: int


def undated_of(steps: Sequence[Step], what: str, where: str) -> str:
    """``2 deals in 'demo', 1 deal in 'proposal'``; empty where all are dated."""
    return ", ".join(f"{counted(each.undated, what)} {where} '{each.row[0]}'" for each in steps if each.undated)
