"""Deals that came from another version have a past in its words: they are told in those of the one at hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.source import process_of
from engine.commands.versions_read import other_versions
from engine.model.called import Called
from engine.model.process import Process

if TYPE_CHECKING:
    from engine.history.write import Tables
    from engine.journal.store import SqlJournal


def in_words_of(process: Process, tables: Tables, others: Iterable[Process]) -> Tables:
    """The tables with stages, actions, facts and reasons of other versions as this one calls them."""
    from engine.history.called import called
    from engine.versions.called import called_in

    return called(tables, process.id, process.version, **called_in(process, others))


def called_by_texts(process: Process, journal: SqlJournal, where: Where, but: str) -> dict[str, Called]:
    """What the other texts of a process in the journal call otherwise, by digest; ``but`` is that of its own."""
    from engine.versions.called import called_by_digest

    read = process_of(journal)
    digests = [each.digest for each in journal.definitions() if each.process == process.id and each.digest != but]
    kept = {digest: read(digest) for digest in digests}
    between = other_versions(process, where, kept.values()) if kept else ()
    return called_by_digest(process, kept, between)
