"""The map of a pipeline: where everything stands, held to laws for any flow."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.study import Edge, Estimate, Flow, Node, Way
from engine.report.flow import all_deals, common, moves
from engine.report.flow_layout import Course, layout
from engine.report.flow_svg import numbers, svg
from engine.report.widths import width
from tests.report.studies import FLOW, SMALL, long_flow

_ENDS = (("won", "won"), ("lost", "lost"), ("gone", "other"))


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Pipelines of a few stages between which deals go in any way at all."""
    names = [
        f"{i} {draw(st.sampled_from(['stage', 'a stage with a long name', '漢字']))}"
        for i in range(draw(st.integers(1, 6)))
    ]
    ends = _ENDS[: draw(st.integers(0, 3))]
    counts = st.integers(1, 3000)
    stay = st.none() | st.floats(0.001, 500).map(lambda days: Estimate(days, days / 2, days * 2))
    nodes = [Node(name, "", "", draw(counts), 1, draw(st.integers(0, 50)), draw(stay)) for name in names]
    nodes += [Node(stage, "", kind, draw(counts), 1, 0) for stage, kind in ends]
    every = [node.stage for node in nodes]
    pairs = draw(st.sets(st.tuples(st.sampled_from(["", *every]), st.sampled_from(every)), max_size=14))
    days = st.none() | st.floats(0.0, 900)
    edges = [Edge(a, b, Way.NEXT, 1, draw(counts), draw(st.floats(0, 1)), draw(days)) for a, b in sorted(pairs)]
    return Flow(tuple(nodes), tuple(edges))


@dataclass(frozen=True)
class Box:
    """What a text covers, reckoned with letters of middling width."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


SIZES = {"name": 14, "strong": 13, "move": 12, "small": 11.5}


def box(text: ET.Element) -> Box:
    words, size = text.text or "", SIZES[text.attrib["class"].split()[-1]]
    x, y, wide = float(text.attrib["x"]), float(text.attrib["y"]), width(words) * size * 0.54
    left = {"end": x - wide, "middle": x - wide / 2}.get(text.attrib.get("text-anchor", ""), x)
    return Box(words, left, left + wide, y - size * 0.8, y + size * 0.15)


@settings(max_examples=150, deadline=None)
@given(flows())
def test_no_label_meets_another_in_any_flow(flow: Flow) -> None:
    boxes = [box(text) for text in ET.fromstring(svg(flow, title="t", id="p")).iter("text")]

    assert [(a.text, b.text) for a, b in combinations(boxes, 2) if a.meets(b)] == []


@settings(max_examples=150, deadline=None)
@given(flows())
def test_each_way_is_drawn_once_or_counted_as_left_out(flow: Flow) -> None:
    placed = layout(flow)
    rows = [row for card in placed.stages for row in (*card.left, *card.right)]

    assert len(rows) + len(placed.spine) + placed.untold == len(flow.edges)
    assert len({(row.edge.from_stage, row.edge.to_stage) for row in (*rows, *placed.spine)}) == len(rows) + len(
        placed.spine
    )


@settings(max_examples=150, deadline=None)
@given(flows())
def test_nothing_is_outside_the_frame_in_any_flow(flow: Flow) -> None:
    picture = ET.fromstring(svg(flow, title="t", id="p"))
    left, top, wide, high = (float(each) for each in picture.attrib["viewBox"].split())
    starts = [re.match(r"M(\S+) (\S+?)[a-zA-Z]", path.attrib["d"]) for path in picture.iter("path")]
    points = [(float(found[1]), float(found[2])) for found in starts if found]

    assert len(points) == len(starts)
    assert [at for at in points if not (left <= at[0] <= left + wide and top <= at[1] <= top + high)] == []


def test_stages_stand_in_their_order_and_moves_on_their_sides() -> None:
    placed = layout(FLOW)
    heights = [card.y for card in placed.stages]
    left = {row.course for card in placed.stages for row in card.left}
    right = {row.course for card in placed.stages for row in card.right}

    assert heights == sorted(heights)
    assert left == {Course.OVER, Course.BACK, Course.AGAIN, Course.IN}
    assert right == {Course.OUT}
    assert [row.edge.to_stage for row in placed.spine] == [*[node.stage for node in FLOW.nodes[:5]], "won"]


def test_a_line_is_as_wide_as_its_share_of_the_deals() -> None:
    widths = {row.edge.to_stage: row.stroke for row in layout(SMALL).spine}

    assert widths == {"new": 20.0, "offer": 14.0, "won": 8.0}


def test_a_way_of_one_percent_is_drawn_and_one_below_it_is_not() -> None:
    nodes = (Node("a", "", "", 1000, 1000, 0), Node("b", "", "", 10, 10, 0), Node("c", "", "", 9, 9, 0))
    edges = (Edge("a", "b", Way.NEXT, 10, 10, 0.5), Edge("a", "c", Way.SKIP, 9, 9, 0.5))

    assert common(Flow(nodes, edges)) == (edges[:1], 1)
    assert all_deals(Flow(nodes, edges)) == 1000


def test_the_table_of_moves_is_in_the_order_of_the_pipeline() -> None:
    section = moves(FLOW)

    assert len(section.rows) == len(FLOW.edges)
    assert [row[0] for row in section.rows[:3]] == ["(start)", "(start)", "Prospect"]
    assert section.rows[-1][:3] == ("Lost", "Qualified", "re-opened")


@pytest.mark.parametrize(
    ("edge", "text"),
    [
        (Edge("a", "b", Way.NEXT, 500, 405, 0.24, 19.0), "405 · 24.0 % · 19.0 d"),
        (Edge("a", "b", Way.NEXT, 1, 1, 0.0001, 0.01), "1 · < 0.1 % · 14.4 min"),
        (Edge("", "b", Way.START, 7, 7, 1.0), "7 · 100.0 %"),
    ],
)
def test_a_way_is_labelled_with_deals_share_and_time(edge: Edge, text: str) -> None:
    assert numbers(edge) == text


def test_a_pipeline_of_very_many_stages_is_drawn() -> None:
    assert svg(long_flow(120), title="t", id="p").count('class="card"') == 122
