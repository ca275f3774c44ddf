"""A file or a text to a document of located nodes, read on past lines that break the YAML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.loading import codes
from engine.loading.bites import Bite, bite
from engine.loading.blanks import no_break_spaces
from engine.loading.compose import Composer, StopReading
from engine.loading.nodes import Node
from engine.loading.source import Source, decode, read_text
from engine.model.finding import Finding
from engine.model.place import Place

_MENDS, _MENDS_LARGE, _LARGE = 20, 2, 300_000
"""How many broken lines are set aside before reading ends; the file is read again for each, so fewer in a large one."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. ``root`` is ``None`` where it could not be read or says nothing."""

    source: Source | None
    root: Node | None
    findings: tuple[Finding, ...]


def read_document(path: Path, *, shown: str = "") -> Document:
    """The document in a file. Raises ``UnreadableFile`` where there is nothing to read."""
    source, findings = read_text(path, shown=shown)
    return parse(source) if source else Document(None, None, findings)


def parse_text(text: str, file: str) -> Document:
    """The document in a text; ``file`` is what findings call it."""
    source, findings = decode(text.encode("utf-8", "surrogatepass"), file)
    return parse(source) if source else Document(None, None, findings)


def parse(source: Source) -> Document:
    """The document of a source. Never raises on any text.

    A line whose value breaks the YAML is told, its value set aside, and the rest read all the same.
    """
    text, blanks = no_break_spaces(source)
    told = [*blanks]
    spoiled = set[int]()
    for _ in range(_MENDS if len(text) < _LARGE else _MENDS_LARGE):
        composer = Composer(source, frozenset(spoiled))
        try:
            root = composer.compose(text)
        except yaml.MarkedYAMLError as error:
            found = bite(text, error)
            told.append(Finding(found.code, source.place(found.index), found.message, found.hint))
            mended = _set_aside(text, found)
            if mended is None or found.span is None or found.span[0] in spoiled:
                return Document(source, None, (*composer.findings, *told))
            text = mended
            spoiled.add(found.span[0])
            continue
        except StopReading:
            root = None
        except yaml.YAMLError as error:
            return Document(source, None, (Finding(codes.SYNTAX, Place(source.file), f"this is not YAML: {error}"),))
        return Document(source, root, (*composer.findings, *told))
    return Document(source, None, tuple(told))


def _set_aside(text: str, found: Bite) -> str | None:
    """The text with the broken value replaced by one of the same length, so that every place stays."""
    if found.span is None:
        return None
    start, end = found.span
    return text[:start] + "x".ljust(end - start) + text[end:]


__all__ = ["Document", "parse", "parse_text", "read_document", "read_text"]
