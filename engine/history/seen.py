"""What a column of an unknown file looks like: dates, numbers, a choice of a few texts, or names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

import numpy as np

from engine.history.columns import Coded, Mask
from engine.history.date_forms import forms_of, is_iso, mostly
from engine.history.headers import in_english

_LOOKED_AT = 3_000
_FEW = 60
_ENOUGH = 5
_RARE = 20
_UNIT = r"(?:[A-Z]{3}|[$€£¥])"
_NUMBER = re.compile(
    rf"[-+]?\(?[-+]?(?:{_UNIT}\s?)?[-+]?(?:\d{{1,3}}(?:[,.'\s]\d{{3}})+|\d+)(?:[.,]\d+)?(?:\s?{_UNIT}|%)?\)?\Z"
)
_YES_NO = frozenset({"true", "false", "yes", "no"})
_SIGNED = re.compile(r"[$€£¥]|\b[A-Z]{3}\b")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_PLAIN_WORDS = re.compile(r"[^\W\d_]+|\d+")


class Looks(Enum):
    """What the cells of a column are."""

    EMPTY = "empty"
    TIME = "time"
    NUMBER = "number"
    YES_NO = "yes-no"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Seen:
    """A column. ``words`` is its name in small English words; ``forms`` how its dates are written (empty: ISO).

    ``misfits`` are the few texts that are not what the column looks like.
    """

    name: str
    words: str
    cells: Coded
    looks: Looks
    texts: tuple[str, ...]
    distinct: int
    blank: int
    forms: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()

    @property
    def has_text(self) -> Mask:
        """The rows where something stands."""
        blank = [code for code, text in enumerate(self.cells.each_text()) if not text]
        found: Mask = ~np.isin(self.cells.codes, blank)
        return found

    @property
    def has_currency(self) -> bool:
        """Whether its numbers carry the sign or the code of a currency."""
        return self.looks is Looks.NUMBER and any(_SIGNED.search(text) for text in self.texts)


def seen(name: str, cells: Coded) -> Seen:
    """The column of that name, looked at."""
    counts = np.bincount(cells.codes, minlength=len(cells.texts))
    present = [text for code, text in enumerate(cells.texts.slice(0, _LOOKED_AT).to_pylist()) if text and counts[code]]
    blank = sum(int(counts[code]) for code, text in enumerate(cells.each_text()) if not text)
    distinct = int((counts > 0).sum()) - bool(blank)
    forms = forms_of(present)
    looks = _looks(present, distinct, forms)
    misfits: tuple[str, ...] = ()
    if forms == ():
        misfits = tuple(text for text in present if not is_iso(text))
    if looks in (Looks.CHOICE, Looks.TEXT) and len(present) >= _ENOUGH:
        looks, forms, misfits = _mostly(present, looks)
    return Seen(name, in_english(words_of(name)), cells, looks, tuple(present), distinct, blank, forms or (), misfits)


def _mostly(texts: list[str], looks: Looks) -> tuple[Looks, tuple[str, ...], tuple[str, ...]]:
    """What nearly all cells look like, the forms of dates, and the few cells that look otherwise."""
    found = mostly(texts)
    if found is not None:
        return Looks.TIME, *found
    others = tuple(text for text in texts if not _NUMBER.match(text))
    return (Looks.NUMBER, (), others) if len(others) * _RARE <= len(texts) else (looks, (), ())


def _looks(texts: list[str], distinct: int, forms: tuple[str, ...] | None) -> Looks:
    if not texts:
        return Looks.EMPTY
    if forms is not None:
        return Looks.TIME
    if {text.lower() for text in texts} <= _YES_NO:
        return Looks.YES_NO
    if all(_NUMBER.match(text) for text in texts):
        return Looks.NUMBER
    return Looks.CHOICE if distinct <= _FEW else Looks.TEXT


def words_of(name: str) -> str:
    """``OpportunityId``, ``opportunity_id`` and ``Opportunity ID`` in the same words: ``opportunity id``."""
    # Capitals within a word part it in English alone: other languages have letters that the pattern does not know.
    found = _WORDS.findall(name) if name.isascii() else _PLAIN_WORDS.findall(name)
    return " ".join(found).lower()
