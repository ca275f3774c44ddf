"""Which facts and contacts the deals have: types, choices, how often they are known, and where contacts happen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.analysis.draft.flow import Flow
from engine.analysis.draft.words import counted, percent
from engine.model.draft import Evidence, Path, Remark
from engine.model.process import Action
from engine.model.rule import Fact
from engine.model.syntax import Kind, Type
from engine.tables.open import Opened

_CHOICES = 12
_REPEATS = 10
"""A text with at most so many values, each seen so often on average, is a choice."""
_LONGEST = 60
_ALWAYS = 0.9

# The deals that are counted: of this process, with a move since then. All shares are of these alone.
_COUNTED = """
WITH counted AS (
    SELECT deal, from_stage, to_stage, entered_at FROM moves
    WHERE track = 'main' AND process = $1 AND (CAST($2 AS TIMESTAMP) IS NULL OR entered_at >= $2)
)
"""
_ALL = f"{_COUNTED} SELECT count(DISTINCT deal) FROM counted"
_VALUES = f"""{_COUNTED}
SELECT fact, value, count(DISTINCT deal) AS deals FROM facts WHERE deal IN (SELECT deal FROM counted)
GROUP BY fact, value ORDER BY fact, deals DESC, value
"""
_KNOWN = f"""{_COUNTED}
SELECT fact, count(DISTINCT deal) AS deals FROM facts WHERE deal IN (SELECT deal FROM counted) GROUP BY fact
"""
_TOUCHED = f"""{_COUNTED}
SELECT touchpoint, count(*) AS touches, count(DISTINCT deal) AS deals FROM touches
WHERE deal IN (SELECT deal FROM counted) GROUP BY touchpoint ORDER BY deals DESC, touchpoint
"""
_HERE = f"{_COUNTED} SELECT to_stage, count(DISTINCT deal) FROM counted GROUP BY to_stage"
_INSIDE = f"""{_COUNTED}
SELECT stage, touchpoint, count(DISTINCT deal) AS deals FROM touches
WHERE (deal, stage) IN (SELECT (deal, to_stage) FROM counted) GROUP BY stage, touchpoint
ORDER BY stage, deals DESC, touchpoint
"""
_WITH_A_MOVE = f"""{_COUNTED}
SELECT counted.from_stage, counted.to_stage, touches.touchpoint, count(DISTINCT counted.deal) AS deals
FROM counted JOIN touches ON touches.deal = counted.deal
    AND CAST(touches.happened_at AS DATE) = CAST(counted.entered_at AS DATE)
    AND touches.happened_at <= counted.entered_at
GROUP BY counted.from_stage, counted.to_stage, touches.touchpoint
"""
_MOVED = f"""{_COUNTED}
SELECT from_stage, to_stage, count(DISTINCT deal) AS deals FROM counted
WHERE entered_at IS NOT NULL GROUP BY from_stage, to_stage
"""


@dataclass(frozen=True, slots=True)
class Among:
    """The tables, and which of the deals in them are counted: those of a process that moved since then (UTC)."""

    tables: Opened
    process: str
    since: datetime | None = None

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of the answer."""
        return self.tables.rows(sql, [self.process, self.since and self.since.replace(tzinfo=None)])


def facts_of(among: Among, known: Mapping[str, Fact]) -> tuple[dict[str, Fact], dict[Path, Evidence]]:
    """The facts that deals have, each with a title and, where its values are few, its choices."""
    [(of,)] = among.rows(_ALL)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for name, value, deals in among.rows(_VALUES):
        seen[name][value] = deals
    facts, evidence = {}, dict[Path, Evidence]()
    for name, deals in sorted(among.rows(_KNOWN), key=lambda row: (-row[1], row[0])):
        fact = known.get(name)
        # A journal holds facts of other processes too, and a table reckons what nobody records.
        if fact is None or fact.table is not None:
            continue
        title = fact.title or name.replace("_", " ").strip().capitalize()
        facts[name] = Fact(name, _type(fact.type, seen[name]), title)
        evidence["facts", name] = Evidence(f"known in {counted(deals, of, 'deals')}", deals, of)
    return facts, evidence


def _type(of: Type, values: Counter[str]) -> Type:
    if of.kind is Kind.CHOICE and not of.choices:
        return Type(Kind.CHOICE, tuple(sorted(values)))
    if of.kind is not Kind.TEXT:
        return of
    few = 1 < len(values) <= _CHOICES and sum(values.values()) >= _REPEATS * len(values)
    plain = all(0 < len(value) <= _LONGEST and value == value.strip() and value.isprintable() for value in values)
    return Type(Kind.CHOICE, tuple(sorted(values))) if few and plain else of


def touchpoints_of(among: Among, flow: Flow, *, keep: float) -> tuple[tuple[str, ...], dict[Path, tuple[Remark, ...]]]:
    """The kinds of contact that are not rare, and remarks: how many deals have them, and in which stages."""
    rows = among.rows(_TOUCHED)
    [(of,)] = among.rows(_ALL)
    kept = tuple(name for name, _, deals in rows if deals >= keep * of)
    remarks: dict[Path, tuple[Remark, ...]] = {}
    if rows:
        told = [f"{name} {touches:,} in {percent(deals, of)} of the deals" for name, touches, deals in rows[:8]]
        rare = [name for name, *_ in rows if name not in kept]
        left_out = f"; left out as rare: {', '.join(rare)}" if rare else ""
        remarks[("touchpoints",)] = (Remark("contacts", "; ".join(told) + left_out),)
    here = dict(among.rows(_HERE))
    inside: dict[str, list[str]] = defaultdict(list)
    for stage, name, deals in among.rows(_INSIDE):
        if name in kept and here.get(stage) and len(inside[stage]) < 5:
            inside[stage].append(f"{name} in {percent(deals, here[stage])}")
    for stage, parts in inside.items():
        if stage in flow.open and parts:
            remarks["stages", stage] = (Remark("contacts", f"of {here[stage]:,} deals here: {', '.join(parts)}"),)
    return kept, remarks


def with_a_contact(
    among: Among, actions: Sequence[Action], touchpoints: Sequence[str]
) -> dict[Path, tuple[Remark, ...]]:
    """Remarks on actions that a contact of one kind comes before on the same day, practically always."""
    moved = {(a, b): n for a, b, n in among.rows(_MOVED)}
    touched = {(a, b, name): n for a, b, name, n in among.rows(_WITH_A_MOVE)}
    remarks: dict[Path, tuple[Remark, ...]] = {}
    for action in actions:
        edges = [(a, b) for a in action.sources for b in action.targets]
        of = sum(moved.get(edge, 0) for edge in edges)
        counts = {name: sum(touched.get((*edge, name), 0) for edge in edges) for name in touchpoints}
        best = max(counts, key=lambda name: counts[name], default="")
        if best and of and counts[best] >= _ALWAYS * of:
            before = f"{best} on the same day before it in {counted(counts[best], of, 'deals')}"
            says = f"{before}; write 'touchpoint: {best}' if doing it is one"
            remarks["actions", action.id] = (Remark("contact", says),)
    return remarks
