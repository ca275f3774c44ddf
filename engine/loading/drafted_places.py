"""Where things stand in the text of a file that a draft goes into: ends of entries, of lines, and what is beside."""

from __future__ import annotations

from engine.loading.nodes import Keyed, Node, Scalar


def end_of(text: str, value: Node, key: Scalar) -> int:
    """Where an entry ends, without the blank lines and comments that a block takes along."""
    if isinstance(value, Keyed) and not value.flow and value.entries:
        last_key, last = list(value.entries.values())[-1]
        return end_of(text, last, last_key)
    return max(value.start + len(text[value.start : value.end].rstrip()), key.end)


def end_with_comments(text: str, key: Scalar, value: Node) -> int:
    """Where an entry ends, with the comments below it that are further in than its key."""
    end, column = line_end(text, end_of(text, value, key)), column_of(text, key)
    while end < len(text):
        line = text[end + 1 : line_end(text, end + 1)]
        if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= column:
            break
        end += 1 + len(line)
    return end


def column_of(text: str, key: Scalar) -> int:
    """The column of a key."""
    return key.start - (text.rfind("\n", 0, key.start) + 1)


def line_end(text: str, index: int) -> int:
    """Where the line ends that a place is in."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def beside(key: Scalar, value: Node) -> int:
    """Where the comment beside an entry may begin."""
    text = key.source.text
    on_one_line = "\n" not in text[key.end : value.end].rstrip() and value.end > key.end
    if on_one_line and not (isinstance(value, Keyed) and not value.flow):
        return value.start + len(text[value.start : value.end].rstrip())
    colon = text.find(":", key.end)
    return colon + 1
