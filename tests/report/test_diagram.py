from __future__ import annotations

import importlib.metadata
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from typing import NoReturn

import pytest

from engine.model.errors import MissingExtra, StagewrightError
from engine.model.process import Action, Stage, Start, Track, Transfer
from engine.report import diagram, drawing, pipeline
from engine.report.pipeline import Way
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled
from tests.report.samples import PROCESS

OPEN = tuple(f"s{number}" for number in range(12))
HAIRY = replace(
    PROCESS,
    groups={},
    tracks=(),
    main=Track(
        "main",
        (*(Stage(stage) for stage in OPEN), Stage("won", ends="won"), Stage("lost", ends="lost")),
        (
            *(Action(f"on{i}", (OPEN[i],), (OPEN[i + 1],)) for i in range(11)),
            Action("win", (OPEN[-1],), ("won",)),
            Action("skip", OPEN, ("later",)),
            Action("back", OPEN, ("earlier", "previous")),
            Action("lose", OPEN, ("lost",)),
            Action("restart", (*OPEN, "won", "lost"), ("s0",)),
            Action("park", OPEN[1:], ("s1",)),
            Action("drop", OPEN[:4], ("lost",)),
            Action("hand-on", (OPEN[-1],), (), transfer=Transfer("renewals", "onboarding"), starts=(Start("service"),)),
        ),
    ),
)


def test_mermaid_draws_the_process() -> None:
    golden("inside-sales.mmd", diagram.mermaid(PROCESS))


def test_dot_draws_the_process() -> None:
    golden("inside-sales.dot", diagram.dot(PROCESS))


def test_svg_is_drawn_with_every_stage_and_action() -> None:
    root = ET.fromstring(diagram.svg(PROCESS))
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}

    assert {stage.id for track in PROCESS.all_tracks() for stage in track.stages} <= words
    assert {"qualify", "lose", "reopen", "approve-contract", "every open stage"} <= words


def test_the_pipeline_runs_from_left_to_right_on_one_line() -> None:
    places = _places(diagram.svg(PROCESS))
    pipeline_stages = ["prospect", "qualified", "demo", "proposal", "negotiation", "won"]

    across = [places[stage][0] for stage in pipeline_stages]
    assert across == sorted(across)
    assert max(places[s][1] for s in pipeline_stages) - min(places[s][1] for s in pipeline_stages) < 20
    assert places["lost"][1] > places["won"][1]
    assert places["in-review"][1] > places["lost"][1]


def _places(svg: str) -> dict[str, tuple[float, float]]:
    texts = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return {text.text or "": (float(text.get("x", 0)), float(text.get("y", 0))) for text in texts}


def test_png_is_a_picture() -> None:
    picture = diagram.png(PROCESS)

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(picture[16:20], "big") > 1500


def test_a_process_with_many_moves_is_no_hairball() -> None:
    lane = pipeline.lanes(HAIRY)[0]

    assert [(fan.says, fan.key) for fan in lane.fans] == [
        ("every open stage", "t0f0"),
        ("every stage", "t0f1"),
        ("every open stage but s0", "t0f2"),
        ("s0, s1, s2 or s3", "t0f3"),
    ]
    assert len(lane.edges) == 11 + 1 + 4
    assert lane.notes == (
        "skip: from every open stage to a later stage",
        "back: from every open stage to an earlier stage or the stage before",
        "hand-on: goes on in renewals, at onboarding",
        "hand-on: starts a deal in service",
    )


def test_edges_know_where_they_lead() -> None:
    ways = {edge.actions[0]: edge.way for edge in pipeline.lanes(PROCESS)[0].edges}

    assert (ways["qualify"], ways["sign"], ways["lose"], ways["reopen"]) == (
        Way.FORWARD,
        Way.FORWARD,
        Way.END,
        Way.BACK,
    )


def test_actions_between_the_same_stages_share_an_edge() -> None:
    twice = replace(PROCESS.main, actions=(*PROCESS.main.actions, Action("demo-again", ("qualified",), ("demo",))))
    edges = pipeline.lanes(replace(PROCESS, main=twice))[0].edges

    assert [edge.actions for edge in edges if "demo-again" in edge.actions] == [("hold-demo", "demo-again")]


def test_a_move_to_any_later_stage_is_drawn_as_the_next_step() -> None:
    stages = (Stage("a"), Stage("b"), Stage("c"), Stage("won", ends="won"))
    track = Track("main", stages, (Action("progress", ("a", "b", "c"), ("later",)),))
    lane = pipeline.lanes(replace(PROCESS, groups={}, tracks=(), main=track))[0]

    assert [(edge.source, edge.target) for edge in lane.edges] == [("t0s0", "t0s1"), ("t0s1", "t0s2")]
    assert lane.notes == ("progress: from every open stage to a later stage",)


def test_stages_without_a_move_between_them_keep_their_order() -> None:
    apart = replace(PROCESS, tracks=(), main=Track("main", (Stage("a"), Stage("b")), ()))

    assert "t0s0 -> t0s1 [style=invis weight=20]" in diagram.dot(apart)


def test_hostile_names_stay_within_their_labels() -> None:
    hostile = spoiled(PROCESS, HOSTILE)
    shape = [line.split("[")[0].split("-")[0].strip() for line in diagram.dot(hostile).split("\n")]

    assert shape == [line.split("[")[0].split("-")[0].strip() for line in diagram.dot(PROCESS).split("\n")]
    assert ET.fromstring(diagram.svg(hostile)).tag.endswith("svg")


def test_without_the_wheel_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)

    with pytest.raises(MissingExtra, match=r"pip install 'stagewright\[charts\]'"):
        diagram.svg(PROCESS)


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(StagewrightError, match="the process could not be drawn"):
        drawing.draw("this is no graph {", "svg")


def test_drawing_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object, **__: object) -> NoReturn:
        raise subprocess.TimeoutExpired("graphviz-pure", 60)

    monkeypatch.setattr(subprocess, "run", endless)

    with pytest.raises(StagewrightError, match="took more than 60 seconds to draw") as caught:
        diagram.png(PROCESS)
    assert caught.value.hint == "print it with --format mermaid instead"
