"""How the dates of a file are written: the forms that read all of a column, and whether day or month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

_ZONE = r"(?: ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?))?"
ISO = re.compile(rf"\d{{4}}-\d\d-\d\d(?:[T ]\d{{1,2}}:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?{_ZONE})?\Z")
"""What a map without ``dates`` reads."""

_PARTED = ("%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y")
_DAYS = (
    *(form.replace("/", sign) for sign in "/.-" for form in _PARTED),
    *("%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d"),
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %I:%M %p")
_TRIED = 400
_RARE = 20
_DATED = re.compile(r"\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ,]|[A-Za-z]{3,9} \d{1,2}, \d{4}|(?:19|20)\d{6}\Z")


@dataclass(frozen=True, slots=True)
class DateForms:
    """``forms`` are for ``dates`` of a map (empty: ISO alone); ``ambiguous``: day and month could be the other way.

    ``contrary`` are the places of the columns that write day and month the other way round than these forms.
    """

    forms: tuple[str, ...]
    ambiguous: bool = False
    contrary: tuple[int, ...] = ()


def forms_of(texts: Sequence[str]) -> tuple[str, ...] | None:
    """The forms that read every one of the texts: none needed where all are ISO; ``None`` where there is none."""
    if not texts:
        return None
    if all(ISO.match(text) for text in texts):
        return ()
    if not all(_DATED.match(text) for text in texts[:_TRIED]):
        return None
    found = [day + clock for day in _DAYS for clock in _CLOCKS if _reads(day + clock, texts[:_TRIED])]
    found = [form for form in found if _reads(form, texts)]
    return tuple(found) or None


def mostly(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The forms that read nearly all of the texts, and those that they do not read; ``None`` where there are none.

    Day and month may be mixed: then one way reads most of them, and the other way the rest.
    """
    tried = texts[:_TRIED]
    if sum(bool(_DATED.match(text) or ISO.match(text)) for text in tried) * _RARE < len(tried) * (_RARE - 1):
        return None
    iso = tuple(text for text in texts if not ISO.match(text) or not is_iso(text))
    misread = {form: _misread(form, tried) for form in (day + clock for day in _DAYS for clock in _CLOCKS)}
    form = min(misread, key=lambda each: len(misread[each]))
    few = max(1, len(tried) // _RARE)
    if len(iso) <= max(1, len(texts) // _RARE) and len(iso) <= len(misread[form]):
        return (), iso
    mixed = not _misread(swapped(form), misread[form]) and bool(swapped(form))
    if len(misread[form]) > few and not (mixed and 2 * len(misread[form]) <= len(tried)):
        return None
    alike = tuple(each for each in misread if len(misread[each]) == len(misread[form]))
    return alike, tuple(_misread(form, texts))


def is_iso(text: str) -> bool:
    """Whether the day of a text written by ISO 8601 is in the calendar."""
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def swapped(form: str) -> str:
    """The same form with day and month the other way round; empty where it does not write both as numbers."""
    if "%d" not in form or "%m" not in form or form.startswith(("%Y", "%y")):
        return ""
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def reads(form: str, text: str) -> bool:
    """Whether the form reads the text."""
    return _reads(form, [text])


def _misread(form: str, texts: Iterable[str]) -> list[str]:
    return [text for text in texts if not form or not _reads(form, [text])]


def agreed(columns: Sequence[tuple[tuple[str, ...], Sequence[str]]], *, first: int = 0) -> DateForms:
    """The forms of a whole file, from those of each column of dates and some of its texts.

    One column that can only be read month first settles it for the others; of two that contradict each other the
    one named ``first``, or else the first one. Both ways would read days up to the 12th of one of them wrongly, so
    the others are ``contrary``.
    """
    kinds = list(columns)
    if not any(forms for forms, _ in kinds):
        return DateForms(())
    ways = [{_month_first(each) for each in forms} for forms, _ in kinds]
    one_way = [way for way in (*ways[first : first + 1], *ways) if len(way) == 1]
    certain = [month_first for way in one_way for month_first in way if month_first is not None]
    ambiguous = not certain and any(len(way) > 1 for way in ways)
    american = certain[0] if certain else ambiguous and any("%p" in form for forms, _ in kinds for form in forms)
    contrary = tuple(place for place, way in enumerate(ways) if way == {not american})
    kept = [kind for place, kind in enumerate(kinds) if place not in contrary]
    chosen = [_chosen(forms, american) if forms else _iso_form(texts) for forms, texts in kept]
    # The longer form first: a shorter one never reads what a longer one does, but the message names them in order.
    return DateForms(tuple(sorted(dict.fromkeys(chosen), key=lambda form: -len(form))), ambiguous, contrary)


def _chosen(forms: tuple[str, ...], american: bool) -> str:  # noqa: FBT001 - a private helper
    fitting = [form for form in forms if _month_first(form) in (american, None)]
    return (fitting or list(forms))[0]


def _month_first(form: str) -> bool | None:
    if form.startswith("%Y") or "%b" in form or "%B" in form:
        return None
    return form.startswith("%m")


def _iso_form(texts: Sequence[str]) -> str:
    text = next(iter(texts), "")
    if len(text) <= len("2026-01-31"):
        return "%Y-%m-%d"
    return "%Y-%m-%d" + text[10] + ("%H:%M:%S" if text.count(":") > 1 else "%H:%M")


def _reads(form: str, texts: Iterable[str]) -> bool:
    try:
        for text in texts:
            datetime.strptime(text, form)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True
