"""Open deals that nobody has heard of for long: a journal that ends long before the simulation begins tells too few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.simulation.results.outcome import Setup

LONG = timedelta(days=182)
"""Deals that stood still for half a year are told, where they are half of those open, or more."""


def dormant(setup: Setup) -> Iterator[str]:
    """What is to be said of deals that were last heard of long before the simulation begins."""
    deals = setup.open_deals
    silent = [deal.last_at for deal in deals if setup.begin - deal.last_at > LONG]
    if not silent or 2 * len(silent) < len(deals):
        return
    newest = max(silent).astimezone(setup.machine.frame.zone).date().isoformat()
    of = "The deal" if len(deals) == 1 else f"Of the {len(deals):,} deals open {len(silent):,}"
    were = "was" if len(silent) == 1 else "were"
    yield (
        f"{of} {were} last heard of more than half a year before it begins, and no later than {newest}: as old as "
        f"they are, few still move. If that is where your data ends, begin there: --start {newest}."
    )
