"""The names a condition may use, with their types: what the type checker checks against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.syntax import Type


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything declared that conditions can name. Stages are those of the main track.

    ``open_names`` is for a rule set, which knows no process: any stage, action, touchpoint, reason,
    role or track name passes until a process uses it. ``renamed`` are the ids of the version before, and what each
    is called now, by noun (``stage``).
    """

    facts: Mapping[str, Type] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    touchpoints: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    reason_groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tracks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_names: bool = False
    renamed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def called_now(self, noun: str, name: str) -> str:
        """The hint where a name is that of the version before; empty where it is not."""
        now = self.renamed.get(noun, {}).get(name, ())
        return f"since this version it is called {' or '.join(repr(one) for one in now)}" if now else ""
