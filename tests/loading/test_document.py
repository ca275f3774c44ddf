from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loading.compose import VALUES_LIMIT
from engine.loading.document import parse_text
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.model.finding import Severity

_SIGNS = st.sampled_from(list("{}[]:,-#&*!|>%@`\"'\\\t\n ?~=<ab1.\u2028\x85\u00e4")) | st.sampled_from(
    ["a: ", "\n  ", "- ", "<<: ", "&x ", "*x", "---\n", "...\n", "!t ", '"b"', "{a: b, ", "]\n", ": |\n", "%YAML 1.1\n"]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(_SIGNS, max_size=40).map("".join))
def test_no_text_makes_reading_raise(text: str) -> None:
    document = parse_text(text, "f.yaml")
    assert document.root is not None or document.findings


def _told(text: str) -> list[str]:
    findings = parse_text(textwrap.dedent(text), "f").findings
    return [f"{one.at.line}:{one.at.column} {one.code} {one.message}" for one in findings]


def _plain(node: Node | None) -> object:
    if isinstance(node, Keyed):
        return {key.value: _plain(value) for key, value in node.pairs()}
    if isinstance(node, Items):
        return [_plain(one) for one in node.nodes]
    return node.value if isinstance(node, Scalar) else None


def test_values_and_keys_are_read_as_written() -> None:
    text = "{on: off, yes: no, 010: 0x1F, 12:30: 1_000, 0: 1e3, y: 2026-03-31, z: .inf, ~: null, n: 1.50}"
    document = parse_text(text, "f")
    assert document.findings == ()
    assert _plain(document.root) == {
        "on": "off",
        "yes": "no",
        "010": "0x1F",
        "12:30": "1_000",
        "0": "1e3",
        "y": "2026-03-31",
        "z": ".inf",
        "~": "null",
        "n": "1.50",
    }


def test_an_alias_stands_for_its_value_at_the_place_of_the_anchor() -> None:
    document = parse_text("a: &x {b: c}\nd: *x\n", "f")
    assert _plain(document.root) == {"a": {"b": "c"}, "d": {"b": "c"}}
    assert isinstance(document.root, Keyed)
    assert str(document.root.entries["d"][1].at) == "f:1:4"


