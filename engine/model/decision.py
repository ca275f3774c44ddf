"""A move asked for, and the verdict on it with all its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from engine.model.quick import quick
from engine.model.rule import Force
from engine.model.syntax import Value


@quick
@dataclass(frozen=True, slots=True)
class Move:
    """One action to be done to one deal. ``facts`` are given with the move and recorded if it is allowed."""

    action: str
    to: str = ""
    reason: str = ""
    note: str = ""
    actor: str = ""
    role: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    override: bool = False


class About(Enum):
    """What a verdict is about, in the order verdicts are told."""

    STAGE = "stage"
    TARGET = "target"
    ROLE = "role"
    REASON = "reason"
    APPLIES = "when"
    ASKS = "asks"
    TO_PASS = "to_pass"
    REQUIRES = "requires"
    TO_ENTER = "to_enter"
    ALWAYS = "always"
    APPROVAL = "approval"
    STARTS = "starts"


WAIVABLE = frozenset({About.ASKS, About.TO_PASS, About.REQUIRES, About.TO_ENTER, About.APPROVAL})
"""What an override lifts, as far as it is a ``must``: never stage, role, reason or ``always``."""


class Result(Enum):
    """How a requirement came out; only ``passed`` and ``waived`` let a ``must`` through."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAIVED = "waived"


@quick
@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a condition, how it came out (``None``: unknown), and the values it saw.

    ``seen`` are (name, value or ``None``) of the facts and words of the language the clause reads.
    ``negated``: under a ``not``. ``depth`` is how deep it is nested; ``joined`` is ``all`` or ``any``
    where the clause is a group, empty for a leaf.
    """

    text: str
    holds: bool | None
    seen: tuple[tuple[str, Value | None], ...] = ()
    depth: int = 0
    joined: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Verdict:
    """How one requirement came out, on what evidence, what is needed, who can mend it and how.

    ``missing`` are the facts (or ``reason``, ``note``, ``to``) that must be known for it to pass.
    ``who`` are roles; empty means anyone.
    """

    requirement: str
    about: About
    result: Result
    says: str
    force: Force = Force.MUST
    needs: str = ""
    fix: str = ""
    who: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rule: str = ""
    clauses: tuple[Clause, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it lets the move through (a ``should`` always does)."""
        return self.force is Force.SHOULD or self.result in (Result.PASSED, Result.WAIVED)


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a move. ``sets`` are the facts to record: given with the move, then set, then stamped."""

    allowed: bool
    move: Move
    track: str
    from_stage: str
    to_stage: str
    verdicts: tuple[Verdict, ...]
    sets: Mapping[str, Value] = field(default_factory=dict)
    touchpoint: str = ""
    outcome: str = ""
    variant: int = 0

    @property
    def refusals(self) -> tuple[Verdict, ...]:
        """The verdicts that stand in the way."""
        return tuple(verdict for verdict in self.verdicts if not verdict.stands)

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        """What should be, and is not."""
        return tuple(
            v for v in self.verdicts if v.force is Force.SHOULD and v.result in (Result.FAILED, Result.UNKNOWN)
        )
