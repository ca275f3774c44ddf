"""Working hours of a scenario: days of the week, stretches of them, and holidays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.schema_scenario import WEEKDAYS
from engine.model.errors import BadValue
from engine.model.names import did_you_mean
from engine.model.scenario import Hours
from engine.model.values import parse_date

Stretch = tuple[time, time]

_STRETCH = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?-(\d{1,2}):(\d{2})(?::(\d{2}))?\Z")
_DAY = 24 * 3600
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", *WEEKDAYS)


def hours(node: Node | None, found: Findings) -> tuple[Hours, ...]:
    """All hours of a scenario. Told: what is no day or no time, stretches that meet, hours that never open."""
    return tuple(_hours(key, value, found) for key, value in written.named(node))


def _hours(key: Scalar, node: Node, found: Findings) -> Hours:
    days: dict[int, tuple[Stretch, ...]] = {}
    for named, value in written.pairs(node):
        if named.value == "holidays":
            continue
        stretches = _stretches(value, found)
        for day in _days(named, found):
            if day in days:
                message = f"{WEEKDAYS[day]} is given twice"
                found.error(codes.ID_TWICE, named.at, message, "give each day once; several stretches stand in a list")
            days[day] = stretches
    open_days = {day: days[day] for day in sorted(days) if days[day]}
    # A day with nothing in it was told already.
    if isinstance(node, Keyed) and not node.entries.keys() - {"holidays"}:
        message = f"the hours '{key.value}' are never open"
        found.error(codes.NEVER_OPEN, key.at, message, "give them a day, such as mon-fri: 09:00-17:00")
    return Hours(key.value, open_days, tuple(_holidays(written.get(node, "holidays"), found)), key.at)


def _days(named: Scalar, found: Findings) -> tuple[int, ...]:
    """``mon``, or from one day to another: ``mon-fri``, also over the end of the week."""
    first, dash, last = named.value.partition("-")
    parts = (first, last) if dash else (first,)
    wrong = next((part for part in parts if part not in WEEKDAYS), None)
    if wrong is not None:
        short = dash.join(part.strip().lower()[:3] for part in parts)
        whole = all(part.strip().lower() in _NAMES for part in parts)
        hint = f"write {short}" if whole else did_you_mean(wrong, WEEKDAYS) or "write mon, or several days as mon-fri"
        found.error(codes.NOT_A_CHOICE, named.at, f"'{named.value}' is no day of the week", hint)
        return ()
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(parts[-1])
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _stretches(node: Node, found: Findings) -> tuple[Stretch, ...]:
    read: list[tuple[int, int, Scalar]] = []
    for one in written.scalars(node):
        stretch = _stretch(one, found)
        if stretch:
            read.append((*stretch, one))
    read.sort(key=lambda one: one[:2])
    for before, after in pairwise(read):
        if after[0] < before[1]:
            message = f"{after[2].value} begins before {before[2].value} ends"
            found.error(codes.WRONG_FORM, after[2].at, message, "make one stretch of both")
    return tuple((_time(begin), _time(end)) for begin, end, _ in read)


def _stretch(node: Scalar, found: Findings) -> tuple[int, int] | None:
    match = _STRETCH.match(node.value.strip())
    if not match:
        return None
    numbers = [int(part or 0) for part in match.groups()]
    begin, end = (_seconds(numbers[at : at + 3]) for at in (0, 3))
    if begin is None or end is None or begin == _DAY:
        message = f"'{node.value}' is no stretch of a day"
        found.error(codes.WRONG_FORM, node.at, message, "hours go from 00 to 24, minutes to 59: 09:00-17:00")
        return None
    end = end or _DAY
    if end <= begin:
        message = f"'{node.value}' ends before it begins"
        hint = "a stretch over midnight is written as two: until 24:00, and on the next day from 00:00"
        found.error(codes.WRONG_FORM, node.at, message, hint)
        return None
    return begin, end


def _seconds(parts: list[int]) -> int | None:
    hour, minute, second = parts
    whole = hour * 3600 + minute * 60 + second
    return whole if minute < 60 and second < 60 and whole <= _DAY else None


def _time(seconds: int) -> time:
    """The time of day; the end of the day is its 00:00."""
    return time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)


def _holidays(node: Node | None, found: Findings) -> Iterator[date]:
    for one in written.scalars(node):
        try:
            yield parse_date(one.value)
        except BadValue as error:
            # What is written like no date at all was told by the shape.
            if re.match(r"\d{4}-\d{2}-\d{2}\Z", one.value):
                found.error(codes.WRONG_FORM, one.at, str(error), "there is no such day")
