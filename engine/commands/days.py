"""``--since``, ``--until`` and ``--at``: days as people write them, and when they begin and end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from engine.commands.options import F, parse_time, stack
from engine.model.errors import BadValue
from engine.model.values import parse_date

_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when to look, as it was typed; ``None``: no bound is said."""

    since: str | None
    until: str | None
    at: str | None

    @property
    def begin(self) -> date | None:
        """The day from which on to look, or an exact time (which is a ``datetime``). Raises ``BadValue``."""
        return _day_or_time(self.since) if self.since else None

    @property
    def end(self) -> date | None:
        """How far to look: the whole of a day by ``--until``, or to an exact time by ``--at``.

        One that is typed goes before a time of the environment. Raises ``BadValue`` where both are typed.
        """
        if self.until is None:
            return parse_time(self.at) if self.at else None
        if self.at and click.get_current_context().get_parameter_source("at") is ParameterSource.COMMANDLINE:
            raise BadValue("--until and --at both say how far to look", hint="leave one of them out")
        return _day(self.until)


def span_options(*, looks: str) -> Callable[[F], F]:
    """``--since``, ``--until`` and ``--at``, handed on as ``span``; ``looks`` is what the command does with deals."""

    def decorate(function: F) -> F:
        @wraps(function)
        def gathered(*args: Any, since: str | None, until: str | None, at: str | None, **rest: Any) -> Any:
            return function(*args, span=Span(since, until, at), **rest)

        decorated: F = stack(
            gathered,
            click.option(
                "--since",
                metavar="DATE",
                help=f"{looks} what was seen since that day: deals closed since, and open ones.",
            ),
            click.option(
                "--until",
                metavar="DATE",
                help="Look no further than the end of that day (default: as far as is known).",
            ),
            click.option("--at", envvar="STAGEWRIGHT_AT", metavar="TIME", help="The same as an exact time."),
        )
        return decorated

    return decorate


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except BadValue:
        mend = "write a day such as 2026-03-31; an exact time goes to --at"
        raise BadValue(f"--until: '{text}' is not a day", hint=mend) from None


def _day_or_time(text: str) -> date:
    try:
        return parse_date(text)
    except BadValue:
        return parse_time(text)


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
