"""Days as people write them, where the process is at home: when they begin and end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from engine.commands.options import parse_time
from engine.model.errors import BadValue
from engine.model.values import parse_date

_LEAST = timedelta(microseconds=1)


def parse_day(option: str, text: str) -> date:
    """A day. Raises ``BadValue``, naming the option."""
    try:
        return parse_date(text)
    except BadValue:
        mend = "write a day such as 2026-03-31; an exact time goes to --at"
        raise BadValue(f"{option}: '{text}' is not a day", hint=mend) from None


def day_or_time(text: str) -> date:
    """A day, or an exact time (which is a ``datetime``). Raises ``BadValue``."""
    try:
        return parse_date(text)
    except BadValue:
        return parse_time(text)


def end_asked(until: str | None, at: str | None) -> date | None:
    """How far to look: the whole of a day by ``--until``, or to an exact time by ``--at``.

    One that is typed goes before a time of the environment. Raises ``BadValue`` where both are typed.
    """
    if until is None:
        return parse_time(at) if at else None
    if at and click.get_current_context().get_parameter_source("at") is ParameterSource.COMMANDLINE:
        raise BadValue("--until and --at both say how far to look", hint="leave one of them out")
    return parse_day("--until", until)


def begin_of(when: date, zone: str) -> datetime:
    """When the day begins in that time zone; an exact time is itself."""
    if isinstance(when, datetime):
        return when
    return _midnight(when, zone)


def end_of(when: date, zone: str) -> datetime:
    """The last moment of the day in that time zone; an exact time is itself."""
    if isinstance(when, datetime):
        return when
    if when == date.max:
        raise BadValue(f"{when} is too late", hint="name a day that has come")
    # What has a day and no time stands at midnight: the next day must not count already.
    return _midnight(when + timedelta(days=1), zone) - _LEAST


def _midnight(day: date, zone: str) -> datetime:
    """The first moment of the day: where clocks skip midnight, when it begins all the same."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        raise BadValue(f"{day} is too early", hint="name a day that deals may be of") from None