BITES = {
    "a comma that belongs to a condition": (
        "a: {must: contains(note, x), says: s}",
        ["1:26 Y015 'x)' has no value: inside {…} a comma starts a new key"],
    ),
    "a list where ids need values": (
        "a: {b, c: d}",
        ["1:5 Y015 'b' has no value: inside {…} a comma starts a new key"],
    ),
    "an exclamation mark": (
        "a: !export_hold",
        ["1:4 Y011 an unquoted '!' starts a tag; '!export_hold' is none that is allowed here"],
    ),
    "an unknown tag on keys": (
        "a: !!python/object {b: c}",
        ["1:4 Y011 an unquoted '!' starts a tag; 'tag:yaml.org,2002:python/object' is none that is allowed here"],
    ),
    "a quote at the start": ('a: "won" == stage', ["1:10 Y016 text goes on after the closing quote"]),
    "a quote at the start inside braces": (
        "a: {b: 'won' == stage}",
        ["1:14 Y016 text goes on after the closing quote"],
    ),
    "a quote at the start of an item": ("- 'won' in x", ["1:9 Y016 text goes on after the closing quote"]),
    "a bracket inside braces": (
        'a: {when: x in ["b"]}',
        ["1:16 Y017 inside {…} or […] a '[' cannot stand within a text without quotes"],
    ),
    "a list closed by a brace": ("a: {b: [c, d}", ["1:13 Y017 the bracket '[' is not closed where '}' stands"]),
    "a second colon": ("a: b: c", ["1:5 Y018 a second ': ' on one line"]),
    "a key given twice": ("a: b\nc: d\na: e", ["3:1 Y007 the key 'a' is given twice; first on line 1"]),
    "a merge key": ("a: &x {b: c}\nd: {<<: *x}", ["2:5 Y012 the merge key '<<' is not allowed"]),
    "a tab": ("a:\n\tb: c", ["2:1 Y006 a tab stands where spaces must"]),
    "a tab after spaces": ("a:\n  b:\n  \tc: d", ["3:3 Y006 a tab stands where spaces must"]),
    "a second document": ("a: b\n---\nc: d", ["2:1 Y013 a second document starts here"]),
    "an alias to itself": ("a: &x [*x]", ["1:8 Y010 the alias '*x' leads to itself"]),
    "an alias to nothing": ("a: *x", ["1:4 Y010 no '&x' stands before it"]),
    "a key that is a list": ("? [a]\n: b", ["1:3 Y014 a key must be text"]),
    "a reserved sign": ("a: @b", ["1:4 Y020 a text cannot start with '@'"]),
    "a block sign with text": ("a: > 5", ["1:4 Y020 a text cannot start with '>'"]),
    "a quote never closed": ('a: "b\nc: d\n', ['1:4 Y021 the quote " is never closed']),
    "a bracket never closed": ("a: [b\nc: d\n", ["1:4 Y021 the bracket '[' is not closed before the next key"]),
    "a key out of line": ("a:\n    b: c\n  d: e", ["3:3 Y022 'd: e' is not indented like the keys around it"]),
    "a key below a text": ("a: b\n  c: d", ["2:1 Y022 this key is indented deeper than the text above allows"]),
    "a line without colon": ("a: b\nfoo\nc: d", ["2:1 Y005 this line has no ': '"]),
    "a first line without colon": ("foo\nc: d", ["1:1 Y005 this line has no ': '"]),
    "keys in a list": ("- a\nb: c", ["2:1 Y022 a list goes on with something that has no '-'"]),
    "a list on the line of its key": ("a: - b", ["1:4 Y022 a list cannot start here"]),
    "an unknown escape": ('a: "\\q"', ["1:5 Y005 a backslash starts no escape that YAML knows"]),
    "more after the end": ("{a: b}}", ["1:7 Y005 '{a: b}}' stands after the end"]),
    "nothing": ("", ["0:0 Y004 the file says nothing"]),
    "only a comment": ("# nothing\n", ["0:0 Y004 the file says nothing"]),
    "a sign that cuts a quote": ('a: b == "c # d"', ["1:12 Y019 the '#' starts a comment, which cuts this text short"]),
    "a sign that leaves nothing": ("a: #b", ["1:4 Y019 the '#' starts a comment, which cuts this text short"]),
    "a sign glued to a word": ("a: call customer #1", ["1:18 Y019 the '#' starts a comment: the text ends before it"]),
}


@pytest.mark.parametrize(("text", "expected"), BITES.values(), ids=BITES.keys())
def test_what_bites_in_yaml_is_told_once_at_its_place(text: str, expected: list[str]) -> None:
    assert _told(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: {b: [c, d}", "write ']' before '}'"),
        ("a: [c, d}", "write ']' instead of '}'"),
        ("a: {c: d]", "write '}' instead of ']'"),
    ],
)
def test_a_list_that_the_wrong_bracket_ends_is_mended_by_the_right_one(text: str, hint: str) -> None:
    assert [one.hint for one in parse_text(text, "f").findings] == [hint]


def test_a_hash_that_looks_like_part_of_the_text_only_warns() -> None:
    document = parse_text("a: call customer #1\nb: c # a comment\n", "f")
    assert [one.severity for one in document.findings] == [Severity.WARNING]
    assert _plain(document.root) == {"a": "call customer", "b": "c"}


def test_reading_goes_on_past_a_broken_line() -> None:
    text = """\
        a: "b" == c
        d: e: f
        g: {h: [i, "j" k]}
        l: m
        l: n
        """
    codes = [line.split()[1] for line in _told(text)]
    assert sorted(codes) == ["Y007", "Y016", "Y016", "Y018"]


def test_every_hint_says_what_to_do() -> None:
    hints = [one.hint for text, _ in BITES.values() for one in parse_text(text, "f").findings]
    assert len(hints) == len(BITES)
    assert all(hints)


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "? "])
def test_two_hundred_thousand_nested_brackets_are_refused(sign: str) -> None:
    document = parse_text(sign * 200_000, "f")
    assert [one.code for one in document.findings] in (["Y008"], ["Y005"])


