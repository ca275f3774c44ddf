"""Deals told apart by owner, team, version or the value of a fact: which group each deal is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.measure.groups.bands import duration_bands, number_bands
from engine.analysis.words import counted, share_text
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean, same_name
from engine.model.rule import Fact
from engine.model.syntax import Kind
from engine.model.values import show_value
from engine.tables.coded import Ints, codes

MOST = 40
"""So many groups are told one by one, those with most deals; the rest is told together."""
ALL, OTHERS, NOT_KNOWN = "(all)", "(others)", "(not known)"
YOUNGER = "Deals of a younger version had less time to close: its win rate is of the quick ones."
OWNER, TEAM, VERSION = "owner", "team", "version"

_NUMBERS = (Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
_FEW = 0.5
"""What is known of fewer deals than this share is said to be."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The group of each deal: its place in ``names``, which are in the order in which groups are told.

    ``by`` is what was asked for, ``title`` what people call it.
    """

    by: str
    title: str
    code: Ints
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def grouping(told: Journeys, by: str, *, teams: Mapping[str, str]) -> Grouping:
    """Each deal's group as last known; ``teams`` says which team an owner is in (by name as it is compared).

    Raises ``UnknownName`` or ``BadValue`` for what deals cannot be told apart by.
    """
    if by == VERSION:
        return _by_version(told)
    if by == OWNER or (by == TEAM and teams):
        return _by_owner(told, teams if by == TEAM else None)
    fact = _fact(told, by)
    title, kind = fact.title or by, fact.type.kind
    if kind in _NUMBERS:
        code, names = number_bands(told.tables, by, told.rows, percent=kind is Kind.PERCENT)
        return _told(by, title, code, names, by_size=False)
    if kind is Kind.DURATION:
        return _told(by, title, *duration_bands(told.tables, by, told.rows), by_size=False)
    code, values = codes(told.tables.deals, by)
    names = [_name(each) for each in values]
    if kind is Kind.DATE:
        code, names = _joined(code, names, sorted(set(names)))
    return _told(by, title, code[told.rows], names, by_size=kind is not Kind.DATE)


def _by_version(told: Journeys) -> Grouping:
    versions, code = np.unique(told.version, return_inverse=True)
    names = [f"{told.process.id}@{each}" for each in versions.tolist()]
    return Grouping(VERSION, "version", code.reshape(-1), tuple(names), (YOUNGER,) if len(names) > 1 else ())


def _by_owner(told: Journeys, teams: Mapping[str, str] | None) -> Grouping:
    """By owner or, where ``teams`` are given, by their team; one owner is one person however they are spelled."""
    code, values = codes(told.tables.deals, OWNER)
    keys = [same_name(each) for each in values]
    if teams is not None:
        names = [teams.get(key, "") for key in keys]
        code, names = _joined(code, names, list(dict.fromkeys(name for name in names if name)))
        return _told(TEAM, "team", code[told.rows], names)
    first = {key: name for key, name in reversed(list(zip(keys, values, strict=True))) if key}
    code, names = _joined(code, [first.get(key, "") for key in keys], list(first.values()))
    return _told(OWNER, "owner", code[told.rows], names)


def _fact(told: Journeys, by: str) -> Fact:
    fact = told.process.facts.get(by)
    columns = told.tables.deals.column_names
    fitting = [name for name, each in told.process.facts.items() if each.table is None and name in columns]
    if fact is None:
        if by == TEAM:
            raise UnknownName(
                "nobody has a team, and there is no fact 'team'",
                hint="write 'team:' beside the roles of each person in people.yaml, which stands beside processes/; or "
                "read a column of the file as a fact 'team', under 'facts' of its map",
            )
        raise UnknownName(f"deals have no '{by}' to be grouped by", hint=_others(by, (OWNER, TEAM, VERSION, *fitting)))
    if by not in fitting:
        what = "is reckoned by a table" if fact.table is not None else "is not among what these deals tell"
        raise BadValue(
            f"deals cannot be grouped by '{by}', which {what}",
            hint="group by a fact that is recorded, by owner, team or version",
        )
    return fact


def _others(by: str, known: tuple[str, ...]) -> str:
    """What may be meant, and what else there is: the nearest word alone would send who asks for a column astray."""
    near = did_you_mean(by, known, most=0)
    told = f"known: {', '.join(known)}; another column of a file becomes one under 'facts' of its map"
    return f"{near} {told}" if near else told


def _name(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.year:04}Q{(value.month + 2) // 3}"
    return show_value(value)  # type: ignore[arg-type]


def _joined(code: Ints, names: Sequence[str], wanted: Sequence[str]) -> tuple[Ints, list[str]]:
    """The codes of ``names`` as places in ``wanted``, where several may be one; what is not there is not known."""
    place = {name: number for number, name in enumerate(wanted)}
    found = np.array([*(place.get(name, -1) for name in names), -1], np.int64)
    return found[code], list(wanted)


def _told(by: str, title: str, code: Ints, names: Sequence[str], *, by_size: bool = True) -> Grouping:
    """The groups that deals are in, the rest of them together and the deals of which nobody knows last."""
    empty = np.array([*(not name for name in names), True])
    deals = np.bincount(np.where(empty[code], len(names), code), minlength=len(names) + 1)[:-1]
    ranked = np.lexsort((np.arange(len(names)), -deals))
    kept = ranked[deals[ranked] > 0]
    own = kept[:MOST] if by_size else np.sort(kept[:MOST])
    place = np.full(len(names) + 1, -1, np.int64)
    place[own] = np.arange(len(own))
    told = [names[each] for each in own.tolist()]
    if len(kept) > MOST:
        place[kept[MOST:]] = len(told)
        told.append(OTHERS)
    found = place[code]
    unknown = int((found < 0).sum())
    if unknown:
        found = np.where(found < 0, len(told), found)
        told.append(NOT_KNOWN)
    return Grouping(by, title, found, tuple(told), tuple(_notes(title, len(found), unknown, kept[MOST:], deals)))


def _notes(title: str, count: int, unknown: int, rest: Ints, deals: Ints) -> list[str]:
    notes = []
    if unknown and count - unknown < _FEW * count:
        known = count - unknown
        notes.append(
            f"Mind: '{title}' is known of {known:,} of {counted(count, 'deal')} only ({share_text(known / count)}); "
            "what is said of them may not hold for the others."
        )
    if len(rest):
        together = counted(int(deals[rest].sum()), "deal")
        notes.append(f"Told together as {OTHERS}: {counted(len(rest), 'group')} with {together}.")
    return notes
