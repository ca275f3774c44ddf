"""No-break spaces: they look like a space, and YAML takes them for letters. Texts in quotes may have them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import yaml

from engine.loading import codes
from engine.loading.source import Source
from engine.model.finding import Finding

NO_BREAK = "\u00a0"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)


def no_break_spaces(source: Source) -> tuple[str, tuple[Finding, ...]]:
    """The text, and nothing; or the text with plain spaces instead, and one finding for all of them."""
    if NO_BREAK not in source.text:
        return source.text, ()
    plain = source.text.replace(NO_BREAK, " ")
    found = [sign.start() for sign in re.finditer(NO_BREAK, source.text)]
    kept = _Spans((*_quoted(plain), *_comments(plain)))
    wrong = [index for index in found if index not in kept]
    if not wrong:
        return source.text, ()
    lines = len({source.place(index).line for index in wrong})
    message = "a no-break space (U+00A0) stands here, which only looks like a space"
    if lines > 1:
        message += f"; so it is in {lines} lines"
    hint = "write plain spaces; a text that is to have one stands in quotes"
    return plain, (Finding(codes.NO_BREAK_SPACE, source.place(wrong[0]), message, hint),)


class _Spans:
    """Stretches of a text: which offsets lie in one of them."""

    def __init__(self, spans: tuple[tuple[int, int], ...]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def __contains__(self, index: int) -> bool:
        at = bisect_right(self._starts, index) - 1
        return at >= 0 and index < self._spans[at][1]


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where texts in quotes and in blocks stand, as far as the text can be read."""
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        for event in events:
            is_kept = type(event) is yaml.ScalarEvent and bool(event.style)
            if is_kept:
                yield event.start_mark.index, event.end_mark.index
    except yaml.YAMLError:
        return


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Where comments stand; a ``#`` within quotes lies in what is kept anyway."""
    return ((found.start(), found.end()) for found in _COMMENT.finditer(text))
