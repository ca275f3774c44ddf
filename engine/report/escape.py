"""Untrusted text made harmless for where it is printed: shown, never obeyed. Every text passes here last."""

from __future__ import annotations

import html as _html
import re

# Controls, line and paragraph separators, lone surrogates, all that is invisible or turns the reading direction,
# and two code points that are no characters. Arabic number signs are format characters too, but they can be seen.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    # A variation selector belongs behind a symbol (an emoji); behind a letter it only hides.
    "|(?<![\u203c-\u3299\U0001f000-\U0001faff])[\ufe00-\ufe0f]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?\Z", re.ASCII)
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_MARKDOWN_START = re.compile(r"(\s*)(?:([-+#=])(?!\d)|(\d+)([.)])(?=\s|\Z))")
_MERMAID_MARK = re.compile(r"(?![A-Za-z0-9 ,_/()]|(?<=\w)-(?=\w))[\x00-\x7f]")


def shown(text: str) -> str:
    """``text`` on one line, whatever would be obeyed or hidden written out: ``\\x1b``, ``\\n``, ``\\u202e``."""
    return _HIDDEN.sub(_written, text) if _HIDDEN.search(text) else text


def _written(found: re.Match[str]) -> str:
    character = found[0]
    point = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def csv_cell(text: str) -> str:
    """A cell that a spreadsheet takes as text, or as a number where it is one; never as a formula."""
    safe = shown(text)
    if text.startswith(_FORMULA) and not _NUMBER.match(text):
        return "'" + safe
    return safe


def markdown(text: str) -> str:
    """Text that Markdown prints as it is, anywhere in a line and in the cells of a table."""
    safe = _MARKDOWN.sub(lambda found: "\\" + found[0], shown(text))
    return _MARKDOWN_START.sub(_not_a_list, safe, count=1) if _MARKDOWN_START.match(safe) else safe


def _not_a_list(found: re.Match[str]) -> str:
    mark = "\\" + found[2] if found[2] else f"{found[3]}\\{found[4]}"
    return found[1] + mark


def html(text: str) -> str:
    """Text for an HTML or XML element, or for an attribute in double quotes."""
    return _html.escape(shown(text), quote=True)


def mermaid(text: str) -> str:
    """Text for a label between double quotes in a Mermaid diagram."""
    # Mermaid reads comments, directives and Markdown inside quotes too, so all punctuation goes by number.
    return _MERMAID_MARK.sub(lambda found: f"#{ord(found[0])};", shown(text))


def dot(text: str) -> str:
    """Text for a label between double quotes in a Graphviz graph."""
    # Graphviz reads HTML's character references in labels.
    return shown(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def json_string(text: str) -> str:
    """The characters of ``text`` inside a JSON string: the same text to who reads the JSON, harmless to a terminal."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return _HIDDEN.sub(_json_escape, quoted) if _HIDDEN.search(quoted) else quoted


def _json_escape(found: re.Match[str]) -> str:
    point = ord(found[0])
    if point < 0x10000:
        return _SHORT.get(found[0], f"\\u{point:04x}")
    point -= 0x10000
    return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
