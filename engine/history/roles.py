"""Which column of an unknown file is the deal, the stage, the time, the owner, the value: by its name and its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from engine.history.columns import Codes
from engine.history.seen import Looks, Seen, words_of

_DEAL = {
    "case concept name": 12,
    "opportunity id": 11,
    "deal id": 11,
    "case id": 10,
    "opportunity": 8,
    "deal": 8,
    "case": 8,
    "record id": 8,
    "item id": 10,
    "lead id": 6,
    "prospect id": 6,
    "quote id": 5,
    "id": 4,
    "deal name": 3,
    "opportunity name": 3,
}
_RARE = 20
_SURELY = 10
"""A file with such a column is of deals, even if it is of one alone."""

_STAGE = {
    "concept name": 12,
    "stage name": 11,
    "deal stage": 11,
    "dealstage": 11,
    "to stage": 11,
    "new stage": 11,
    "stage": 10,
    "activity": 9,
    "deal pipeline stage id": 9,
    "stage id": 8,
    "phase": 8,
    "status": 6,
    "step": 6,
    "event": 5,
    "state": 5,
    "task": 4,
    "value": 3,
}
_ACTIVITY = ("concept name", "activity", "event", "task")
_TIME = {
    "time timestamp": 12,
    "changed on": 11,
    "changed at": 11,
    "date entered": 11,
    "entered on": 11,
    "entered at": 11,
    "fivetran start": 10,
    "start time": 8,
    "created date": 9,
    "timestamp": 9,
    "log time": 9,
    "happened at": 9,
    "edit date": 9,
    "time": 8,
    "date": 8,
    "at": 7,
    "end time": 6,
    "last modified date": 5,
}
_PROPERTY = ("field", "property", "field key", "property name", "changed field", "field event", "name")
_VALUE = ("new value", "value", "new")
_BEFORE = ("old value", "previous value", "old")
_OWNER = (
    "owner",
    "sales agent",
    "sales rep",
    "rep",
    "salesperson",
    "account executive",
    "assigned to",
    "hubspot owner",
)
_ACTOR = ("created by id", "actor", "changed by", "org resource", "resource", "user id", "modified by", "user", "who")
_MONEY = ("amount", "value", "price", "revenue", "arr", "acv", "budget", "cost")
STAGE_PROPERTIES = ("stage name", "dealstage", "deal stage", "stage id", "stage", "status")
OWNER_PROPERTIES = ("owner", "owner id", "hubspot owner id", "user id")
REASON_PROPERTIES = (
    "lost reason",
    "closed lost reason",
    "loss reason",
    "reason lost",
    "lost because",
    "reason for loss",
)
CREATED_PROPERTIES = ("created", "createdate", "create date", "add time")


def best(columns: Iterable[Seen], points: Mapping[str, int], fits: Callable[[Seen], bool]) -> Seen | None:
    """The column whose name is worth most, of those that fit; of equal ones the first."""
    found = [(points[column.words], column) for column in columns if column.words in points and fits(column)]
    return max(found, key=lambda each: each[0])[1] if found else None


def named(columns: Iterable[Seen], names: Iterable[str], fits: Callable[[Seen], bool] = lambda _: True) -> Seen | None:
    """The first column that has one of these names, or a name that begins or ends with it; the first names first."""
    known = tuple(columns)
    for exactly in (True, False):
        for name in names:
            for column in known:
                same = column.words == name
                within = f" {column.words} ".startswith(f" {name} ") or f" {column.words} ".endswith(f" {name} ")
                if (same if exactly else within) and fits(column):
                    return column
    return None


def deal_column(columns: Iterable[Seen]) -> Seen | None:
    """The column that names the deal."""
    known = tuple(columns)

    def fits(column: Seen) -> bool:
        several = column.distinct > 1 or _DEAL.get(column.words, 0) >= _SURELY
        return column.looks not in (Looks.EMPTY, Looks.TIME) and several and not column.blank

    found = best(known, _DEAL, fits)
    if found is not None:
        return found
    ids = [column for column in known if column.words.split()[-1:] in (["id"], ["number"], ["nr"]) and fits(column)]
    repeated = [column for column in ids if column.distinct < len(column.cells)]
    return next(iter([*repeated, *ids]), None)


def stage_column(columns: Iterable[Seen], deal: Seen) -> Seen | None:
    """The column that names the stage, or what happened."""

    def fits(column: Seen) -> bool:
        few = column.distinct <= max(60, len(column.cells) // 20)
        return column is not deal and column.looks in (Looks.CHOICE, Looks.TEXT, Looks.NUMBER) and few

    found = best(columns, _STAGE, fits)
    return found or named(columns, ("stage", "phase", "status"), fits)


def nearly_deal_column(columns: Iterable[Seen]) -> Seen | None:
    """The column that is called as a deal is, or as an id, though a few rows lack it or there is but one row."""

    def fits(column: Seen) -> bool:
        return column.looks not in (Looks.EMPTY, Looks.TIME) and column.blank * _RARE <= len(column.cells) + _RARE

    known = tuple(columns)
    ids = (column for column in known if column.words.split()[-1:] in (["id"], ["number"], ["nr"]) and fits(column))
    return best(known, _DEAL, fits) or next(ids, None)


def guessed_deal_column(columns: Iterable[Seen]) -> Seen | None:
    """The column whose texts come a few times each, as deals do where a row is a stage; else one in which none do."""
    known = [each for each in columns if each.looks in (Looks.CHOICE, Looks.TEXT, Looks.NUMBER) and not each.blank]
    several = [
        each for each in known if 1 < each.distinct < len(each.cells) and each.distinct * _RARE > len(each.cells)
    ]
    unique = [each for each in known if each.distinct == len(each.cells)]
    return max(several, key=lambda each: each.distinct, default=None) or next(iter(unique), None)


def guessed_stage_column(columns: Iterable[Seen], deal: Seen) -> Seen | None:
    """The choice of a few texts that differs within deals, with the most texts to choose from."""
    known = [each for each in columns if each is not deal and each.looks is Looks.CHOICE and each.distinct > 1]
    moving = [each for each in known if not same_in_a_deal(each, deal)] or known
    return max(moving, key=lambda each: each.distinct, default=None)


def time_by_name(columns: Iterable[Seen]) -> Seen | None:
    """The column that is called as the time of a change is."""
    return best(columns, _TIME, lambda _: True)


def time_column(columns: Iterable[Seen], deal: Seen) -> Seen | None:
    """The column that dates the row: rather one that differs between the rows of a deal."""
    times = [column for column in columns if column.looks is Looks.TIME]
    moving = [column for column in times if not same_in_a_deal(column, deal)] or times
    return best(moving, _TIME, lambda _: True) or next(iter(moving), None)


def same_in_a_deal(column: Seen, deal: Seen) -> bool:
    """Whether all rows of a deal say the same in a column."""
    pairs = np.unique(np.stack([deal.cells.codes, column.cells.codes]), axis=1)
    return bool(pairs.shape[1] == len(np.unique(deal.cells.codes)))


def is_time_of_change(column: Seen) -> bool:
    """Whether a column is called as the time of a change is."""
    return bool(_TIME.get(column.words, 0) >= _TIME["created date"])


def is_activity(column: Seen) -> bool:
    """Whether a column is rather of all that happens than of stages."""
    return column.words in _ACTIVITY


def changed(columns: Iterable[Seen]) -> tuple[Seen, Seen, Seen | None] | None:
    """The columns of the property that changed, its new value and its old one; ``None``: the file tells no changes."""
    known = tuple(columns)
    texts = [each for each in known if each.looks in (Looks.CHOICE, Looks.TEXT)]
    property_ = named(texts, _PROPERTY, lambda each: each.words in _PROPERTY)
    value = named(known, _VALUE, lambda each: each.words in _VALUE)
    if property_ is None or value is None or property_.distinct * 2 > len(property_.cells):
        return None
    return property_, value, named(known, _BEFORE, lambda each: each.words in _BEFORE)


def owner_column(columns: Iterable[Seen]) -> Seen | None:
    """The column of the deal's owner."""
    return named(columns, _OWNER, lambda each: each.looks in (Looks.CHOICE, Looks.TEXT, Looks.NUMBER))


