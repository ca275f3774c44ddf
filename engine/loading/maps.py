"""Maps: how the columns of an export become deals and moves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.loading import written
from engine.loading.agree import agree_map
from engine.loading.document import Document, read_document
from engine.loading.kinds import is_other
from engine.loading.loaded import Enough, Findings, Loaded
from engine.loading.map_file import written_as
from engine.loading.map_keys import check_keys
from engine.loading.map_names import check_names
from engine.loading.nodes import Keyed, Node
from engine.loading.schema import schema
from engine.loading.shape import check_shape
from engine.model.map import Column, Known, Map, Shape
from engine.model.process import Process


def load_map(path: Path, *, process: Process | None = None) -> Loaded[Map]:
    """The map in a file. What it names is checked where the ``process`` it leads to is given.

    Raises ``UnreadableFile`` where there is nothing to read.
    """
    return read_map(read_document(path), path, process=process)


def read_map(document: Document, path: Path, *, process: Process | None = None) -> Loaded[Map]:
    """The map in a document that was read from ``path``."""
    found = Findings()
    partial = None
    try:
        found.add(document.findings)
        if document.root and not is_other(document.root, "map", found):
            agree_map(path, document.root, found)
            check_shape(document.root, schema("map"), found)
            partial = _map(document.root, found)
            if process:
                check_names(document.root, process, found)
    except Enough:
        partial = None
    told = found.told([document.source] if document.source else [])
    return Loaded(None if found.any_error else partial, told, partial)


def _map(root: Node, found: Findings) -> Map | None:
    text = {key: written.raw(written.get(root, key)) for key in ("map", "deal", "stage", "shape")}
    if not all(text.values()) or text["shape"] not in [shape.value for shape in Shape] or not isinstance(root, Keyed):
        return None
    shape = Shape(text["shape"])
    check_keys(root, shape, found)
    file = written_as(written.get(root, "file"), found)
    return Map(
        id=text["map"],
        process=written.raw(root.get("process")),
        shape=shape,
        deal=text["deal"],
        stage=text["stage"],
        stages=_texts(root.get("stages")),
        title=written.text(root.get("title")),
        encoding=file.encoding,
        delimiter=file.delimiter,
        decimal=file.decimal,
        thousands=file.thousands,
        dates=file.dates,
        time_zone=file.time_zone,
        sheet=file.sheet,
        of=file.of,
        currency=written.raw(root.get("currency")),
        ends=_texts(root.get("ends")),
        touchpoints=_texts(root.get("touchpoints")),
        leave_out=tuple(one.value for one in written.scalars(root.get("leave_out"))),
        where={key.value: written.texts(value) for key, value in written.pairs(root.get("where"))},
        property=written.raw(root.get("property")) or None,
        value=written.raw(root.get("value")) or None,
        before=written.raw(root.get("before")) or None,
        created=written.raw(root.get("created")) or None,
        outcome=written.raw(root.get("outcome")) or None,
        truncated_at=written.number(root.get("truncated_at")) or 0,
        entered=_texts(root.get("entered")),
        happened=written.raw(root.get("happened")) or None,
        owner=written.raw(root.get("owner")) or None,
        actor=written.raw(root.get("actor")) or None,
        reason=_column(root.get("reason")),
        note=written.raw(root.get("note")) or None,
        facts=_facts(root.get("facts")),
        ignore=tuple(one.value for one in written.scalars(root.get("ignore"))),
        at=root.at,
    )


def _texts(node: Node | None) -> Mapping[str, str]:
    return {key.value: written.raw(value) for key, value in written.pairs(node) if written.raw(value)}


def _facts(node: Node | None) -> Mapping[str, Column]:
    columns = ((key.value, _column(value)) for key, value in written.named(node, words=True))
    return {name: column for name, column in columns if column}


def _column(node: Node | None) -> Column | None:
    """A column by its name alone, or with how it is read."""
    name = written.raw(node) or written.raw(written.get(node, "column"))
    if node is None or not name:
        return None
    known = written.text(written.get(node, "known"))
    is_known = known in [one.value for one in Known]
    return Column(
        name,
        _texts(written.get(node, "values")),
        Known(known) if is_known else Known.MOVE,
        written.text(written.get(node, "type")),
        node.at,
    )
