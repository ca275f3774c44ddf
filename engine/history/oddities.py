"""What could be read and is odd all the same: names that may be one deal, moves after an end, one date for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from engine.history.cells import MISSING
from engine.history.columns import Coded
from engine.history.sheet import Sheet
from engine.history.stream import Visits
from engine.model.map import Map, Shape
from engine.model.process import Process

_NAMED = 5
_ENOUGH = 20
_YEAR = 365 * 86_400_000_000
_SHORT, _LONG = 15, 18
"""Salesforce writes one id with 15 characters in reports and with 18 in exports: three more that only check it."""


def oddities(map_: Map, process: Process, sheet: Sheet, visits: Visits) -> tuple[str, ...]:
    """Sentences about them, each with how many there are and the first few."""
    return (
        *_one_date(map_, process),
        *_near_names(visits.deals),
        *_after_an_end(process, visits),
        *_far_off(map_, process, sheet, visits),
    )


def _far_off(map_: Map, process: Process, sheet: Sheet, visits: Visits) -> Iterator[str]:
    """Times so late that a year may be mistyped: one of them alone would be the end of all that is reckoned."""
    known = visits.happened[visits.happened != MISSING]
    if len(known) < _ENOUGH:
        return
    latest = np.partition(known, (place := int(0.99 * (len(known) - 1))))[place] + _YEAR
    rows = np.flatnonzero(visits.happened > latest)
    ids = [stage.id for stage in process.main.stages]
    told = []
    for row in rows[:_NAMED].tolist():
        column = map_.happened or map_.entered.get(ids[visits.stage[row]], "")
        at = int(np.searchsorted(sheet.numbers, visits.numbers[row]))
        if column in sheet.columns and at < len(sheet.numbers) and sheet.numbers[at] == visits.numbers[row]:
            told.append(f"{sheet.cell(column, at)} '{sheet.columns[column].text(at)}'")
    if told:
        more = ", …" if len(rows) > len(told) else ""
        yield f"{', '.join(told)}{more}: more than a year after 99 % of all times; is the year right?"


def _one_date(map_: Map, process: Process) -> Iterator[str]:
    """One column that dates several open stages makes a deal seem to pass them all in one moment."""
    if map_.shape is not Shape.DEALS:
        return
    ends = {stage.id for stage in process.main.stages if stage.ends}
    dated = Counter(column for stage, column in map_.entered.items() if stage not in ends)
    for column, count in dated.items():
        if count > 1:
            yield (
                f"'{column}' dates {count} stages that are no ends, as if each deal had entered them all at that time; "
                "where it tells only since when a deal stands where it stands, write 'shape: moves' and "
                f"'happened: {column}' instead of 'entered'"
            )


def _near_names(deals: Coded) -> Iterator[str]:
    """Deals whose names differ only by case or blanks, and ids that are one in two forms."""
    present = np.unique(deals.codes)
    names = [str(name) for name in deals.texts.take(present).to_pylist()] if len(present) else []
    alike = _groups(names, lambda name: "".join(name.split()).casefold())
    # Ids of 15 characters that differ by case alone are different ids, but a spreadsheet takes them for one.
    if alike:
        yield f"{_some(alike)} have names that differ only by case or blanks: they are read as different deals"
    forms = [each for each in _groups(_ids(names), lambda name: name[:_SHORT]) if len({len(name) for name in each}) > 1]
    if forms:
        yield f"{_some(forms)} are one id with 15 and with 18 characters: write one form, or they stay two deals"


def _ids(names: Iterable[str]) -> list[str]:
    return [name for name in names if len(name) in (_SHORT, _LONG) and name.isalnum() and name.isascii()]


def _groups(names: Iterable[str], key: Callable[[str], str]) -> list[tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(key(name), []).append(name)
    return [tuple(each) for each in found.values() if len(each) > 1]


def _some(groups: list[tuple[str, ...]]) -> str:
    number = sum(len(each) for each in groups)
    told = "; ".join(" and ".join(f"'{name}'" for name in each) for each in groups[:_NAMED])
    return f"{number:,} deals ({told}{'; …' if len(groups) > _NAMED else ''})"


def _after_an_end(process: Process, visits: Visits) -> Iterator[str]:
    """Deals that moved on after an end: re-opened, or moved by mistake; the file does not say which."""
    ends = np.array([bool(stage.ends) for stage in process.main.stages], np.bool_)
    moves = np.flatnonzero(visits.stage >= 0)
    deals, stage = visits.deals.codes[moves], visits.stage[moves]
    if not len(moves):
        return
    after = np.flatnonzero((deals[1:] == deals[:-1]) & ends[stage[:-1]] & (stage[1:] != stage[:-1])) + 1
    if after.size:
        who = list(dict.fromkeys(deals[after].tolist()))
        rows = visits.numbers[moves[after[:_NAMED]]].tolist()
        names = ", ".join(
            f"{visits.deals.texts[deal].as_py()} in row {row}"
            for deal, row in zip(deals[after[:_NAMED]].tolist(), rows, strict=True)
        )
        moved = "1 deal" if len(who) == 1 else f"{len(who):,} deals"
        more = ", …" if len(after) > _NAMED else ""
        yield f"{moved} moved on after an end: {names}{more}; from one end to another, the first one counts"
