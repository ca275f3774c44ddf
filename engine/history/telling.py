"""What is worth saying about a history as a whole, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from engine.history.changes import Changes
from engine.history.clean import InOrder
from engine.model.map import Map

_NAMED = 10


def told(changes: Changes, map_: Map) -> tuple[str, ...]:
    """Sentences on a history of changes: what was passed over, what says nothing new, and what may be cut short."""
    return tuple(_told(changes, map_))


def _told(changes: Changes, map_: Map) -> Iterator[str]:
    if changes.passed:
        told = [f"{name or '(no name)'} ({count:,})" for name, count in list(changes.passed.items())[:_NAMED]]
        more = len(changes.passed) - _NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"properties not read: {', '.join(told)}{rest}; name one under 'facts' to read it"
    yield from repeated(changes.repeated)
    if changes.truncated:
        count = len(changes.truncated)
        deals = f"1 deal has {map_.truncated_at}" if count == 1 else f"{count:,} deals have {map_.truncated_at}"
        names = ", ".join(changes.truncated[:_NAMED]) + (", …" if count > _NAMED else "")
        yield (
            f"{deals} changes of '{map_.stage}', the most that are kept: earlier ones may be lost, "
            f"so their first stage has no date ({names})"
        )


def repeated(count: int) -> tuple[str, ...]:
    """What to say of rows that name the stage in which the deal stood already."""
    rows = "1 row names" if count == 1 else f"{count:,} rows name"
    return (f"{rows} the stage in which the deal stood already: no move",) if count else ()


def turned(order: InOrder | None) -> tuple[str, ...]:
    """What to say of a file whose newest rows stand first."""
    said = "the file is newest first: rows of one deal and one time are read from the bottom up"
    return (said,) if order is not None and order.newest_first else ()


def too_early(count: int) -> tuple[str, ...]:
    """What to say of touches before the start of their deals, which have the time of the start now."""
    touches = "1 touch comes" if count == 1 else f"{count:,} touches come"
    return (f"{touches} before the first stage of the deal: told with the start, at its time",) if count else ()
