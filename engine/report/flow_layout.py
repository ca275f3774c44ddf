"""Where the map of a pipeline puts its stages: one below the other, what leaves the pipeline on the right.

On the left of a stage stand the moves that do not follow the order, on its right those to an end; each has a row of
its own, so that no label meets another however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from engine.model.study import Edge, Flow, Node
from engine.report.flow import all_deals, common, is_end
from engine.report.widths import cut, wrap

CARD = 200.0
"""How wide a stage is. The left edge of the stages is 0; what stands left of them has negative places."""

LABEL = 162.0
"""How wide the labels beside a stage may be."""

_FULL = 20.0
"""How wide a line is that every deal went."""

_LEAST = 1.5
_TEXT = 15.0
_GAP = 48.0
_TOP = 58.0
_LINE = 16.0
_HEAD = 22.0
_SMALL_CARD = LABEL - 20
_PORT = 18.0

NAME_COLUMNS = 21
"""So much of a stage's name stands on one line of its card, in any font."""

_SMALL_COLUMNS = 14


class Course(Enum):
    """How a move is drawn."""

    SPINE = "spine"
    OVER = "over"
    BACK = "back"
    AGAIN = "again"
    IN = "in"
    OUT = "out"


_LEFT = (Course.BACK, Course.AGAIN, Course.IN, Course.OVER)


@dataclass(frozen=True, slots=True)
class Row:
    """A move beside its stage: where its line leaves or reaches the stage, and how wide it is."""

    edge: Edge
    course: Course
    y: float
    stroke: float


@dataclass(frozen=True, slots=True)
class Card:
    """A stage or an end in its place, with the rows on either side of it."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    share: float
    left: tuple[Row, ...] = ()
    right: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """All cards in their places, and the moves between neighbours with the width of each."""

    stages: tuple[Card, ...]
    ends: tuple[Card, ...]
    spine: tuple[Row, ...]
    rails: tuple[str, ...]
    bottom: float
    untold: int
    deals: int

    def card(self, stage: str) -> Card:
        """The card of a stage that is in the picture."""
        return next(card for card in (*self.stages, *self.ends) if card.node.stage == stage)


def layout(flow: Flow) -> Layout:
    """The places of everything in the picture of a flow."""
    edges, untold = common(flow)
    full = all_deals(flow)
    nodes = [node for node in flow.nodes if not is_end(node)]
    ends = [node for node in flow.nodes if is_end(node)]
    main = next((node for node in ends if node.ends == "won"), None)
    column = [node.stage for node in (*nodes, *([main] if main else ()))]
    courses = [(edge, course(edge, column, len(nodes))) for edge in edges]
    rails = _rails(ends, main, courses)
    rows = [
        Row(edge, found, 0, stroke(edge.deals, full)) for edge, found in courses if found and found is not Course.SPINE
    ]
    y, stages = _TOP, []
    for node in nodes:
        stages.append(_stage(node, y, full, [row for row in rows if _stands_at(row, node)], (column, rails)))
        y = stages[-1].y + stages[-1].height + _GAP
    placed, bottom = _ends(ends, main, y, full, has_rail=bool(main and main.stage in rails))
    return Layout(
        tuple(stages),
        placed,
        tuple(Row(edge, found, 0, stroke(edge.deals, full)) for edge, found in courses if found is Course.SPINE),
        rails,
        bottom if ends else y - _GAP,
        untold + sum(found is None for _, found in courses),
        full,
    )


def name_lines(node: Node, width: float) -> list[str]:
    """What a stage is called, on at most two lines of a card."""
    columns = NAME_COLUMNS if width == CARD else _SMALL_COLUMNS
    first, *others = wrap(node.title or node.stage, columns)
    return [first, cut(" ".join(others), columns)] if others else [first]


def lines_below(node: Node) -> int:
    """How many lines of figures stand below the name."""
    return 1 + (not node.ends) * (bool(node.dwell_days) + bool(node.open_deals))


def course(edge: Edge, column: Sequence[str], stages: int) -> Course | None:
    """How a move is drawn; ``None``: from an end to an end, which only the table tells."""
    place = {stage: i for i, stage in enumerate(column)}
    start, end = place.get(edge.from_stage, -1), place.get(edge.to_stage, stages)
    if not 0 <= start < stages:
        first = not edge.from_stage and end == 0
        return None if end >= stages else Course.SPINE if first else Course.IN
    if end == start + 1 and edge.to_stage in place:
        return Course.SPINE
    if end >= stages:
        return Course.OUT
    return Course.OVER if end > start else Course.BACK if end < start else Course.AGAIN


def stroke(deals: int, full: int) -> float:
    """How wide the line of so many deals is."""
    return max(_LEAST, round(_FULL * deals / max(full, 1), 1))


def _rails(ends: Sequence[Node], main: Node | None, courses: Sequence[tuple[Edge, Course | None]]) -> tuple[str, ...]:
    """The ends that lines lead to on the right, the innermost first."""
    reached = {edge.to_stage for edge, found in courses if found is Course.OUT}
    ordered = [*([main] if main else ()), *(node for node in ends if node is not main)]
    return tuple(node.stage for node in ordered if node.stage in reached)


def _stands_at(row: Row, node: Node) -> bool:
    return node.stage == (row.edge.to_stage if row.course is Course.IN else row.edge.from_stage)


def _stage(node: Node, y: float, full: int, rows: Sequence[Row], order: tuple[Sequence[str], Sequence[str]]) -> Card:
    column, rails = order
    beside = [row for row in rows if row.course is not Course.OUT]
    # The longer way turns farther out: it leaves above a shorter one down, and below a shorter one up.
    beside.sort(key=lambda row: (_LEFT.index(row.course), -column.index(row.edge.to_stage)))
    out = sorted((row for row in rows if row.course is Course.OUT), key=lambda row: -rails.index(row.edge.to_stage))
    left, low = _stacked(beside, y + _PORT)
    right, also = _stacked(out, y + 4)
    height = max(_low(node, CARD), low + _PORT - y if left else 0, also + 4 - y)
    return Card(node, 0, y, CARD, height, node.deals / max(full, 1), left, right)


def _low(node: Node, width: float) -> float:
    return _HEAD + _LINE * (len(name_lines(node, width)) + lines_below(node)) + 1


def _stacked(rows: Sequence[Row], y: float) -> tuple[tuple[Row, ...], float]:
    placed = []
    for row in rows:
        placed.append(Row(row.edge, row.course, y + _TEXT + row.stroke / 2, row.stroke))
        y += 2 * _TEXT + row.stroke + 7
    return tuple(placed), y


def _ends(
    ends: Sequence[Node], main: Node | None, y: float, full: int, *, has_rail: bool
) -> tuple[tuple[Card, ...], float]:
    """The end that the pipeline leads to below it, the others in the column of labels, and where they stop."""
    placed, bottom, beside = [], y, y
    if main:
        height = _low(main, CARD)
        placed.append(Card(main, 0, y, CARD, height, main.deals / max(full, 1)))
        bottom = y + height
        beside += 2 * _PORT if has_rail else 0
    for node in ends:
        if node is not main:
            height = _low(node, _SMALL_CARD)
            placed.append(Card(node, CARD + 16, beside, _SMALL_CARD, height, node.deals / max(full, 1)))
            beside += height + 14
    return tuple(placed), max(bottom, beside - 14)
