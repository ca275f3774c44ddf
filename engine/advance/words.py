"""What the journal has of a deal's imports, in the words of the version that the map is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.advance.commit import holds_facts
from engine.advance.retell import LATE, Telling
from engine.model.entry import Entry, EntryKind
from engine.model.names import MAIN
from engine.model.syntax import Value

ENTERS = frozenset((EntryKind.STARTED, EntryKind.MOVED))
_STANDS = ENTERS | {EntryKind.RECORDED}


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of an import. ``stages`` are the names of the stage in which the deal stood then, its own among them.

    ``led`` are those to which the deal's own migrations brought it. ``is_other``: it was told in the words of another
    version, and may be one thing there and two here. ``is_merged``: the deal had stood in that stage already, as the
    map's version sees it. ``facts`` are as in ``Called``.
    """

    entry: Entry
    stages: frozenset[str]
    led: frozenset[str]
    reason: str
    is_other: bool = False
    is_merged: bool = False
    facts: Mapping[str, str] | None = None

    def is_kind(self, kind: EntryKind) -> bool:
        """Whether it may be the same thing: a start in one version can be a move in another."""
        return self.entry.kind is kind or (self.is_other and self.entry.kind in _STANDS and kind in _STANDS)

    def holds(self, facts: Mapping[str, Value]) -> bool:
        """Whether the entry recorded these facts, those left out that its version had not or read otherwise."""
        if self.facts is not None:
            facts = {self.facts[name]: value for name, value in facts.items() if name in self.facts}
        return holds_facts(self.entry, facts)


def known(telling: Telling, entries: Sequence[Entry]) -> list[Known]:
    """What imports by this map recorded before, without the facts that nobody could date."""
    found: list[Known] = []
    stages = led = frozenset[str]()
    is_other = False
    for place, entry in enumerate(entries):
        if not is_of(entry, telling) or entry.key.startswith(telling.prefix + LATE):
            continue
        called = telling.called.get(entry.digest)
        before = stages
        if entry.kind in ENTERS:
            since = _since(entry.to_stage, entries[place + 1 :])
            became = called.stages.get(entry.to_stage, ()) if called else ()
            stages, led = frozenset((*since, *became)), frozenset(since)
            is_other = called is not None or len(since) > 1
        reason = called.reasons.get(entry.reason, entry.reason) if called else entry.reason
        is_merged = is_other and entry.kind in _STANDS and bool(before & stages)
        found.append(Known(entry, stages, led, reason, is_other, is_merged, called.facts if called else None))
    return found


def is_of(entry: Entry, telling: Telling) -> bool:
    """Whether an import by this map recorded the entry."""
    return entry.key.startswith(telling.prefix)


def went_on(telling: Telling, entries: Sequence[Entry]) -> bool:
    """Whether something else happened since the last import by this map; to come to another version is nothing."""
    return not is_of(next(entry for entry in reversed(entries) if entry.kind is not EntryKind.MIGRATED), telling)


def next_number(telling: Telling, before: Sequence[Known]) -> int:
    """The number of what happened next. An entry that is told no more, for two stages became one, keeps its own."""
    return int(before[-1].entry.key.removeprefix(telling.prefix).partition(":")[0]) + 1


def late_facts(telling: Telling, entry: Entry) -> Mapping[str, Value]:
    """The facts of an entry under the names that the map's version has for them."""
    called = telling.called.get(entry.digest)
    if called is None:
        return entry.facts
    return {new: entry.facts[old] for new, old in called.facts.items() if old in entry.facts}


def _since(stage: str, later: Sequence[Entry]) -> tuple[str, ...]:
    """A stage, and what the deal's migrations called it since."""
    names = [stage]
    for entry in later:
        if entry.kind is EntryKind.MIGRATED and entry.track == MAIN:
            now = names[-1]
            names.append(entry.to_stage if now == entry.from_stage else entry.renamed.get(f"stages/{now}", now))
    return tuple(dict.fromkeys(names))
