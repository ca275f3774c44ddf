"""The lines of the map of a pipeline: down its middle, around on the left, and out on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.report.flow_layout import CARD, LABEL, Card, Course, Layout, Row

_ARROW = 8.0
_APART = 7.0
_BEND = 9.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line as SVG writes it, or an arrowhead (``width`` 0: filled)."""

    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Strokes that belong together; ``tone`` is how they are coloured, ``rows`` are the moves that they draw."""

    tone: str
    strokes: tuple[Stroke, ...]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """All lines, the farthest behind first, and how far they reach to either side."""

    lines: tuple[Line, ...]
    left: float
    right: float


def drawn(layout: Layout) -> Drawn:
    """The lines of a picture."""
    around, left = _around(layout)
    out, right = _out(layout)
    beside = [_beside(row) for card in layout.stages for row in card.left if row.course in (Course.AGAIN, Course.IN)]
    return Drawn((*out, *around, *beside, *_spine(layout)), left, right)


def _spine(layout: Layout) -> Iterator[Line]:
    middle = CARD / 2
    for row in layout.spine:
        below = layout.card(row.edge.to_stage)
        above = layout.card(row.edge.from_stage) if row.edge.from_stage else None
        top = above.y + above.height if above else below.y - 28
        tip = below.y - 1
        strokes = (_line(f"M{_n(middle)} {_n(top)}V{_n(tip - _ARROW + 1)}", row), _down(middle, tip, row.stroke))
        yield Line("won" if below.node.ends else "spine", strokes, (row,))


def _around(layout: Layout) -> tuple[list[Line], float]:
    """The moves over stages and back, each in a lane that no other uses at that height; the short ones inside."""
    rows = [row for card in layout.stages for row in card.left if row.course in (Course.OVER, Course.BACK)]
    spans = [_span(row, layout) for row in rows]
    lanes: list[list[tuple[Row, float, float]]] = []
    for row, low, high in sorted(spans, key=lambda span: (span[2] - span[1], span[1])):
        lane = next((lane for lane in lanes if all(high + 12 < b or t + 12 < low for _, b, t in lane)), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append((row, low, high))
    x: float = -LABEL if any(card.left for card in layout.stages) else 0
    lines: list[Line] = []
    for lane in lanes:
        half = max(row.stroke for row, _, _ in lane) / 2
        x -= half + _APART
        lines += [_arc(row, x, _arrival(row, layout)) for row, _, _ in lane]
        x -= half
    return lines[::-1], x


def _span(row: Row, layout: Layout) -> tuple[Row, float, float]:
    low, high = sorted((row.y, _arrival(row, layout)))
    return row, low, high


def _arrival(row: Row, layout: Layout) -> float:
    """Where a line from another stage comes in: from above near the top, from below near the foot."""
    card = layout.card(row.edge.to_stage)
    return card.y + 11 if row.course is Course.OVER else card.y + card.height - 11


def _arc(row: Row, x: float, arrival: float) -> Line:
    way = 1 if arrival > row.y else -1
    bend = _BEND + row.stroke / 2
    path = (
        f"M0 {_n(row.y)}H{_n(x + bend)}Q{_n(x)} {_n(row.y)} {_n(x)} {_n(row.y + way * bend)}"
        f"V{_n(arrival - way * bend)}Q{_n(x)} {_n(arrival)} {_n(x + bend)} {_n(arrival)}H{_n(-_ARROW)}"
    )
    return Line(row.course.value, (_line(path, row), _right(-1, arrival, row.stroke)), (row,))


def _beside(row: Row) -> Line:
    y = row.y
    if row.course is Course.IN:
        start = f"M{_n(-LABEL + 8)} {_n(y)}H{_n(-_ARROW)}"
        return Line("in", (_line(start, row), _right(-1, y, row.stroke)), (row,))
    half = 6 + row.stroke / 2
    loop = f"M0 {_n(y - half)}H-12A{_n(half)} {_n(half)} 0 0 0 -12 {_n(y + half)}H{_n(-_ARROW)}"
    return Line("again", (_line(loop, row), _right(-1, y + half, row.stroke)), (row,))


def _out(layout: Layout) -> tuple[list[Line], float]:
    """The moves to an end: each joins the line that leads there, which grows as a river does."""
    beside = any(card.right for card in layout.stages) or any(card.x for card in layout.ends)
    # Far enough from the ends for the line to bend before its arrow.
    x = CARD + LABEL + _ARROW if beside else CARD
    lines: list[Line] = []
    for end in layout.rails:
        card = layout.card(end)
        rows = [row for stage in layout.stages for row in stage.right if row.edge.to_stage == end]
        width = sum(row.stroke for row in rows)
        x += width / 2 + _APART
        lines.append(_rail(rows, card, x))
        x += width / 2
    return lines[::-1], x


def _rail(rows: Sequence[Row], card: Card, x: float) -> Line:
    total = sum(row.stroke for row in rows)
    outer = x + total / 2
    strokes, gathered = [], 0.0
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        bend = _BEND + row.stroke / 2
        gathered += row.stroke
        # What joins flows along the inner bank.
        bank = outer - gathered + row.stroke / 2
        joins = f"M{_n(CARD)} {_n(row.y)}H{_n(bank - bend)}Q{_n(bank)} {_n(row.y)} {_n(bank)} {_n(row.y + bend)}"
        strokes.append(_line(joins, row))
        if after:
            river = outer - gathered / 2
            foot = after.y + _BEND + after.stroke / 2
            strokes.append(Stroke(f"M{_n(river)} {_n(row.y + bend - 1)}V{_n(foot)}", gathered))
    return Line(_tone(card), (*strokes, *_mouth(card, x, total, rows[-1])), tuple(rows))


def _mouth(card: Card, x: float, width: float, last: Row) -> Iterator[Stroke]:
    """Where all of it turns into the end."""
    edge, bend = card.x + card.width, _BEND + width / 2
    arrival = card.y + (14 if card.x == 0 else card.height / 2)
    top = last.y + _BEND + last.stroke / 2 - 1
    turn = f"V{_n(arrival - bend)}Q{_n(x)} {_n(arrival)} {_n(x - bend)} {_n(arrival)}H{_n(edge + _ARROW)}"
    yield Stroke(f"M{_n(x)} {_n(top)}{turn}", width)
    yield _left(edge + 1, arrival, width)


def _tone(card: Card) -> str:
    return card.node.ends if card.node.ends in ("won", "lost") else "other"


def _line(path: str, row: Row) -> Stroke:
    return Stroke(path, row.stroke)


def _half(width: float) -> float:
    return width / 2 + 3.5


def _down(x: float, y: float, width: float) -> Stroke:
    half = _half(width)
    return Stroke(f"M{_n(x)} {_n(y)}l{_n(-half)} {_n(-_ARROW)}h{_n(2 * half)}z", 0)


def _right(x: float, y: float, width: float) -> Stroke:
    half = _half(width)
    return Stroke(f"M{_n(x)} {_n(y)}l{_n(-_ARROW)} {_n(-half)}v{_n(2 * half)}z", 0)


def _left(x: float, y: float, width: float) -> Stroke:
    half = _half(width)
    return Stroke(f"M{_n(x)} {_n(y)}l{_n(_ARROW)} {_n(-half)}v{_n(2 * half)}z", 0)


def _n(number: float) -> str:
    return f"{round(number, 1) + 0:g}"
