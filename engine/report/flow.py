"""The flow of deals in words: its moves as a section, and which of them are too rare for a picture."""

from __future__ import annotations

from engine.model.study import Edge, Flow, Heading, Node, Section, Study, Unit, Way

RARE = 0.01
"""A way that fewer of the deals went is left out of the picture."""

WAYS = {
    Way.START: "start",
    Way.NEXT: "next stage",
    Way.SKIP: "over stages",
    Way.RETURN: "back",
    Way.AGAIN: "again",
    Way.WON: "won",
    Way.LOST: "lost",
    Way.OTHER: "other end",
    Way.REOPEN: "re-opened",
}

SHOWN = 15
_HEADINGS = (
    Heading("from_stage", "From"),
    Heading("to_stage", "To"),
    Heading("way", "Way"),
    Heading("moves", "Moves", Unit.COUNT),
    Heading("deals", "Deals", Unit.COUNT),
    Heading("share", "Of all that left", Unit.SHARE),
    Heading("days", "Half within", Unit.DAYS),
)


def sections_of(study: Study) -> tuple[Section, ...]:
    """The sections of a study, and where it has a flow the moves as the last of them."""
    if study.flow is None:
        return study.sections
    return (*study.sections, moves(study.flow))


def moves(flow: Flow) -> Section:
    """Every way that deals went, in the order of the pipeline."""
    names = titles(flow)
    place = {node.stage: i for i, node in enumerate(flow.nodes)}
    last = len(place)
    ordered = sorted(flow.edges, key=lambda e: (place.get(e.from_stage, -1), place.get(e.to_stage, last)))
    return Section(
        "moves_between_stages",
        "Every move between stages",
        _HEADINGS,
        tuple(
            (
                names.get(edge.from_stage, edge.from_stage) or "(start)",
                names.get(edge.to_stage, edge.to_stage),
                WAYS[edge.way],
                edge.moves,
                edge.deals,
                edge.share,
                edge.days,
            )
            for edge in ordered
        ),
        empty="no deal moved",
        shown=SHOWN,
    )


def titles(flow: Flow) -> dict[str, str]:
    """What each stage is called."""
    return {node.stage: node.title or node.stage for node in flow.nodes}


def all_deals(flow: Flow) -> int:
    """How many deals there are: as many as started, or where no start is told as the fullest stage has seen."""
    started = sum(edge.deals for edge in flow.edges if edge.way is Way.START)
    return max([started, *(node.deals for node in flow.nodes)], default=0)


def common(flow: Flow) -> tuple[tuple[Edge, ...], int]:
    """The ways that are not rare, and how many are."""
    known = {node.stage for node in flow.nodes}
    least = RARE * all_deals(flow)
    found = tuple(
        edge
        for edge in flow.edges
        if edge.deals >= least and edge.to_stage in known and (edge.from_stage in known or not edge.from_stage)
    )
    return found, len(flow.edges) - len(found)


def is_end(node: Node) -> bool:
    """Whether deals end here."""
    return bool(node.ends)
