"""Figures of the deals of one version of a process beside those of another, and which are apart beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np

from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.measure.broken_down import Group, split
from engine.analysis.measure.periods import date_of
from engine.analysis.measure.view import View
from engine.analysis.review.overview import in_short
from engine.analysis.words import counted, of_band
from engine.model.errors import BadValue
from engine.model.study import Estimate, Figure, Heading, Section
from engine.numerics.intervals import Band, mover
from engine.tables.coded import NEVER, places, where, whole_numbers

VERSION, APART = "version", "apart"
_NAMED = 5
"""So many figures that are apart are named at the top."""

Row = tuple[Figure, ...]
Key = Row
Rows = Sequence[tuple[Key, tuple[Row | None, Row | None]]]


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure of two versions. ``apart`` has the differences of what is estimated; ``None``: nothing to compare.

    ``compared`` counts the differences that could be told, ``found`` names those whose interval leaves out 0.
    """

    both: Section
    apart: Section | None
    compared: int = 0
    found: tuple[str, ...] = ()


def of_versions(view: View, versions: tuple[int, int]) -> tuple[Group, Group]:
    """The deals that follow each of the two. Raises ``BadValue`` where there is none."""
    one, two = (_of_version(view, version) for version in versions)
    return one, two


def either(view: View, versions: tuple[int, int]) -> View:
    """The deals of both versions."""
    return view.of(np.isin(view.told.version, versions))


def beside(of: Callable[[View], Section], groups: tuple[Group, Group], *, keys: int) -> Beside:
    """The rows of both versions, those of one name together; the first ``keys`` columns name a row."""
    one, two = (of(group.view) for group in groups)
    names = (groups[0].name, groups[1].name)
    rows = tuple(_paired(one, two, keys))
    both = replace(
        one,
        headings=(*one.headings[:keys], Heading(VERSION, "Version"), *one.headings[keys:]),
        rows=tuple(
            (*key, name, *row[keys:])
            for key, pair in rows
            for name, row in zip(names, pair, strict=True)
            if row is not None
        ),
        charts=tuple(split(chart, VERSION) for chart in one.charts),
    )
    return _with_apart(both, one, rows, names)


def said_of(groups: tuple[Group, Group], found: Sequence[Beside]) -> tuple[str, ...]:
    """Whose deals are compared, and how many figures are apart beyond chance."""
    compared = sum(each.compared for each in found)
    apart = [name for each in found for name in each.found]
    said = tuple(sentence for group in groups for sentence in _period(group))
    if not compared:
        return (*said, "There is no figure with an interval that both versions have: nothing can be compared.")
    more = f", and {len(apart) - _NAMED:,} more" if len(apart) > _NAMED else ""
    which = f": {'; '.join(apart[:_NAMED])}{more}" if apart else ""
    return (
        *said,
        f"Apart beyond chance: {len(apart):,} of {counted(compared, 'figure')}{which}. "
        "If the versions were alike, about one in ten would be by chance.",
    )


def cautions(view: View) -> tuple[str, ...]:
    """What keeps the two from being like for like."""
    notes = [
        "A difference is the second version less the first, with a 90 % interval made of their two (MOVER, Zou and "
        "Donner 2008); it is 'beyond chance' where that leaves out 0. It says that deals went otherwise, not why: they "
        "are of different times too.",
        "Deals of a younger version had less time to close: its win rate is of the quick ones. Cohorts, the funnel and "
        "cycle times count open deals in and may be compared.",
    ]
    moved = _moved(view.told)
    if moved:
        notes.append(
            f"Moved from one version to another on their way, and counted with the version that they follow now: "
            f"{counted(moved, 'deal')}."
        )
    return tuple(notes)


def _of_version(view: View, version: int) -> Group:
    its = view.told.version == version
    name = f"{view.process.id}@{version}"
    if not its.any():
        there = sorted(set(view.told.version.tolist()))
        raise BadValue(
            f"no deal follows {name}",
            hint=f"deals follow {', '.join(f'{view.process.id}@{each}' for each in there)}",
        )
    return Group(name, view.of(its))


def _paired(one: Section, two: Section, keys: int) -> Iterator[tuple[Key, tuple[Row | None, Row | None]]]:
    """Rows of one name from both, in the order of the first; those that only the second has come after."""
    others = {row[:keys]: row for row in two.rows}
    for row in one.rows:
        yield row[:keys], (row, others.pop(row[:keys], None))
    for key, row in others.items():
        yield key, (None, row)


def _with_apart(both: Section, one: Section, rows: Rows, names: tuple[str, str]) -> Beside:
    keys = next(iter(rows))[0] if rows else ()
    columns = [
        place
        for place in range(len(keys), len(one.headings))
        if any(isinstance(row[place], Estimate) for _, pair in rows for row in pair if row is not None)
    ]
    told: list[Row] = []
    found: list[str] = []
    compared = 0
    for key, (first, second) in rows:
        if first is None or second is None:
            continue
        bands = [_less(second[place], first[place]) for place in columns]
        if not any(bands):
            continue
        beyond = [
            one.headings[place].title for place, band in zip(columns, bands, strict=True) if band and _is_apart(band)
        ]
        compared += sum(band is not None and not (isnan(band.low) and isnan(band.high)) for band in bands)
        found += [_named(one, key, title) for title in beyond]
        told.append((*key, *(None if band is None else of_band(band) for band in bands), ", ".join(beyond)))
    if not told:
        return Beside(both, None)
    headings = (
        *one.headings[: len(keys)],
        *(one.headings[place] for place in columns),
        Heading(APART, "Beyond chance"),
    )
    title = f"{one.title}: {names[1]} less {names[0]}"
    return Beside(
        both, Section(f"{one.id}-{APART}", title, headings, tuple(told), shown=one.shown), compared, tuple(found)
    )


def _less(one: Figure, two: Figure) -> Band | None:
    """The difference of two estimates; ``None`` where one of them is not reached or not known."""
    if not isinstance(one, Estimate) or not isinstance(two, Estimate) or one.value is None or two.value is None:
        return None
    first, second = (
        Band(*(nan if each is None else each for each in (of.value, of.low, of.high))) for of in (one, two)
    )
    return mover(first, second)


def _is_apart(band: Band) -> bool:
    return band.low > 0 or band.high < 0


def _named(section: Section, key: Key, title: str) -> str:
    row = ", ".join(str(each) for each in key)
    return f"{section.title} ({row}: {title})" if row else f"{section.title} ({title})"


def _period(group: Group) -> Iterator[str]:
    told = group.view.told
    started = told.started[told.started != NEVER]
    when = ""
    if len(started):
        days = [date_of(int(each), group.view.zone) for each in (started.min(), started.max())]
        when = f", started from {days[0]} to {days[1]}"
    still = int((told.outcome == OPEN).sum())
    yield f"{group.name}: {counted(told.count, 'deal')}{when}; {still:,} still open. {' '.join(in_short(told))}"


def _moved(told: Journeys) -> int:
    """How many of the deals made a move under another version than the one that they follow."""
    moves = told.tables.moves
    deals = places(moves, "deal", told.tables.deals)
    follows = np.append(whole_numbers(told.tables.deals, "version"), -1)
    elsewhere = where(moves, "process", told.process.id) & (whole_numbers(moves, "version") != follows[deals])
    return len(np.intersect1d(deals[elsewhere], told.rows))
