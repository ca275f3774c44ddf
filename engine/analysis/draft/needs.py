"""Requirements that deals suggest: learnt from earlier deals, kept only where they hold on later ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from engine.analysis.draft.flow import Flow
from engine.analysis.draft.paths import Mask, Paths
from engine.analysis.draft.words import percent
from engine.model.draft import Evidence, Path
from engine.model.errors import BadValue
from engine.model.expression import Expression
from engine.model.process import Stage
from engine.model.rule import Fact, Force, Requirement
from engine.model.syntax import NUMBER, YES_NO, Call, Compare, FactRef, In, Kind, Literal, Tree, Type, Value
from engine.model.values import parse_value, show_value
from engine.numerics.intervals import newcombe
from engine.tables.open import Opened

_FACTS = "SELECT deal, seq, fact, value FROM facts WHERE happened_at IS NOT NULL ORDER BY deal, fact, seq"
_FEWEST_ON, _FEWEST_NOT, _FEWEST_LATER = 30, 20, 10
_MOST = 2
"""At most so many suggestions a stage: a page of them is read by nobody."""

_MOST_DEALS = 8_000
"""What does not show in so many deals, evenly taken, is nothing to require."""
_LEAST = 0.05
"""On the later deals the whole interval of the effect must lie above this."""

Known = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Decided:
    """A deal's first visit of a stage, decided: whether it went on, what was known before, and what at the latest.

    What came with the move itself is ``given`` in time. What came with a win is not: it may have been written down when
    all was over. What came with a loss is, lest every fact of an export's next row looked like a requirement.
    """

    went_on: bool
    earlier: bool
    known: Known
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A condition, what it says, and how it is tested."""

    tree: Tree
    text: str
    says: str
    fix: str
    holds: Callable[[Decided], bool | None]


def suggested(
    tables: Opened, flow: Flow, paths: Paths, *, facts: Mapping[str, Fact], earlier: Mask
) -> tuple[tuple[Stage, ...], dict[Path, Evidence]]:
    """The stages with what is suggested to pass them, and how each held on the later deals."""
    values = _values(tables, facts)
    stages, evidence = [], dict[Path, Evidence]()
    for stage in flow.stages:
        found = [] if stage.ends else list(_for_stage(stage, flow, paths, values, facts=facts, earlier=earlier))
        found = sorted(found, key=lambda each: -each[0])[:_MOST]
        needs = []
        for number, (_, each, told) in enumerate(found, 1):
            name = f"{stage.id}/to_pass/{number}"
            needs.append(Requirement(name, Force.SHOULD, Expression(each.text, each.tree), each.says, fix=each.fix))
            evidence["stages", stage.id, "to_pass", str(number)] = told
        stages.append(replace(stage, to_pass=tuple(needs)))
    return tuple(stages), evidence


Values = Mapping[str, Mapping[str, list[tuple[int, Value]]]]
"""By deal and fact: the values in order, each with the number of the entry that it came with."""


def _values(tables: Opened, facts: Mapping[str, Fact]) -> Values:
    found: dict[str, dict[str, list[tuple[int, Value]]]] = defaultdict(lambda: defaultdict(list))
    read = lru_cache(maxsize=100_000)(_read)
    for deal, seq, name, text in tables.rows(_FACTS):
        value = read(text, facts[name].type) if name in facts else None
        if value is not None:
            found[deal][name].append((seq, value))
    return found


def _read(text: str, of: Type) -> Value | None:
    try:
        # The table writes a percent as its number.
        return parse_value(text, NUMBER if of.kind is Kind.PERCENT else of)
    except BadValue:
        return None


def _decided(stage: Stage, flow: Flow, paths: Paths, values: Values, earlier: Mask) -> Iterator[Decided]:
    code, ends, place = paths.code[stage.id], flow.ends, flow.place
    rows = np.flatnonzero((paths.stage == code) & (paths.next_stage >= 0) & paths.counted)
    rows = rows[np.unique(paths.deal[rows], return_index=True)[1]]
    if len(rows) > _MOST_DEALS:
        rows = rows[np.linspace(0, len(rows) - 1, _MOST_DEALS).astype(np.int64)]
    for row in rows.tolist():
        target = paths.stages[paths.stage[row + 1]]
        on = ends[target] == "won" if target in ends else place.get(target, -1) > place[stage.id]
        moved, deal = int(paths.seq[row + 1]), int(paths.deal[row])
        known: dict[str, Value] = {}
        given = set()
        for name, seen in values.get(paths.deals[deal], {}).items():
            at = bisect_left(seen, moved, key=lambda each: each[0])
            if at:
                known[name] = seen[at - 1][1]
            if seen[0][0] < moved + (ends.get(target) != "won"):
                given.add(name)
        yield Decided(on, bool(earlier[deal]), known, frozenset(given))


