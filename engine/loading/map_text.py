"""A map to YAML that loads as the same map, with a comment beside each line that has something to say for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.model.map import Column, Known, Map, Shape
from engine.model.proposal import Proposal

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*(?: [A-Za-z0-9_/-]+)*\Z")
_NOT_TEXT = frozenset("true false null yes no on off y n".split())
_WIDTH = 46

CHECK = "check this"


def map_text(proposal: Proposal) -> str:
    """The proposal as a map file. A line that is not sure says ``# check this``."""
    lines = ["# A map: which column is what. Written from the file; correct what is wrong."]
    lines += [f"# {_one_line(said)}" for said in proposal.says]
    for line, path in _lines(proposal.map):
        lines.append(_commented(line, path, proposal))
    return "\n".join(lines) + "\n"


def _commented(line: str, path: str, proposal: Proposal) -> str:
    why = _one_line(proposal.because.get(path, ""))
    if path in proposal.unsure:
        why = f"{CHECK}: {why}"
    return f"{line:<{_WIDTH}}  # {why}" if why else line


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _lines(map_: Map) -> Iterator[tuple[str, str]]:
    yield f"map: {map_.id}", "map"
    if map_.title:
        yield f"title: {quoted(map_.title)}", "title"
    if map_.process:
        yield f"process: {map_.process}", "process"
    yield from _file(map_)
    yield f"shape: {map_.shape.value}", "shape"
    for key in (
        "deal",
        "property",
        "value",
        "before",
        "stage",
        "created",
        "outcome",
        "happened",
        "owner",
        "actor",
        "note",
    ):
        text = getattr(map_, key)
        if text:
            yield f"{key}: {quoted(text)}", key
    if map_.truncated_at:
        yield f"truncated_at: {map_.truncated_at}", "truncated_at"
    if map_.reason:
        yield f"reason: {_column(map_.reason, map_.shape)}", "reason"
    for key, texts in (
        ("stages", map_.stages),
        ("ends", map_.ends),
        ("touchpoints", map_.touchpoints),
        ("entered", map_.entered),
    ):
        yield from _block(key, {name: quoted(text) for name, text in texts.items()})
    yield from _block("where", {name: _listed(texts) for name, texts in map_.where.items()})
    yield from _block("facts", {fact: _column(column, map_.shape) for fact, column in map_.facts.items()})
    for key, names in (("leave_out", map_.leave_out), ("ignore", map_.ignore)):
        if names:
            yield f"{key}: {_listed(names)}", key


def _file(map_: Map) -> Iterator[tuple[str, str]]:
    said = {
        "encoding": map_.encoding if map_.encoding != "utf-8" else "",
        "delimiter": quoted(map_.delimiter) if map_.delimiter != "," else "",
        "decimal": quoted(map_.decimal) if map_.decimal != "." else "",
        "thousands": quoted(map_.thousands) if map_.thousands else "",
        "dates": _listed(map_.dates) if map_.dates else "",
        "time_zone": map_.time_zone,
        "sheet": quoted(map_.sheet) if map_.sheet else "",
        "of": quoted(map_.of) if map_.of else "",
    }
    yield from ((line, path) for line, path in _block("file", {key: text for key, text in said.items() if text}))


def _block(key: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not texts:
        return
    yield f"{key}:", key
    for name, text in texts.items():
        yield f"  {quoted(name)}: {text}", f"{key}/{name}"


def _column(column: Column, shape: Shape) -> str:
    parts = [f"column: {quoted(column.column)}"]
    if column.known is not Known.MOVE and shape is not Shape.CHANGES:
        parts.append(f"known: {column.known.value}")
    if column.type:
        parts.append(f"type: {column.type}")
    if column.values:
        inside = ", ".join(f"{quoted(name)}: {quoted(text)}" for name, text in column.values.items())
        parts.append(f"values: {{{inside}}}")
    return quoted(column.column) if len(parts) == 1 else "{" + ", ".join(parts) + "}"


def _listed(texts: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def quoted(text: str) -> str:
    """A text as YAML reads it back: as it is where nothing in it could be taken for something else."""
    if _PLAIN.match(text) and text.lower() not in _NOT_TEXT:
        return text
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in written) + '"'
