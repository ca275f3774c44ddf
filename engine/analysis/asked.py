"""What a look at closed deals asks for, and what of it cannot be answered from the deals there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from engine.model.errors import BadValue
from engine.model.rates import Rates
from engine.model.syntax import Value

WINDOW_DAYS = 14.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look at. ``None``: no bound; ``as_of`` ``None``: the last time that anything tells of.

    ``since``: deals closed since then and those still open are counted; times are reckoned from what was seen since
    then (delayed entry). ``by`` groups deals: ``owner`` or a fact. ``window_days``: touchpoints are counted within so
    many days after a stage was entered (``None``: 14, or as many as were seen where that is less). ``every_version``:
    deals of all versions of the process, else of its own alone. ``rates`` are what other currencies are worth.
    ``subject`` says what was read. ``zone`` is where days are told.
    """

    subject: str = ""
    since: datetime | None = None
    as_of: datetime | None = None
    by: str = ""
    window_days: float | None = None
    every_version: bool = False
    zone: tzinfo = UTC
    rates: Rates | None = None

    @property
    def told(self) -> tuple[tuple[str, Value | None], ...]:
        """The same as names and values, for whoever reads the answer."""
        window = None if self.window_days is None else timedelta(days=self.window_days)
        return (("since", self.since), ("as_of", self.as_of), ("by", self.by or None), ("window", window))


def check_bounds(asked: Asked, *, first: datetime | None, until: datetime | None) -> None:
    """Raises ``BadValue`` for what reaches beyond what was seen, from ``first`` to ``until``.

    ``None``: nothing is dated.
    """
    if asked.window_days is not None and not 0 < asked.window_days <= 36_500:
        raise BadValue("the window is no number of days", hint="write more than 0 days, such as 14")
    if asked.as_of and first and asked.as_of < first:
        raise BadValue(
            f"nothing had happened by {_day(asked, asked.as_of)}: the first move is of {_day(asked, first)}",
            hint="name a later time, or leave it out",
        )
    if asked.since and until and asked.since >= until:
        raise BadValue(
            f"nothing was seen since {_day(asked, asked.since)}: the follow-up ends on {_day(asked, until)}",
            hint="name an earlier time",
        )
    seen = (until - first) / timedelta(days=1) if first and until else 0.0
    if asked.window_days is not None and 0 < seen < asked.window_days:
        raise BadValue(
            f"a window of {asked.window_days:g} days reaches beyond the follow-up, which spans {seen:.1f} days",
            hint="ask for a shorter window",
        )


def _day(asked: Asked, when: datetime) -> str:
    return f"{when.astimezone(asked.zone):%Y-%m-%d}"


def window_of(asked: Asked, seen_days: float) -> float:
    """The window to count touchpoints in, where so many days were seen."""
    if asked.window_days is not None:
        return asked.window_days
    whole = float(int(seen_days)) or seen_days
    return min(WINDOW_DAYS, whole) if seen_days > 0 else WINDOW_DAYS