def _for_stage(
    stage: Stage, flow: Flow, paths: Paths, values: Values, *, facts: Mapping[str, Fact], earlier: Mask
) -> Iterator[tuple[float, Suggestion, Evidence]]:
    decided = list(_decided(stage, flow, paths, values, earlier))
    learnt = [each for each in decided if each.earlier]
    later = [each for each in decided if not each.earlier]
    on = [each for each in learnt if each.went_on]
    if len(on) < _FEWEST_ON or len(learnt) - len(on) < _FEWEST_NOT:
        return
    for fact in facts.values():
        best = max(
            ((effect, each) for each in _candidates(fact, learnt) if (effect := _effect(each, learnt)) is not None),
            key=lambda pair: pair[0],
            default=None,
        )
        if best is None:
            continue
        held = _held(best[1], later)
        if held is not None:
            yield held[0], best[1], held[1]


def _candidates(fact: Fact, learnt: list[Decided]) -> Iterator[Suggestion]:
    name, title = fact.id, fact.title or fact.id
    ref = FactRef(name, fact.type)
    yield Suggestion(
        Call("given", (ref,), YES_NO),
        f"given({name})",
        f"{title} is known",
        f"Ask for it, then record {name}.",
        lambda one: name in one.given,
    )
    match fact.type.kind:
        case Kind.YES_NO:
            yield Suggestion(ref, name, f"{title}: yes", f"See to it, then record {name}.", _tested(name, bool))
        case Kind.NUMBER | Kind.MONEY | Kind.PERCENT:
            yield from _thresholds(fact, title, ref, learnt)
        case Kind.CHOICE:
            yield from _choices(fact, title, ref, learnt)


def _tested(name: str, test: Callable[[Value], bool]) -> Callable[[Decided], bool | None]:
    return lambda one: test(one.known[name]) if name in one.known else None


def _thresholds(fact: Fact, title: str, ref: FactRef, learnt: list[Decided]) -> Iterator[Suggestion]:
    seen = sorted(value for each in learnt if isinstance(value := each.known.get(fact.id), Decimal))
    if len(seen) < _FEWEST_ON:
        return
    limits = {_round(seen[len(seen) * part // 100]) for part in range(4, 70, 3)}
    for limit in sorted(limits):
        text = show_value(limit, fact.type)
        yield Suggestion(
            Compare(">=", ref, Literal(limit, fact.type if fact.type.kind is Kind.PERCENT else NUMBER)),
            f"{fact.id} >= {text}",
            f"{title} is at least {text}",
            f"Ask for it, then record {fact.id}.",
            _tested(fact.id, _at_least(limit)),
        )


def _at_least(limit: Decimal) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Decimal) and value >= limit


def _round(number: Decimal) -> Decimal:
    """Two digits that count: a limit that a person would set."""
    if not number:
        return Decimal(0)
    return round(number, 1 - number.adjusted()) + Decimal(0)


def _choices(fact: Fact, title: str, ref: FactRef, learnt: list[Decided]) -> Iterator[Suggestion]:
    on: dict[str, list[bool]] = defaultdict(list)
    for each in learnt:
        value = each.known.get(fact.id)
        if isinstance(value, str):
            on[value].append(each.went_on)
    rates = {value: sum(went) / len(went) for value, went in on.items() if len(went) >= _FEWEST_LATER}
    best = max(rates.values(), default=0)
    good = tuple(value for value in fact.type.choices if rates.get(value, 0) >= best / 2)
    if not good or len(good) == len(rates):
        return
    listed = ", ".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in good)
    options = Literal(good, Type(Kind.LIST, item=fact.type))
    yield Suggestion(
        In(ref, options),
        f"{fact.id} in [{listed}]",
        f"{title} is {' or '.join(good)}",
        f"Ask for it, then record {fact.id}.",
        _tested(fact.id, good.__contains__),
    )


def _split(each: Suggestion, decided: list[Decided]) -> tuple[int, int, int, int]:
    """Of deals where it holds, how many went on of how many; the same of those where it does not."""
    counts = [0, 0, 0, 0]
    for one in decided:
        holds = each.holds(one)
        if holds is not None:
            counts[0 if holds else 2] += one.went_on
            counts[1 if holds else 3] += 1
    return counts[0], counts[1], counts[2], counts[3]


def _effect(each: Suggestion, decided: list[Decided]) -> float | None:
    """By how much more often deals go on where it holds; ``None`` where it is no requirement.

    One that many of those who went on did not meet describes a difference, and nothing that is needed.
    """
    on, of, on_not, of_not = _split(each, decided)
    if of < _FEWEST_ON or of_not < _FEWEST_NOT or on < 0.98 * (on + on_not) - 1e-9:
        return None
    effect = on / of - on_not / of_not
    return effect if effect >= 0.1 else None


def _held(each: Suggestion, later: list[Decided]) -> tuple[float, Evidence] | None:
    on, of, on_not, of_not = _split(each, later)
    if of < _FEWEST_LATER or of_not < _FEWEST_LATER or on < 0.95 * (on + on_not):
        return None
    effect = newcombe(on, of, on_not, of_not)
    if not effect.low > _LEAST:
        return None
    says = (
        f"on {of + of_not:,} later deals: {percent(on, of)} went on where it held, {percent(on_not, of_not)} where not"
        f" ({effect.value * 100:.0f} points more, 90 % interval {effect.low * 100:.0f} to {effect.high * 100:.0f})"
    )
    return effect.low, Evidence(says, on, on + on_not)
