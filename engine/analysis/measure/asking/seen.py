"""One deal as it stands at the end of the follow-up, for conditions that columns cannot answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.analysis.journeys import moment
from engine.analysis.measure.asking.columns import DealColumns
from engine.machine.vectors import Texts
from engine.tables.coded import NEVER

_DAY = timedelta(days=1)


class DealSeen:
    """Fits ``model.situation.Situation``. What only a mover says is not known: where to, the note, the role."""

    __slots__ = ("columns", "now", "place")

    to: None = None
    note: None = None
    role: None = None

    def __init__(self, columns: DealColumns, place: int, now: datetime) -> None:
        self.columns = columns
        self.place = place
        self.now = now

    @property
    def today(self) -> date:
        """The last day of the follow-up, in the zone of the process."""
        return self.now.astimezone(self.columns.machine.frame.zone).date()

    @property
    def stage(self) -> str:
        """Where it stands on the main track."""
        return self.columns.told.stages[int(self.columns.told.visits.stage[self._last])].id

    @property
    def action(self) -> str | None:
        """By which it came there."""
        return self._text(self.columns.word("action"))

    @property
    def reason(self) -> str | None:
        """Why it came there."""
        return self._text(self.columns.word("reason"))

    @property
    def reason_group(self) -> str | None:
        """The group of that reason."""
        return self._text(self.columns.word("reason.group"))

    @property
    def days_in_stage(self) -> Decimal | None:
        """Whole days since it came there; unknown where nobody wrote down when."""
        entered = moment(int(self.columns.told.visits.entered[self._last]))
        return None if entered is None else Decimal((self.now - entered) // _DAY)

    @property
    def probability(self) -> Decimal | None:
        """What its stage says of winning."""
        return self.columns.machine.frame.probability.get(self.stage)

    def track(self, name: str) -> str | None:
        """The stage it has in a track."""
        return self._text(self.columns.track(name))

    def done(self, name: str) -> bool:
        """Whether something was ever done to it."""
        return self.count(name) > 0

    def count(self, name: str) -> Decimal:
        """How often."""
        return Decimal(int(self.columns.past(name).count[self.place]))

    def since(self, name: str) -> timedelta | None:
        """Time since the last time that has a date."""
        last = int(self.columns.past(name).last[self.place])
        at = moment(last) if last != NEVER else None
        return None if at is None else self.now - at

    def reached(self, stage: str) -> bool:
        """Whether it has stood in the stage or over it."""
        return bool(self.columns.reached(stage).yes[self.place])

    @property
    def _last(self) -> int:
        return int(self.columns.told.last[self.place])

    def _text(self, texts: Texts) -> str | None:
        code = int(texts.codes[self.place])
        return texts.labels[code] if code >= 0 else None
