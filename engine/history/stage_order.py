"""The order of stages, their ends, and what is rather a contact than a stage: from how deals went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.history.clean import runs_backwards
from engine.history.columns import Codes
from engine.history.keys import Times
from engine.history.seen import words_of

_WON = frozenset(
    "won closedwon approved approve signed sign accepted accept ordered converted "
    "gewonnen gagné gagnée ganado ganada".split()
)
_LOST = frozenset(
    "lost closedlost declined decline rejected reject denied deny refused cancelled canceled cancel cancellation "
    "withdrawn abandoned dead verloren abgelehnt abgesagt perdu perdue perdido perdida".split()
)
_OTHER = frozenset("unqualified disqualified duplicate archived invalid deleted".split())
_CONTACT = frozenset(
    "call calls called phone phoned mail mails email emails meeting meetings demo visit letter sms chat note "
    "contact contacted linkedin whatsapp voicemail".split()
)
_MAY_BE_STAGE = frozenset("demo visit contact contacted letter".split())
_PREFIX = re.compile(r"([A-Za-z]{1,3})_\w")


@dataclass(frozen=True, slots=True)
class Walks:
    """What happened to deals, by deal and then by time: the codes of the deals and of the names in ``names``."""

    deals: Codes
    what: Codes
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One name: how many deals it happened to, how often in each of these, and how often nothing came after it."""

    name: str
    deals: int
    times: int
    last: int

    @property
    def repeats(self) -> float:
        """How often it happened to a deal that it happened to."""
        return self.times / self.deals if self.deals else 0.0

    @property
    def final(self) -> float:
        """The share of deals with it in which nothing came after it."""
        return self.last / self.deals if self.deals else 0.0


def walks(deals: Codes, what: Codes, names: Sequence[str], happened: Times) -> Walks:
    """The rows by deal and time; rows of one time as they stand in the file, or the other way."""
    place = np.arange(len(deals))
    order = np.lexsort((-place if runs_backwards(deals, happened) else place, happened, deals))
    return Walks(deals[order], what[order], tuple(names))


def only(found: Walks, names: Sequence[str]) -> Walks:
    """The same with these names alone."""
    code = {name: place for place, name in enumerate(names)}
    new = np.array([code.get(name, -1) for name in found.names], np.int32)[found.what]
    return Walks(found.deals[new >= 0], new[new >= 0], tuple(names))


def told(found: Walks) -> tuple[Told, ...]:
    """Each name with its numbers."""
    size = len(found.names)
    times = np.bincount(found.what, minlength=size)
    pairs = np.unique(np.stack([found.deals, found.what]), axis=1)[1] if found.what.size else found.what
    deals = np.bincount(pairs, minlength=size)
    is_last = np.ones(len(found.deals), np.bool_)
    is_last[:-1] = found.deals[1:] != found.deals[:-1]
    last = np.bincount(found.what[is_last], minlength=size)
    return tuple(Told(*each) for each in zip(found.names, deals.tolist(), times.tolist(), last.tolist(), strict=True))


def first_places(found: Walks) -> npt.NDArray[np.float64]:
    """For each deal (rows) and name (columns) how far in the deal's walk it first stood; infinite where never."""
    _, deal = np.unique(found.deals, return_inverse=True)
    places = np.full((int(deal.max(initial=-1)) + 1, len(found.names)), np.inf)
    np.minimum.at(places, (deal, found.what), np.arange(len(deal), dtype=np.float64))
    return places


def before(found: Walks) -> npt.NDArray[np.int64]:
    """In how many deals the one name (row) first stood before the other (column) did."""
    places = first_places(found)
    count = len(found.names)
    table = np.zeros((count, count), np.int64)
    for name in range(count):
        table[name] = ((places[:, [name]] < places) & np.isfinite(places)).sum(axis=0)
    return table


def in_order(found: Walks) -> tuple[str, ...]:
    """The names from early to late: each is placed by how often it comes before each other one."""
    table = before(found)
    both = table + table.T
    lead = np.divide(table - table.T, both, out=np.zeros(table.shape), where=both > 0)
    # Names that never meet say nothing of each other, so the lead is taken over those that do.
    score = lead.sum(axis=1) / np.maximum((both > 0).sum(axis=1), 1)
    return tuple(found.names[place] for place in np.argsort(-score, kind="stable"))


def together(found: Walks, ends: Sequence[str]) -> dict[str, str]:
    """Names that happen to just the deals of an end, before it or after it as it comes, and say the same as the end."""
    places = np.isfinite(first_places(found))
    table = before(found)
    index = {name: place for place, name in enumerate(found.names)}
    twins: dict[str, str] = {}
    for end in ends:
        for name in found.names:
            one, other = index[end], index[name]
            either = min(table[one, other], table[other, one])
            same = bool((places[:, one] == places[:, other]).all())
            if name not in ends and same and either * 20 >= places[:, one].sum() > 1:
                twins[name] = end
    return twins


def end_by_name(name: str) -> str:
    """``won``, ``lost`` or ``other`` where the name says so; else an empty text."""
    said = set(words_of(name).split()) | set(re.findall(r"[^\W_]+", name.lower()))
    if said & {"not", "pre"}:
        return ""
    for kind, known in (("lost", _LOST), ("won", _WON), ("other", _OTHER)):
        if said & known:
            return kind
    return ""


def contact_by_name(name: str) -> str:
    """The word in the name that says it is a contact; else an empty text."""
    said = [word for word in words_of(name).split() if word in _CONTACT]
    return said[0] if said else ""


def surely_contact(name: str) -> bool:
    """Whether a name says so by a word that is hardly that of a stage, as ``demo`` may be."""
    return bool(set(words_of(name).split()) & (_CONTACT - _MAY_BE_STAGE))


def prefixes(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The names by the letters before their first ``_``, where all have such letters of two kinds or more."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        found = _PREFIX.match(name)
        if found is None:
            return {}
        kinds.setdefault(found[1] + "_", []).append(name)
    return {kind: tuple(each) for kind, each in kinds.items()} if len(kinds) > 1 else {}
