"""A small reader of protobuf's text format: messages become dicts of lists, scalars Python values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(
    r"""(?:\s|\#[^\n]*\n)*(?:(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"|(?P<word>[A-Za-z_][\w.]*|\[[\w./]+\])|(?P<number>-?[0-9.][\w.+-]*|-inf)|(?P<sign>[{}\[\]<>:,;])|(?P<end>\Z))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))", re.DOTALL)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

Message = dict[str, list[Any]]


def parse(text: str) -> Message:
    """The message that the text writes: each field's values in order."""
    tokens = list(_tokens(text))
    message, at = _message(tokens, 0)
    assert tokens[at][0] == "end", tokens[at]
    return message


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None, text[at : at + 60]
        kind = match.lastgroup or "end"
        yield kind, match[kind]
        if kind == "end":
            return
        at = match.end()


def _message(tokens: list[tuple[str, str]], at: int) -> tuple[Message, int]:
    fields: Message = {}
    while tokens[at][0] in ("word", "number"):
        name = tokens[at][1]
        at += 1
        if tokens[at] == ("sign", ":"):
            at += 1
        value, at = _value(tokens, at)
        fields.setdefault(name, []).append(value)
        if tokens[at][1] in (",", ";"):
            at += 1
    return fields, at


def _value(tokens: list[tuple[str, str]], at: int) -> tuple[Any, int]:
    kind, text = tokens[at]
    if kind == "text":
        parts = []
        while tokens[at][0] == "text":
            parts.append(_unescaped(tokens[at][1][1:-1]))
            at += 1
        return "".join(parts), at
    if (kind, text) == ("sign", "{"):
        message, at = _message(tokens, at + 1)
        assert tokens[at][1] == "}", tokens[at - 3 : at + 3]
        return message, at + 1
    assert kind in ("word", "number"), tokens[at - 3 : at + 3]
    return {"true": True, "false": False}.get(text, text), at + 1


def _unescaped(text: str) -> str:
    # Hexadecimal and octal escapes write bytes, of which several may make one character; bytes that make none stay.
    raw = bytearray()
    end = 0
    for match in _ESCAPE.finditer(text):
        raw += text[end : match.start()].encode() + _bytes(match)
        end = match.end()
    return (raw + text[end:].encode()).decode("utf-8", errors="backslashreplace")


def _bytes(match: re.Match[str]) -> bytes:
    if match[1] or match[4]:
        return bytes([int(match[1] or match[4], 16 if match[1] else 8)])
    if match[2] or match[3]:
        return chr(int(match[2] or match[3], 16)).encode("utf-8", errors="surrogatepass")
    return _PLAIN.get(match[5], match[5]).encode()
