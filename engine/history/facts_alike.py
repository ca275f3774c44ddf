"""Columns of a proposed map to the facts of a process: those called the same, and those nearly so, to check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.history.seen import words_of
from engine.model.map import Column, Known, Map, Shape
from engine.model.process import Process

_SAYS_NOTHING = frozenset({"id", "name", "date", "deal", "the", "of", "is", "type"})


def facts_alike(map_: Map, process: Process) -> tuple[Mapping[str, Column], Mapping[str, str]]:
    """The facts to read, and for each of them that is to be checked why.

    A column that the proposal ignores may be one that the process asks for.
    """
    free = [name for name, fact in process.facts.items() if fact.table is None]
    facts = {fact: replace(each, type="") for fact, each in map_.facts.items() if fact in free}
    ignored = () if map_.shape is Shape.CHANGES else map_.ignore
    known = Known.UNKNOWN if map_.shape is Shape.DEALS else Known.MOVE
    others = [each for fact, each in map_.facts.items() if fact not in facts]
    others += [Column(column, known=known) for column in ignored]
    doubts: dict[str, str] = {}
    for each in others:
        fact = next((name for name in free if name not in facts and _alike(each.column, name)), None)
        if fact is not None:
            facts[fact] = replace(each, type="")
            same = words_of(each.column) == words_of(fact)
            doubts[f"facts/{fact}"] = f"'{each.column}' is called {'so' if same else 'nearly so'}"
    return facts, doubts


def _alike(column: str, fact: str) -> bool:
    """Whether the one name has all the words of the other that say something."""
    one, other = (set(words_of(name).split()) - _SAYS_NOTHING for name in (column, fact))
    return bool(one and other) and (one <= other or other <= one)
