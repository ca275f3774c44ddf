"""A journal held against seals: what they have and it has no more, and what was written anew since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.journal.seal import Seal, name_of
from engine.journal.session import Row, Session
from engine.journal.store import HASH
from engine.journal.tampering import Problem
from engine.model.errors import BadSeal


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """That a deal had this hash at its entry number ``sequence`` when it was sealed."""

    sequence: int
    sealed_at: str
    hash: bytes


class Against:
    """Seals, while the deals of a journal go by in order. Counts what came after the last seal."""

    def __init__(self, seals: Sequence[Seal]) -> None:
        self._marks: dict[str, list[_Mark]] = {}
        for seal in seals:
            for deal, (sequence, own) in seal.heads.items():
                self._marks.setdefault(deal, []).append(_Mark(sequence, seal.sealed_at, own))
        self.deals_since = 0
        self.entries_since = 0

    def problems_of_deal(self, deal: str, rows: Sequence[Row], *, sound: bool) -> Iterator[Problem]:
        """What the seals know better of a deal; ``sound``: it was found to be a chain."""
        marks = sorted(self._marks.pop(deal, ()))
        if not marks:
            self.deals_since += 1
            self.entries_since += len(rows)
            return
        self.entries_since += max(0, len(rows) - marks[-1].sequence)
        hashes = {row[1]: row[HASH] for row in rows}
        last = max((number for number in hashes if type(number) is int), default=0)
        kept = [mark for mark in marks if mark.sequence <= last]
        yield from _written_anew(deal, kept, hashes, sound=sound)
        if len(kept) < len(marks):
            yield Problem(deal, last + 1, _removed(last + 1, marks[-1]))

    def problems_of_rest(self) -> Iterator[Problem]:
        """The deals that the seals have, and that did not go by."""
        for deal in sorted(self._marks):
            mark = max(self._marks[deal])
            entries = "1 entry" if mark.sequence == 1 else f"{mark.sequence} entries"
            yield Problem(deal, 0, f"the deal was removed: the seal of {mark.sealed_at} has {entries} of it")


def check_journal(session: Session, seals: Sequence[Seal]) -> None:
    """Raises ``BadSeal`` for a seal of another journal."""
    for seal in seals:
        if seal.journal != name_of(session):
            raise BadSeal(
                f"the seal of {seal.sealed_at} is of another journal: of {seal.journal},"
                f" and {session.dialect.where} is {name_of(session)}",
                hint="name the seal that was made of this journal, or the journal it was made of",
            )


def _written_anew(deal: str, marks: Sequence[_Mark], hashes: dict[int, object], *, sound: bool) -> Iterator[Problem]:
    good = 0
    for mark in marks:
        if hashes.get(mark.sequence) == mark.hash:
            good = mark.sequence
            continue
        if not sound:
            yield Problem(deal, mark.sequence, f"its hash is not the one in the seal of {mark.sealed_at}")
            return
        which = "it" if good + 1 == mark.sequence else f"it, or an entry up to {mark.sequence},"
        fits = "the chain fits itself, but not the seal"
        yield Problem(deal, good + 1, f"{which} was written anew: {fits} of {mark.sealed_at}")
        return


def _removed(first: int, mark: _Mark) -> str:
    if first == mark.sequence:
        return f"it was removed: the seal of {mark.sealed_at} has it"
    return f"it and all up to entry {mark.sequence} were removed: the seal of {mark.sealed_at} has them"
