"""Hostile text in every field of every output."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.report.hostile import HOSTILE, obeyed
from tests.report.outputs import outputs


def test_no_output_holds_what_a_terminal_would_obey() -> None:
    assert {name: obeyed(text) for name, text in outputs(HOSTILE).items() if obeyed(text)} == {}


def test_hostile_text_adds_no_line_to_lists_of_one_line_a_thing() -> None:
    plain, hostile = outputs(""), outputs(HOSTILE)
    one_line_each = [
        "findings github",
        "table csv",
        "deals csv",
        "doctor csv",
        "table markdown",
        "study csv",
        "study markdown",
        "changes csv",
        "changes github",
        "mermaid",
        "dot",
    ]

    assert [hostile[name].count("\n") for name in one_line_each] == [plain[name].count("\n") for name in one_line_each]


def test_json_documents_hold_hostile_text_unchanged() -> None:
    text = HOSTILE.replace("\ud800", "")
    told = json.loads(outputs(text)["story json won"])

    assert told["rows"][1]["note"] == "Their head of IT asked for it, and wants to start before the summer" + text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), max_size=12))
def test_no_text_at_all_is_obeyed(text: str) -> None:
    assert {name for name, told in outputs(text).items() if obeyed(told)} == set()
