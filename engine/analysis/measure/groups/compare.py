"""Figures of the deals of one version of a process beside those of another, and which are apart beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np

from engine.analysis.in_short import in_short
from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.measure.groups.broken_down import SHOWN, Group, in_columns_of, split
from engine.analysis.measure.groups.grouping import YOUNGER
from engine.analysis.measure.periods import date_of
from engine.analysis.measure.view import View
from engine.analysis.words import counted, of_band
from engine.model.errors import BadValue
from engine.model.study import Estimate, Figure, Heading, Section
from engine.numerics.intervals import Band, mover
from engine.tables.coded import NEVER, places, where, whole_numbers

VERSION, APART = "version", "apart"
AS_WATCHED: Mapping[str, Mapping[str, str]] = {
    "dwell": {"mean_days": "mean_up_to_days"},
    "dwell-with-skips": {"mean_days": "mean_up_to_days"},
    "cycle-time": {"share": "", "mean_days": "mean_up_to_days"},
    "cycle-time-from-stages": {"share": "", "mean_days": "mean_up_to_days"},
    "chances": {"won_share": ""},
    "pipeline": {"chance": "", "weighted_seen": ""},
    "velocity": {"velocity": ""},
}
"""Figures that depend on how long anyone watched, or on which deals are open just now, by section and column: two
versions mostly were not watched for as long, and their intervals take the open deals as they are, so that these are not
compared. Beside them the column that is empty where all was seen, and they can be."""
_OF_OPEN = ("pipeline", "velocity")
_LONG = 220
"""The names of what is apart take no more characters at the top."""

Row = tuple[Figure, ...]
Key = Row
Rows = Sequence[tuple[Key, tuple[Row | None, Row | None]]]


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure of two versions. ``apart`` has the differences of what is estimated; ``None``: nothing to compare.

    ``compared`` counts the differences that could be told and ``beyond`` those whose interval leaves out 0; ``found``
    names them, row by row.
    """

    both: Section
    apart: Section | None
    compared: int
    beyond: int
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Difference:
    """What is apart in one row, by the places of its columns; ``beyond``: the titles of those beyond chance."""

    key: Key
    told: Mapping[int, Band]
    beyond: tuple[str, ...]


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
    rows = tuple(_paired(one.rows, in_columns_of(two, one), keys))
    both = replace(
        one,
        headings=(*one.headings[:keys], Heading(VERSION, "Version"), *one.headings[keys:]),
        rows=tuple(
            (*key, name, *row[keys:])
            for key, pair in rows
            for name, row in zip(names, pair, strict=True)
            if row is not None
        ),
        says=_told_of_both(one.says, two.says, names),
        notes=_told_of_both(one.notes, two.notes, names),
        shown=one.shown if one.shown < 0 else SHOWN,
        charts=tuple(split(chart, VERSION) for chart in one.charts),
    )
    apart = tuple(_differences(one, rows))
    return Beside(
        both,
        _apart(one, rows, apart, names) if apart else None,
        sum(len(each.told) for each in apart),
        sum(len(each.beyond) for each in apart),
        tuple(_named(one, each) for each in apart if each.beyond),
    )


def said_of(groups: tuple[Group, Group], found: Sequence[Beside]) -> tuple[str, ...]:
    """Whose deals are compared, and how many figures are apart beyond chance."""
    compared = sum(each.compared for each in found)
    apart = [name for each in found for name in each.found]
    said = tuple(sentence for group in groups for sentence in _period(group))
    if not compared:
        return (*said, "There is no figure with an interval that both versions have: nothing can be compared.")
    which = f": {'; '.join(_first(apart))}" if apart else ""
    beyond = sum(each.beyond for each in found)
    no_more = ", and these are no more than that" if 0 < 10 * beyond <= compared else ""
    return (
        *said,
        f"Apart beyond chance: {beyond:,} of {counted(compared, 'figure')}{which}. If the versions were alike, about "
        f"one in ten would be by chance{no_more}.",
    )


def _first(names: Sequence[str]) -> Iterator[str]:
    """As many of the names as can be read in one sentence, and how many there are more."""
    length = 0
    for number, name in enumerate(names):
        length += len(name)
        if number and length > _LONG:
            yield f"and {len(names) - number:,} more"
            return
        yield name


