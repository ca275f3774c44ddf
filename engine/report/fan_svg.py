"""A fan as a picture inside a page (SVG): bands between its quantiles, the middle one as a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from engine.model.study import Fan, Unit
from engine.report.charts.scale import ticks
from engine.report.escape import html
from engine.report.fan import quantile, told
from engine.report.figures import figure_text

_WIDE, _HIGH = 860.0, 330.0
_TOP, _FOOT = 14.0, 34.0
_LETTER = 6.8
_BOLD = 7.8
_LINE = 15.0
_DATES = 6
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the picture lies: its edges, and what they stand for."""

    left: float
    right: float
    first: date
    days: int
    bottom: float
    top: float

    def x(self, moment: date) -> float:
        """How far to the right a day stands."""
        return self.left + (self.right - self.left) * ((moment - self.first).days / max(self.days, 1))

    def y(self, value: float) -> float:
        """How far down a figure stands."""
        return _TOP + (_HIGH - _TOP - _FOOT) * (self.top - value) / (self.top - self.bottom)


def svg(fan: Fan, *, currency: str, id: str) -> str:  # noqa: A002 - as HTML calls it
    """The picture, told to screen readers by its title and a sentence on it; ``id`` is unique in the page."""
    values = [fan.start, *(value for curve in fan.curves for value in curve)]
    marked = ticks(values, fan.unit)
    labels = [figure_text(tick, fan.unit) for tick in marked]
    labels[-1] += f" {currency}" if fan.unit is Unit.MONEY and currency else ""
    ends = _ends(fan)
    frame = _Frame(
        left=_LETTER * max(map(len, labels)) + 14,
        right=_WIDE - _BOLD * max((len(text) for text, _ in ends), default=0) - 12,
        first=fan.begin,
        days=(fan.moments[-1] - fan.begin).days if fan.moments else 1,
        bottom=marked[0],
        top=marked[-1],
    )
    return "\n".join(
        [
            f'<svg class="fan" viewBox="0 0 {_WIDE:.0f} {_HIGH:.0f}" width="{_WIDE:.0f}" height="{_HIGH:.0f}" '
            f'role="img" aria-labelledby="{id}-title {id}-desc">',
            f'<title id="{id}-title">{html(fan.title)}</title>',
            f'<desc id="{id}-desc">{html(told(fan, currency))}</desc>',
            *_grid(frame, marked, labels),
            *_dates(frame, fan),
            *_bands(frame, fan),
            *_names(frame, ends),
            "</svg>",
        ]
    )


def _grid(frame: _Frame, marked: Sequence[float], labels: Sequence[str]) -> Iterator[str]:
    for tick, label in zip(marked, labels, strict=True):
        y = frame.y(tick)
        kind = "axis" if tick == 0 else "line"
        yield f'<path class="{kind}" d="M{frame.left:.1f} {y:.1f}H{frame.right:.1f}"/>'
        yield f'<text class="small" x="{frame.left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{html(label)}</text>'


def _dates(frame: _Frame, fan: Fan) -> Iterator[str]:
    places = [fan.begin, *fan.moments]
    every = max(1, -(-(len(places) - 1) // _DATES))
    year = None
    for moment in places[::every]:
        text = f"{moment.day} {_MONTHS[moment.month - 1]}" + (f" {moment.year}" if moment.year != year else "")
        year = moment.year
        x = frame.x(moment)
        anchor = "start" if moment == fan.begin else "middle"
        yield f'<path class="axis" d="M{x:.1f} {frame.y(frame.bottom):.1f}v5"/>'
        yield f'<text class="small" x="{x:.1f}" y="{_HIGH - 10:.1f}" text-anchor="{anchor}">{html(text)}</text>'


def _bands(frame: _Frame, fan: Fan) -> Iterator[str]:
    lines = [[(frame.left, frame.y(fan.start)), *_points(frame, fan, curve)] for curve in fan.curves]
    for at in range(len(lines) // 2):
        outline = [*lines[at], *reversed(lines[-1 - at])]
        yield f'<path class="band" d="{_path(outline)}Z"/>'
    if len(lines) % 2:
        yield f'<path class="rim" d="{_path(lines[len(lines) // 2])}"/>'
        yield f'<path class="middle" d="{_path(lines[len(lines) // 2])}"/>'


def _points(frame: _Frame, fan: Fan, curve: Sequence[float]) -> Iterator[_Point]:
    return ((frame.x(moment), frame.y(value)) for moment, value in zip(fan.moments, curve, strict=True))


def _path(points: Sequence[_Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _ends(fan: Fan) -> list[tuple[str, float]]:
    """What stands beside the end of each curve."""
    if not fan.moments:
        return []
    return [
        (f"{quantile(share)} {figure_text(_short(curve[-1], fan.unit), fan.unit)}", curve[-1])
        for share, curve in zip(fan.shares, fan.curves, strict=True)
    ]


def _short(value: float, unit: Unit) -> float:
    return round(value) if unit is Unit.MONEY else value


def _names(frame: _Frame, ends: Sequence[tuple[str, float]]) -> Iterator[str]:
    """The names at the ends, moved apart where they would lie on each other."""
    heights = [frame.y(value) for _, value in ends]
    for lower, upper in pairwise(range(len(heights))):
        heights[upper] = min(heights[upper], heights[lower] - _LINE)
    # Pushed beyond the top they all come down again by as much.
    over = max(0.0, _TOP - heights[-1]) if heights else 0.0
    for at, (text, _) in enumerate(ends):
        kind = "strong" if at == len(ends) // 2 and len(ends) % 2 else "small"
        yield f'<text class="{kind}" x="{frame.right + 8:.1f}" y="{heights[at] + over + 4:.1f}">{html(text)}</text>'
