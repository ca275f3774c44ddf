"""Whether a plan can have been made when it says so: what goes by the day is judged as of then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.advance.occasion import AT_ONCE
from engine.model.deal import Deal
from engine.model.plan import FilledPlan, PlanFault

_HINT = "put the time back as 'stagewright plan' wrote it, or make the plan again"


def untimely(filled: FilledPlan, deals: Iterable[Deal], *, now: datetime) -> tuple[PlanFault, ...]:
    """What is wrong with the time at which the plan was made; ``deals`` are those that are still as it knew them.

    A plan knows the last entry of each of its deals, so it was made after all of these.
    """
    made_at = filled.made_at
    if made_at is None:
        return ()
    if made_at > now + AT_ONCE:
        return (PlanFault(filled.made_at_in, f"it was not made at {_told(made_at)}: that is in the future", _HINT),)
    latest = max(deals, key=lambda deal: (deal.last_at, deal.id), default=None)
    if latest is None or latest.last_at <= made_at + AT_ONCE:
        return ()
    knows = f"it knows the entry of {_told(latest.last_at)} of deal '{latest.id}'"
    return (PlanFault(filled.made_at_in, f"it was not made at {_told(made_at)}: {knows}", _HINT),)


def _told(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