def cautions(view: View) -> tuple[str, ...]:
    """What keeps the two from being like for like."""
    notes = [
        "A difference is the second version less the first, with a 90 % interval made of their two (MOVER, Zou and "
        "Donner 2008); it is 'beyond chance' where that leaves out 0. It says that deals went otherwise, not why: they "
        "are of different times too.",
        f"{YOUNGER} Cohorts, the funnel and cycle times count open deals in and may be compared.",
    ]
    moved = _moved(view.told)
    if moved:
        notes.append(
            f"Moved from one version to another on their way, and counted with the version that they follow now: "
            f"{counted(moved, 'deal')}."
        )
    return tuple(notes)


def short_title(section: Section) -> str:
    """The title without what explains it: ``Funnel`` of ``Funnel: who comes further``."""
    return section.title.partition(":")[0]


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


def _paired(one: Sequence[Row], two: Sequence[Row], keys: int) -> Iterator[tuple[Key, tuple[Row | None, Row | None]]]:
    """Rows of one name from both, in the order of the first; those that only the second has come after."""
    others = {row[:keys]: row for row in two}
    for row in one:
        yield row[:keys], (row, others.pop(row[:keys], None))
    for key, row in others.items():
        yield key, (None, row)


def _told_of_both(one: Sequence[str], two: Sequence[str], names: tuple[str, str]) -> tuple[str, ...]:
    """The sentences of both; those that only one has are said to be of it."""
    own = ((names[0], [each for each in one if each not in two]), (names[1], [each for each in two if each not in one]))
    return (
        *(each for each in one if each in two),
        *(f"{name}: {each}" for name, sentences in own for each in sentences),
    )


def _differences(section: Section, rows: Rows) -> Iterator[_Difference]:
    """The rows that both versions have and of which something can be told apart."""
    for key, (first, second) in rows:
        if first is None or second is None:
            continue
        apart = range(len(key), len(section.headings))
        bands = {place: _less(second[place], first[place]) for place in apart}
        told = {
            place: band
            for place, band in bands.items()
            if band and not (isnan(band.low) and isnan(band.high)) and _is_alike(section, place, first, second)
        }
        if told:
            beyond = tuple(
                section.headings[place].title for place, band in told.items() if band.low > 0 or band.high < 0
            )
            yield _Difference(key, told, beyond)


def _of_difference(heading: Heading) -> Heading:
    return replace(heading, unit=heading.unit.apart)


def _is_alike(section: Section, place: int, first: Row, second: Row) -> bool:
    """Whether the figures do not depend on how long each version was watched, nor on which deals are open now."""
    up_to = AS_WATCHED.get(section.id, {}).get(section.headings[place].id)
    if up_to is None:
        return True
    its = [number for number, heading in enumerate(section.headings) if heading.id == up_to]
    return bool(its) and all(row[number] is None for row in (first, second) for number in its)


def _apart(section: Section, rows: Rows, apart: Sequence[_Difference], names: tuple[str, str]) -> Section:
    places = sorted({place for each in apart for place in each.told})
    keys = len(apart[0].key)
    return Section(
        f"{section.id}-{APART}",
        f"{section.title}: {names[1]} less {names[0]}",
        (
            *section.headings[:keys],
            *(_of_difference(section.headings[place]) for place in places),
            Heading(APART, "Beyond chance"),
        ),
        tuple(
            (
                *each.key,
                *(of_band(each.told[place]) if place in each.told else None for place in places),
                ", ".join(each.beyond),
            )
            for each in apart
        ),
        notes=tuple(_not_compared(section, rows)),
        shown=SHOWN,
    )


def _not_compared(section: Section, rows: Rows) -> Iterator[str]:
    left_out = [
        heading.title
        for place, heading in enumerate(section.headings)
        if any(one and two and not _is_alike(section, place, one, two) for _, (one, two) in rows)
    ]
    if left_out:
        told = " and ".join(f"'{title}'" for title in left_out)
        why = "which deals are open now" if section.id in _OF_OPEN else "how long anyone watched"
        yield f"Not compared: {told}, where it depends on {why}; that was not the same for both."


def _less(one: Figure, two: Figure) -> Band | None:
    """The difference of two estimates; ``None`` where one of them is not reached or not known."""
    if not isinstance(one, Estimate) or not isinstance(two, Estimate) or one.value is None or two.value is None:
        return None
    first, second = (
        Band(*(nan if each is None else each for each in (of.value, of.low, of.high))) for of in (one, two)
    )
    return mover(first, second)


def _named(section: Section, apart: _Difference) -> str:
    row = ", ".join(str(each) for each in apart.key)
    return f"'{short_title(section)}' ({row + ': ' if row else ''}{', '.join(apart.beyond)})"


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
