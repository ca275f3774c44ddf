"""What a what-if can set of the facts of new prospects: how large, which choices, how often known."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from engine.model.scenario import FactDrawn, FactRows, Form, Scenario, Spread
from engine.model.syntax import Value
from engine.model.values import plain_number
from engine.simulation.whatif.setting import Setting, amount_set, scaled, share_set, time_set

PARTS = ("known", "p50", "p90", "choices")
_PERCENT = re.compile(r"\d{1,9}(?:\.\d{1,9})?%\Z")
Row = tuple[Value | None, ...]


def facts_set(scenario: Scenario, setting: Setting) -> Scenario:
    """The scenario with one fact of new prospects changed: ``facts.budget_confirmed.known=100%``."""
    name, rows = setting.part(1), scenario.rows
    drawn = next((each for each in scenario.facts if each.fact == name), None)
    if drawn is not None:
        now = _drawn(drawn, setting)
        return replace(scenario, facts=tuple(now if each is drawn else each for each in scenario.facts))
    if rows is not None and name in rows.facts:
        return replace(scenario, rows=_rows(rows, rows.facts.index(name), setting))
    known = (*(each.fact for each in scenario.facts), *(rows.facts if rows else ()))
    raise setting.unknown("fact", name, known)


def _drawn(drawn: FactDrawn, setting: Setting) -> FactDrawn:
    match setting.part(2):
        case "known":
            setting.ends_at(3)
            return replace(drawn, known=share_set(drawn.known, setting))
        case "" | "p50" | "p90" as part:
            setting.ends_at(3)
            return replace(drawn, spread=_spread(drawn, setting, part))
        case "choices":
            return replace(drawn, choices=_choices(drawn, setting))
        case part:
            raise setting.unknown("part of a fact", part, PARTS)


def _spread(drawn: FactDrawn, setting: Setting, part: str) -> Spread:
    """How its numbers fall then; a date is so many seconds after the start, and set by times."""
    spread = drawn.spread
    if spread is None:
        told = [_told(value) for value, _ in drawn.choices]
        choice = next((name for name in told if _is_named(name, setting.value)), "")
        hint = f"write facts.{drawn.fact}.choices.{choice}=100%" if choice else ""
        hint = hint or f"set one, such as facts.{drawn.fact}.choices.{told[0] if told else 'CHOICE'}=50%"
        raise setting.bad(f"'{drawn.fact}' is drawn among choices", hint=hint)
    if setting.is_time():
        return time_set(spread, setting, part=part)
    if setting.sign == "*=" and not part:
        return scaled(spread, setting.factor())
    if not part and setting.sign == "=":
        return Spread(Form.CONSTANT, setting.factor())
    if spread.form is Form.QUANTILES or (part == "p90" and spread.form in (Form.CONSTANT, Form.EXPONENTIAL)):
        raise setting.bad(f"no {part or 'P50'} is given there", hint=f"write facts.{drawn.fact}*=1.1 or the like")
    now = spread
    if part in ("", "p50"):
        now = replace(now, p50=amount_set(spread.p50, setting))
    if part == "p90" or (not part and spread.p90):
        now = replace(now, p90=amount_set(spread.p90, setting))
    if now.p90 < now.p50 and now.form not in (Form.CONSTANT, Form.EXPONENTIAL):
        raise setting.bad("the P90 would be below the P50", hint="set both, p50 and p90")
    return now


def _choices(drawn: FactDrawn, setting: Setting) -> tuple[tuple[Value, float], ...]:
    # A choice may have points in its name.
    name = ".".join(setting.path[3:])
    told = [_told(value) for value, _ in drawn.choices]
    at = next((at for at, choice in enumerate(told) if _is_named(choice, name)), None)
    if at is None:
        raise setting.unknown("choice", name, told, of=drawn.fact)
    before = drawn.choices[at][1]
    share, others = share_set(before, setting), sum(share for _, share in drawn.choices) - before
    if others <= 0 and share < 1:
        raise setting.bad("there is no other choice to take the rest", hint="add one to the scenario")
    rest = (1 - share) / others if others > 0 else 0.0
    return tuple((value, share if each == at else was * rest) for each, (value, was) in enumerate(drawn.choices))


def _rows(rows: FactRows, at: int, setting: Setting) -> FactRows:
    match setting.part(2):
        case "known":
            setting.ends_at(3)
            values = [row[at] for row in rows.rows]
            known = sum(value is not None for value in values) / len(values)
            now = _known(values, share_set(known, setting), setting)
        case "" if setting.sign == "*=":
            now = [_times(row[at], setting) for row in rows.rows]
        case part:
            raise setting.bad(
                f"'{rows.facts[at]}' is drawn in rows" + (f", which have no {part}" if part else ""),
                hint=f"write facts.{rows.facts[at]}.known=100%, or facts.{rows.facts[at]}*=1.1 for a number",
            )
    pairs = zip(rows.rows, now, strict=True)
    return replace(rows, rows=tuple((*row[:at], value, *row[at + 1 :]) for row, value in pairs))


def _known(values: list[Value | None], share: float, setting: Setting) -> list[Value | None]:
    """So many of the rows know it: what is missing is filled with what is known, in turn; what is too much goes."""
    lines = range(len(values))
    there, lacking = ([at for at in lines if (values[at] is not None) == known] for known in (True, False))
    wanted = round(share * len(values))
    if wanted and not there:
        raise setting.bad("no row knows it, so there is nothing to fill in", hint="write values into the scenario")
    now = list(values)
    for number, at in enumerate(_evenly(lacking, wanted - len(there))):
        now[at] = values[there[number % len(there)]]
    for at in _evenly(there, len(there) - wanted):
        now[at] = None
    return now


def _evenly(places: list[int], count: int) -> list[int]:
    """So many of the places, evenly spread over them."""
    return [places[number * len(places) // count] for number in range(count)] if count > 0 else []


def _times(value: Value | None, setting: Setting) -> Value | None:
    if value is None:
        return None
    if not isinstance(value, Decimal):
        raise setting.bad("it is no number", hint="only numbers can be multiplied")
    return (value * Decimal(str(setting.factor()))).quantize(Decimal("0.01")).normalize() + Decimal(0)


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_number(value) if isinstance(value, Decimal) else str(value)


def _is_named(choice: str, name: str) -> bool:
    """Whether a choice is meant, which of a percent may be written with its sign: ``10%`` for 0.1."""
    return choice == name or (bool(_PERCENT.match(name)) and choice == plain_number(Decimal(name[:-1]).scaleb(-2)))
