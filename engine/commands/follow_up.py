"""Where the follow-up of deals ends, and the deals as they stood then."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from engine.commands.days import end_of
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.history.write import Tables
    from engine.model.process import Process


def followed_to(
    tables: Tables, process: Process, at: date | None, *, now: datetime | None = None
) -> tuple[Tables, datetime]:
    """The tables as they stood at ``at``, and where the follow-up ends: ``at``, else ``now``, else the last time.

    ``at`` may be a whole day where the process is at home. Raises ``BadValue`` where nothing had begun by then.
    """
    from engine.history.write import last_time, until

    if at is not None:
        moment = end_of(at, process.time_zone)
        ends = {stage.id: stage.ends for stage in process.main.stages if stage.ends}
        then = until(tables, moment, ends=ends)
        if not then.deals.num_rows:
            told = f"{at:%Y-%m-%d %H:%M} UTC" if isinstance(at, datetime) else f"the end of {at}"
            raise BadValue(f"no deal had begun by {told}", hint="name a later time with --at, or a later day")
        return then, moment if isinstance(at, datetime) else _no_later(moment, last_time(then))
    end = now or last_time(tables)
    return tables, end or datetime.now(UTC)  # noqa: TID251 - nothing is dated: any moment is as good


def _no_later(end: datetime, last: datetime | None) -> datetime:
    """The end of a day or, where it is still to come, now: nobody has watched deals in the future."""
    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    return min(end, max(now, last or now))
