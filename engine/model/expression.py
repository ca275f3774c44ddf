"""An expression as someone wrote it: its text, its tree, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.place import UNPLACED, Origin, Place
from engine.model.syntax import Tree


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. A *condition* is one whose type is yes-no."""

    text: str
    tree: Tree
    origin: Origin = field(default=UNPLACED, compare=False)

    @property
    def at(self) -> Place:
        """Where it begins."""
        return self.origin.at(0)


@dataclass(frozen=True, slots=True)
class Assignment:
    """``fact: expression``, of ``sets`` and ``stamps``."""

    fact: str
    value: Expression
    at: Place = field(default=Place(""), compare=False)
