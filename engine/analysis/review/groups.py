"""Deals by owner or by the value of a fact: how many were won, in what time, and what they are worth."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON, Journeys
from engine.analysis.lengths import share_and_times
from engine.analysis.spans import from_start_to_end
from engine.analysis.words import below, counted, of_band
from engine.analysis.worth import worth
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.model.study import Figure, Heading, Section, Unit
from engine.model.syntax import Kind
from engine.model.values import show_value
from engine.numerics.intervals import wilson
from engine.tables.coded import Ints, codes

MOST = 200
"""So many groups are listed, those with most deals."""

_GROUPING = (Kind.CHOICE, Kind.TEXT, Kind.YES_NO)
_NOT_KNOWN = "(not known)"


def groups(told: Journeys, by: str) -> Section:
    """A row a group. Raises ``UnknownName`` or ``BadValue`` for what deals cannot be grouped by."""
    title = _title(told, by)
    code, names = _codes(told, by)
    deals = np.bincount(code, minlength=len(names))
    ranked = np.lexsort((np.arange(len(names)), -deals))
    value = worth(told, np.where(told.outcome == WON, code, -1), len(names))
    rows = tuple(
        _row(told, names[each], code == each, value[each].value) for each in ranked[:MOST].tolist() if deals[each]
    )
    rest = deals[ranked[MOST:]]
    return Section(
        "groups",
        f"By {title}",
        (
            Heading("group", title[:1].upper() + title[1:]),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("won", "Won", Unit.COUNT),
            Heading("lost", "Lost", Unit.COUNT),
            Heading("other", "Ended otherwise", Unit.COUNT),
            Heading("open", "Open", Unit.COUNT),
            Heading("win_rate", "Won of won and lost", Unit.SHARE),
            Heading("p50_days", "Half of the wins within", Unit.DAYS),
            Heading("value_won", "Value won", Unit.MONEY),
        ),
        rows,
        notes=below(
            rows,
            "A deal is in the group that it was last known in. Groups that each lie in the interval of the other "
            "cannot be ranked.",
            "Beside each estimate stands its 90 % interval; of the time open deals count as open.",
            *(
                (f"Not listed: {counted(len(rest), 'group')} with {counted(int(rest.sum()), 'deal')}.",)
                if len(rest)
                else ()
            ),
        ),
        empty="No deal to group.",
        shown=30,
    )


def _title(told: Journeys, by: str) -> str:
    if by == "owner":
        return "owner"
    fact = told.process.facts.get(by)
    fitting = [name for name, each in told.process.facts.items() if each.type.kind in _GROUPING and each.table is None]
    if fact is None:
        raise UnknownName(f"deals have no '{by}' to be grouped by", hint=did_you_mean(by, ("owner", *fitting)))
    if by not in fitting or by not in told.tables.deals.column_names:
        raise BadValue(
            f"deals cannot be grouped by '{by}', which is of type {fact.type}",
            hint=did_you_mean("", ("owner", *fitting)) or "group by owner, or a fact with few values",
        )
    return fact.title or by


def _codes(told: Journeys, by: str) -> tuple[Ints, list[str]]:
    """The group of each deal, and what they are called; the last is for deals of which nobody knows."""
    code, values = codes(told.tables.deals, by)
    names = [show_value(each) if each != "" else _NOT_KNOWN for each in values]
    return np.where(code < 0, len(names), code)[told.rows], [*names, _NOT_KNOWN]


def _row(told: Journeys, name: str, its: np.ndarray, value: Decimal | None) -> tuple[Figure, ...]:
    won, lost, other, still = (int((told.outcome[its] == each).sum()) for each in (WON, LOST, OTHER, OPEN))
    half = share_and_times(from_start_to_end(told, its).ways(3), WON)[1]
    rate = of_band(wilson(won, won + lost)) if won + lost else None
    return (name, int(its.sum()), won, lost, other, still, rate, half, value if won else Decimal(0))
