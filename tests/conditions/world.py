"""A scope, deals and situations to try conditions on, and random ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from engine.conditions.parse import read
from engine.model.scope import Scope
from engine.model.syntax import DATE, DURATION, MONEY, NUMBER, PERCENT, TEXT, YES_NO, Kind, Tree, Type

ROLES = ("user", "champion", "economic-buyer")
STAGES = ("prospect", "qualified", "demo", "proposal", "won", "lost")

SCOPE = Scope(
    facts={
        "amount": MONEY,
        "budget": MONEY,
        "seats": NUMBER,
        "discount": PERCENT,
        "budget_confirmed": YES_NO,
        "export_hold": YES_NO,
        "contact_role": Type(Kind.CHOICE, ROLES),
        "competitor": TEXT,
        "country": TEXT,
        "decision_date": DATE,
        "signed_on": DATE,
        "wait": DURATION,
    },
    stages=STAGES,
    groups={"early": STAGES[:2], "open": STAGES[:4]},
    actions=("qualify", "hold-demo", "sign"),
    touchpoints=("call", "email"),
    reasons=("price", "competitor", "other"),
    reason_groups=("money", "market"),
    roles=("sdr", "ae", "manager"),
    tracks={"legal": ("not-started", "in-review", "approved")},
)


@dataclass(frozen=True)
class Now:
    """A situation made of plain values."""

    today: date = date(2026, 3, 1)
    stage: str | None = "qualified"
    to: str | None = "demo"
    action: str | None = "hold-demo"
    reason: str | None = None
    reason_group: str | None = None
    note: str | None = None
    days_in_stage: Decimal | None = Decimal(12)
    probability: Decimal | None = Decimal("0.2")
    role: str | None = "ae"
    tracks: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    gone: dict[str, timedelta] = field(default_factory=dict)
    stages: frozenset[str] = frozenset({"prospect", "qualified"})

    def track(self, name: str) -> str | None:
        return self.tracks.get(name)

    def done(self, name: str) -> bool:
        return self.counts.get(name, 0) > 0

    def count(self, name: str) -> Decimal:
        return Decimal(self.counts.get(name, 0))

    def since(self, name: str) -> timedelta | None:
        return self.gone.get(name)

    def reached(self, stage: str) -> bool:
        return stage in self.stages


def tree_of(text: str, *, expects: Type | None = YES_NO) -> Tree:
    """The tree of a text that must be right."""
    expression, findings = read(text, SCOPE, expects=expects)
    assert expression is not None, [(f.message, f.hint) for f in findings]
    return expression.tree
