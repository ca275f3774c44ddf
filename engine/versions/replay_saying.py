"""What came of past moves judged again, in a sentence."""

from __future__ import annotations

import numpy as np

from engine.versions.amounts import counted, money_text
from engine.versions.replay_classes import OUTCOMES, Class, Replayed
from engine.versions.replay_counts import Count, count_of
from engine.versions.replay_lacking import until_recorded


def in_short(replayed: Replayed, currency: str) -> str:
    """What came of it in a sentence."""
    counts = {name: count_of(replayed, np.flatnonzero(mask)) for name, mask in replayed.classes.items()}
    judged = sum(each.moves for each in counts.values())
    every = count_of(replayed, np.flatnonzero(np.logical_or.reduce([*replayed.classes.values()])))
    told = [f"{replayed.new.name} would refuse {_would(counts[Class.REFUSED], currency, until_recorded(replayed))}"]
    if counts[Class.GONE].moves:
        told.append(f"has no way for {_would(counts[Class.GONE], currency)}")
    if counts[Class.UNKNOWN].moves:
        told.append(f"cannot judge {counts[Class.UNKNOWN].moves:,}, as what it asks was not known then")
    if counts[Class.LET].moves:
        told.append(f"lets through {counts[Class.LET].moves:,} that were refused then")
    sentence = " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else told[0]
    return f"Of {counted(judged, 'move')} of {counted(every.deals, 'deal')} {sentence}."


def _would(count: Count, currency: str, until: str = "") -> str:
    if not count.moves:
        return "none"
    won = count.outcomes[OUTCOMES.index("won")]
    money = money_text(count.won_money, currency)
    if not won:
        later = "not won later" if count.deals == 1 else "none of them won later"
    elif won == count.deals:
        later = f"{'won' if won == 1 else 'all of them won'} later for {money}"
    else:
        later = f"{won:,} of them won later for {money}"
    return f"{count.moves:,}{until} ({counted(count.deals, 'deal')}, {later})"
