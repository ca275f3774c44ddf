from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from engine.loading.document import parse_text, read_document
from engine.loading.loaded import Findings
from engine.loading.nodes import Node
from engine.loading.schema import KINDS, schema
from engine.loading.schema_parts import DURATION_FORM, SHARE_FORM
from engine.loading.shape import check_shape
from engine.model.errors import BadValue, UnknownName
from engine.model.syntax import PERCENT
from engine.model.values import parse_duration, parse_value
from tests.loading.as_json import as_json
from tests.loading.conftest import CASES


def _told(kind: str, root: Node) -> list[str]:
    found = Findings()
    check_shape(root, schema(kind), found)
    return [f"{one.at.line}:{one.at.column} {one.code} {one.message} | {one.hint}" for one in found.told()]


def _schemas_in(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "type" in node and not isinstance(node["type"], dict) and node.keys() != {"type", "required"}:
            yield node
        for value in node.values():
            yield from _schemas_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _schemas_in(value)


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_draft_7_with_every_key_described_and_no_one_of(kind: str) -> None:
    Draft7Validator.check_schema(schema(kind))
    undescribed = [one for one in _schemas_in(schema(kind)) if not one.get("description")]
    assert undescribed == []
    assert "oneOf" not in str(schema(kind))


def test_an_unknown_kind_of_schema_is_an_error() -> None:
    with pytest.raises(UnknownName) as caught:
        schema("proces")
    assert caught.value.hint == "did you mean 'process'?"


FILES = {
    "process": "workspace/processes/everything/3.yaml",
    "ruleset": "workspace/rules/common/1.yaml",
    "map": "map.yaml",
    "people": "people.yaml",
    "releases": "releases.yaml",
    "scenario": "scenario.yaml",
}


@pytest.mark.parametrize(("kind", "path"), FILES.items(), ids=FILES.keys())
def test_a_file_with_every_key_fits_its_schema(kind: str, path: str) -> None:
    root = read_document(CASES / path).root
    assert root is not None
    assert _told(kind, root) == []
    assert [error.message for error in Draft7Validator(schema(kind)).iter_errors(as_json(root))] == []


_WORDS = st.sampled_from(
    "x open 5% 3d true false 1 0 010 won yes [a] {} [] ~ EUR first money choice x/y '' '5' \"x\"".split()
)


def _with_one_change(text: str, line: int, word: str, how: int) -> str:
    lines = text.split("\n")
    at = line % len(lines)
    if how == 0:
        del lines[at]
    elif how == 1:
        head, colon, _ = lines[at].partition(": ")
        lines[at] = head + colon + word
    elif how == 2:
        lines[at] = lines[at].replace("e: ", "f: ", 1)
    else:
        lines[at] = re.sub(r": [^,{}\[\]]+(?=[,}])", f": {word}", lines[at], count=1)
    return "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 200), _WORDS, st.integers(0, 3))
def test_our_walk_finds_fault_where_jsonschema_does(kind: str, line: int, word: str, how: int) -> None:
    text = (CASES / FILES[kind]).read_text(encoding="utf-8")
    document = parse_text(_with_one_change(text, line, word, how), "f")
    if document.root is None or document.findings:
        return
    judged = Draft7Validator(schema(kind)).is_valid(as_json(document.root))
    ours = _told(kind, document.root)
    # A number in quotes is a text to an editor; to us it is the number that was meant.
    assert judged == (ours == []) or (ours == [] and word == "'5'")


@given(st.from_regex(r"[0-9]{1,8}(min|h|d|w|m|y| d)?%?", fullmatch=True))
def test_the_forms_of_durations_and_percents_are_those_of_the_values(text: str) -> None:
    assert bool(re.match(DURATION_FORM.replace("$", r"\Z"), text)) == _reads(parse_duration, text)
    share = _reads(lambda one: parse_value(one, PERCENT), text) and parse_value(text, PERCENT) <= 1
    assert bool(re.match(SHARE_FORM.replace("$", r"\Z"), text)) == share


def _reads(reader: Any, text: str) -> bool:
    try:
        reader(text)
    except BadValue:
        return False
    return True


SHAPES = {
    "probability: 5": "'5' is not a percent from 0% to 100% | write 5%",
    "target: 3": "'3' is not a duration | write 3d",
    "target: three days": "'three days' is not a duration | write it like 30d",
    "ends: one": "'one' is not one of: won, lost, other | did you mean 'won'?",
    "asks: {a: b}": "'asks' must be a text or a list, not keys with values | write asks: [{a: b}]",
    "title:": "'title' has no value | What people call it.",
    "title: '  '": "'title' says nothing | What people call it.",
    "probabilty: 5%": "unknown key 'probabilty' in stage 'a' | did you mean 'probability'?",
    "to_enter: [{says: x}]": "an entry of 'to_enter' has neither 'must' nor 'should' | write one of them",
    "to_enter: [{must: a}]": "an entry of 'to_enter' has no 'says' | "
    "The requirement in a sentence, as the seller reads it.",
    "to_enter: [{must: a, should: b, says: c}]": "'must' and 'should' do not go together in an entry of 'to_enter' | "
    "keep one of them",
    "asks: [{a: b, c: d}]": None,
}


@pytest.mark.parametrize(("line", "expected"), SHAPES.items(), ids=SHAPES.keys())
def test_what_a_stage_cannot_hold_is_told_in_words(line: str, expected: str | None) -> None:
    root = parse_text(f"process: p\nversion: 1\nstages:\n  a:\n    {line}\n", "f").root
    assert root is not None
    assert [one.split(" ", 2)[2] for one in _told("process", root)] == ([expected] if expected else [])


TOPS = {
    "currency: eur": ["1:11 S005 'eur' is not a currency | write EUR"],
    "version: '2'": [],
    "version: 010": ["1:10 S003 'version' must be a whole number, not '010' | write version: 10"],
    "version: 0": ["1:10 S005 '0' is not from 1 to 999999 | versions are counted from 1"],
    "metrics: {m: {type: dwell, stage: a, within: 3d}}": [
        "1:38 S009 'within' does not go with type dwell | known: type, title, where, stage, stats"
    ],
    "metrics: {m: {type: sum}}": [
        "1:11 S002 metric 'm' has no 'of' | "
        "What is summed, which deals are counted, or the formula of a derived metric."
    ],
    "facts: {f: {type: choice}}": ["1:9 S002 fact 'f' has no 'of' | The choices, where the type is choice."],
    "facts: {f: {type: text, of: [a]}}": ["1:25 S009 'of' does not belong in fact 'f' | leave it out"],
    "facts: {F-g: {type: text}}": [
        "1:9 S007 'F-g' cannot be the id of a fact | use lower case letters, digits and '_', not starting with a digit"
    ],
    "actions: {a: {from: x, to: y, auto: true}}": [
        "1:11 S002 action 'a' has no 'when' | The action applies only if this is true."
    ],
    "examples: {e: {moves: [{a: {}, b: {}}]}}": [
        "1:32 S009 an entry of 'moves' has more than one key; 'b' is too many | write each as an entry of its own"
    ],
    "stages: {}": ["1:1 S006 'stages' is empty | The stages in the order of the pipeline; a deal starts in the first."],
    "currency: euro": ["1:11 S005 'euro' is not a currency | write it like EUR"],
}


@pytest.mark.parametrize(("line", "expected"), TOPS.items(), ids=TOPS.keys())
def test_what_a_process_cannot_hold_is_told_in_words(line: str, expected: list[str]) -> None:
    rest = [f"{key}: {value}" for key, value in (("process", "p"), ("version", "1"), ("stages", "{a: {}}"))]
    root = parse_text("\n".join([line, *(one for one in rest if one.split(":")[0] != line.split(":")[0])]), "f").root
    assert root is not None
    assert _told("process", root) == expected


def test_a_list_where_a_process_should_be_is_one_finding() -> None:
    root = parse_text("- a\n- b\n", "f").root
    assert root is not None
    assert _told("process", root) == [
        "1:1 S003 a process file must be keys with values, not a list | One way to sell, in one version."
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_schema_proposes_fits_it(kind: str) -> None:
    whole = schema(kind)
    judged = 0
    for one in _schemas_in(whole):
        for example in one.get("examples", ()):
            root = parse_text(example, "f").root
            assert root is not None
            found = Findings()
            check_shape(root, {"title": "thing", **one, "definitions": whole.get("definitions", {})}, found)
            assert [(example, finding.message) for finding in found.told()] == []
            judged += 1
    assert judged > 2


HOW = {
    "facts: {amount: money}": "write amount: {type: money}",
    "facts: {amount: lots}": "write amount: {type: money}",
    "facts: [amount, seats]": "write facts: {amount: {type: money}, seats: {type: money}}",
    "facts: {grade: {type: choice, of: 'Yes, No, Not known'}}": "write of: [Yes, No, Not known]",
    "stages: lead": "write stages: {lead: {}, won: {ends: won}}",
    "stages: [lead, won]": "write stages: {lead: {}, won: {}}",
    "stages: {won: won}": "write won: {ends: won}",
    "stages: {lead: {asks: {amount: probability > 5%}}}": "write asks: [{amount: probability > 5%}]",
    "stages: {lead: {to_pass: {must: amount > 0, says: Ask}}}": "write to_pass: [{must: amount > 0, says: Ask}]",
    "stages:\n  lead:\n    to_pass:\n      must: amount > 0\n      says: Ask": "make it a list: write '- must: …'",
    "stages: {lead: {stamps: today}}": "write stamps: {amount: 5000}",
    "roles: {rep: manager}": "write rep: [manager]",
    "roles: [rep, manager]": "write roles: {rep: [], manager: []}",
    "override: manager": "write override: {by: manager}",
    "touchpoints: call, visit": "write touchpoints: [call, visit]",
    "actions: {sign: won}": "write sign: {from: lead, to: won}",
    "actions: {sign: {from: a, to: a, by: {rep: x}}}": "write by: rep",
    "actions: {sign: {from: a, to: a, approval: manager}}": "write approval: {by: manager}",
    "actions: {lose: {from: a, to: a, reasons: [price]}}": "write reasons: {price: Too expensive}",
    "clocks: {quiet: 30d}": "write quiet: {in: open, idle: 30d}",
    "metrics: {rate: ratio}": "write rate: {type: ratio}",
    "version: v2": "write version: 2",
    "title: [a]": "What people call it.",
}


@pytest.mark.parametrize(("line", "hint"), HOW.items(), ids=HOW.keys())
def test_a_value_of_another_shape_is_told_with_how_it_is_written(line: str, hint: str) -> None:
    rest = [f"{key}: {value}" for key, value in (("process", "p"), ("version", "1"), ("stages", "{a: {}}"))]
    root = parse_text("\n".join([line, *(one for one in rest if one.split(":")[0] != line.split(":")[0])]), "f").root
    assert root is not None
    found = Findings()
    check_shape(root, schema("process"), found)
    assert [(one.code, one.hint) for one in found.told()] == [("S003", hint)]


SHARES = {
    "0.5": "write 50%",
    ".125": "write 12.5%",
    "12,5%": "write 12.5%",
    "50 %": "write 50%",
    "150%": "write it like 15%",
    "-5%": "write it like 15%",
}


@pytest.mark.parametrize(("value", "hint"), SHARES.items(), ids=SHARES.keys())
def test_how_likely_a_win_is_lies_from_none_to_all(value: str, hint: str) -> None:
    root = parse_text(f"process: p\nversion: 1\nstages: {{a: {{probability: '{value}'}}}}\n", "f").root
    assert root is not None
    assert [one.split(" ", 2)[2] for one in _told("process", root)] == [
        f"'{value}' is not a percent from 0% to 100% | {hint}"
    ]


def test_a_far_word_is_not_proposed_where_all_are_listed() -> None:
    text = "map: m\nprocess: p\nshape: deals\ndeal: A\nstage: B\nstages: {C: d}\nfacts: {a: {column: A, known: KNOWN}}"
    hints = []
    for word in ("now", "starts", "Close"):
        root = parse_text(text.replace("KNOWN", word), "f").root
        assert root is not None
        hints += [line.split(" | ")[1] for line in _told("map", root)]
    assert hints == ["When it was known.", "did you mean 'start'?", "did you mean 'close'?"]
