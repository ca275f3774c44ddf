"""A process drawn: Mermaid, Graphviz, SVG and PNG, the pipeline from left to right."""

from __future__ import annotations

from itertools import pairwise

from engine.model.process import Process, Stage
from engine.report import drawing, escape
from engine.report.pipeline import Edge, Lane, Way, caption, lanes

_FILLS = {"": "#eef3fb", "won": "#d7f0dc", "lost": "#f8dcd9", "other": "#ececec"}
_LINES = {"": "#44618f", "won": "#2e7d43", "lost": "#b3403a", "other": "#8a8a8a"}
_GREY = "#8a8a8a"
_INK = "#2b3442"
_EDGES = {
    Way.FORWARD: f'color="{_LINES[""]}" penwidth=1.4',
    Way.BACK: f'color="{_GREY}" fontcolor="#666666" style=dashed constraint=false',
    Way.END: f'color="{_GREY}" fontcolor="#666666"',
}


def mermaid(process: Process) -> str:
    """A flowchart that GitHub and GitLab draw in Markdown."""
    lines = ["flowchart LR"]
    for index, lane in enumerate(lanes(process)):
        body = [*_mermaid_nodes(lane), *_mermaid_edges(lane), *_mermaid_notes(lane, index)]
        if index:
            body = [f'subgraph t{index}["{escape.mermaid(lane.track.title or lane.track.id)}"]', *body, "end"]
        lines += [f"  {line}" for line in body]
    lines += [
        f"  classDef {name or 'open'} fill:{fill},stroke:{_LINES[name]},color:{_INK}" for name, fill in _FILLS.items()
    ]
    lines.append(f"  classDef note fill:none,stroke:{_GREY},stroke-dasharray:4 3,color:#666666")
    return "\n".join(lines) + "\n"


def _mermaid_nodes(lane: Lane) -> list[str]:
    lines = []
    for stage in lane.track.stages:
        more = caption(stage)
        label = escape.mermaid(stage.id) + (f"<br/>{escape.mermaid(more)}" if more else "")
        shape = f'(["{label}"])' if stage.ends else f'["{label}"]'
        lines.append(f"{lane.keys[stage.id]}{shape}:::{stage.ends or 'open'}")
    return lines + [f'{fan.key}("{escape.mermaid(fan.says)}"):::note' for fan in lane.fans]


def _mermaid_edges(lane: Lane) -> list[str]:
    return [
        f'{edge.source} {"-.->" if edge.way is Way.BACK else "-->"}|"{_names(edge)}"| {edge.target}'
        for edge in lane.edges
    ]


def _names(edge: Edge) -> str:
    return "<br/>".join(escape.mermaid(action) for action in edge.actions)


def _mermaid_notes(lane: Lane, index: int) -> list[str]:
    label = "<br/>".join(escape.mermaid(note) for note in lane.notes)
    return [f't{index}n["{label}"]:::note'] if lane.notes else []


def dot(process: Process) -> str:
    """A Graphviz graph: tracks as clusters, what leads back dashed and without a say in the layout."""
    title = process.name + (f"  {process.title}" if process.title else "")
    lines = [
        "digraph process {",
        '  graph [rankdir=LR nodesep=0.35 ranksep=0.55 pad=0.3 fontname="Helvetica" fontsize=15 '
        f'fontcolor="{_INK}" labelloc=t labeljust=l label="{escape.dot(title)}\\l" bgcolor=white]',
        '  node [shape=box style="rounded,filled" fontname="Helvetica" fontsize=12 margin="0.16,0.09" '
        f'fontcolor="{_INK}" penwidth=1.2]',
        f'  edge [fontname="Helvetica" fontsize=10 fontcolor="{_INK}" arrowsize=0.7]',
    ]
    # Left to right, Graphviz stacks from the bottom up: what comes last stands on top.
    for index, lane in reversed(list(enumerate(lanes(process)))):
        lines += [f"  {line}" for line in _dot_lane(lane, index)]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_lane(lane: Lane, index: int) -> list[str]:
    """A frame with the track's name (the main one has none), and below its stages what is told in words."""
    label = escape.dot(lane.track.title or lane.track.id)
    frame = f'label="{label}\\l" fontsize=12 color="{_GREY}" style=rounded' if index else 'label="" peripheries=0'
    told = "".join(escape.dot(note) + "\\l" for note in lane.notes)
    notes = f'label="{told}" labelloc=b fontsize=10 fontcolor="#666666" peripheries=0'
    inner = [*_dot_nodes(lane), *_dot_spine(lane), *_dot_edges(lane)]
    return [
        f"subgraph cluster_t{index} {{",
        f"  graph [{frame}]",
        f"  subgraph cluster_t{index}n {{",
        f"    graph [{notes}]",
        *(f"    {line}" for line in inner),
        "  }",
        "}",
    ]


def _dot_nodes(lane: Lane) -> list[str]:
    # Ends first: what is named first is drawn lower, and the pipeline stands on top.
    stages = sorted(lane.track.stages, key=lambda stage: stage.ends in ("", "won"))
    lines = [f"{lane.keys[stage.id]} [{_dot_stage(lane, stage)}]" for stage in stages]
    fan = f'shape=box style="rounded,dashed" color="{_GREY}" fontcolor="#666666" fontsize=10'
    return [f'{f.key} [label="{escape.dot(f.says)}" {fan}]' for f in lane.fans] + lines


def _dot_stage(lane: Lane, stage: Stage) -> str:
    more = caption(stage)
    label = escape.dot(stage.id) + (f"\\n{escape.dot(more)}" if more else "")
    # One group: Graphviz keeps the pipeline in a straight line.
    spine = f" group={lane.keys[lane.track.first.id]}" if stage.ends in ("", "won") else ""
    return f'label="{label}" fillcolor="{_FILLS[stage.ends]}" color="{_LINES[stage.ends]}"{spine}'


def _dot_spine(lane: Lane) -> list[str]:
    """Invisible edges that hold the order of the pipeline where no action leads from a stage to the next."""
    spine = [lane.keys[stage.id] for stage in lane.track.stages if stage.ends in ("", "won")]
    drawn = {(edge.source, edge.target) for edge in lane.edges if edge.way is Way.FORWARD}
    pairs = [pair for pair in pairwise(spine) if pair not in drawn]
    return [f"{source} -> {target} [style=invis weight=20]" for source, target in pairs]


def _dot_edges(lane: Lane) -> list[str]:
    order = list(lane.keys.values())
    lines = []
    for edge in lane.edges:
        label = "\\n".join(escape.dot(action) for action in edge.actions)
        next_on = edge.source in order and order.index(edge.target) == order.index(edge.source) + 1
        weight = " weight=20" if edge.way is Way.FORWARD and next_on else ""
        lines.append(f'{edge.source} -> {edge.target} [label="{label}" {_EDGES[edge.way]}{weight}]')
    return lines


def svg(process: Process) -> str:
    """The picture as SVG. Raises ``MissingExtra`` where the drawing program is not installed."""
    return drawing.draw(dot(process), "svg").decode("utf-8")


def png(process: Process) -> bytes:
    """The picture as PNG. Raises ``MissingExtra`` where the drawing program is not installed."""
    return drawing.draw(dot(process), "png")
