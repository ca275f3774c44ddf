from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report import escape
from tests.report.hostile import HOSTILE, obeyed

ANY = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, ünïcode 漢字 🎉", "plain, ünïcode 漢字 🎉"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("evil\u202etxt", "evil\\u202etxt"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\x9b31m", "\\x9b31m"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("won\ufe0f", "won\\ufe0f"),
        ("❤\ufe0f", "❤\ufe0f"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, expected: str) -> None:
    assert escape.shown(text) == expected


def test_of_all_characters_none_is_obeyed() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))

    assert obeyed(escape.shown(everything)) == set()
    assert "\n" not in escape.shown(everything)


def test_letters_of_all_scripts_are_left_alone() -> None:
    letters = [chr(point) for point in range(sys.maxunicode + 1)]
    hidden = {c for c in letters if unicodedata.category(c)[0] in "LNPS" and escape.shown(c) != c}

    # Letters by name that are blanks to the eye.
    assert hidden == set("\u115f\u1160\u3164\uffa0")


@given(ANY)
def test_shown_text_stays_as_it_is_when_shown_again(text: str) -> None:
    assert escape.shown(escape.shown(text)) == escape.shown(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\t=1"),
        ("\r=1", "'\\r=1"),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        ("-12.50", "-12.50"),
        ("+5", "+5"),
        ("-15%", "-15%"),
        ("-", "'-"),
        ("", ""),
        ("a=1", "a=1"),
    ],
)
def test_a_cell_is_never_a_formula_and_a_number_stays_one(text: str, expected: str) -> None:
    assert escape.csv_cell(text) == expected


@given(ANY)
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = escape.csv_cell(text)

    assert not cell.startswith(("=", "@", "\t", "\r", "\n"))
    assert obeyed(cell) == set()


@given(ANY)
def test_json_text_is_harmless_and_reads_back_equal(text: str) -> None:
    quoted = f'"{escape.json_string(text)}"'

    assert obeyed(quoted) == set()
    assert "\n" not in quoted
    # Two lone surrogates side by side read back as the one character that they spell.
    assert json.loads(quoted).encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("budget_confirmed", "budget_confirmed"),
        ("_em_ *b* `c`", "\\_em\\_ \\*b\\* \\`c\\`"),
        ("a|b <b> & [x](y)", "a\\|b \\<b\\> \\& \\[x\\](y)"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("# head", "\\# head"),
        ("-5", "-5"),
        ("9000.50", "9000.50"),
    ],
)
def test_markdown_prints_text_as_it_is(text: str, expected: str) -> None:
    assert escape.markdown(text) == expected


def test_html_cannot_leave_its_element_or_attribute() -> None:
    assert escape.html('<b a="1">&\x1b') == "&lt;b a=&quot;1&quot;&gt;&amp;\\x1b"


def test_a_mermaid_label_holds_no_mark_of_mermaid() -> None:
    assert escape.mermaid('a"b #1; %%{x} `y` <z> 1. w-v -u') == (
        "a#34;b #35;1#59; #37;#37;#123;x#125; #96;y#96; #60;z#62; 1#46; w-v #45;u"
    )


@given(ANY)
def test_a_mermaid_label_stays_within_its_quotes(text: str) -> None:
    label = escape.mermaid(text)

    assert not set('"`<>{}%:|&\\\n').intersection(label)


def test_a_dot_label_stays_within_its_quotes() -> None:
    assert escape.dot('a"b\\N&lt;\n') == 'a\\"b\\\\N&amp;lt;\\\\n'


def test_hostile_text_is_harmless_in_every_form() -> None:
    forms = (
        escape.shown,
        escape.csv_cell,
        escape.markdown,
        escape.html,
        escape.mermaid,
        escape.dot,
        escape.json_string,
    )

    assert [obeyed(form(HOSTILE)) for form in forms] == [set()] * len(forms)
