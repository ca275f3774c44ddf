"""One setting of a what-if as it is written, ``stages.demo.dwell*=0.8``: its parts, and the amounts it may hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.model.errors import BadValue, UnknownName
from engine.model.names import nearest
from engine.model.scenario import Form, Spread

_FORM = re.compile(r"\s*(?P<path>[^=\s]*?)\s*(?P<sign>\*=|\+=|-=|=)\s*(?P<value>\S.*?)\s*\Z", re.DOTALL)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?\Z")
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(s|min|h|d|w)\Z")
_SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_A_TIME = "write a number and s, min, h, d or w, such as 3d"
_A_NUMBER = "write digits and a point, such as 25 or 0.8"
_SHOWN = 80
_TOLD = 12

MOST = 9_999_999
"""Nothing that is counted is more: files hold no more."""
LONGEST = 100 * 366 * 86_400
"""No time is longer, in seconds: a hundred years."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is set (``path``), how (``sign``: ``= *= += -=``) and to what; ``text`` is all of it as written."""

    text: str
    path: tuple[str, ...]
    sign: str
    value: str

    def bad(self, why: str, *, hint: str = "") -> BadValue:
        """The setting cannot be done, and why."""
        return BadValue(f"{_short(self.text)}: {why}", hint=hint)

    def unknown(self, what: str, name: str, options: Iterable[str], *, of: str = "") -> UnknownName:
        """It names something that there is not (``of``: in what); what can be named there is listed."""
        known = list(dict.fromkeys(options))
        near = nearest(name, known)
        listed = ", ".join(known[:_TOLD]) + (f" and {len(known) - _TOLD} more" if len(known) > _TOLD else "")
        mean = f"did you mean '{near}'? " if near else ""
        hint = f"{mean}what can stand there: {listed}" if known else "the scenario has none"
        inside = f" of '{of}'" if of else ""
        told = f"there is no {what} '{name}'{inside}" if name else f"no {what}{inside} is named"
        return UnknownName(f"{_short(self.text)}: {told}", hint=hint)

    def ends_at(self, depth: int) -> None:
        """Nothing may be named beyond so many parts of the path. Raises ``UnknownName``."""
        if len(self.path) > depth:
            where = ".".join(self.path[:depth])
            raise UnknownName(
                f"{_short(self.text)}: '{where}' has no parts", hint=f"write {where}{self.sign}{self.value}"
            )

    def part(self, depth: int) -> str:
        """The part of the path at that depth (from 0), or nothing."""
        return self.path[depth] if len(self.path) > depth else ""

    def is_time(self) -> bool:
        """Whether the value is written as a time."""
        return _DURATION.match(self.value) is not None

    def seconds(self) -> float:
        """The value as a time. Raises ``BadValue``."""
        found = _DURATION.match(self.value)
        if not found:
            raise self.bad(f"'{self.value}' is not a duration", hint=self._as_part() or _A_TIME)
        length = float(found[1]) * _SECONDS[found[2]]
        if length > LONGEST:
            raise self.bad(f"'{self.value}' is longer than a hundred years")
        return length

    def share(self) -> float:
        """The value as a share, ``70%`` or ``0.7``. Raises ``BadValue``."""
        plain = self.value.removesuffix("%")
        if not _NUMBER.match(plain):
            raise self.bad(f"'{self.value}' is not a share", hint="write a percent, such as 70%")
        found = float(plain) / (100 if plain != self.value else 1)
        if found > 1:
            raise self.bad(f"'{self.value}' is more than all", hint="write a percent, such as 70%")
        return found

    def number(self) -> float:
        """The value as a number of 0 or more. Raises ``BadValue``."""
        if not _NUMBER.match(self.value):
            raise self.bad(f"'{self.value}' is not a number", hint=self._as_step() or _A_NUMBER)
        return float(self.value)

    def factor(self) -> float:
        """The value as a number of 0 or more or a percent: ``0.8`` or ``80%``. Raises ``BadValue``."""
        plain = self.value.removesuffix("%")
        if not _NUMBER.match(plain):
            raise self.bad(f"'{self.value}' is not a number", hint="write a number or a percent, such as 0.8 or 80%")
        return float(plain) / (100 if plain != self.value else 1)

    def _as_part(self) -> str:
        """How a percent of a time is written: ``-=20%`` as ``*=0.8``."""
        if not self.value.endswith("%") or not _NUMBER.match(self.value[:-1]):
            return ""
        by = float(self.value[:-1]) / 100
        times = {"-=": 1 - by, "+=": 1 + by}.get(self.sign, by)
        return f"write {'.'.join(self.path)}*={times:g}" if times >= 0 else ""

    def _as_step(self) -> str:
        """How so much more is written: ``=+2`` as ``+=2``."""
        is_step = self.sign == "=" and self.value[:1] in "+-" and _NUMBER.match(self.value[1:])
        return f"write {'.'.join(self.path)}{self.value[0]}={self.value[1:]}" if is_step else ""

    def word(self, what: str, options: Iterable[str]) -> str:
        """The value as one of some names; only ``=`` can set it. Raises ``BadValue`` and ``UnknownName``."""
        known = tuple(options)
        if self.sign != "=":
            raise self.bad("a name can only be set with =", hint=f"write {'.'.join(self.path)}={self.value}")
        if self.value not in known:
            raise self.unknown(what, self.value, known)
        return self.value


