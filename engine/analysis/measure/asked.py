"""What is asked of a measuring: which deals, which periods, broken down by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.analysis.measure.periods import Every
from engine.model.change import Changes
from engine.model.expression import Expression
from engine.model.rates import Rates
from engine.model.syntax import Value

HORIZONS = (timedelta(days=30), timedelta(days=60), timedelta(days=90))


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure. ``None`` and empty: no bound, nothing said.

    ``since``: deals closed since then and those still open are counted; times are reckoned from what was seen since
    then (delayed entry). ``as_of`` is where the follow-up ends; absent: the last time that anything tells of. ``by``
    breaks every figure down: ``owner``, ``team``, ``version`` or a fact. ``every``: how long a period is; absent: what
    fits. ``within`` are the horizons asked for; empty: ``HORIZONS``, as far as the follow-up reaches. ``only`` names
    sections and declared measures. ``where``: measure only deals of which a word or a condition holds. ``teams`` says
    which team a person is in, by the name as it is compared. ``currencies`` are those of the versions, ``rates`` what
    others are worth in that of the process. ``subject`` says what was read. ``versions``: two whose figures are
    compared, instead of ``by``. ``changes`` tells what differs from each version to the next one. ``days`` are the
    first and the last day as they were written, where they were.
    """

    subject: str = ""
    since: datetime | None = None
    as_of: datetime | None = None
    by: str = ""
    every: Every | None = None
    within: tuple[timedelta, ...] = ()
    only: tuple[str, ...] = ()
    where: Expression | str | None = None
    teams: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[int, str] = field(default_factory=dict)
    rates: Rates | None = None
    versions: tuple[int, int] | None = None
    changes: tuple[Changes, ...] = ()
    days: tuple[date | None, date | None] = (None, None)

    @property
    def told(self) -> tuple[tuple[str, Value | None], ...]:
        """The same as names and values, for whoever reads the answer."""
        since, until = self.days
        return (
            ("since", since or self.since),
            ("until", until),
            ("as_of", self.as_of),
            ("by", self.by or None),
            ("compare", " and ".join(map(str, self.versions)) if self.versions else None),
            ("every", self.every.value if self.every else None),
            ("only", ", ".join(self.only) or None),
            ("where", self.where.text if isinstance(self.where, Expression) else self.where),
        )
