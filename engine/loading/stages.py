"""Stages of a track, in the order of the pipeline."""

from __future__ import annotations

from collections.abc import Mapping

from engine.loading import written
from engine.loading.nodes import Node, Scalar
from engine.loading.reading import Reading, TrackNames, assignments, expression
from engine.loading.requirements import asks, requirements
from engine.model.names import MAIN
from engine.model.process import Stage


def ends_of(node: Node | None) -> Mapping[str, str]:
    """The stages that are ends, with their kind as it is written."""
    ends = ((key.value, written.get(value, "ends")) for key, value in written.pairs(node))
    return {name: written.text(kind) for name, kind in ends if kind}


def stages(node: Node | None, track: TrackNames, reading: Reading) -> tuple[Stage, ...]:
    """The stages of a track; those whose id is at fault are left out."""
    return tuple(_stage(key, value, track, reading) for key, value in written.pairs(node) if key.value in track.known)


def _stage(key: Scalar, node: Node, track: TrackNames, reading: Reading) -> Stage:
    alert = written.get(node, "alert")
    where = key.value if track.id == MAIN else f"{track.id}/{key.value}"
    return Stage(
        id=key.value,
        title=written.text(written.get(node, "title")),
        ends=written.text(written.get(node, "ends")),
        probability=written.percent(written.get(node, "probability")),
        target=written.duration(written.get(node, "target")),
        alert=written.duration(written.get(alert, "after") or alert),
        unless=expression(written.get(alert, "unless"), reading, what="'unless' of the alert"),
        asks=asks(written.get(node, "asks"), reading),
        stamps=assignments(written.get(node, "stamps"), reading, what="stamps"),
        to_enter=requirements(written.get(node, "to_enter"), f"{where}/to_enter", reading),
        to_pass=requirements(written.get(node, "to_pass"), f"{where}/to_pass", reading),
        at=key.at,
    )
