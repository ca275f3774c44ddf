"""The axes of the small pictures of a chart: one for all, so that they can be held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.study import Mark
from engine.report.charts.picture import Drawing, Picture, Row
from engine.report.charts.scale import Scale, middle, scale, stacked

_DWARFING = 2.5
"""So many times as large as all others, the first picture (all deals, say) would leave nothing to see of them."""


def axes(found: Drawing) -> tuple[Scale, ...]:
    """An axis for each picture."""
    pictures = found.pictures
    if has_own_axis(found):
        others = _axis(pictures[1:], found)
        return (_axis(pictures[:1], found), *(others for _ in pictures[1:]))
    whole = _axis(pictures, found)
    return tuple(whole for _ in pictures)


def has_own_axis(found: Drawing) -> bool:
    """Whether the first picture is drawn on an axis of its own."""
    if len(found.pictures) < 3:
        return False
    first, *others = (max((abs(each) for each in _reach(picture, found)), default=0.0) for picture in found.pictures)
    return first > _DWARFING * max(others) > 0


def _axis(pictures: Sequence[Picture], found: Drawing) -> Scale:
    if found.mark is Mark.STACK:
        return stacked([end for picture in pictures for end in _reach(picture, found)], found.unit)
    figures = [each for picture in pictures for row in picture.rows for each in row.figures if each is not None]
    return scale(figures, found.unit)


def _reach(picture: Picture, found: Drawing) -> Iterator[float]:
    """How far the rows of a picture reach, to both sides."""
    for row in picture.rows:
        if found.mark is Mark.STACK:
            yield from _sums(row)
        else:
            yield from (middle(each) for each in row.figures if each is not None)


def _sums(row: Row) -> tuple[float, float]:
    values = [each.value for each in row.figures if each is not None and each.value is not None]
    return sum(each for each in values if each > 0), sum(each for each in values if each < 0)
