"""Who does something, when, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.model.deal import Deal
from engine.model.decision import Decision
from engine.model.entry import Definition, Entry
from engine.model.errors import BadTime
from engine.model.people import People
from engine.model.process import Process

if TYPE_CHECKING:
    from engine.machine.compile import Machine

AT_ONCE = timedelta(minutes=1)
"""How far the clocks of people who work at once may lie apart."""

MachineOf = Callable[[str], "Machine"]
"""From the digest of a definition to its machine."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """``at`` is when it happened, ``now`` when it is recorded; both in UTC. ``key`` makes doing it twice harmless.

    ``people`` are those who may do anything (``None``: whoever says so may), see ``trust``.
    """

    now: datetime
    at: datetime
    actor: str = ""
    role: str = ""
    key: str = ""
    people: People | None = None


Batch = tuple[Sequence[Entry], int, Deal]
"""Entries of one deal, the sequence of the entry they come after, and the deal that is their fold."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was recorded, and the deal as it then stood.

    ``repeated``: the key had been used for the same thing before, so nothing was recorded now. ``deal`` is ``None``
    where a start was refused, ``before`` the deal as it was (``None``: there was none). ``started`` are other deals
    that it started, ``definitions`` those that any of it follows and the journal may not have.
    """

    deal: Deal | None
    entries: tuple[Entry, ...] = ()
    decision: Decision | None = None
    repeated: bool = False
    started: tuple[Batch, ...] = ()
    before: Deal | None = None
    definitions: tuple[Definition, ...] = ()


def machines(process_of: Callable[[str], Process]) -> MachineOf:
    """Machines by the digest of their definition, each compiled once."""
    # Imported here, for doors that only ask for the time need no machine.
    from engine.machine.compile import compile_process

    compiled: dict[str, Machine] = {}

    def machine_of(digest: str) -> Machine:
        if digest not in compiled:
            compiled[digest] = compile_process(process_of(digest))
        return compiled[digest]

    return machine_of


def check_time(occasion: Occasion, deal: Deal | None = None) -> None:
    """Raises ``BadTime`` for a time that is still to come, or before the deal's last entry."""
    if occasion.at > occasion.now:
        raise BadTime(f"{_told(occasion.at)} is in the future", hint="give a time that has passed with --at")
    if deal is not None and occasion.at < deal.last_at:
        now_given = occasion.at == occasion.now
        clock = "is the clock of this computer right?"
        hint = "within a deal time never runs backwards: leave --at out, or give a later time"
        raise BadTime(
            f"the last entry of deal '{deal.id}' is of {_told(deal.last_at)}; {_told(occasion.at)} is before it",
            hint=clock if now_given else hint,
        )


def not_before(occasion: Occasion, deal: Deal) -> Occasion:
    """The occasion, a moment later where the clock says now and somebody else was a moment quicker.

    Two people who do something at once read the clock before either has recorded; the second to record is second.
    """
    is_now = occasion.at == occasion.now
    if is_now and occasion.now < deal.last_at <= occasion.now + AT_ONCE:
        return replace(occasion, at=deal.last_at, now=deal.last_at)
    return occasion


def _told(time: datetime) -> str:
    text = f"{time:%Y-%m-%d %H:%M:%S}"
    return f"{text}.{time.microsecond:06d} UTC" if time.microsecond else f"{text} UTC"
