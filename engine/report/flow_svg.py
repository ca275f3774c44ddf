"""The map of a pipeline as a picture inside a page (SVG): its colours are the page's, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.study import Edge, Flow, Unit
from engine.report.escape import html
from engine.report.figures import figure_text, span_text
from engine.report.flow import titles
from engine.report.flow_layout import CARD, Card, Course, Layout, Row, layout, name_lines
from engine.report.flow_paths import Drawn, Line, drawn
from engine.report.widths import cut
from engine.report.wording import count

_MARGIN = 10.0
_NAME_COLUMNS = 21
_SEEN = 80
_LEADS = {Course.BACK: "back to ", Course.AGAIN: "again", Course.OVER: "on to ", Course.OUT: ""}


def svg(flow: Flow, *, title: str, id: str) -> str:  # noqa: A002 - as HTML calls it
    """The picture, told to screen readers by its title and a sentence on it; ``id`` is unique in the page."""
    placed = layout(flow)
    lines = drawn(placed)
    left, right = lines.left - _MARGIN, lines.right + _MARGIN
    width, height = right - left, placed.bottom + 2 * _MARGIN
    return "\n".join(
        [
            f'<svg class="map" viewBox="{left:.0f} 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img" aria-labelledby="{id}-title {id}-desc">',
            f'<title id="{id}-title">{html(title)}</title>',
            f'<desc id="{id}-desc">{html(_told(flow, placed))}</desc>',
            *_strokes(lines),
            *_cards(placed),
            *_labels(placed, titles(flow)),
            "</svg>",
        ]
    )


def untold(flow: Flow) -> int:
    """How many ways are in the table of moves and not in the picture."""
    return layout(flow).untold


def _told(flow: Flow, placed: Layout) -> str:
    names = titles(flow)
    stages = "; ".join(
        f"{cut(names[card.node.stage], _SEEN)}: {count(card.node.deals, 'deal')}"
        for card in (*placed.stages, *placed.ends)
    )
    return f"{stages}. The table below tells every move."


def _strokes(lines: Drawn) -> Iterator[str]:
    for line in lines.lines:
        yield f'<g class="{line.tone}">{"".join(_casing(line))}{"".join(_coloured(line))}</g>'


def _casing(line: Line) -> Iterator[str]:
    # A rim in the colour of the ground parts lines where they cross.
    for stroke in line.strokes:
        if stroke.width:
            yield f'<path class="rim" d="{stroke.path}" stroke-width="{stroke.width + 4:g}"/>'


def _coloured(line: Line) -> Iterator[str]:
    for stroke in line.strokes:
        if stroke.width:
            yield f'<path class="way" d="{stroke.path}" stroke-width="{stroke.width:g}"/>'
        else:
            yield f'<path class="tip" d="{stroke.path}"/>'


def _cards(placed: Layout) -> Iterator[str]:
    for card in (*placed.stages, *placed.ends):
        yield f'<g class="{_tone(card)}">'
        inner, foot = card.width - 24, card.y + card.height - 10
        yield _box("card", (card.x, card.y), (card.width, card.height), 9)
        yield _box("bar", (card.x + 12, foot), (inner, 3), 1.5)
        yield _box("full", (card.x + 12, foot), (max(min(card.share, 1) * inner, 2), 3), 1.5)
        yield from _inside(card)
        yield "</g>"


def _box(kind: str, at: tuple[float, float], size: tuple[float, float], round_: float) -> str:
    place = f'x="{at[0]:g}" y="{at[1]:g}" width="{size[0]:.5g}" height="{size[1]:.5g}" rx="{round_:g}"'
    return f'<rect class="{kind}" {place}/>'


def _tone(card: Card) -> str:
    return card.node.ends if card.node.ends in ("", "won", "lost") else "other"


def _inside(card: Card) -> Iterator[str]:
    y = card.y + 22
    yield f"<title>{html(cut(card.node.title or card.node.stage, _SEEN))}</title>"
    for line in name_lines(card.node, card.width):
        yield _text(card.x + 12, y, line, "name")
        y += 16
    for line in _figures(card):
        yield _text(card.x + 12, y, line, "small")
        y += 15


def _figures(card: Card) -> Iterator[str]:
    node = card.node
    yield f"{count(node.deals, 'deal')}, {figure_text(card.share, Unit.SHARE)}"
    if node.dwell_days is not None and not node.ends:
        yield f"half in {span_text(node.dwell_days)}"
    if node.open_deals and not node.ends:
        yield f"{node.open_deals:,} still here"


def _labels(placed: Layout, names: dict[str, str]) -> Iterator[str]:
    for row in placed.spine:
        if not row.edge.from_stage:
            begin = count(row.edge.deals, "deal starts here", "deals start here")
            yield _text(CARD / 2, 22, begin, "small strong", anchor="middle")
        else:
            below = placed.card(row.edge.to_stage)
            yield _text(CARD / 2 + row.stroke / 2 + 9, below.y - 20, numbers(row.edge), "small")
    for card in placed.stages:
        for row in (*card.left, *card.right):
            yield from _label(row, names)


def _label(row: Row, names: dict[str, str]) -> Iterator[str]:
    edge, out = row.edge, row.course is Course.OUT
    x, anchor = (CARD + 12, "start") if out else (-12.0, "end")
    if row.course is Course.AGAIN:
        x = -28.0
    if row.course is Course.IN:
        told = f"back from {names[edge.from_stage]}" if edge.from_stage else "starts here"
    else:
        told = _LEADS[row.course] + ("" if row.course is Course.AGAIN else names[edge.to_stage])
    above, below = row.y - row.stroke / 2 - 4, row.y + row.stroke / 2 + 12
    yield _text(x, above, cut(told, _NAME_COLUMNS), "move", anchor=anchor)
    yield _text(x, below, numbers(edge), "small", anchor=anchor)


def numbers(edge: Edge) -> str:
    """Deals, share of all that left, and the days before, of half of them: ``405 · 24.0 % · 19.0 d``."""
    parts = [f"{edge.deals:,}", figure_text(edge.share, Unit.SHARE)]
    return " · ".join(parts + ([span_text(edge.days)] if edge.days is not None else []))


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "start") -> str:
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{at}>{html(text)}</text>'
