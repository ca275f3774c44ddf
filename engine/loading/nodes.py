"""Located nodes: what YAML says, each with its place, every scalar as the text that was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.loading.source import Source
from engine.model.place import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. ``style`` is empty (plain) or one of ``' " | >``; ``start`` and ``end`` are offsets in the source.

    ``spoiled``: a finding was given on it already, so nobody is to judge what it says.
    """

    source: Source
    start: int
    end: int
    value: str
    style: str = ""
    spoiled: bool = False

    @property
    def at(self) -> Place:
        """Where it begins."""
        return self.source.place(self.start)

    @property
    def empty(self) -> bool:
        """Whether nothing was written at all (``key:`` and no more)."""
        return not self.value and not self.style


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    source: Source
    start: int
    end: int
    nodes: tuple[Node, ...]
    spoiled: bool = False

    @property
    def at(self) -> Place:
        """Where it begins."""
        return self.source.place(self.start)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys and their values, in the order written. ``flow``: written in braces."""

    source: Source
    start: int
    end: int
    entries: Mapping[str, tuple[Scalar, Node]]
    flow: bool = False
    spoiled: bool = False

    @property
    def at(self) -> Place:
        """Where it begins."""
        return self.source.place(self.start)

    def get(self, key: str) -> Node | None:
        """The value of a key; ``None`` where there is none, or nothing was written."""
        found = self.entries.get(key)
        if found is None or (isinstance(found[1], Scalar) and found[1].empty):
            return None
        return found[1]

    def at_key(self, key: str) -> Place:
        """Where a key stands; the start of all where there is no such key."""
        found = self.entries.get(key)
        return found[0].at if found else self.at

    def pairs(self) -> Iterator[tuple[Scalar, Node]]:
        """Keys with their values."""
        yield from self.entries.values()


Node = Scalar | Items | Keyed
