"""Round figures for an axis, and where a figure lies between the first and the last of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from engine.model.study import Estimate, Unit

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE = (Unit.COUNT, Unit.MONEY)
_FAR = 2.0
_SHORT = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
_LONG = 10_000
_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis; ``ticks`` are ascending, 0 among them."""

    ticks: tuple[float, ...]
    unit: Unit

    def at(self, value: float) -> float:
        """How far along the axis a figure lies, from 0 to 1; what lies beyond its ends is put there."""
        first, last = self.ticks[0], self.ticks[-1]
        return min(max((value - first) / (last - first), 0.0), 1.0)

    def holds(self, value: float) -> bool:
        """Whether the figure lies within the axis."""
        return self.ticks[0] <= value <= self.ticks[-1]

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands at each tick."""
        return tuple(_label(tick, self.unit) for tick in self.ticks)


def middle(figure: Estimate) -> float:
    """Where a figure lies; where it was not reached, how far was seen."""
    return figure.value if figure.value is not None else figure.beyond or 0.0


def scale(figures: Iterable[Estimate], unit: Unit) -> Scale:
    """An axis for figures and their intervals. An end of an interval that lies far off is not followed."""
    told = list(figures)
    middles = [each for figure in told for each in (figure.value, figure.beyond) if each is not None]
    far = _FAR * max(map(abs, middles), default=0.0)
    ends = [each for figure in told for each in (figure.low, figure.high) if each is not None and abs(each) <= far]
    return Scale(tuple(ticks([*middles, *ends], unit)), unit)


def stacked(sums: Iterable[float], unit: Unit) -> Scale:
    """An axis for figures that lie one on the other: ``sums`` of what is above and of what is below nothing."""
    return Scale(tuple(ticks(list(sums), unit)), unit)


def ticks(figures: Iterable[float], unit: Unit, *, most: int = 5) -> list[float]:
    """Round figures from at most the smallest one to at least the largest one, 0 among them."""
    told = list(figures)
    low, high = min([*told, 0.0]), max([*told, 0.0])
    high = high if high > low else 1.0
    raw = max(high - low, 1e-9) / most
    size = 10.0 ** floor(log10(raw))
    step = next(each * size for each in _STEPS if each * size >= raw * (1 - 1e-9))
    if unit in _WHOLE:
        step = max(float(round(step)), 1.0)
    # What misses a step by the error of its sum shall not ask for one more.
    first, last = floor(low / step + _ERROR), max(1 if low == 0 else 0, ceil(high / step - _ERROR))
    return [step * at for at in range(first, last + 1)]


def _label(tick: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{round(tick * 100, 6):,g} %"
    if unit is Unit.POINTS:
        return f"{round(tick * 100, 6):,g}"
    size, name = next((each for each in _SHORT if abs(tick) >= max(each[0], _LONG)), (1.0, ""))
    return f"{round(tick / size, 6):,g}{name}"
