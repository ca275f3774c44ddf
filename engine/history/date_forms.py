"""How the dates of a file are written: the forms that read all of a column, and whether day or month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
_DATED = re.compile(r"\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ,]|[A-Za-z]{3,9} \d{1,2}, \d{4}|(?:19|20)\d{6}\Z")


@dataclass(frozen=True, slots=True)
class DateForms:
    """``forms`` are for ``dates`` of a map (empty: ISO alone); ``ambiguous``: day and month could be the other way."""

    forms: tuple[str, ...]
    ambiguous: bool = False


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


def agreed(columns: Iterable[tuple[tuple[str, ...], Sequence[str]]]) -> DateForms:
    """The forms of a whole file, from those of each column of dates and some of its texts.

    One column that can only be read month first settles it for the others.
    """
    kinds = [(forms, texts) for forms, texts in columns]
    if not any(forms for forms, _ in kinds):
        return DateForms(())
    ways = [{_month_first(each) for each in forms} for forms, _ in kinds if forms]
    certain = {first for way in ways if len(way) == 1 for first in way if first is not None}
    ambiguous = not certain and any(len(way) > 1 for way in ways)
    american = True in certain or (ambiguous and any("%p" in form for forms, _ in kinds for form in forms))
    chosen = [_chosen(forms, american) if forms else _iso_form(texts) for forms, texts in kinds]
    # The longer form first: a shorter one never reads what a longer one does, but the message names them in order.
    return DateForms(tuple(sorted(dict.fromkeys(chosen), key=lambda form: -len(form))), ambiguous)


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
