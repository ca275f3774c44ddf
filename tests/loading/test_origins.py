from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loading.document import parse_text
from engine.loading.nodes import Keyed, Scalar
from engine.loading.origins import origin_of

Piece = tuple[str, str]
"""What stands in the file, and the character of the value that it writes (empty: none)."""

_WORDS = st.text(alphabet="abzäöü€=<>()0123456789.", min_size=1, max_size=8)
_LETTER = st.sampled_from("abz(=\u00e4\u20ac")
_ESCAPES = st.sampled_from(
    [('\\"', '"'), ("\\\\", "\\"), ("\\n", "\n"), ("\\t", "\t"), ("\\x41", "A"), ("\\u20ac", "€"), ("\\/", "/")]
)
_PLAIN_PIECES = _LETTER.map(lambda letter: (letter, letter))
_DOUBLE = st.lists(_PLAIN_PIECES | _ESCAPES | st.just(("\\\n    ", "")), max_size=30)
_SINGLE = st.lists(_PLAIN_PIECES | st.just(("''", "'")), min_size=1, max_size=30)


def _places(head: str, pieces: list[Piece], tail: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The file, and each character of the value with the line and column it is written at."""
    text, places = head, []
    for raw, character in pieces:
        if character:
            places.append((character, text.count("\n") + 1, len(text) - text.rfind("\n")))
        text += raw
    return text + tail, places


def _read(text: str) -> list[tuple[str, int, int]]:
    document = parse_text(text, "f")
    assert document.findings == ()
    assert isinstance(document.root, Keyed)
    scalar = document.root.entries["k"][1]
    assert isinstance(scalar, Scalar)
    origin = origin_of(scalar)
    places = [origin.at(offset) for offset in range(len(scalar.value))]
    return [(character, place.line, place.column) for character, place in zip(scalar.value, places, strict=True)]


@settings(max_examples=300)
@given(_DOUBLE)
def test_each_character_of_a_double_quoted_text_is_found_in_the_file(pieces: list[Piece]) -> None:
    text, places = _places('x: 1\nk: "', pieces, '"\ny: 2\n')
    assert _read(text) == places


@settings(max_examples=200)
@given(_SINGLE)
def test_each_character_of_a_single_quoted_text_is_found_in_the_file(pieces: list[Piece]) -> None:
    text, places = _places("k: '", pieces, "'\n")
    assert _read(text) == places


_GAPS = st.sampled_from([1, 1, 1, 2, 3])


def _folded(words: list[tuple[str, int]], indent: str) -> list[Piece]:
    """Words on lines of their own; the gap after each is so many line ends, read as a space or as fewer ends."""
    pieces: list[Piece] = []
    for number, (word, gap) in enumerate(words):
        pieces += [(letter, letter) for letter in word]
        if number < len(words) - 1:
            pieces += [("\n", " ")] if gap == 1 else [("\n", "\n" if end else "") for end in range(gap)]
            pieces.append((indent, ""))
    return pieces


def _without_gaps(places: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    return [place for place in places if place[0] not in " \n"]


@settings(max_examples=200)
@given(
    st.lists(st.tuples(_WORDS, _GAPS), min_size=1, max_size=6), st.sampled_from([("k: ", "  ", ""), ("k: '", " ", "'")])
)
def test_words_of_a_folded_flow_text_are_found_in_the_file(
    words: list[tuple[str, int]], style: tuple[str, str, str]
) -> None:
    head, indent, tail = style
    safe = [("a" + word, gap) for word, gap in words]
    text, places = _places(head, _folded(safe, indent), tail + "\n")
    read = _read(text)
    assert "".join(one[0] for one in read) == "".join(one[0] for one in places)
    assert _without_gaps(read) == _without_gaps(places)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(_WORDS, _GAPS), min_size=1, max_size=6), st.sampled_from([">\n", ">-\n", "> # why\n", ">+\n"])
)
def test_words_of_a_folded_block_are_found_in_the_file(words: list[tuple[str, int]], head: str) -> None:
    text, places = _places(f"k: {head}    ", _folded(words, "    "), "\ny: 2\n")
    assert _without_gaps(_read(text)) == _without_gaps(places)


@settings(max_examples=200)
@given(
    st.lists(st.text(alphabet="ab ä=", max_size=6).map(str.rstrip), min_size=1, max_size=6),
    st.sampled_from(["|", "|-", "|+", "|2", "|2-", "| # why"]),
)
def test_each_character_of_a_literal_block_is_found_in_the_file(lines: list[str], head: str) -> None:
    written = ["x" + lines[0], *lines[1:]]
    text = f"k: {head}\n" + "".join(f"  {line}\n" if line else "\n" for line in written) + "y: 2\n"
    in_file = text.split("\n")
    for character, line, column in _read(text):
        assert (in_file[line - 1] + "\n")[column - 1] == character


def test_deeper_lines_of_a_folded_block_keep_their_places() -> None:
    text = "k: >\n  a\n    b c\n  d\n\n  e\n"
    assert [one for one in _read(text) if one[0] in "abcde"] == [
        ("a", 2, 3),
        ("b", 3, 5),
        ("c", 3, 7),
        ("d", 4, 3),
        ("e", 6, 3),
    ]


def test_an_anchor_before_a_text_does_not_shift_it() -> None:
    assert _read("k: &x ab\n") == [("a", 1, 7), ("b", 1, 8)]
    assert _read("k: &x 'ab'\n") == [("a", 1, 8), ("b", 1, 9)]


def test_an_empty_text_stands_where_its_quotes_do() -> None:
    document = parse_text("k: ''\n", "f")
    assert isinstance(document.root, Keyed)
    scalar = document.root.entries["k"][1]
    assert isinstance(scalar, Scalar)
    assert str(origin_of(scalar).at(0)) == "f:1:4"