def parsed(text: str) -> Setting:
    """The setting that a text writes. Raises ``BadValue``."""
    found = _FORM.match(text)
    if not found or not found["path"]:
        raise BadValue(
            f"'{_short(text)}' sets nothing",
            hint="write what is set, then = *= += or -= and a value, such as stages.demo.dwell*=0.8",
        )
    path = tuple(found["path"].split("."))
    return Setting(text.strip(), path, found["sign"], found["value"])


def share_set(share: float, setting: Setting) -> float:
    """A share after the setting, from 0 to 1; ``+=`` and ``-=`` are points. Raises ``BadValue`` beyond."""
    found = share * setting.factor() if setting.sign == "*=" else _added(share, setting.share(), setting.sign)
    if not -1e-9 <= found <= 1 + 1e-9:
        raise setting.bad(f"it would be {found:.0%}", hint="a share lies between 0% and 100%")
    return min(max(found, 0.0), 1.0)


def number_set(number: float, setting: Setting) -> float:
    """A number after the setting, 0 or more. Raises ``BadValue`` below."""
    found = number * setting.factor() if setting.sign == "*=" else _added(number, setting.number(), setting.sign)
    if found < 0:
        raise setting.bad(f"it would be {found:g}, below 0")
    return found


def count_set(count: int, setting: Setting) -> int:
    """How many after the setting, a whole number of 0 or more. Raises ``BadValue`` for what is none."""
    found = number_set(count, setting)
    if setting.sign != "*=" and found != round(found):
        raise setting.bad(f"'{setting.value}' is not a whole number")
    if found > MOST:
        raise setting.bad(f"it would be more than {MOST:,}")
    return round(found)


def amount_set(amount: float, setting: Setting) -> float:
    """A number or a percent of a fact after the setting, 0 or more. Raises ``BadValue`` below."""
    found = amount * setting.factor() if setting.sign == "*=" else _added(amount, setting.factor(), setting.sign)
    if found < 0:
        raise setting.bad(f"it would be {found:g}, below 0")
    return found


def seconds_set(seconds: float, setting: Setting) -> float:
    """A time after the setting, in seconds, 0 or more. Raises ``BadValue`` below, or beyond a hundred years."""
    found = seconds * setting.factor() if setting.sign == "*=" else _added(seconds, setting.seconds(), setting.sign)
    if found < 0:
        raise setting.bad("it would be below zero")
    if found > LONGEST:
        raise setting.bad("it would be longer than a hundred years")
    return found


def time_set(spread: Spread | None, setting: Setting, *, part: str = "") -> Spread:
    """How a time spreads after the setting: all of it, or (``part``) its ``p50`` or ``p90`` alone.

    ``*=`` stretches the whole; ``+=`` and ``-=`` make all of it longer or shorter by a time; ``=`` makes it always as
    long. Raises ``BadValue`` where it is not sound then, ``UnknownName`` for another part.
    """
    if part not in ("", "p50", "p90"):
        raise setting.unknown("part of a time", part, ("p50", "p90"))
    if part:
        return _sound(_part_set(spread, setting, part), setting)
    if setting.sign == "=":
        return Spread(Form.CONSTANT, setting.seconds())
    if spread is None:
        raise setting.bad("the scenario says no time there", hint="set one with =")
    if setting.sign == "*=":
        return _sound(scaled(spread, setting.factor()), setting)
    by = setting.seconds() * (1 if setting.sign == "+=" else -1)
    p90 = spread.p90 + by if spread.p90 else 0.0
    moved = tuple((share, value + by) for share, value in spread.quantiles)
    p50 = spread.p50 + by if spread.form is not Form.QUANTILES else spread.p50
    return _sound(replace(spread, p50=p50, p90=p90, quantiles=moved), setting)


def scaled(spread: Spread, factor: float) -> Spread:
    """All of a spread times a factor; by 0 it is always 0."""
    if factor == 0:
        return Spread(Form.CONSTANT, 0.0)
    stretched = tuple((share, value * factor) for share, value in spread.quantiles)
    return replace(spread, p50=spread.p50 * factor, p90=spread.p90 * factor, quantiles=stretched)


def _part_set(spread: Spread | None, setting: Setting, part: str) -> Spread:
    if spread is None or spread.form is Form.QUANTILES:
        raise setting.bad(f"no {part} is given there", hint="set the whole of it: without the last part of its name")
    if part == "p50":
        return replace(spread, p50=seconds_set(spread.p50, setting))
    if spread.form in (Form.CONSTANT, Form.EXPONENTIAL):
        raise setting.bad(f"no P90 is given there: it is {spread.form.value}", hint="set its p50, or all of it")
    return replace(spread, p90=seconds_set(spread.p90, setting))


def _sound(spread: Spread, setting: Setting) -> Spread:
    """The spread, if it can be drawn from. Raises ``BadValue``."""
    points = (spread.p50, spread.p90, *(value for _, value in spread.quantiles))
    if any(not math.isfinite(value) or value < 0 for value in points):
        raise setting.bad("some of it would be below zero", hint="make it shorter with *=, such as *=0.8")
    if max(points) > LONGEST:
        raise setting.bad("it would be longer than a hundred years")
    if spread.form in (Form.LOGNORMAL, Form.GAMMA, Form.WEIBULL):
        if spread.p90 < spread.p50:
            raise setting.bad("the P90 would be below the P50", hint="set both, p50 and p90")
        if spread.p50 <= 0:
            raise setting.bad(f"the P50 of a {spread.form.value} time cannot be zero")
    return spread


def _added(old: float, value: float, sign: str) -> float:
    return value if sign == "=" else old + value if sign == "+=" else old - value


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
