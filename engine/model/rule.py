"""Rules, requirements and reasons: what a move must meet, and why it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from engine.model.expression import Expression
from engine.model.place import NOWHERE, Place
from engine.model.syntax import Type, Value


class Force(Enum):
    """``must`` refuses a move, ``should`` warns and is recorded."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a move must meet.

    ``id`` is the rule's name, or where an unnamed one stands: ``proposal/to_enter/1``,
    ``send-proposal/requires/2``, ``always/1``. ``rule`` names the rule set too: ``qualification@1/budget-known``.
    """

    id: str
    force: Force
    condition: Expression
    says: str
    when: Expression | None = None
    fix: str = ""
    rule: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code from an action's list. ``group`` gathers reasons in reports."""

    code: str
    title: str
    group: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact (or ``note``) that must be known, where ``when`` is given only if it is true."""

    fact: str
    when: Expression | None = None
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Approval:
    """Someone of a role in ``by``, other than the mover, must agree; needed unless ``when`` is false."""

    id: str
    by: tuple[str, ...]
    says: str
    when: Expression | None = None
    lasts: timedelta | None = None
    at: Place = field(default=NOWHERE, compare=False)


class Hit(Enum):
    """How a decision table answers when several rows hold."""

    FIRST = "first"
    UNIQUE = "unique"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a decision table: where ``when`` is true the table says ``then``. No ``when``: always."""

    then: Value
    when: Expression | None = None
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rows of conditions; the result is the value of the fact that declares the table."""

    hit: Hit
    rows: tuple[Row, ...]
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed value known about a deal. With a ``table`` it is reckoned, never recorded."""

    id: str
    type: Type
    title: str = ""
    default: Value | None = None
    table: DecisionTable | None = None
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named requirement of a rule set, with facts that pass and facts that refuse."""

    requirement: Requirement
    passes: tuple[Mapping[str, Value], ...] = ()
    refuses: tuple[Mapping[str, Value], ...] = ()
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A file of named rules, facts and lists of reasons, shared by processes."""

    id: str
    version: int
    title: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    at: Place = field(default=NOWHERE, compare=False)