def reason_column(columns: Iterable[Seen]) -> Seen | None:
    """The column of why deals were lost."""
    return named(columns, REASON_PROPERTIES, lambda each: each.looks in (Looks.CHOICE, Looks.TEXT))


def actor_column(columns: Iterable[Seen]) -> Seen | None:
    """The column of who did it."""
    return named(columns, _ACTOR, lambda each: each.looks in (Looks.CHOICE, Looks.TEXT, Looks.NUMBER))


def money_column(columns: Iterable[Seen]) -> Seen | None:
    """The column of what the deal is worth."""
    known = [column for column in columns if column.looks is Looks.NUMBER]
    found = named(known, _MONEY)
    return found or next((each for each in known if set(each.words.split()) & set(_MONEY)), None)


def lifecycle_column(columns: Iterable[Seen]) -> Seen | None:
    """The column that says whether what happened began or ended, where it says both."""
    found = named(columns, ("lifecycle transition",))
    if found is None or found.distinct < 2:
        return None
    return found if any(text.lower() == "complete" for text in found.texts) else None


def rows_with(column: Seen, text: str) -> Codes:
    """The rows (counted from 0) that have this text."""
    codes = [code for code, each in enumerate(column.cells.each_text()) if each == text]
    return np.flatnonzero(np.isin(column.cells.codes, codes)).astype(np.int32)


def same(text: str, words: str) -> bool:
    """Whether a text is these words, however it is spelled."""
    return words_of(text) == words
