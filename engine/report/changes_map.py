"""A version drawn with what was added, removed and changed in it (SVG, inside a page): by colour, sign and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.model.process import Process, Stage, Track
from engine.model.study import Edge, Flow, Node, Way
from engine.report.changes_marks import Mark, Marks
from engine.report.escape import html
from engine.report.flow_layout import CARD, Card, Course, Layout, Row, layout, name_lines
from engine.report.flow_paths import Line, drawn
from engine.report.pipeline import caption, described, lanes
from engine.report.widths import cut, wrap
from engine.report.widths import width as columns_of
from engine.report.wording import either

CLASSES = {Mark.SAME: "same", Mark.ADDED: "added", Mark.REMOVED: "removed", Mark.CHANGED: "changed"}

_MARGIN = 10.0
_FULL = 20
"""Of so many deals each action takes two: lines get a width that can be seen and is the same for all."""

_NAME_COLUMNS, _SMALL_COLUMNS, _SPINE_COLUMNS = 20, 25, 30
_LETTER = 7.5
"""So wide is a letter of an action's name in a wide font."""

_SEEN = 80
_JOINED = "\u00a0"
_WIDE = 8
"""An action from more stages than this is told in words: its lines would be all that one sees."""

_SPINE = CARD / 2 + 9
"""Where the labels of the moves down the middle begin."""

_LEADS = {Course.BACK: "back to ", Course.AGAIN: "again", Course.OVER: "on to ", Course.OUT: "to "}


@dataclass(frozen=True, slots=True)
class _Picture:
    """What is drawn of a track: where everything stands, which actions a line stands for, and the marks."""

    track: Track
    placed: Layout
    actions: Mapping[tuple[str, str], tuple[str, ...]]
    marks: Marks

    def stage(self, stage_id: str) -> Stage | None:
        return self.track.stage(stage_id)

    def mark_of(self, rows: Sequence[Row]) -> Mark:
        """The mark of a line: that of its actions where they share one, else changed where any has one."""
        marks = {self.marks.action(self.track.id, name) for row in rows for name in self.names(row)}
        return next(iter(marks)) if len(marks) == 1 else Mark.CHANGED if marks - {Mark.SAME} else Mark.SAME

    def names(self, row: Row) -> tuple[str, ...]:
        return self.actions.get((row.edge.from_stage, row.edge.to_stage), ())

    def told(self, row: Row) -> str:
        """The actions of a line, each with its sign."""
        return ", ".join(signed(name, self.marks.action(self.track.id, name)) for name in self.names(row))


def signed(text: str, mark: Mark) -> str:
    """The text with the sign of what happened to it."""
    return f"{mark.value} {text}" if mark is not Mark.SAME else text


def svg(process: Process, track: Track, marks: Marks, *, id: str) -> str:  # noqa: A002 - as HTML calls it
    """The picture of a track, told to screen readers by its title and a sentence; ``id`` is unique in the page."""
    flow, actions = _flow(track)
    picture = _Picture(track, layout(flow), actions, marks)
    lines = drawn(picture.placed)
    left, right = lines.left - _MARGIN, max(lines.right, _right_of_labels(picture)) + _MARGIN
    width, height = right - left, picture.placed.bottom + 2 * _MARGIN
    name = process.name + (f", {track.title or track.id}" if track.id != process.main.id else "")
    return "\n".join(
        [
            f'<svg class="map" viewBox="{left:.0f} 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img" aria-labelledby="{id}-title {id}-desc">',
            f'<title id="{id}-title">{html(cut(name, _SEEN))}</title>',
            f'<desc id="{id}-desc">{html(_described(picture))}</desc>',
            *(_line(line, picture) for line in lines.lines),
            *_cards(picture),
            *_labels(picture),
            "</svg>",
        ]
    )


def in_words(process: Process, track: Track) -> Iterator[tuple[str, str]]:
    """The actions that have no line of their own, and a sentence on each."""
    for note in next(lane.notes for lane in lanes(process) if lane.track.id == track.id):
        yield note.partition(":")[0], note
    known = {stage.id for stage in track.stages}
    for action in track.actions:
        targets = [target for target in action.targets if target in known]
        if len(action.sources) > _WIDE and targets:
            yield action.id, f"{action.id}: from {described(process, track, action.sources)} to {either(targets)}"


def _flow(track: Track) -> tuple[Flow, Mapping[tuple[str, str], tuple[str, ...]]]:
    """The track as a flow, and which actions lead from each stage to each other."""
    nodes = [Node(stage.id, stage.title or stage.id, stage.ends, _FULL, _FULL, 0) for stage in track.stages]
    known = {stage.id for stage in track.stages}
    found: dict[tuple[str, str], dict[str, None]] = {}
    for action in track.actions:
        if len(action.sources) <= _WIDE:
            for ends in ((source, target) for target in action.targets if target in known for source in action.sources):
                found.setdefault(ends, {})[action.id] = None
    edges = [Edge("", track.first.id, Way.START, 1, 2, 0.0)]
    edges += [Edge(source, target, Way.NEXT, 1, 2, 0.0) for source, target in found]
    return Flow(tuple(nodes), tuple(edges)), {ends: tuple(names) for ends, names in found.items()}


