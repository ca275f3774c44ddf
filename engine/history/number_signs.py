"""Which sign stands before the decimals of a file's numbers, and which between its thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BLANK = re.compile(r"(?<=\d)\s(?=\d{3})")
_WHOLE_DECIMALS = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}\Z")
"""Two thousand one hundred, or two and a tenth: ``2.100`` may be either."""


@dataclass(frozen=True, slots=True)
class Signs:
    """``doubt`` is empty where the numbers leave none; else what could be meant otherwise."""

    decimal: str = "."
    thousands: str = ""
    doubt: str = ""


def number_signs(texts: Iterable[str], delimiter: str) -> Signs:
    """The signs, as these numbers are written. Where cells are parted by ``;`` a comma is the sign of decimals."""
    plain = [re.sub(r"[^\d.,'_]", "", _BLANK.sub("_", text)) for text in texts]
    dots = [text for text in plain if "." in text]
    commas = [text for text in plain if "," in text]
    both = next((text for text in dots if "," in text), None)
    if both is not None:
        return Signs(".", ",") if both.rindex(".") > both.rindex(",") else Signs(",", ".")
    if any("_" in text for text in plain):
        return Signs("," if commas else ".", " ")
    if any("'" in text for text in plain):
        return Signs("," if commas else ".", "'")
    if any(text.count(".") > 1 for text in dots):
        return Signs(",", ".")
    if any(text.count(",") > 1 for text in commas):
        return Signs(".", ",")
    decimal_commas = [text for text in commas if not _WHOLE_DECIMALS.match(text)]
    decimal_dots = [text for text in dots if not _WHOLE_DECIMALS.match(text)]
    if decimal_commas:
        return Signs(",", "." if dots and not decimal_dots else "")
    if decimal_dots:
        return Signs(".", "," if commas else "")
    return _of_three_digits(plain, dots, commas, delimiter)


def _of_three_digits(plain: list[str], dots: list[str], commas: list[str], delimiter: str) -> Signs:
    """The signs where three digits follow whatever sign there is, as they follow the sign of thousands."""
    if dots and commas:
        return Signs(".", ",", f"{dots[0]} could be {_said(dots[0])}")
    if dots and delimiter == ";":
        return Signs(",", ".")
    if dots:
        return Signs(".", "", f"{dots[0]} could be {_said(dots[0])}")
    if commas:
        everywhere = len(commas) == len(plain)
        return Signs(
            ".", ",", f"{commas[0]} could be {commas[0].rstrip('0').rstrip(',')} with a decimal comma" * everywhere
        )
    return Signs()


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def _said(text: str) -> str:
    """``2.100`` as two thousand one hundred."""
    thousands, rest = re.split(r"[.,]", text)
    return " ".join(part for part in (_hundreds(int(thousands)), "thousand", _hundreds(int(rest))) if part)


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    parts = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if 0 < rest < len(_SMALL):
        parts.append(_SMALL[rest])
    elif rest:
        parts.append(_TENS[tens] + (f"-{_SMALL[ones]}" if ones else ""))
    return " ".join(parts)
