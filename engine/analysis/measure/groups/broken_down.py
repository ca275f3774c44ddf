"""A measure told of all deals and of each group of them, with the group in front; and the groups side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON
from engine.analysis.measure.groups.grouping import ALL, Grouping
from engine.analysis.measure.view import View
from engine.analysis.words import of_band
from engine.analysis.worth import worth
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit
from engine.numerics.discoveries import discoveries
from engine.numerics.intervals import Band, newcombe, shares_differ, wilson
from engine.tables.coded import Ints, in_order, places

GROUP = "group"
TELLS = 8
"""The place of what is beyond chance among the figures of a group."""
SHOWN = 30
"""So many rows are read as text; JSON, CSV, XLSX and the page have all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the deals, and what they are called."""

    name: str
    view: View


def grouped(view: View, by: Grouping) -> tuple[Group, ...]:
    """The deals of each group, in the order of the names."""
    tables = view.told.tables
    # Each measure of each group goes through these: let it find the rows of its own deals alone.
    facts, touches = (_split(view, by, table) for table in (tables.facts, tables.touches))
    groups = []
    for place, name in enumerate(by.names):
        its = view.of(by.code == place)
        own = replace(its.told.tables, facts=facts[place], touches=touches[place])
        groups.append(Group(name, replace(its, told=replace(its.told, tables=own))))
    return tuple(groups)


def broken_down(of: Callable[[View], Section], view: View, groups: tuple[Group, ...], *, title: str) -> Section:
    """The rows of all deals and then those of each group; ``title`` heads the column that names the group."""
    whole = of(view)
    told = ((ALL, whole), *((each.name, of(each.view)) for each in groups))
    rows = tuple((name, *row) for name, section in told for row in in_columns_of(section, whole))
    return replace(
        whole,
        headings=(_heading(title), *whole.headings),
        rows=rows,
        shown=whole.shown if whole.shown < 0 else SHOWN,
        charts=tuple(split(chart, GROUP) for chart in whole.charts),
    )


def side_by_side(view: View, by: Grouping) -> Section:
    """A row a group: how its deals came out, and how far its win rate lies from that of all others."""
    rows = tuple(_side(view, by))
    return Section(
        "groups",
        f"By {_inside(by.title)}",
        (
            _heading(by.title),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("won", "Won", Unit.COUNT),
            Heading("lost", "Lost", Unit.COUNT),
            Heading("other", "Other ends", Unit.COUNT),
            Heading("open", "Open", Unit.COUNT),
            Heading("win_rate", "Win rate", Unit.SHARE),
            Heading("from_others", "Against all others", Unit.POINTS),
            Heading("tells", "Beyond chance"),
            Heading("value_won", "Value won", Unit.MONEY),
        ),
        rows,
        notes=(
            *by.notes,
            "A deal is in the group that it was last known in: a fact that is only recorded late on the way to a win "
            "makes its group look good.",
            "The win rate is won of won and lost. Of groups that are all alike one in ten has an interval (Newcombe "
            "1998) that leaves out 0. "
            + (
                "'Beyond chance' minds how many there are: of those marked about one in ten, and not more, is by "
                "chance."
                if any(row[TELLS] for row in rows)
                else "Minding how many there are, none differs from the others beyond chance."
            ),
        ),
        charts=(Chart("win-rates", f"Win rate by {_inside(by.title)}", Mark.RANGES, (GROUP,), ("win_rate",)),),
    )


def in_columns_of(section: Section, whole: Section) -> tuple[tuple[Figure, ...], ...]:
    """The rows with the columns of the whole: what only one of the two has is not told of the other."""
    if section.headings == whole.headings:
        return section.rows
    place = {heading.id: number for number, heading in enumerate(section.headings)}
    places = [place.get(heading.id) for heading in whole.headings]
    return tuple(tuple(None if each is None else row[each] for each in places) for row in section.rows)


def split(chart: Chart, column: str) -> Chart:
    """The chart with a small picture for each value of the column or, where it has small pictures, longer labels."""
    if chart.split:
        return replace(chart, labels=(column, *chart.labels))
    return replace(chart, split=column)


def _split(view: View, by: Grouping, table: Any) -> list[Any]:
    """The rows of the deals of each group, in their order."""
    deals = view.told.tables.deals
    group = np.full(deals.num_rows + 1, -1, np.int64)
    group[view.told.rows] = by.code
    its = group[places(table, "deal", deals)]
    order = np.argsort(its, kind="stable")
    edges = np.searchsorted(its[order], np.arange(len(by.names) + 1))
    whole = in_order(table, order)
    return [whole.slice(first, last - first) for first, last in pairwise(edges.tolist())]


def _side(view: View, by: Grouping) -> Iterator[tuple[Figure, ...]]:
    """The rows of the groups side by side."""
    told, count = view.told, len(by.names)
    table = np.bincount(by.code * 4 + told.outcome, minlength=4 * count).reshape(count, 4)
    won, lost = table[:, WON], table[:, LOST]
    value = worth(told, np.where(told.outcome == WON, by.code, -1), count)
    sides = [_from_others(int(won[place]), int(lost[place]), won, lost) for place in range(count)]
    holds = discoveries(np.array([side.chance for side in sides]))
    for place, name in enumerate(by.names):
        hits, misses, other, still = (int(table[place, each]) for each in (WON, LOST, OTHER, OPEN))
        rate = of_band(wilson(hits, hits + misses)) if hits + misses else None
        side = sides[place]
        yield (
            *(name, hits + misses + other + still, hits, misses, other, still, rate),
            *(of_band(side.band) if side.band else None, side.said if holds[place] else ""),
            value[place].value if hits else Decimal(0),
        )


@dataclass(frozen=True, slots=True)
class _FromOthers:
    """How far the win rate of a group lies from that of all others, and the ``chance`` of so much were they alike."""

    band: Band | None
    chance: float

    @property
    def said(self) -> str:
        """Where the interval leaves out 0."""
        if self.band is None:
            return ""
        return "higher" if self.band.low > 0 else "lower" if self.band.high < 0 else ""


def _from_others(won: int, lost: int, all_won: Ints, all_lost: Ints) -> _FromOthers:
    sides = won, won + lost, int(all_won.sum()) - won, int(all_won.sum() + all_lost.sum()) - won - lost
    if not sides[1] or not sides[3]:
        return _FromOthers(None, 1.0)
    return _FromOthers(newcombe(*sides), shares_differ(*sides))


def _heading(title: str) -> Heading:
    return Heading(GROUP, title[:1].upper() + title[1:])


def _inside(title: str) -> str:
    """A title within a sentence: ``What is sold`` as ``what is sold``, ``ARR`` as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