def _described(picture: _Picture) -> str:
    track = picture.track
    words = {Mark.ADDED: "added", Mark.REMOVED: "removed", Mark.CHANGED: "changed"}
    told = [(stage.id, picture.marks.stage(track.id, stage.id)) for stage in track.stages]
    stages = ", ".join(
        f"{cut(name, _SEEN)} ({words[mark]})" if mark in words else cut(name, _SEEN) for name, mark in told
    )
    return f"Stages in their order: {stages}. The list of changes below tells everything that is marked."


def _line(line: Line, picture: _Picture) -> str:
    kind = CLASSES[picture.mark_of(line.rows)]
    # A rim in the colour of the ground parts lines where they cross.
    rims = [
        f'<path class="rim" d="{stroke.path}" stroke-width="{stroke.width + 4:g}"/>'
        for stroke in line.strokes
        if stroke.width
    ]
    ways = [
        f'<path class="way" d="{stroke.path}" stroke-width="{stroke.width:g}"/>'
        if stroke.width
        else f'<path class="tip" d="{stroke.path}"/>'
        for stroke in line.strokes
    ]
    return f'<g class="{kind}">{"".join((*rims, *ways))}</g>'


def _cards(picture: _Picture) -> Iterator[str]:
    for card in (*picture.placed.stages, *picture.placed.ends):
        mark = picture.marks.stage(picture.track.id, card.node.stage)
        yield f'<g class="{CLASSES[mark]}{" end" if card.node.ends else ""}">'
        yield (
            f'<rect class="card" x="{card.x:g}" y="{card.y:g}" width="{card.width:g}" height="{card.height:g}" '
            f'rx="{22 if card.node.ends else 9}"/>'
        )
        yield from _inside(card, picture)
        yield from _badge(card, mark)
        yield "</g>"


def _inside(card: Card, picture: _Picture) -> Iterator[str]:
    stage, y = picture.stage(card.node.stage), card.y + 22
    yield f"<title>{html(cut(card.node.stage, _SEEN))}</title>"
    for line in name_lines(card.node, card.width):
        yield _text(card.x + 14, y, line, "name")
        y += 16
    ends = {"won": "won", "lost": "lost", "other": "another end"}
    below = ends.get(card.node.ends, "") if card.node.ends else caption(stage) if stage else ""
    yield _text(card.x + 14, y, cut(below, _SMALL_COLUMNS), "small")


def _badge(card: Card, mark: Mark) -> Iterator[str]:
    """The sign of what happened, in the lower corner of a stage, where no long name stands."""
    if mark is not Mark.SAME:
        x, y = card.x + card.width - 15, card.y + card.height - 14
        yield f'<circle class="badge" cx="{x:g}" cy="{y:g}" r="9"/>'
        yield _text(x, y + 4.5, mark.value, "sign", anchor="middle")


def _labels(picture: _Picture) -> Iterator[str]:
    for row in picture.placed.spine:
        if not row.edge.from_stage:
            yield _text(CARD / 2, 22, "deals start here", "small", anchor="middle")
            continue
        below = picture.placed.card(row.edge.to_stage)
        lines = _on_spine(row, picture)
        for i, line in enumerate(lines):
            y = below.y - 20 - 7 * (len(lines) - 1) + 14 * i
            yield from _tone(row, picture, _text(_SPINE, y, line, "move"))
    for card in picture.placed.stages:
        for row in (*card.left, *card.right):
            yield from _tone(row, picture, *_beside(row, picture))


def _beside(row: Row, picture: _Picture) -> Iterator[str]:
    edge, out = row.edge, row.course is Course.OUT
    x, anchor = (CARD + 12, "start") if out else (-28.0 if row.course is Course.AGAIN else -12.0, "end")
    name = _title(picture, edge.to_stage if row.course is not Course.IN else edge.from_stage)
    lead = "back from " if row.course is Course.IN else _LEADS[row.course]
    where = lead + ("" if row.course is Course.AGAIN else name)
    above, below = row.y - row.stroke / 2 - 4, row.y + row.stroke / 2 + 12
    told = picture.told(row)
    yield _text(x, above, cut(told, _NAME_COLUMNS), "move", anchor=anchor, whole=told)
    yield _text(x, below, cut(where, _SMALL_COLUMNS), "small", anchor=anchor)


def _title(picture: _Picture, stage_id: str) -> str:
    stage = picture.stage(stage_id)
    return stage.title or stage.id if stage else stage_id


def _on_spine(row: Row, picture: _Picture) -> list[str]:
    """The actions of a line down the middle, on at most two lines; a sign stays with its name."""
    told = ", ".join(name.replace(" ", _JOINED) for name in picture.told(row).split(", "))
    first, *others = (line.replace(_JOINED, " ") for line in wrap(told, _SPINE_COLUMNS))
    return [first, cut(" ".join(others), _SPINE_COLUMNS)] if others else [first]


def _right_of_labels(picture: _Picture) -> float:
    """How far the labels reach that stand beside no other line."""
    lines = [line for row in picture.placed.spine for line in _on_spine(row, picture)]
    return _SPINE + _LETTER * max(map(columns_of, lines), default=0)


def _tone(row: Row, picture: _Picture, *texts: str) -> Iterator[str]:
    yield f'<g class="{CLASSES[picture.mark_of([row])]}">{"".join(texts)}</g>'


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "start", whole: str = "") -> str:
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    more = f"<title>{html(cut(whole, 200))}</title>" if whole and whole != text else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{at}>{more}{html(text)}</text>'
