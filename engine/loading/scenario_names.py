"""What a scenario may name: its own hours and pools, and what the process has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Node, Scalar
from engine.model.names import DASH_ID, did_you_mean
from engine.model.process import Process
from engine.model.scenario import Hours, Pool


@dataclass(frozen=True, slots=True)
class Names:
    """The names known while a scenario is read; without a ``process`` what it has is not judged."""

    found: Findings
    process: Process | None
    hours: tuple[str, ...] = ()
    skills: Mapping[str, frozenset[str]] | None = None
    """Of each pool what somebody of it can do."""

    def hours_of(self, node: Node | None) -> str:
        """The hours named; told where there are none of that name."""
        name = written.scalar(node)
        # What can be no id was told by the shape.
        if name and name.value not in self.hours and DASH_ID.match(name.value):
            hint = did_you_mean(name.value, self.hours) or "add them to 'hours' of the scenario"
            self.found.error(codes.UNKNOWN_HOURS, name.at, f"unknown hours '{name.value}'", hint)
        return name.value if name else ""

    def pool_of(self, node: Node | None) -> str:
        """The pool named; told where there is none of that name."""
        name = written.scalar(node)
        known = self.skills or {}
        if name and name.value not in known:
            hint = did_you_mean(name.value, known) or "add it to 'pools' of the scenario"
            self.found.error(codes.UNKNOWN_POOL, name.at, f"unknown pool '{name.value}'", hint)
        return name.value if name else ""

    def skill_of(self, node: Node | None, pool: str) -> str:
        """The skill named; told where nobody of the pool has it."""
        name = written.scalar(node)
        had = (self.skills or {}).get(pool)
        if name and had is not None and name.value not in had:
            elsewhere = any(name.value in others for others in (self.skills or {}).values())
            hint = f"give it to somebody of '{pool}'" if elsewhere else did_you_mean(name.value, sorted(had))
            hint = hint or f"name people of '{pool}' with their skills: {{ana: {{skills: [{name.value}]}}}}"
            self.found.error(codes.UNKNOWN_SKILL, name.at, f"nobody of the pool '{pool}' can '{name.value}'", hint)
        return name.value if name else ""

    def known(self, name: Scalar, options: Iterable[str], code: str, noun: str, *, of: str = "") -> bool:
        """Whether the process has what is named; told where not. Without a process all is known."""
        if self.process is None:
            return True
        among = tuple(options)
        if name.value in among:
            return True
        hint = did_you_mean(name.value, among, most=10) or f"'{of or self.process.name}' has none of that name"
        self.found.error(code, name.at, f"unknown {noun} '{name.value}' of {of or self.process.name}", hint)
        return False


def names_of(process: Process | None, hours: Iterable[Hours], pools: Iterable[Pool], found: Findings) -> Names:
    """The names that the parts of a scenario may use."""
    skills = {pool.id: frozenset(skill for one in pool.people for skill in one.skills) for pool in pools}
    return Names(found, process, tuple(one.id for one in hours), skills)
