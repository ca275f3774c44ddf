"""Facts of new prospects from those of past ones: whole rows, so that what belongs together stays together.

A simulated prospect knows all its facts from the start. So what people find out on the way, because the rules ask for
it, is filled in where nobody had asked yet; and what is only learnt by closing a deal is not told beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from engine.machine.compile import Machine
from engine.model.process import Process
from engine.model.scenario import FactDrawn, FactRows, Form, Spread
from engine.model.syntax import Kind, Value
from engine.simulation.fit.allowed import facts_asked, facts_read
from engine.simulation.fit.seen import Seen
from engine.tables.coded import NEVER, Ints, cells, codes, kept, moments, where, whole_numbers

ROWS = 500
"""So many prospects of the past are written down, evenly over time."""
_FEW_VALUES = 40
_ENOUGH = 10
_NUMERIC = {Kind.NUMBER, Kind.MONEY, Kind.PERCENT}


@dataclass(frozen=True, slots=True)
class Prospects:
    """The facts of new prospects, and of each deal of the past (by its number) as a new one would have them."""

    rows: FactRows | None
    facts: tuple[FactDrawn, ...]
    past: tuple[Mapping[str, Value], ...]
    notes: tuple[tuple[str, str], ...]


def prospects(seen: Seen, machine: Machine) -> Prospects:
    """What new prospects are like: as those that came since ``seen.since``."""
    read = facts_read(machine)
    # Free text that no rule looks at is the customer's name and the like: it has no place among assumptions.
    recorded = [
        name for name in _recorded(seen.process) if name in read or seen.process.facts[name].type.kind is not Kind.TEXT
    ]
    values = {name: _values(seen, name) for name in recorded}
    values = {name: each for name, each in values.items() if any(value is not None for value in each)}
    when = {name: _when(seen, name) for name in values}
    asked = facts_asked(machine)
    late = {name for name in values if when[name] == "close"}
    dates = {name for name in values if seen.process.facts[name].type.kind is Kind.DATE} - late
    whole = [name for name in values if name not in late and name not in dates]
    certain = {name for name in values if when[name] == "way" and name in asked}
    columns = {name: _filled(values[name]) if name in certain else values[name] for name in (*whole, *sorted(dates))}
    won = {name: _won(seen, values[name]) for name in late}
    # Whoever closes knows it by then, so in looking back nobody is refused for want of it.
    past = _past(seen, columns | {name: _filled([None] * len(seen.names), won[name]) for name in late})
    drawn = [_late(seen, name, won[name]) for name in sorted(late)]
    drawn += [_dated(seen, name, values[name], certain=name in certain) for name in sorted(dates)]
    rows = _rows(seen, whole, columns) if whole else None
    filled = tuple(name for name in whole if name in certain)
    return Prospects(rows, tuple(each for each in drawn if each), past, tuple(_notes(late, filled, dates)))


def _recorded(process: Process) -> list[str]:
    """Facts that people record; what the process sets by itself and what it reckons is left to it."""
    by_itself = {each.fact for track in process.all_tracks() for action in track.actions for each in action.sets}
    by_itself |= {each.fact for track in process.all_tracks() for stage in track.stages for each in stage.stamps}
    return [name for name, fact in process.facts.items() if fact.table is None and name not in by_itself]


def _values(seen: Seen, name: str) -> list[Value | None]:
    deals = seen.tables.deals
    if name not in deals.column_names:
        return [None] * len(seen.names)
    row = {deal: at for at, deal in enumerate(codes(deals, "deal")[1])}
    rows = np.array([row[deal] for deal in seen.names], np.int64)
    kind = seen.process.facts[name].type.kind
    values = [_value(cell, kind) for cell in cells(deals, name, rows)]
    different = {each for each in values if each is not None}
    if kind is Kind.TEXT and len(different) > _FEW_VALUES:
        # Of free text the rules can hardly ask more than that it is known.
        return [None if each is None else "given" for each in values]
    return values


def _value(cell: Any, kind: Kind) -> Value | None:
    if isinstance(cell, Decimal):
        exact = cell.normalize()
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    if kind is Kind.DURATION and isinstance(cell, timedelta):
        return cell
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, bool | str | date) else None


def _when(seen: Seen, name: str) -> str:
    """When a fact is mostly learnt: at the ``start``, on the ``way``, or only when the deal comes to its ``close``."""
    its: Any = kept(seen.tables.facts, where(seen.tables.facts, "fact", name))
    if not its.num_rows:
        return "start"
    known, names = codes(its, "deal")
    first: dict[str, int] = {}
    dated = moments(its, "happened_at") != NEVER
    for deal, seq in zip(known[dated].tolist(), whole_numbers(its, "seq")[dated].tolist(), strict=True):
        first[names[deal]] = min(seq, first.get(names[deal], seq))
    begin, end = _bounds(seen)
    told = [(first[each], begin[at], end[at]) for at, each in enumerate(seen.names) if each in first]
    closed = [(seq, last) for seq, _, last in told if last != NEVER]
    if closed and sum(seq >= last for seq, last in closed) * 2 > len(closed):
        return "close"
    return "way" if sum(seq > start for seq, start, _ in told) * 2 > len(told) else "start"


def _bounds(seen: Seen) -> tuple[Ints, Ints]:
    """The sequence with which each deal started, and that with which it closed."""
    main, size = seen.main, len(seen.names)
    begin, end = np.full(size, 1), np.full(size, NEVER)
    begin[main.deal[::-1]] = main.seq[::-1]
    last = np.append(main.deal[1:] != main.deal[:-1], True)[: len(main.deal)]
    rows = np.flatnonzero(last & main.ends[main.stage])
    end[main.deal[rows]] = main.seq[rows]
    return begin, end


def _filled(values: list[Value | None], others: list[Value] | None = None) -> list[Value | None]:
    """What is not known taken in turn from those of whom it is, or from ``others``."""
    known = others or [each for each in values if each is not None]
    missing = [at for at, each in enumerate(values) if each is None]
    found = list(values)
    for place, at in enumerate(missing):
        # A stride that shares no factor with most lengths goes through them all, and not in the order of time.
        found[at] = known[place * 7919 % len(known)]
    return found


def _past(seen: Seen, columns: Mapping[str, list[Value | None]]) -> tuple[Mapping[str, Value], ...]:
    found: list[dict[str, Value]] = [{} for _ in seen.names]
    for name, values in columns.items():
        for facts, value in zip(found, values, strict=True):
            if value is not None:
                facts[name] = value
    return tuple(found)


def _rows(seen: Seen, names: list[str], columns: Mapping[str, list[Value | None]]) -> FactRows:
    order = np.argsort(seen.started, kind="stable")
    recent = order[seen.started[order] >= seen.since] if seen.since != NEVER else order
    order = recent if len(recent) >= min(len(order), 50) else order
    picked = order[np.unique(np.linspace(0, len(order) - 1, min(ROWS, len(order))).round().astype(np.int64))]
    return FactRows(tuple(names), tuple(tuple(columns[name][at] for name in names) for at in picked.tolist()))


def _won(seen: Seen, values: list[Value | None]) -> list[Value]:
    """What is known of won deals or, where these are few, of all."""
    main = seen.main
    ends = {each.id: each.ends for each in seen.process.main.stages}
    won = [at for at, stage in enumerate(main.stages) if ends.get(stage) == "won"]
    rows = np.unique(main.deal[np.isin(main.stage, won)]).tolist()
    known = [value for at in rows if (value := values[at]) is not None]
    return known if len(known) >= _ENOUGH else [each for each in values if each is not None]


def _late(seen: Seen, name: str, known: list[Value]) -> FactDrawn | None:
    """What only closed deals tell, as won ones tell it."""
    kind = seen.process.facts[name].type.kind
    if kind in _NUMERIC:
        numbers = np.array([float(each) for each in known if isinstance(each, Decimal)])
        return FactDrawn(name, _spread(numbers), step=1.0 if not (numbers % 1).any() else 0.01)
    if kind in {Kind.DATE, Kind.DURATION}:
        return None
    different = list(dict.fromkeys(known))
    shares = tuple((each, known.count(each) / len(known)) for each in different)
    return FactDrawn(name, choices=shares) if len(shares) <= _FEW_VALUES else None


def _dated(seen: Seen, name: str, values: list[Value | None], *, certain: bool) -> FactDrawn | None:
    """A date, told by how long after the start of a deal it lies."""
    lags = [
        max(0.0, _midnight(value) - start)
        for value, start in zip(values, seen.started.tolist(), strict=True)
        if isinstance(value, date) and start != NEVER
    ]
    if not lags:
        return None
    share = 1.0 if certain else round(sum(each is not None for each in values) / len(values), 4)
    return FactDrawn(name, _spread(np.array(lags)), known=share)


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _spread(numbers: Any) -> Spread:
    """The numbers as quantiles."""
    shares = np.unique(np.concatenate([np.linspace(0, 1, 21 if len(numbers) >= 40 else 6), [0.975, 0.99]]))
    points = np.quantile(numbers, shares)
    if points[0] == points[-1]:
        return Spread(Form.CONSTANT, float(points[0]))
    pairs = tuple((float(share), float(value)) for share, value in zip(shares, points, strict=True))
    return Spread(Form.QUANTILES, quantiles=pairs)


def _notes(late: set[str], filled: tuple[str, ...], dates: set[str]) -> Iterator[tuple[str, str]]:
    if filled:
        yield (
            "prospects",
            f"{_listed(filled)} of deals where nobody had asked yet: taken from deals of which it is known",
        )
    if late:
        told = "mostly learnt when a deal closes, so drawn as won deals tell it, apart from the rest"
        yield "facts", f"{_listed(sorted(late))}: {told}"
    if dates:
        yield "facts", f"{_listed(sorted(dates))}: drawn by how long after the start of the deal it lies"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
