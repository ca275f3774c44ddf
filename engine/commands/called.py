"""Deals that came from another version have a past in its words: they are told in those of the one at hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.model.process import Process

if TYPE_CHECKING:
    from engine.history.write import Tables


def in_words_of(process: Process, tables: Tables, others: Iterable[Process]) -> Tables:
    """The tables with stages, actions, facts and reasons of other versions as this one calls them."""
    from engine.history.called import called
    from engine.versions.called import called_in

    return called(tables, process.id, **called_in(process, others))