def test_nesting_through_aliases_is_refused() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60))
    assert [one.split()[1] for one in _told(text)] == ["Y008"]


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "\n".join(lines)
    assert [one.split(" ", 2)[1:] for one in _told(text)] == [
        ["Y009", f"the file holds more than {VALUES_LIMIT:,} values, aliases written out"]
    ]


COMMAS = {
    "fact: {type: choice, of: Yes, No, Not known}": (
        "1:31 Y015 'No' and 'Not known' have no value: inside {…} a comma starts a new key",
        "write of: [Yes, No, Not known]",
    ),
    "a: {from: lead, discovery, to: won}": (
        "1:17 Y015 'discovery' has no value: inside {…} a comma starts a new key",
        "write from: [lead, discovery]",
    ),
    "a: {by: rep, 'the boss', x}": (
        "1:14 Y015 'the boss' and 'x' have no value: inside {…} a comma starts a new key",
        "write by: [rep, the boss, x]",
    ),
    "a: {group: north, south}": (
        "1:19 Y015 'south' has no value: inside {…} a comma starts a new key",
        "write group: [north, south], or put the whole value of 'group' in quotes if the comma belongs to it",
    ),
    "a: {says: Ask first, then go}": (
        "1:22 Y015 'then go' has no value: inside {…} a comma starts a new key",
        "write 'then go: …', or put the whole value of 'says' in quotes if the comma belongs to it",
    ),
    "a: {lead, won}": (
        "1:5 Y015 'lead' and 'won' have no value: inside {…} a comma starts a new key",
        "write [lead, won] for a list, or 'lead: …'",
    ),
}


@pytest.mark.parametrize(("text", "expected"), COMMAS.items(), ids=COMMAS.keys())
def test_a_list_without_brackets_is_told_once_with_its_brackets(text: str, expected: tuple[str, str]) -> None:
    findings = parse_text(text + "\n", "f").findings
    assert [(f"{one.at.line}:{one.at.column} {one.code} {one.message}", one.hint) for one in findings] == [expected]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("negotiate: from: quote", "write negotiate: {from: quote}, or put the whole text in single quotes"),
        ("a:\n  - b: c: d", "write b: {c: d}, or put the whole text in single quotes"),
        ("says: note: call", "put the whole text in single quotes; a single quote inside it is written twice"),
        ("x: Note: call", "put the whole text in single quotes; a single quote inside it is written twice"),
    ],
)
def test_keys_without_braces_on_one_line_are_told_with_braces(text: str, hint: str) -> None:
    assert [(one.code, one.hint) for one in parse_text(text + "\n", "f").findings] == [("Y018", hint)]


def test_no_break_spaces_are_told_once_and_read_as_spaces() -> None:
    document = parse_text("a:\n\u00a0 b: 1\n\u00a0 c:\u00a0d\n", "f")
    assert [(f"{one.at.line}:{one.at.column}", one.code, one.message) for one in document.findings] == [
        ("2:1", "Y023", "a no-break space (U+00A0) stands here, which only looks like a space; so it is in 2 lines")
    ]
    assert isinstance(document.root, Keyed)
    inner = document.root.get("a")
    assert isinstance(inner, Keyed)
    assert [(key.value, value.value) for key, value in inner.pairs() if isinstance(value, Scalar)] == [
        ("b", "1"),
        ("c", "d"),
    ]


@pytest.mark.parametrize(
    "text", ['a: "b\u00a0c"', "a: 'b\u00a0c'", "a: |\n  b\u00a0c\n", "a: b  # c\u00a0d", "# a\u00a0b\nc: d"]
)
def test_texts_in_quotes_and_comments_may_have_no_break_spaces(text: str) -> None:
    assert parse_text(text + "\n", "f").findings == ()


def test_a_text_in_quotes_keeps_its_no_break_space() -> None:
    root = parse_text("a: 'b\u00a0c'\n", "f").root
    assert isinstance(root, Keyed)
    value = root.get("a")
    assert isinstance(value, Scalar)
    assert value.value == "b\u00a0c"
