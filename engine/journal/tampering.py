"""What was done to the entries of a deal that no longer make a chain: changed, removed, put in another order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.journal.chain import FIRST, entry_hash
from engine.journal.codec import envelope_of, envelope_text
from engine.journal.decoding import entry_of
from engine.journal.session import Row
from engine.journal.store import DIGEST, ENVELOPE_END, HASH
from engine.model.entry import Entry
from engine.model.errors import StagewrightError

ReadMoment = Callable[[Any], datetime | None]

_NEAR = 30
"""How far away in its deal an entry is looked for that was put elsewhere."""

_CHANGED = "it was changed, or the entry before it was and was hashed anew"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What does not fit: in which deal (empty: none), at which entry (0: none), and what, in words."""

    deal: str
    sequence: int
    what: str

    def __str__(self) -> str:
        entry = f", entry {self.sequence}" if self.sequence else ""
        return f"deal '{self.deal}'{entry}: {self.what}" if self.deal else self.what


@dataclass(frozen=True, slots=True)
class _Stored:
    """A row that could be read: the entry, its envelope, the digest of its payload, the hash beside it."""

    entry: Entry
    envelope: str
    digest: bytes
    hash: bytes

    def hash_after(self, previous: bytes) -> bytes:
        """The hash it should have after that one."""
        return entry_hash(previous, self.envelope, self.digest)


def chain_problems(deal: str, rows: Sequence[Row], read_moment: ReadMoment) -> Iterator[Problem]:
    """What is wrong with the rows of one deal, which are in the order of their sequence."""
    chain = []
    for row in rows:
        stored = _stored(row, read_moment)
        if stored is None:
            yield Problem(deal, row[1] if type(row[1]) is int else 0, "it cannot be read: it was changed or damaged")
        else:
            chain.append(stored)
    yield from _breaks(deal, chain, there={row[1] for row in rows})


def _stored(row: Row, read_moment: ReadMoment) -> _Stored | None:
    digest, own = row[DIGEST], row[HASH]
    if type(digest) is not bytes or type(own) is not bytes:
        return None
    try:
        entry = entry_of(row[:ENVELOPE_END], None, read_moment=read_moment)
        return _Stored(entry, envelope_text(envelope_of(entry)), digest, own)
    except StagewrightError:
        return None


def _breaks(deal: str, chain: Sequence[_Stored], *, there: set[Any]) -> Iterator[Problem]:
    # What may stand before an entry: the hash stored, and the one reckoned where they differ. Then only
    # the stored hash was changed, and the next entry, which fits the other, is not to blame.
    before: tuple[bytes, ...] = (FIRST,)
    expected = 1
    for place, stored in enumerate(chain):
        sequence = stored.entry.sequence
        if sequence > expected:
            yield from _gap(deal, expected, sequence, there=there)
            before = ()
        elif sequence < expected:
            yield Problem(deal, sequence, "it is there twice")
        reckoned = [stored.hash_after(previous) for previous in before]
        if before and stored.hash not in reckoned:
            yield Problem(deal, sequence, _told(place, chain))
            before = (stored.hash, reckoned[0])
        else:
            before = (stored.hash,)
        expected = sequence + 1


def _gap(deal: str, first: int, found: int, *, there: set[Any]) -> Iterator[Problem]:
    if found - first > _NEAR:
        yield Problem(deal, first, f"it and all up to entry {found - 1} were removed")
        return
    # One that is there, and cannot be read, was told already.
    yield from (Problem(deal, number, "it was removed") for number in range(first, found) if number not in there)


def _told(place: int, chain: Sequence[_Stored]) -> str:
    """Whether the entry was at another place of its deal, where it made a hash that is still there."""
    near = chain[max(0, place - _NEAR) : place + _NEAR + 1]
    hashes = {FIRST, *(stored.hash for stored in near)}
    stored = chain[place]
    for number in (other.entry.sequence for other in near if other is not stored):
        envelope = envelope_text(envelope_of(replace(stored.entry, sequence=number)))
        if any(entry_hash(previous, envelope, stored.digest) in hashes for previous in hashes):
            return f"it was put in another order: it was entry {number}"
    return _CHANGED
