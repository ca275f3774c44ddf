"""Definitions: the texts of a process version and of its rule sets, under canonical paths, with one digest."""

from __future__ import annotations

from collections.abc import Iterable

from engine.loading.document import Document
from engine.model.entry import Definition, definition_digest
from engine.model.process import Process

Files = tuple[tuple[str, str], ...]


def texts_of(process: Process, document: Document, rule_sets: Iterable[tuple[str, int, Document]]) -> Files:
    """Paths below a workspace and texts, the process first. The paths are those the files ought to have."""
    files = [(f"processes/{process.id}/{process.version}.yaml", document)]
    files += [(f"rules/{name}/{version}.yaml", one) for name, version, one in rule_sets]
    return tuple((path, one.source.text if one.source else "") for path, one in files)


def bundle(process: Process, files: Files) -> Definition:
    """The definition of a process with those texts."""
    return Definition(process.id, process.version, definition_digest(files), files)
