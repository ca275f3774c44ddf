"""What is asked of a measuring: which deals, which periods, broken down by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.analysis.measure.periods import Every
from engine.model.expression import Expression
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
    which team a person is in. ``subject`` says what was read.
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

    @property
    def told(self) -> tuple[tuple[str, Value | None], ...]:
        """The same as names and values, for whoever reads the answer."""
        return (
            ("since", self.since),
            ("as_of", self.as_of),
            ("by", self.by or None),
            ("every", self.every.value if self.every else None),
            ("where", self.where.text if isinstance(self.where, Expression) else self.where),
        )
