"""Verify a journal: does what is stored still fit the chain, the digests, and the projection?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any

from engine.journal import statements
from engine.journal.against import Against, check_journal
from engine.journal.chain import SALT_BYTES, payload_digest
from engine.journal.definitions import definition_of, name_in_text
from engine.journal.forget import RECORD
from engine.journal.projection import deal_of
from engine.journal.schema import CHAIN
from engine.journal.seal import Seal
from engine.journal.session import Row, Session
from engine.journal.sound import folded, sound
from engine.journal.store import BODY, DIGEST, SALT, SqlJournal, rows_of_deals, rows_of_entries
from engine.journal.tampering import Problem, chain_problems
from engine.model.entry import definition_digest
from engine.model.errors import StagewrightError
from engine.model.quick import seldom_collecting

WITHOUT_SEAL = (
    "without a seal kept elsewhere nobody can tell whether the last entries of a deal, or whole deals, are missing,"
    " or whether someone wrote the chain anew"
)
"""What verifying cannot show, to be told with every result."""

_JOURNAL_NAME = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Verified:
    """Everything that does not fit, and how much was added since the last of the seals compared with."""

    problems: tuple[Problem, ...]
    deals_since: int = 0
    entries_since: int = 0


def verify(journal: SqlJournal) -> tuple[Problem, ...]:
    """Everything that does not fit, by deal and sequence. See ``WITHOUT_SEAL`` for what cannot be found.

    Reads all as it stands at one moment. Raises ``JournalError`` where the database itself gives up.
    """
    return verify_against(journal, ()).problems


def verify_against(journal: SqlJournal, seals: Sequence[Seal]) -> Verified:
    """As ``verify``, and what the seals know better. Raises ``BadSeal`` for a seal of another journal."""
    with journal.session.reading():
        check_journal(journal.session, seals)
        against = Against(seals)
        problems = tuple(problems_of(journal.session, against))
    return Verified(problems, against.deals_since, against.entries_since)


def verify_part(session: Session, part: Part, seals: Sequence[Seal]) -> Verified:
    """Some of the deals, as they stand at one moment; ``seals`` have these deals alone (see ``between``)."""
    against = Against(seals)
    with session.reading(), seldom_collecting():
        problems = tuple(problems_of_part(session, part, against))
    return Verified(problems, against.deals_since, against.entries_since)


def between(seal: Seal, part: Part) -> Seal:
    """What a seal has of some of the deals."""
    return replace(seal, heads={deal: head for deal, head in seal.heads.items() if part.has(deal)})


def verify_deal(journal: SqlJournal, deal_id: str) -> tuple[Problem, ...]:
    """What does not fit in one deal and in the definitions that its entries name."""
    session = journal.session
    rows = session.all(statements.entries_of_deal, (deal_id,))
    found = []
    for digest, name in {row[7]: f"{row[5]}@{row[6]}" for row in rows}.items():
        definition = session.one(statements.definition, (digest,))
        if definition is None:
            found.append(Problem("", 0, f"the definition of {name} was removed"))
        else:
            found += _problems_of_definition(definition, (name,))
    return (*found, *_problems_of_deal(session, deal_id, rows))


def problems_of(session: Session, against: Against | None = None) -> Iterator[Problem]:
    """The same within a transaction that is open."""
    with seldom_collecting():
        yield from problems_of_the_whole(session)
        yield from problems_of_part(session, Part(), against or Against(()))


def counts(journal: SqlJournal) -> tuple[int, int]:
    """How many deals and how many entries there are to verify, whether or not they can be read."""
    session = journal.session
    return session.all(statements.count_deals)[0][0], session.all(statements.count_entries)[0][0]


def problems_of_the_whole(session: Session) -> Iterator[Problem]:
    """What does not fit beside the deals: the database itself, what it says of itself, definitions, leftovers."""
    for fault in session.dialect.faults(session.rows):
        yield Problem("", 0, fault)
    yield from _problems_of_meta(dict(session.all(statements.all_about)))
    names: dict[str, list[str]] = {}
    used: Counter[str] = Counter()
    for digest, process, version, count in session.all(statements.names_in_use):
        names.setdefault(digest, []).append(f"{process}@{version}")
        used[digest] += count
    for row in session.all(statements.all_definitions):
        yield from _problems_of_definition(row, names.get(row[0], ()))
        used.pop(row[0], None)
    for digest, count in used.items():
        yield Problem("", 0, f"the definition {digest} of {count} entries was removed")
    lone = session.all(statements.lone_payloads)[0][0]
    if lone:
        yield Problem("", 0, f"entries of {lone} payloads were removed")
    for (deal,) in session.all(statements.lone_deals):
        yield Problem(str(deal), 0, "all its entries were removed, and its row in the table of deals is left")


def _problems_of_meta(about: Mapping[Any, Any]) -> Iterator[Problem]:
    if about.get("chain") != CHAIN:
        yield Problem("", 0, f"how entries are hashed is '{CHAIN}', and the table 'meta' says otherwise")
    if not _JOURNAL_NAME.fullmatch(str(about.get("journal"))):
        yield Problem("", 0, "the name of the journal in the table 'meta' was removed or changed")
    strange = [str(name) for name in about if not _is_ours(str(name))]
    if strange:
        yield Problem("", 0, f"the table 'meta' holds what is not the journal's: {', '.join(strange)}")


def _is_ours(name: str) -> bool:
    return name in ("chain", "journal") or name.startswith(RECORD)


def _problems_of_definition(row: Row, in_use: Sequence[str]) -> Iterator[Problem]:
    """``in_use`` is what entries call it, most of them first."""
    try:
        definition = definition_of(row)
    except StagewrightError as error:
        yield Problem("", 0, str(error))
        return
    name, written = f"{definition.process}@{definition.version}", name_in_text(definition)
    if definition_digest(definition.files) != definition.digest:
        yield Problem(
            "", 0, f"the text of definition {name} was changed: it does not fit its digest {definition.digest}"
        )
    elif in_use and name not in in_use:
        yield Problem("", 0, f"definition {name} was renamed: its entries call it {in_use[0]}")
    elif written and name != written:
        yield Problem("", 0, f"definition {name} was renamed: its text calls it {written}")


@dataclass(frozen=True, slots=True)
class Part:
    """The deals after one and up to another, by name; empty: from the first, to the last."""

    after: str = ""
    until: str = ""

    def has(self, deal: str) -> bool:
        """Whether a deal is among them."""
        return self.after < deal and (not self.until or deal <= self.until)

    def rows(self, session: Session) -> Iterator[Row]:
        """Their entries."""
        rows = rows_of_entries(session, after=self.after)
        return takewhile(lambda row: row[0] <= self.until, rows) if self.until else rows

    def count(self, session: Session) -> int:
        """How many entries the database counts between them, also such as have no name that could be read."""
        bounds = {name: value for name, value in (("after", self.after), ("until", self.until)) if value}
        found: int = session.all(statements.count_part, tuple(bounds.values()), *bounds)[0][0]
        return found


def problems_of_part(session: Session, part: Part, against: Against) -> Iterator[Problem]:
    """What does not fit in some of the deals; ``against`` are what seals have of them."""
    seen = 0
    is_sound = sound(session.read_moment)
    stored = _StoredDeals(session, part.after)
    for deal, group in groupby(part.rows(session), key=itemgetter(0)):
        rows = list(group)
        seen += len(rows)
        fits = is_sound(rows, stored.of(deal))
        if not fits:
            found = tuple(_problems_of_deal(session, str(deal), rows))
            fits = not found
            yield from found
        yield from against.problems_of_deal(str(deal), rows, sound=fits)
    yield from against.problems_of_rest()
    there = part.count(session)
    if seen != there:
        yield Problem("", 0, f"{there - seen} entries belong to no deal")


class _StoredDeals:
    """The rows of the table of deals, asked for by ids that ascend: one reading of the table serves them all."""

    def __init__(self, session: Session, after: str) -> None:
        self._rows = rows_of_deals(session, after=after)
        self._next = next(self._rows, None)

    def of(self, deal: Any) -> Row | None:
        """The row of that deal, if there is one."""
        if type(deal) is not str:
            return None
        while self._next is not None and type(self._next[0]) is str and self._next[0] < deal:
            self._next = next(self._rows, None)
        return self._next if self._next is not None and self._next[0] == deal else None


def _problems_of_deal(session: Session, deal: str, rows: list[Row]) -> Iterator[Problem]:
    found = [*chain_problems(deal, rows, session.read_moment), *_payload_problems(deal, rows)]
    yield from sorted(found)
    # A row that follows from tampered entries has nothing to be compared with.
    if not found:
        yield from _projection_problems(session, deal, rows)


def _projection_problems(session: Session, deal: str, rows: list[Row]) -> Iterator[Problem]:
    row = session.one(statements.deal, (deal,))
    if row is None:
        yield Problem(deal, 0, "its row in the table of deals is missing")
        return
    try:
        stored = deal_of(row, session.read_moment)
    except StagewrightError as error:
        yield Problem(deal, 0, str(error))
        return
    try:
        wanted = folded(rows, session.read_moment)
    except StagewrightError as error:
        yield Problem(deal, 0, str(error))
        return
    if stored.length > wanted.length:
        yield Problem(
            deal, 0, f"its last entries were removed: the table of deals counts {stored.length}, not {wanted.length}"
        )
        return
    differing = [name for name in wanted.__slots__ if getattr(stored, name) != getattr(wanted, name)]
    if differing:
        yield Problem(deal, 0, f"its row in the table of deals differs from its entries in: {', '.join(differing)}")


def _payload_problems(deal: str, rows: list[Row]) -> Iterator[Problem]:
    blank = sum(row[BODY] is None for row in rows)
    for row in rows:
        salt, body = row[SALT], row[BODY]
        if body is None and salt is None and blank == len(rows):
            continue
        if body is None:
            yield Problem(deal, row[1], "its payload was removed, and the deal was not forgotten")
        elif not isinstance(salt, bytes) or not isinstance(body, str) or len(salt) != SALT_BYTES:
            yield Problem(deal, row[1], "its payload is damaged")
        elif payload_digest(salt, body) != row[DIGEST]:
            yield Problem(deal, row[1], "its payload was changed")
